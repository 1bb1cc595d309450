"""Event studies for people: every event, every figure over all events, and what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.vocabulary import basis
from service.cli.render.console import console, number
from service.cli.render.table import figure, print_table, text

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
    columns = [text("announced"), text("traded", 3), text("event", most=60), figure("names", 2)]
    rows = [
        [str(row.announced), str(row.traded), row.event, str(row.names)]
        + [number(getattr(row, name), "+.2f") for name in _FIGURES]
        for row in study.events
    ]
    print_table(out, [*columns, *(figure(name) for name in _FIGURES)], rows)
    columns = [text("over all events"), figure("mean"), figure("95% interval"), figure("below 0"), figure("events")]
    print_table(out, columns, map(_cells, (*study.pooled, study.difference, study.placebo)))
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
