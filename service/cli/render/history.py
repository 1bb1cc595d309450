"""One score over time, and what moved it, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scoring.vocabulary import basis
from service.cli.render.console import POINTS, console, ends, number, paragraph
from service.cli.render.scores import china_share
from service.cli.render.table import day, figure, print_table, text

if TYPE_CHECKING:
    from scoring.timeseries.result import History, Point

_COLUMNS: Final = (
    day("date"),
    figure("score"),
    *(figure(heading, 2) for heading in POINTS),
    figure("China share"),
    figure("nine in ten", 3),
    text("basis", 1),
)

_ESTIMATED: Final = (
    "est.: estimated, not disclosed; nine chances in ten that it lies in the range beside it. What it rests on: "
    "exposure estimate show TICKER."
)

_FADING: Final = "Past acts weigh less by the day, so a move need not begin where the one before it ended."


def print_history(history: History) -> None:
    """Print the score of each date, and what moved it."""
    out = console()
    out.print(f"{history.name} · {basis(history.release, history.methodology, history.scenario)}", style="bold")
    breaks = {change.date for change in history.breaks}
    before = None
    rows = []
    for point in history.points:
        is_broken = before is not None and any(before < day <= point.date for day in breaks)
        rows.append([*_cells(point), "| counted otherwise" if is_broken else ""])
        before = point.date
    print_table(out, _COLUMNS, rows)
    if not any(point.score is not None or point.score_floor is not None for point in history.points):
        paragraph(out, "No score on any of these days: nothing that counts was known of it.", 0, 0)
    elif any(point.china_share is not None and point.china_share_period is None for point in history.points):
        paragraph(out, _ESTIMATED, 0, 0, "dim")
    if history.breaks:
        out.print("\nWhere the China share is counted otherwise, so that it cannot be compared", style="bold")
    for change in history.breaks:
        paragraph(out, f"{change.date}  {change.before:.1%} to {change.after:.1%}  {change.statement}", 0, 4)
    out.print("\nWhat moved it", style="bold")
    if not history.moves:
        out.print("No fact moved it by 0.05 points or more.")
    if len(history.moves) > 1:
        paragraph(out, _FADING, 0, 0, "dim")
    for move in history.moves:
        before_after = " to ".join(number(score, ".2f") or "none" for score in (move.before, move.after))
        floor = ", floor" if move.is_floor else ""
        out.print(f"{move.date}  {before_after}  {number(move.delta, '+.2f')}{floor}")
        told = [fact.statement for fact in move.new] + [f"ended: {fact.statement}" for fact in move.ended]
        for line in [*([move.note] if move.note else []), *told]:
            paragraph(out, line, 4, 6, "dim")


def _cells(point: Point) -> list[str]:
    floor = "" if point.score_floor is None else f">={point.score_floor:.1f}"
    return [
        point.date.isoformat(),
        number(point.score, ".1f") or floor,
        *(number(part, ".1f") for part in (point.score_market, point.score_control, point.score_retaliation)),
        china_share(point.china_share, point.china_share_period),
        ends(point.china_share_p05, point.china_share_p95),
    ]
