"""The columns of every table of results as a document: ``python -m scoring.columns_document``."""

from __future__ import annotations

from typing import Final

from scoring.columns import (
    BASKET,
    CHANGE,
    COVERAGE,
    EVENT,
    IMPACT,
    INTERVAL,
    MATCH,
    NEUTRAL,
    PANEL,
    POSITION,
    RESULT,
    RISK,
    RISK_INTERVAL,
    Column,
    Table,
)

_INTRO: Final = """\
# Columns

What every column of a table of results is, the same in Python, files, the command line and HTTP. Shares run from
0 to 1, points from 0 to 100. A missing number is missing: an empty cell, null or NaN, never zero.
A column marked *always* is never empty.

This page is made from `scoring/columns.py` by `make docs`.
"""

TABLES: Final[tuple[tuple[str, str, Table], ...]] = (
    ("Scores", "One row per query, in order: `exposure score`, `Scorer.score`, `/v1/scores`.", RESULT),
    ("Interval of a score", "Added by `--uncertainty`.", INTERVAL),
    ("Screen", "Added to the columns of scores: `exposure screen`, `scoring.screen`, `/v1/screens`.", NEUTRAL),
    ("Basket", "One row per position: `exposure screen --basket`, `scoring.basket`, `/v1/screens/basket`.", BASKET),
    ("Impact", "One row per name: `exposure scenario run`, `scoring.impact`, `/v1/scenarios/evaluate`.", IMPACT),
    ("Revenue at risk", "One row per query: `exposure risk`, `Scorer.revenue_at_risk`, `/v1/revenue-at-risk`.", RISK),
    ("Interval of revenue at risk", "Added by `--uncertainty`, to events too.", RISK_INTERVAL),
    (
        "Events",
        "One row per name: `exposure event`, `scoring.event`, `/v1/events/{id}/impact`; per act: `exposure events`.",
        EVENT,
    ),
    ("Changes", "One row per name and cause: `exposure changes`, `scoring.what_changed`, `/v1/changes`.", CHANGE),
    ("Positions", "One row per position of a book: `exposure portfolio`, `/v1/portfolios/score`.", POSITION),
    ("Coverage", "One row per name of a list or book: `exposure coverage`, `/v1/coverage`.", COVERAGE),
    ("Matches", "One row per row of a file: `exposure score --matches`, `exposure portfolio --matches`.", MATCH),
    ("Panel", "What `exposure panel` and `scoring.panel` can give of each company and day.", PANEL),
)
"""Heading, what has these columns, and the columns."""


def render() -> str:
    """All tables in Markdown, a section each."""
    return "\n".join([_INTRO, *(_section(*table) for table in TABLES)])


def _section(heading: str, where: str, table: Table) -> str:
    lines = [f"## {heading}", "", where, "", "| column | kind | values | what it is |", "|---|---|---|---|"]
    lines += [f"| `{column.name}` | {column.kind} | {_values(column)} | {column.text} |" for column in table.values()]
    return "\n".join([*lines, ""])


def _values(column: Column) -> str:
    parts = ["always"] if column.always else []
    if column.words:
        parts.append(", ".join(column.words))
    if column.range is not None:
        parts.append("{:g} to {:g}".format(*column.range))
    return "; ".join(parts)


if __name__ == "__main__":
    print(render(), end="")
