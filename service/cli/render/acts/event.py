"""Events for people: what an act adds to each company, and the acts that moved one company."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from scoring.cards.words import short_period
from scoring.vocabulary import basis
from service.cli.render.console import POINTS, console, number, paragraph, rows_of
from service.cli.render.risk import money
from service.cli.render.table import ASKED, Column, day, figure, note, print_table, text
from service.cli.words import many

if TYPE_CHECKING:
    from rich.console import Console

    from scoring.acts.states import States
    from scoring.score.snapshot import Columns

_LEAST: Final = {"delta": 0.05, "share_at_risk": 0.0005, "share_at_risk_supply": 0.00005}
"""What an act must add to be told; less is shown as zero in every column."""

Names = Callable[[dict[str, Any]], list[str]]

_LEGEND = (
    "Points: score with the act less score without it. At risk: share of revenue that controls and closed markets take "
    "within a year; supply: lost of a greater dependence on minerals, apart."
)


def print_event(states: States, columns: Columns, top: int | None = None) -> None:
    """Print what one act adds, a row per company; with `top`, of so many and how many more there are."""
    out, act = console(), states.act
    when = f"announced {act.announced}, " if act.announced else ""
    versions = basis(states.without.facts.release.version, states.without.methodology.version, None)
    label = act.label(states.without.facts.release)
    paragraph(out, f"{label} ({act.act_id}): {when}as known on {states.day} · {versions}", 0, 0, "italic")
    rows = rows_of({name: column[:top] for name, column in columns.items()})
    if not rows:
        out.print(f"It touches no company of which something was known on {states.day}.")
        return
    who = [text("query", most=20), text("company"), text("home", 4)]
    _print(out, who, rows, lambda row: [_asked(row), row["name"] or "", row["country"] or ""])
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
    told = [row for row in rows if any(abs(row[name]) >= least for name, least in _LEAST.items())]
    out.print(
        f"{first['name']}: {many(len(rows), 'act')}, each as known the day before · "
        f"{basis(first['release'], first['methodology'], None)}",
        style="italic",
    )
    if told:
        what = [day("announced"), note("act", most=60)]
        _print(out, what, told, lambda row: [str(row["announced"]), row["act_label"]])
    if len(rows) > len(told):
        out.print(
            f"Left out: {many(len(rows) - len(told), 'act')} whose effect would round to zero; -o FILE has all.",
            style="dim",
        )
    out.print(_LEGEND, style="dim")


def _asked(row: dict[str, Any]) -> str:
    """The query; of a company that was not asked for its ticker."""
    asked = row["query"] or "(empty)"
    return asked if asked != row["company_id"] else row["ticker"] or asked


_FIGURES: Final = (
    figure("rank", 3),
    figure("points"),
    *(figure(heading, 5) for heading in POINTS[1:]),
    figure("at risk"),
    figure("range", 2),
    figure("of the sales of", 3),
    figure("USD", 1),
    figure("supply", 4),
    note(),
)


def _print(out: Console, who: Sequence[Column], rows: list[dict[str, Any]], names: Names) -> None:
    drawn = "share_at_risk_p05" in rows[0]
    low, high = ("share_at_risk_p05", "share_at_risk_p95") if drawn else ("share_at_risk_low", "share_at_risk_high")
    cells = []
    for row in rows:
        ends = f"{number(row[low], '.1%')} to {number(row[high], '.1%')}" if row[high] == row[high] else ""
        shown = [
            number(row["hit_rank"], ".0f"),
            *(number(row[name], "+.1f") for name in ("delta", "delta_control", "delta_retaliation")),
            number(row["share_at_risk"], ".1%"),
            ends,
            short_period(row["fiscal_period"]),
            money(row["revenue_at_risk_usd"]),
            number(row["share_at_risk_supply"], ".2%"),
            row["reason"] or row["risk_note"] or "",
        ]
        cells.append([*names(row), *shown])
    figures = [figure("range", ASKED) if drawn and one.heading == "range" else one for one in _FIGURES]
    print_table(out, [*who, *figures], cells)
