"""A scored portfolio, and how well a list or book is known, as text for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from rich.text import Text

from scoring.columns import PILLAR_POINTS
from scoring.vocabulary import ESTIMATED, basis
from service.cli.render.console import BAND_STYLE, POINTS, amount, console, number
from service.cli.render.heading import dated_basis
from service.cli.render.table import Column, figure, note, print_table, text
from service.cli.words import many

if TYPE_CHECKING:
    from rich.console import Console

    from scoring.portfolio.knowledge import CoverageReport, CoveredGroup, Knowledge, Part
    from scoring.portfolio.result import Comparison, Points, PortfolioScore

_PILLARS: Final = ("score", *PILLAR_POINTS)
_HEADS: Final = (figure("score"), *(figure(heading, 3) for heading in POINTS))
_SCORED: Final = ("ok", "estimated", "cash")
"""What has a score and is in every mean."""
_LEAST: Final = 0.005
"""Points below which a cause rounds to zero and is not told."""
_ROUNDING: Final = 1e-9


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
        self.estimated = {one.company_id for one in result.positions if one.status == ESTIMATED}

    def headline(self) -> None:
        r = self.result
        self._line(f"Portfolio of {many(len(r.positions), 'position')} as of {r.as_of}", "bold")
        self._line(basis(r.release, r.methodology, r.scenario), "dim")
        if r.gross.score is None:
            floor = "" if r.score_floor is None else f" With the unknown at zero it would be {r.score_floor:.1f}."
            self._line(f"No score: no position has one.{floor}")
        else:
            sure = "" if r.confidence is None else f" Confidence {r.confidence:.2f}, grade {r.confidence_grade}."
            cash = "" if self._share_of("ok", "estimated") else " It is that of the cash: no company has a score."
            self._line(f"Score {r.gross.score:.1f} of 100, {r.band}.{sure}{cash}", BAND_STYLE.get(r.band or "", ""))
        parts = ", ".join(f"{part.known} {part.weight:.1%}" for part in r.knowledge.parts)
        marked = " Who is estimated is marked (est.); exposure coverage has them by name." if self.estimated else ""
        self._line(f"How well it is known: {parts}.{marked}")
        g, unit = r.given, f" {r.currency}" if r.currency else ""
        sums = [("long", g.long), ("short", g.short), *([("cash", g.cash)] if r.cash.weight else [])]
        told = ", ".join(f"{name} {amount(size)}" for name, size in [*sums, ("gross", g.gross), ("net", g.net)])
        self._line(f"As given: {told}{unit}. Weights are shares of the gross.")

    def legs(self) -> None:
        r = self.result
        legs = [("both sides", r.gross)]
        if r.short.weight:
            legs += [("long", r.long), ("short", r.short)]
        if r.cash.weight:
            legs.append(("cash", r.cash))
        rows = [[name, f"{leg.weight:.1%}", number(leg.coverage, ".1%"), *_points(leg)] for name, leg in legs]
        if r.short.weight:
            rows.append(["long - short", "", "", *_points(r.spread, "+.1f")])
            rows.append(["net", "", "", *_points(r.net, "+.1f")])
        self._show("", [text(""), figure("weight"), figure("of it scored", 2), *_HEADS], rows)
        left = self._share_of(*_SCORED) - r.gross.weight * (r.gross.coverage or 0.0)
        if left > _ROUNDING:
            self._line(f"Only estimates were asked for: what is known, {left:.1%} of the gross, is in no mean.")

    def _share_of(self, *statuses: str) -> float:
        """Part of the gross whose positions have one of some statuses."""
        return sum(part.weight for part in self.result.coverage if part.status in statuses)

    def _marked(self, company_id: str, name: str, label: str) -> str:
        """A label in which the name of an estimated company is marked."""
        return label.replace(name, f"{name} (est.)", 1) if company_id in self.estimated else label

    def drivers(self) -> None:
        told = [driver for driver in self.result.drivers if abs(driver.points) >= _LEAST]
        rows = [
            [f"{one.points:.2f}", f"{one.points_net:+.2f}", self._marked(one.company_id, one.name, one.label)]
            for one in told[: self.top]
        ]
        self._show("What drives it", [figure("points"), figure("net", 1), text("company and cause", most=110)], rows)

    def concentration(self) -> None:
        if any(part.groups for part in self.result.concentration):
            self._line(
                "\nBelow, of score: share of the portfolio's score; weight and net: shares of its scored gross; HHI: "
                "concentration of the points, 1 if one has them all.",
                "dim",
            )
        for part in self.result.concentration:
            told = [group for group in part.groups if group.points >= _LEAST]
            rows = [
                [
                    f"{group.points:.2f}",
                    number(group.share, ".1%"),
                    f"{group.weight:.1%}",
                    f"{group.weight_net:+.1%}",
                    str(group.companies),
                    self._marked(group.key, group.label, group.label) if part.by == "company" else group.label,
                ]
                for group in told[: self.top]
            ]
            columns = [figure("points"), figure("of score", 1), figure("weight", 2), figure("net", 4)]
            columns += [figure("names", 3), text(part.by, most=110)]
            more = len(part.groups) - len(rows)
            hhi = "" if part.hhi_points is None else f", HHI {part.hhi_points:.3f}"
            rest = f" ({more} more)" if more > 0 else ""
            groups = many(len(part.groups), part.by)
            self._show(f"By {part.by}: {part.points:.2f} points in {groups}{hhi}{rest}", columns, rows)

    def revenue_at_risk(self) -> None:
        r, unit = self.result.revenue_at_risk, f" {self.result.currency}" if self.result.currency else ""
        if r.gross.share_at_risk is None or r.value_at_risk is None:
            return
        legs = [("both sides", r.gross)]
        if self.result.short.weight:
            legs += [("long", r.long), ("short", r.short), ("net", r.net)]
        rows = [
            [name, *(number(end, ".2%") for end in (leg.share_at_risk, leg.share_at_risk_low, leg.share_at_risk_high))]
            for name, leg in legs
        ]
        known = amount(self.result.given.gross * r.coverage)
        self._show(
            f"Revenue at risk, looked through: {amount(r.value_at_risk)} of the {known}{unit} for which it is known, "
            f"{r.coverage:.1%} of the book",
            [text(""), figure("at risk"), figure("low"), figure("high")],
            rows,
        )

    def comparison(self, c: Comparison) -> None:
        rows = [
            ["portfolio", number(self.result.gross.coverage, ".1%"), *_points(self.result.gross)],
            ["benchmark", number(c.benchmark.coverage, ".1%"), *_points(c.benchmark)],
            ["active", "", *_points(c.active, "+.1f")],
            ["active net", "", *_points(c.active_net, "+.1f")],
        ]
        title = f"Against the benchmark: active share {c.active_share:.1%}"
        self._show(title, [text(""), figure("of it scored", 2), *_HEADS], rows)
        names = [
            [
                f"{name.active:+.2f}",
                f"{name.weight:+.1%}",
                f"{name.benchmark_weight:+.1%}",
                number(name.score, ".1f"),
                name.name,
            ]
            for name in [name for name in c.names if name.active is not None][: self.top]
        ]
        columns = [figure("active"), figure("weight", 1), figure("bench.", 1), figure("score"), text("company")]
        self._show("", columns, names)

    def not_scored(self) -> None:
        parts = [part for part in self.result.coverage if part.status not in _SCORED]
        if not parts:
            return
        shares = ", ".join(f"{part.status} {part.weight:.1%} ({part.positions})" for part in parts)
        missed = (p for p in self.result.positions if p.status not in _SCORED)
        every = sorted(missed, key=lambda p: (p.company_id is not None, -abs(p.weight)))
        rows = []
        for p in every[: self.top]:
            floor = "" if p.score_floor is None else f"score at least {p.score_floor:.1f}"
            none = f"no data known by {self.result.as_of}" if p.status == "no-data" else ""
            why = ", ".join(filter(None, (p.reason, floor, none)))
            nearest = f"; nearest: {p.candidates}" if p.candidates and p.company_id is None else ""
            rows.append([f"{p.weight:+.1%}", p.status, p.query or "(empty)", why + nearest])
        more = len(every) - self.top
        columns = [figure("weight"), text("status"), text("position"), note("why", most=100)]
        rest = f"; {more} more" if more > 0 else ""
        self._show(f"Not scored, in no mean, of the gross: {shares}{rest}", columns, rows)

    def _show(self, title: str, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
        if not rows:
            return
        self.out.print()
        if title:
            self._line(title, "bold")
        print_table(self.out, columns, rows)

    def _line(self, text: str, style: str = "") -> None:
        self.out.print(Text(text, style=style))


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
    out.print(Text(f"Coverage of {many(len(report.names), 'name')}", style="bold"))
    out.print(Text(dated_basis(report.as_of, report.release, report.methodology, report.scenario), style="dim"))
    print_knowledge(out, report, top)


def print_knowledge(out: Console, known: Knowledge, top: int) -> None:
    """Print how well a book is known."""
    rows = [[f"{part.weight:.1%}", f"{part.positions:,}", _WORDS[part.known]] for part in known.parts]
    out.print()
    print_table(out, [figure("weight"), figure("names"), text("how well it is known", most=70)], rows)
    _groups(out, "sector", known.sectors, top)
    _groups(out, "country", known.countries, top)
    _estimates(out, known)
    _missing(out, known)


def _groups(out: Console, what: str, groups: Sequence[CoveredGroup], top: int) -> None:
    rows = []
    for group in groups[:top]:
        shares = [_share(group.parts, words) for words in (("known", "cash"), ("old",), ("estimated",), _MISSING)]
        rows.append([f"{group.weight:.1%}", *shares, group.label or "(none)"])
    more = f" ({len(groups) - top} more)" if len(groups) > top else ""
    out.print(Text(f"\nBy {what}, in parts of the book{more}", style="bold"))
    parts = [
        figure("weight"),
        figure("known"),
        figure("old", 1),
        figure("estimated"),
        figure("missing", 2),
    ]
    print_table(out, [*parts, text(what)], rows)


_MISSING: Final = ("partial", "no-data", "unresolved", "ambiguous", "not-a-share")


def _share(parts: Sequence[Part], words: Sequence[str]) -> str:
    weight = sum(part.weight for part in parts if part.known in words)
    return f"{weight:.1%}" if weight else ""


def _estimates(out: Console, known: Knowledge) -> None:
    rows = [
        [f"{one.moves:+.2f}", f"{one.weight:+.1%}", number(one.score, ".1f"), one.name or one.query]
        for one in known.estimates
    ]
    if rows:
        title = "\nEstimates that move the score most, in points: their figures would help most"
        out.print(Text(title, style="bold"))
        print_table(out, [figure("moves"), figure("weight"), figure("score", 1), text("company")], rows)


def _missing(out: Console, known: Knowledge) -> None:
    rows = [
        [f"{one.weight:+.1%}", one.known, one.query or one.name or "(empty)", one.reason or ""] for one in known.missing
    ]
    if rows:
        out.print(Text("\nHeaviest names that are in no mean", style="bold"))
        print_table(out, [figure("weight"), text("what"), text("name"), note("why", most=100)], rows)
