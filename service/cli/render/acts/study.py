"""Event studies for people: every event, every figure over all events, and what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.vocabulary import basis
from service.cli.render.console import console, number
from service.cli.render.table import day, figure, note, print_table, text

if TYPE_CHECKING:
    from scoring.studies.study_result import PooledRow, Study

_FIGURES = {
    "act": figure("act"),
    "control": figure("control", 3),
    "retaliation": figure("retaliation", 3),
    "score": figure("score", 2),
    "china_share": figure("China share"),
    "act_given_beta": figure("act given beta", 1),
}
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
    columns = [day("announced"), day("traded", 5), note("event"), figure("names", 4)]
    rows = [
        [str(row.announced), str(row.traded), row.label, str(row.names)]
        + [number(getattr(row, name), "+.2f") for name in _FIGURES]
        for row in study.events
    ]
    print_table(out, [*columns, *_FIGURES.values()], rows)
    columns = [
        text("over all events"),
        figure("mean"),
        figure("95% interval"),
        figure("below 0", 1),
        figure("events", 2),
    ]
    print_table(out, columns, map(_cells, (*study.pooled, study.difference, study.placebo)))
    out.print(
        "Below 0: whom the act hits more, lost more. The difference is in Fisher z, on the same names; the interval on "
        "random days should hold 0. Intervals resample clusters of events that overlap.",
        style="dim",
    )
    for what, left_out in (("event", study.skipped), ("ticker", study.left_out)):
        for one in left_out[:_MOST_LEFT_OUT]:
            out.print(f"{what} left out: {one.label or one.name}: {one.reason}", style="dim", markup=False)
        if len(left_out) > _MOST_LEFT_OUT:
            out.print(f"and {len(left_out) - _MOST_LEFT_OUT} more; --json lists all", style="dim")


def _in_words(figures: str) -> str:
    """Names of figures, or of a difference of two, as the headings have them."""
    for name, column in _FIGURES.items():
        figures = figures.replace(name, column.heading) if "_" in name else figures
    return figures


def _cells(row: PooledRow) -> tuple[str, ...]:
    interval = f"{row.low:+.2f} to {row.high:+.2f}" if row.low == row.low else ""
    return _in_words(row.figure), number(row.mean, "+.3f"), interval, number(row.negative, ".0%"), str(row.events)
