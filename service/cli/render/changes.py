"""Changes for people: the movers, and the causes over all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scoring.vocabulary import ESTIMATED
from service.cli.render.console import POINTS, console, number
from service.cli.render.heading import dated_basis
from service.cli.render.table import figure, note, print_table, text
from service.cli.words import many

if TYPE_CHECKING:
    from rich.console import Console

    from scoring.changes.result import Cause, ChangeRow, Changes, ComparedEnd

_CAUSES: Final = 3
"""Causes shown beside a name."""

_LEAST: Final = 0.05
"""Points below which a cause rounds to zero and is not told."""

_SHARES: Final = ("revenue", "fraction", "mineral", "criticality")
"""Kinds whose value is a share that the statement gives for one end only."""


def print_changes(changes: Changes, top: int, *, all_rows: bool) -> None:
    """Print the rows, `top` of them unless they were asked for by name, and the `top` causes."""
    out = console()
    out.print(f"Changes from {_basis(changes.start)}\n          to {_basis(changes.end)}", style="italic")
    if not changes.rows:
        out.print("Nothing moved.")
        return
    shown = changes.rows if all_rows else changes.rows[:top]
    _rows(out, changes, shown)
    if len(shown) < len(changes.rows):
        out.print(f"and {len(changes.rows) - len(shown):,} more that moved; --json or -o gives all", style="dim")
    _by_cause(out, changes, top)
    if changes.threshold is not None:
        out.print(f"\n{len(changes.crossed):,} moved by {changes.threshold:g} points or more.", style="bold")


def _basis(end: ComparedEnd) -> str:
    return dated_basis(end.as_of, end.release, end.methodology, end.scenario)


_COLUMNS: Final = (
    text("company"),
    figure("from"),
    figure("to"),
    figure("delta"),
    *(figure(heading, 2) for heading in POINTS),
    note("main causes", most=100),
)


def _rows(out: Console, changes: Changes, rows: list[ChangeRow]) -> None:
    cells = []
    for row in rows:
        is_floor = row.floor_delta is not None
        ends = (row.floor_from, row.floor_to) if is_floor else (row.score_from, row.score_to)
        mark = ">=" if is_floor else ""
        how = (row.status_from, row.status_to)
        cells.append(
            [
                row.name or row.query or "(empty)",
                *(_end(mark, value, status) for value, status in zip(ends, how, strict=True)),
                number(row.floor_delta if is_floor else row.delta, "+.1f"),
                *(number(part, "+.1f") for part in (row.delta_market, row.delta_control, row.delta_retaliation)),
                _why(changes, row),
            ]
        )
    print_table(out, _COLUMNS, cells)
    out.print(
        "Points. The causes of a name, all of them, sum to its delta; so do the points of the pillars. >= marks the "
        "floor of a company without a score, est. a score that rests on an estimate.",
        style="dim",
    )


def _end(mark: str, value: float | None, status: str | None) -> str:
    return "" if value is None else f"{mark}{value:.1f}{' est.' if status == ESTIMATED else ''}"


def _why(changes: Changes, row: ChangeRow) -> str:
    parts = []
    if row.status in ("unresolved", "ambiguous"):
        return f"{row.status}: {row.reason}" + (f"; nearest: {row.candidates}" if row.candidates else "")
    if None in (row.status_from, row.status_to):
        return row.reason or ""
    if row.status_from != row.status_to:
        parts.append(f"{row.status_from} → {row.status_to}")
    parts += [f"{cause.change}: {cause.statement}" for cause in map(changes.causes.__getitem__, row.status_causes)]
    told = [cause for cause in row.attributions if abs(cause.points) >= _LEAST]
    parts += [f"{cause.label} {cause.points:+.1f}" for cause in told[:_CAUSES]]
    more = len(told) - _CAUSES
    return "; ".join(parts) + (f"; {more} more" if more > 0 else "")


def _by_cause(out: Console, changes: Changes, top: int) -> None:
    every = [cause for cause in changes.causes.values() if cause.companies or cause.floors]
    causes = [cause for cause in every if abs(cause.points) >= _LEAST or cause.floors]
    if not causes:
        return
    rows = []
    for cause in causes[:top]:
        names = f"{cause.companies:,}" + (f" (+{cause.floors:,})" if cause.floors else "")
        rows.append([f"{cause.points:+,.1f}", names, cause.kind, _cause(cause, changes)])
    out.print("\nBy cause", style="italic")
    print_table(out, [figure("points"), figure("names"), text("kind", 1), note("cause", most=110)], rows)
    if len(causes) > top:
        out.print(f"and {len(causes) - top:,} more", style="dim")
    if len(every) > len(causes):
        out.print(f"Left out: {many(len(every) - len(causes), 'cause')} that would round to zero.", style="dim")
    out.print("Sum over the scored names. (+n): names without a score whose floor it moved.", style="dim")
    if changes.by_kind:
        kinds = ", ".join(f"{kind} {number(points, '+,.1f')}" for kind, points in changes.by_kind.items())
        out.print(f"By kind: {kinds}", markup=False)


def _cause(cause: Cause, changes: Changes) -> str:
    names = {row.company_id: row.name for row in changes.rows}
    whose = f"{names.get(cause.company_id) or cause.company_id}, " if cause.company_id else ""
    values = (cause.value_from, cause.value_to)
    moved = ""
    if cause.kind in _SHARES and None not in values:
        was, now = (f"{value:.1%}" for value in values)
        moved = "" if was == now else f"{was} to {now}: "
    return f"{whose}{cause.change}: {moved}{cause.statement}"
