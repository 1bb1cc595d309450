"""A scored portfolio, and how well a list or book is known, as text for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from rich.table import Table
from rich.text import Text

from scoring.vocabulary import basis
from service.cli.render.console import BAND_STYLE, console, number, plain_table
from service.cli.render.heading import dated_basis

if TYPE_CHECKING:
    from rich.console import Console

    from scoring.portfolio.knowledge import CoverageReport, CoveredGroup, Knowledge, Part
    from scoring.portfolio.result import Comparison, Points, PortfolioScore

_PILLARS: Final = ("score", "score_market", "score_control", "score_retaliation")
_HEADS: Final = ("score", "market", "control", "retal.")


def print_portfolio(result: PortfolioScore, top: int) -> None:
    """Print a scored portfolio, `top` lines of each list."""
    note = _Text(result, top)
    note.headline()
    note.legs()
    note.drivers()
    note.concentration()
    note.revenue_at_risk()
    if result.comparison is not None:
        note.comparison(result.comparison)
    note.not_scored()


class _Text:
    def __init__(self, result: PortfolioScore, top: int) -> None:
        self.result, self.top = result, top
        self.out = console()

    def headline(self) -> None:
        r = self.result
        self._line(f"Portfolio of {len(r.positions):,} positions as of {r.as_of}", "bold")
        self._line(basis(r.release, r.methodology, r.scenario), "dim")
        if r.gross.score is None:
            floor = "" if r.score_floor is None else f" With the unknown at zero it would be {r.score_floor:.1f}."
            self._line(f"No score: no position has one.{floor}")
        else:
            sure = "" if r.confidence is None else f" Confidence {r.confidence:.2f}, grade {r.confidence_grade}."
            self._line(f"Score {r.gross.score:.1f} of 100, {r.band}.{sure}", BAND_STYLE.get(r.band or "", ""))
        g, unit = r.given, f" {r.currency}" if r.currency else ""
        cash = f"cash {g.cash:,.4g}, " if r.cash.weight else ""
        self._line(
            f"As given: long {g.long:,.4g}, short {g.short:,.4g}, {cash}gross {g.gross:,.4g}, net {g.net:,.4g}{unit}. "
            "Weights are shares of the gross."
        )

    def legs(self) -> None:
        r = self.result
        table = _table("", "weight", "scored", *_HEADS)
        legs = [("both sides", r.gross)]
        if r.short.weight:
            legs += [("long", r.long), ("short", r.short)]
        if r.cash.weight:
            legs.append(("cash", r.cash))
        for name, leg in legs:
            table.add_row(name, f"{leg.weight:.1%}", number(leg.coverage, ".1%"), *_points(leg))
        if r.short.weight:
            table.add_row("long − short", "", "", *_points(r.spread, "+.1f"))
            table.add_row("net", "", "", *_points(r.net, "+.1f"))
        self._show("", table)

    def drivers(self) -> None:
        table = _table("points", "net", "company and cause", left=("company and cause",))
        for driver in self.result.drivers[: self.top]:
            table.add_row(f"{driver.points:.2f}", f"{driver.points_net:+.2f}", Text(driver.label, overflow="fold"))
        self._show("What drives it", table)

    def concentration(self) -> None:
        for part in self.result.concentration:
            if not part.groups:
                continue
            table = _table("points", "share", "weight", "net", "names", part.by, left=(part.by,))
            for group in part.groups[: self.top]:
                table.add_row(
                    f"{group.points:.2f}",
                    number(group.share, ".1%"),
                    f"{group.weight:.1%}",
                    f"{group.weight_net:+.1%}",
                    str(group.companies),
                    Text(group.label, overflow="fold"),
                )
            more = len(part.groups) - self.top
            hhi = "" if part.hhi_points is None else f", HHI {part.hhi_points:.3f}"
            rest = f" ({more} more)" if more > 0 else ""
            self._show(f"By {part.by}: {part.points:.2f} points in {len(part.groups)}{hhi}{rest}", table)

    def revenue_at_risk(self) -> None:
        r, unit = self.result.revenue_at_risk, f" {self.result.currency}" if self.result.currency else ""
        if r.gross.share_at_risk is None or r.value_at_risk is None:
            return
        table = _table("", "at risk", "low", "high")
        legs = [("both sides", r.gross)]
        if self.result.short.weight:
            legs += [("long", r.long), ("short", r.short), ("net", r.net)]
        for name, leg in legs:
            ends = (leg.share_at_risk, leg.share_at_risk_low, leg.share_at_risk_high)
            table.add_row(name, *(number(end, ".2%") for end in ends))
        size = f"{r.value_at_risk:,.4g} of {self.result.given.gross:,.4g}{unit}"
        self._show(f"Revenue at risk, looked through: {size}, known of {r.coverage:.1%} of the book", table)

    def comparison(self, c: Comparison) -> None:
        table = _table("", "scored", *_HEADS)
        table.add_row("portfolio", number(self.result.gross.coverage, ".1%"), *_points(self.result.gross))
        table.add_row("benchmark", number(c.benchmark.coverage, ".1%"), *_points(c.benchmark))
        table.add_row("active", "", *_points(c.active, "+.1f"))
        table.add_row("active net", "", *_points(c.active_net, "+.1f"))
        self._show(f"Against the benchmark: active share {c.active_share:.1%}", table)
        names = _table("active", "weight", "bench.", "score", "company", left=("company",))
        for name in [name for name in c.names if name.active is not None][: self.top]:
            names.add_row(
                f"{name.active:+.2f}",
                f"{name.weight:+.1%}",
                f"{name.benchmark_weight:+.1%}",
                number(name.score, ".1f"),
                Text(name.name, overflow="fold"),
            )
        self._show("", names)

    def not_scored(self) -> None:
        parts = [part for part in self.result.coverage if part.status not in ("ok", "cash")]
        if not parts:
            return
        shares = ", ".join(f"{part.status} {part.weight:.1%} ({part.positions})" for part in parts)
        table = _table("weight", "status", "position", "why", left=("status", "position", "why"))
        missed = (p for p in self.result.positions if p.status not in ("ok", "cash"))
        rows = sorted(missed, key=lambda p: (p.company_id is not None, -abs(p.weight)))
        for p in rows[: self.top]:
            why = p.reason or ("" if p.score_floor is None else f"score at least {p.score_floor:.1f}")
            nearest = f"; nearest: {p.candidates}" if p.candidates and p.company_id is None else ""
            shown = Text(p.query or "(empty)", overflow="fold")
            table.add_row(f"{p.weight:+.1%}", p.status, shown, Text(why + nearest, overflow="fold"))
        more = len(rows) - self.top
        self._show(f"Not scored, in no mean: {shares}" + (f"; {more} more" if more > 0 else ""), table)

    def _show(self, title: str, table: Table) -> None:
        if not table.row_count:
            return
        self.out.print()
        if title:
            self._line(title, "bold")
        self.out.print(table)

    def _line(self, text: str, style: str = "") -> None:
        self.out.print(Text(text, style=style))


def _table(*heads: str, left: Sequence[str] = ()) -> Table:
    table = plain_table()
    for place, head in enumerate(heads):
        is_left = head in left or (place == 0 and not head)
        table.add_column(head, justify="left" if is_left else "right", max_width=100 if is_left else None)
    return table


def _points(points: Points, form: str = ".1f") -> list[str]:
    return [number(getattr(points, name), form) for name in _PILLARS]


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


def _groups(out: Console, what: str, groups: Sequence[CoveredGroup], top: int) -> None:
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
