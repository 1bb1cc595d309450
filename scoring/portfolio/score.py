"""Portfolio: a book of long and short positions scored, and its score taken apart.

Weights are shares of the gross, |amount| / sum of |amounts|, whatever unit the amounts have. What is not scored is
left out of every mean and told in the coverage; what is scored is not diluted by it. With v the signed weight, S the
score of a position's company and c the scored part of the gross weight:

    score       sum |v| S / c                 both sides: how exposed is what the book holds, long or short
    long, short sum |v| S / sum |v|           over the scored positions of that side
    spread      long - short
    net         sum v S / c                   short positions take exposure away; of a long-only book the score
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast, get_args

import numpy as np

from scoring.errors import HoldingsError
from scoring.portfolio.holdings import Holdings
from scoring.portfolio.result import Coverage, Leg, Points, PortfolioScore, Position, Sums
from scoring.score.ranking import bands
from scoring.vocabulary import Status

if TYPE_CHECKING:
    from scoring.scorer import Columns, Scorer

DRIVERS: Final = 20
"""Drivers shown unless more are asked for."""


@dataclass(frozen=True)
class Weighed:
    """A book on the companies of a scorer.

    Attributes
    ----------
    holdings : Holdings
    rows : dict of str to ndarray
        Result row of each position, as `Scorer.columns` gives them.
    company : ndarray of int, shape (n,)
        Company of each position, -1 = none.
    weight : ndarray of float, shape (n,)
        Signed share of the gross; the absolute values sum to 1.
    scored : ndarray of bool, shape (n,)
    covered : float
        Scored part of the gross, 0..1.
    gross, net : ndarray of float, shape (companies,)
        Share of the scored gross weight in each company, and with short positions negative.
    """

    holdings: Holdings
    rows: dict[str, np.ndarray]
    company: np.ndarray
    weight: np.ndarray
    scored: np.ndarray
    covered: float
    gross: np.ndarray
    net: np.ndarray


def score_portfolio(
    scorer: Scorer,
    holdings: Holdings,
    benchmark: Holdings | None = None,
    *,
    long_only: bool = False,
    drivers: int = DRIVERS,
) -> PortfolioScore:
    """Score a book.

    Parameters
    ----------
    scorer : Scorer
    holdings : Holdings
        Weights, values or quantities; long and short.
    benchmark : Holdings, optional
        Book to compare with.
    long_only : bool
        Refuse short positions, which in a long-only book are mistakes.
    drivers : int
        Number of drivers to give, most points first.

    Returns
    -------
    PortfolioScore
        Sums are exact to 1e-9: positions, pillars, companies, countries and sectors each add up to the score.

    Raises
    ------
    HoldingsError
        No position of the book, or of the benchmark, names a company; a short position in a long-only book.
    """
    if long_only:
        _check_long(holdings)
    book = weigh(scorer, holdings)
    comparison = None
    if benchmark is not None:
        from scoring.portfolio.benchmark import compare

        comparison = compare(scorer, book, weigh(scorer, benchmark, "benchmark"))
    from scoring.explanation.causes import causes
    from scoring.portfolio.drivers import concentration, top_drivers
    from scoring.portfolio.look_through import look_through
    from scoring.risk.table import risk_columns

    found = causes(scorer)
    risk = risk_columns(scorer, holdings.tickers)
    long, short = leg(scorer, book, book.weight > 0), leg(scorer, book, book.weight < 0)
    both = leg(scorer, book, np.ones(book.weight.size, dtype=bool))
    confidence = _confidence(book)
    return PortfolioScore(
        basis=holdings.basis,
        currency=holdings.currency,
        given=_sums(holdings.amounts),
        gross=both,
        long=long,
        short=short,
        spread=difference(long, short),
        net=net_points(scorer, book),
        score_floor=_floor(book),
        band=_first(bands(np.array([_number(both.score)]), scorer.methodology.bands)),
        confidence=known(confidence),
        confidence_grade=_first(bands(np.array([confidence]), scorer.methodology.confidence.grades)),
        coverage=coverage(book),
        drivers=top_drivers(scorer, book, found, drivers),
        concentration=concentration(scorer, book, found),
        revenue_at_risk=look_through(book, risk),
        comparison=comparison,
        positions=list(_positions(book, risk)),
        **scorer.versions,
    )


def weigh(scorer: Scorer, holdings: Holdings, name: str = "holdings") -> Weighed:
    """Put a book on the companies of a scorer.

    Raises
    ------
    HoldingsError
        No position names a company.
    """
    matches = scorer.resolver.resolve_many(holdings.tickers)
    company = np.array([match.company for match in matches], dtype=int)
    if (company < 0).all():
        first = matches[0]
        nearest = ", ".join(map(str, first.candidates[:3]))
        raise HoldingsError(
            name,
            f"name no company: none of {company.size} resolves, such as {first.query[:50]!r} ({first.reason})",
            f"check the ticker column; nearest to the first: {nearest}" if nearest else "check the ticker column",
        )
    # Divided by the largest first, so that no sum can overflow.
    scaled = holdings.amounts / np.abs(holdings.amounts).max()
    weight = scaled / np.abs(scaled).sum()
    rows = scorer.columns_of(matches)
    scored = ~np.isnan(rows["score"])
    covered = float(np.abs(weight[scored]).sum())
    n = scorer.evaluation.facts.country.size
    part = weight[scored] / covered if covered > 0 else weight[scored]
    return Weighed(
        holdings=holdings,
        rows=rows,
        company=company,
        weight=weight,
        scored=scored,
        covered=covered,
        gross=np.bincount(company[scored], np.abs(part), n),
        net=np.bincount(company[scored], part, n),
    )


def leg(scorer: Scorer, book: Weighed, member: np.ndarray) -> Leg:
    """Weighted mean score of some positions."""
    weight = np.abs(book.weight)
    counted = member & book.scored
    whole, scored = float(weight[member].sum()), float(weight[counted].sum())
    part = weight[counted] / scored if scored > 0 else weight[counted]
    return Leg(
        **_points(scorer, book.company[counted], part, scored > 0),
        weight=whole,
        coverage=scored / whole if whole > 0 else None,
    )


def net_points(scorer: Scorer, book: Weighed) -> Points:
    """Points of the book with short positions counted negative, per scored gross weight."""
    scored = book.scored
    part = book.weight[scored] / book.covered if book.covered > 0 else book.weight[scored]
    return Points(**_points(scorer, book.company[scored], part, book.covered > 0))


def difference(one: Points, other: Points) -> Points:
    """One minus the other, pillar by pillar; empty where either is."""
    fields = Points.model_fields
    pairs = {name: (getattr(one, name), getattr(other, name)) for name in fields}
    return Points(**{name: None if None in pair else pair[0] - pair[1] for name, pair in pairs.items()})


def coverage(book: Weighed) -> list[Coverage]:
    """How much of the gross weight each status has; statuses that do not occur are left out."""
    weight, status = np.abs(book.weight), book.rows["status"]
    return [
        Coverage(status=name, weight=float(weight[status == name].sum()), positions=int((status == name).sum()))
        for name in cast(tuple[Status, ...], get_args(Status))
        if (status == name).any()
    ]


def known(value: Any) -> float | None:
    """Number, or None where it is missing."""
    return None if value is None or np.isnan(value) else float(value)


def _number(value: float | None) -> float:
    return np.nan if value is None else value


def _first(words: np.ndarray) -> str | None:
    word: str | None = words[0]
    return word


def _points(scorer: Scorer, company: np.ndarray, part: np.ndarray, is_known: bool) -> dict[str, float | None]:
    """Sum of the points of companies times their parts, by pillar; the score is the sum of the pillars."""
    if not is_known:
        return dict.fromkeys(Points.model_fields)
    pillars = (part @ scorer.evaluation.points[company]).tolist()
    return dict(zip(Points.model_fields, [sum(pillars), *pillars], strict=True))


def _sums(amounts: np.ndarray) -> Sums:
    long, short = float(amounts[amounts > 0].sum()), float(amounts[amounts < 0].sum())
    return Sums(gross=long - short, long=long, short=short, net=long + short)


def _check_long(holdings: Holdings) -> None:
    short = np.flatnonzero(holdings.amounts < 0)
    if short.size:
        row = int(short[0])
        more = f"; {short.size - 1} more are short" if short.size > 1 else ""
        raise HoldingsError(
            holdings.place(row, holdings.basis),
            f"{holdings.amounts[row]:g} of {holdings.tickers[row][:50]!r} is short in a long-only book{more}",
            "correct the sign, or leave long-only out",
        )


def _floor(book: Weighed) -> float | None:
    floor = np.where(book.scored, book.rows["score"], book.rows["score_floor"])
    has = ~np.isnan(floor)
    weight = np.abs(book.weight[has])
    return float(weight @ floor[has] / weight.sum()) if weight.sum() > 0 else None


def _confidence(book: Weighed) -> float:
    points = np.abs(book.weight[book.scored]) * book.rows["score"][book.scored]
    sure = book.rows["confidence"][book.scored]
    counted = ~np.isnan(sure)  # a score of 0 has no leaf that it could rest on
    total = points[counted].sum()
    return float(points[counted] @ sure[counted] / total) if total > 0 else np.nan


_SHOWN: Final = ("query", "status", "company_id", "name", "country", "sector", "candidates", "reason")
_NUMBERS: Final = ("score", "score_market", "score_control", "score_retaliation", "score_floor")


def _positions(book: Weighed, risk: Columns) -> Iterator[Position]:
    part = book.weight / book.covered if book.covered > 0 else np.full(book.weight.size, np.nan)
    numbers = {name: book.rows[name] for name in _NUMBERS}
    numbers |= {
        "contribution": np.abs(part) * book.rows["score"],
        "contribution_net": part * book.rows["score"],
        "share_at_risk": risk["share_at_risk"],
        "revenue_at_risk_usd": risk["revenue_at_risk_usd"],
    }
    columns = {name: book.rows[name].tolist() for name in _SHOWN}
    columns |= {name: [None if v != v else v for v in column.tolist()] for name, column in numbers.items()}
    columns |= {"amount": book.holdings.amounts.tolist(), "weight": book.weight.tolist()}
    names = list(columns)
    # Not validated again: tens of thousands of rows, each value from a typed array.
    for row in zip(*columns.values(), strict=True):
        yield Position.model_construct(**dict(zip(names, row, strict=True)))
