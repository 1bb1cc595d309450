"""Events for people: what an act adds to each company, and the acts that moved one company."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from scoring.vocabulary import basis
from service.cli.render.console import console, number, plain_table, rows_of
from service.cli.render.risk import money

if TYPE_CHECKING:
    from scoring.acts.states import States
    from scoring.score.snapshot import Columns

_LEGEND = (
    "Points: score with the act less score without it. At risk: share of revenue that controls and closed markets take "
    "within a year; supply: lost of a greater dependence on minerals, apart."
)


def print_event(states: States, columns: Columns, top: int | None = None) -> None:
    """Print what one act adds, a row per company; with `top`, of so many and how many more there are."""
    out, act = console(), states.act
    when = f"announced {act.announced}, " if act.announced else ""
    versions = basis(states.without.facts.release.version, states.without.methodology.version, None)
    out.print(f"{act.act_id}: {when}as known on {states.day} · {versions}", style="italic")
    rows = rows_of({name: column[:top] for name, column in columns.items()})
    if not rows:
        out.print(f"It touches no company of which something was known on {states.day}.")
        return
    out.print(_table(["query", "company", "home"], rows, lambda row: [row["query"], row["name"], row["country"]]))
    left = len(columns["query"]) - len(rows)
    if left:
        out.print(f"{left:,} more companies, less hard hit: --top N shows more, -o FILE has all.", style="dim")
    out.print(_LEGEND, style="dim")


def print_events(company: str, columns: Columns) -> None:
    """Print the acts that moved one company, a row per act."""
    out, rows = console(), rows_of(columns)
    if not rows:
        out.print(f"No act of the release moved {company}.")
        return
    first = rows[0]
    out.print(
        f"{first['name']}: {len(rows)} acts, each as known the day before · "
        f"{basis(first['release'], first['methodology'], None)}",
        style="italic",
    )
    out.print(_table(["announced", "act"], rows, lambda row: [row["announced"], row["act"]]))
    out.print(_LEGEND, style="dim")


def _table(headings: list[str], rows: list[dict[str, Any]], names: Any) -> Table:
    table = plain_table(*headings)
    for heading in ("rank", "points", "control", "retal.", "at risk", "range", "USD", "supply"):
        table.add_column(heading, justify="right")
    table.add_column("note", max_width=40)
    drawn = "share_at_risk_p05" in rows[0]
    low, high = ("share_at_risk_p05", "share_at_risk_p95") if drawn else ("share_at_risk_low", "share_at_risk_high")
    for row in rows:
        ends = f"{number(row[low], '.1%')} to {number(row[high], '.1%')}" if row[high] == row[high] else ""
        table.add_row(
            *(Text(str(name or "")) for name in names(row)),
            number(row["hit_rank"], ".0f"),
            number(row["delta"], "+.1f"),
            number(row["delta_control"], "+.1f"),
            number(row["delta_retaliation"], "+.1f"),
            number(row["share_at_risk"], ".1%"),
            ends,
            money(row["revenue_at_risk_usd"]),
            number(row["share_at_risk_supply"], ".2%"),
            Text(row["reason"] or row["risk_note"] or ""),
        )
    return table
