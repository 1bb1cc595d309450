"""One score over time, and what moved it, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.vocabulary import basis
from service.cli.render.console import console, number, plain_table

if TYPE_CHECKING:
    from scoring.timeseries.history import History


def print_history(history: History) -> None:
    """Print the score of each date, and what moved it."""
    out = console()
    out.print(f"{history.name} · {basis(history.release, history.methodology, history.scenario)}", style="bold")
    table = plain_table()
    table.add_column("date")
    for heading in ("score", "market", "control", "retal.", "China share"):
        table.add_column(heading, justify="right")
    for point in history.points:
        score = number(point.score, ".1f") or (f">={point.score_floor:.1f}" if point.score_floor is not None else "")
        parts = (number(part, ".1f") for part in (point.score_market, point.score_control, point.score_retaliation))
        share = number(point.market, ".1%")
        table.add_row(point.date.isoformat(), score, *parts, share)
    out.print(table)
    out.print("What moved it", style="bold")
    for move in history.moves:
        delta = number(move.delta, "+.1f")
        floor = ", floor" if move.is_floor else ""
        before, after = (number(score, ".1f") or "none" for score in (move.before, move.after))
        out.print(f"{move.date}  {before} to {after}  {delta}{floor}")
        if move.note:
            out.print(f"    {move.note}", style="dim")
        for fact in move.facts:
            out.print(f"    {fact.statement}", style="dim", markup=False)
