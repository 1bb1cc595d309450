"""Impacts for people: each score without and with a scenario, and what moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from rich.text import Text

from service.cli.render.console import console, number, plain_table, rows_of
from service.cli.render.heading import dated_basis

if TYPE_CHECKING:
    from scoring.score.snapshot import Columns
    from scoring.scorer import Scorer

_HEADINGS: Final[tuple[tuple[str, Literal["left", "right"]], ...]] = (
    ("query", "left"),
    ("company", "left"),
    ("home", "left"),
    ("before", "right"),
    ("after", "right"),
    ("delta", "right"),
    ("market", "right"),
    ("control", "right"),
    ("retal.", "right"),
    ("note", "left"),
)


def print_impact(scorer: Scorer, columns: Columns) -> None:
    """Print scores without and with a scenario, or what a thing moves, one row per company."""
    scenario = columns["scenario"][0] if columns["scenario"].size else None
    out = console()
    out.print(f"Impact as of {dated_basis(**(scorer.versions | {'scenario': scenario}))}", style="italic")
    table = plain_table()
    for heading, justify in _HEADINGS:
        table.add_column(heading, justify=justify)
    for row in rows_of(columns):
        scored = number(row["score"], ".1f") != ""
        before, after = ("score_before", "score") if scored else ("score_floor_before", "score_floor")
        mark = "" if scored or not number(row[after], ".1f") else ">="
        moved = row[after] - row[before]
        table.add_row(
            Text(row["query"] or "(empty)"),
            Text(row["name"] or ""),
            row["country"] or "",
            mark + number(row[before], ".1f"),
            mark + number(row[after], ".1f"),
            number(moved, "+.1f"),
            number(row["delta_market"], "+.1f"),
            number(row["delta_control"], "+.1f"),
            number(row["delta_retaliation"], "+.1f"),
            Text(row["status"] if not scored else ""),
        )
    out.print(table)
    out.print(
        "Points. The delta is the sum of market, control and retal.: a pillar that rises takes weight from the others. "
        ">= marks the floor of a company without a score.",
        style="dim",
    )
