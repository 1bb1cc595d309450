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
from typing import TYPE_CHECKING, Final

import numpy as np

from scoring.arrays import number_or_none, value_or_none
from scoring.columns import PILLAR_POINTS
from scoring.errors import HoldingsError
from scoring.explanation.causes import causes
from scoring.portfolio.benchmark import compare
from scoring.portfolio.coverage import knowledge
from scoring.portfolio.drivers import concentration, top_drivers
from scoring.portfolio.holdings import Holdings
from scoring.portfolio.look_through import look_through
from scoring.portfolio.result import PortfolioScore, Position, Sums
from scoring.portfolio.weighed import Weighed, coverage, difference, leg, net_points, weigh
from scoring.reference.identifiers.row import Row
from scoring.score.ranking import bands

if TYPE_CHECKING:
    from scoring.score.snapshot import Columns
    from scoring.scorer import Scorer

DRIVERS: Final = 20
"""Drivers shown unless more are asked for."""


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
        comparison = compare(scorer, book, weigh(scorer, benchmark, "benchmark"))
    found = causes(scorer)
    risk = scorer.risk_columns(holdings.tickers)
    long, short = (leg(scorer, book, side & ~book.cash) for side in (book.weight > 0, book.weight < 0))
    both = leg(scorer, book, np.ones(book.weight.size, dtype=bool))
    confidence = _confidence(book)
    return PortfolioScore(
        basis=holdings.basis,
        currency=holdings.currency,
        notes=list(holdings.notes),
        given=_sums(holdings.amounts, book.cash),
        gross=both,
        long=long,
        short=short,
        cash=leg(scorer, book, book.cash),
        spread=difference(long, short),
        net=net_points(scorer, book),
        score_floor=_floor(book),
        band=_first(bands(np.array([_number(both.score)]), scorer.methodology.bands)),
        confidence=number_or_none(confidence),
        confidence_grade=_first(bands(np.array([confidence]), scorer.methodology.confidence.grades)),
        coverage=coverage(book),
        knowledge=knowledge(book, scorer.as_of),
        drivers=top_drivers(scorer, book, found, drivers),
        concentration=concentration(scorer, book, found),
        revenue_at_risk=look_through(book, risk),
        comparison=comparison,
        positions=list(_positions(book, risk)),
        **scorer.versions,
    )


def _number(value: float | None) -> float:
    return np.nan if value is None else value


def _first(words: np.ndarray) -> str | None:
    word: str | None = words[0]
    return word


def _sums(amounts: np.ndarray, is_cash: np.ndarray) -> Sums:
    held = amounts[~is_cash]
    long, short, cash = float(held[held > 0].sum()), float(held[held < 0].sum()), float(amounts[is_cash].sum())
    gross = long - short + float(np.abs(amounts[is_cash]).sum())
    return Sums(gross=gross, long=long, short=short, cash=cash, net=long + short + cash)


def _check_long(holdings: Holdings) -> None:
    is_cash = [isinstance(query, Row) and query.kind == "cash" for query in holdings.tickers]  # overdrawn, not short
    short = np.flatnonzero((holdings.amounts < 0) & ~np.array(is_cash))
    if short.size:
        row = int(short[0])
        more = f"; {short.size - 1} more are short" if short.size > 1 else ""
        raise HoldingsError(
            holdings.place(row, holdings.basis),
            f"{holdings.amounts[row]:g} of {str(holdings.tickers[row])[:50]!r} is short in a long-only book{more}",
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


_WHO: Final = ("query", "status", "company_id", "name", "country", "sector", "candidates", "reason")
_SHOWN: Final = (*_WHO, "china_share_period", "china_share_caution")
_CHINA: Final = ("china_share", "china_share_p05", "china_share_p95")
_NUMBERS: Final = ("score", *PILLAR_POINTS, "score_floor", *_CHINA)


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
    columns |= {name: list(map(value_or_none, column.tolist())) for name, column in numbers.items()}
    columns |= {"amount": book.holdings.amounts.tolist(), "weight": book.weight.tolist()}
    names = list(columns)
    # Not validated again: tens of thousands of rows, each value from a typed array.
    for row in zip(*columns.values(), strict=True):
        yield Position.model_construct(**dict(zip(names, row, strict=True)))
