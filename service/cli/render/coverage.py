"""How well a book is known, as text for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from rich.text import Text

from service.cli.render.console import console, number, plain_table
from service.cli.render.heading import dated_basis

if TYPE_CHECKING:
    from rich.console import Console

    from scoring.portfolio.knowledge import CoverageReport, Group, Knowledge, Part

_WORDS: Final = {
    "known": "known: disclosed, in the last two years",
    "old": "old: disclosed for a period that ended more than two years before",
    "estimated": "estimated, not disclosed",
    "partial": "partial: an exposure is unknown",
    "no-data": "no data: resolved, and nothing is known",
    "unresolved": "unresolved",
    "ambiguous": "ambiguous: may be several companies",
    "cash": "cash: no exposure",
    "not-a-share": "not a share",
}


def print_coverage(report: CoverageReport, top: int) -> None:
    """Print a coverage report, `top` sectors and countries."""
    out = console()
    out.print(Text(f"Coverage of {len(report.names):,} names", style="bold"))
    out.print(Text(dated_basis(report.as_of, report.release, report.methodology, report.scenario), style="dim"))
    print_knowledge(out, report, top)


def print_knowledge(out: Console, known: Knowledge, top: int) -> None:
    """Print how well a book is known."""
    table = plain_table()
    for head, justify in (("weight", "right"), ("names", "right"), ("", "left")):
        table.add_column(head, justify="right" if justify == "right" else "left")
    for part in known.parts:
        table.add_row(f"{part.weight:.1%}", f"{part.positions:,}", Text(_WORDS[part.known], overflow="fold"))
    out.print()
    out.print(table)
    _groups(out, "sector", known.sectors, top)
    _groups(out, "country", known.countries, top)
    _estimates(out, known)
    _missing(out, known)


def _groups(out: Console, what: str, groups: Sequence[Group], top: int) -> None:
    table = plain_table()
    table.add_column("weight", justify="right")
    for head in ("known", "old", "estimated", "missing"):
        table.add_column(head, justify="right")
    table.add_column(what)
    for group in groups[:top]:
        shares = [_share(group.parts, words) for words in (("known", "cash"), ("old",), ("estimated",), _MISSING)]
        table.add_row(f"{group.weight:.1%}", *shares, Text(group.label or "(none)", overflow="fold"))
    more = f" ({len(groups) - top} more)" if len(groups) > top else ""
    out.print()
    out.print(Text(f"By {what}, in parts of the book{more}", style="bold"))
    out.print(table)


_MISSING: Final = ("partial", "no-data", "unresolved", "ambiguous", "not-a-share")


def _share(parts: Sequence[Part], words: Sequence[str]) -> str:
    weight = sum(part.weight for part in parts if part.known in words)
    return f"{weight:.1%}" if weight else ""


def _estimates(out: Console, known: Knowledge) -> None:
    if not known.estimates:
        return
    table = plain_table()
    for head in ("moves", "weight", "score"):
        table.add_column(head, justify="right")
    table.add_column("company")
    for one in known.estimates:
        label = Text(one.name or one.query, overflow="fold")
        table.add_row(f"{one.moves:+.2f}", f"{one.weight:+.1%}", number(one.score, ".1f"), label)
    out.print()
    out.print(Text("Estimates that move the score most, in points: their figures would help most", style="bold"))
    out.print(table)


def _missing(out: Console, known: Knowledge) -> None:
    if not known.missing:
        return
    table = plain_table()
    table.add_column("weight", justify="right")
    for head in ("what", "name", "why"):
        table.add_column(head, max_width=70)
    for one in known.missing:
        shown = Text(one.query or one.name or "(empty)", overflow="fold")
        table.add_row(f"{one.weight:+.1%}", one.known, shown, Text(one.reason or "", overflow="fold"))
    out.print()
    out.print(Text("Heaviest names that are in no mean", style="bold"))
    out.print(table)
