"""Event studies for people: every event, every figure over all events, and what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.vocabulary import basis
from service.cli.render.console import console, number, plain_table

if TYPE_CHECKING:
    from scoring.studies.study_result import PooledRow, Study

_FIGURES = ("act", "control", "retaliation", "score", "china_share", "act_given_beta")
_MOST_LEFT_OUT = 20


def print_study(study: Study) -> None:
    """Print a study."""
    out = console()
    out.print(
        f"Rank correlation with abnormal returns of days {study.window[0]} to {study.window[1]} · "
        f"{basis(study.release, study.methodology, None)}",
        style="italic",
    )
    out.print(f"{study.names} names from {study.first_day} to {study.last_day}; market: {study.market}")
    table = plain_table("announced", "traded", "event", "names", *_FIGURES)
    for row in study.events:
        figures = (number(getattr(row, name), "+.2f") for name in _FIGURES)
        event = row.event if len(row.event) <= 44 else f"{row.event[:41]}..."
        table.add_row(str(row.announced), str(row.traded), event, str(row.names), *figures)
    out.print(table)
    pooled = plain_table("over all events", "mean", "95% interval", "below 0", "events")
    for figure in (*study.pooled, study.difference, study.placebo):
        pooled.add_row(*_cells(figure))
    out.print(pooled)
    out.print(
        "Below 0: whom the act hits more, lost more. The difference is in Fisher z, on the same names; the interval on "
        "random days should hold 0. Intervals resample clusters of events that overlap.",
        style="dim",
    )
    for what, left_out in (("event", study.skipped), ("ticker", study.left_out)):
        for one in left_out[:_MOST_LEFT_OUT]:
            out.print(f"{what} left out: {one.name}: {one.reason}", style="dim", markup=False)
        if len(left_out) > _MOST_LEFT_OUT:
            out.print(f"and {len(left_out) - _MOST_LEFT_OUT} more; --json lists all", style="dim")


def _cells(row: PooledRow) -> tuple[str, ...]:
    interval = f"{row.low:+.2f} to {row.high:+.2f}" if row.low == row.low else ""
    return row.figure, number(row.mean, "+.3f"), interval, number(row.negative, ".0%"), str(row.events)
