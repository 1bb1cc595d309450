"""Impacts for people: each score without and with a scenario, and what moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from service.cli.render.console import POINTS, console, number, rows_of
from service.cli.render.heading import dated_basis
from service.cli.render.table import figure, note, print_table, text

if TYPE_CHECKING:
    from scoring.score.snapshot import Columns
    from scoring.scorer import Scorer

_COLUMNS: Final = (
    text("query", most=20),
    text("company"),
    text("home", 4),
    figure("before"),
    figure("after"),
    figure("delta"),
    *(figure(heading, 3) for heading in POINTS),
    note(),
)


def print_impact(scorer: Scorer, columns: Columns) -> None:
    """Print scores without and with a scenario, or what a thing moves, one row per company."""
    scenario = columns["scenario"][0] if columns["scenario"].size else None
    out = console()
    out.print(f"Impact as of {dated_basis(**(scorer.versions | {'scenario': scenario}))}", style="italic")
    rows = []
    for row in rows_of(columns):
        scored = number(row["score"], ".1f") != ""
        before, after = ("score_before", "score") if scored else ("score_floor_before", "score_floor")
        mark = "" if scored or not number(row[after], ".1f") else ">="
        moved = row[after] - row[before]
        rows.append(
            [
                row["query"] or "(empty)",
                row["name"] or "",
                row["country"] or "",
                mark + number(row[before], ".1f"),
                mark + number(row[after], ".1f"),
                number(moved, "+.1f"),
                *(number(row[f"delta_{pillar}"], "+.1f") for pillar in ("market", "control", "retaliation")),
                row["status"] if row["status"] != "ok" else "",
            ]
        )
    print_table(out, _COLUMNS, rows)
    out.print(
        "Points. The delta is the sum of the points of the pillars: a pillar that rises takes weight from the others. "
        ">= marks the floor of a company without a score.",
        style="dim",
    )
