"""A portfolio against a benchmark: active weights, and the active score by name and pillar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scoring.arrays import number_or_none
from scoring.portfolio.result import ActiveName, Comparison
from scoring.portfolio.weighed import Weighed, coverage, difference, leg, net_points

if TYPE_CHECKING:
    from scoring.score.snapshot import Snapshot


def compare(snapshot: Snapshot, book: Weighed, benchmark: Weighed) -> Comparison:
    """Compare two books on the companies of one snapshot.

    The active score is the portfolio's minus the benchmark's. What one name adds to it is its contribution here
    minus its contribution there, so the names sum to it without a remainder; a book in which nothing is scored has
    no active score.
    """
    ours, theirs = (leg(snapshot, b, np.ones(b.weight.size, dtype=bool)) for b in (book, benchmark))
    our_net, their_net = net_points(snapshot, book), net_points(snapshot, benchmark)
    names = _names(snapshot, book, benchmark, is_scored=ours.score is not None and theirs.score is not None)
    return Comparison(
        benchmark=theirs,
        benchmark_net=their_net,
        active=difference(ours, theirs),
        active_net=difference(our_net, their_net),
        active_share=sum(abs(name.active_weight) for name in names) / 2,
        coverage=coverage(benchmark),
        names=names,
    )


def _names(snapshot: Snapshot, book: Weighed, benchmark: Weighed, is_scored: bool) -> list[ActiveName]:
    companies, evaluation = snapshot.release.columns("companies"), snapshot.evaluation
    n = evaluation.facts.country.size
    mine, theirs = (_by_company(b, n) for b in (book, benchmark))
    held = np.union1d(book.company[book.company >= 0], benchmark.company[benchmark.company >= 0])
    active = (book.gross - benchmark.gross)[:, None] * evaluation.points
    active_net = (book.net - benchmark.net) * evaluation.score
    if not is_scored:
        active, active_net = np.full_like(active, np.nan), np.full_like(active_net, np.nan)
    order = np.lexsort((held, -np.nan_to_num(np.abs(active[held].sum(axis=1)))))
    out = [
        ActiveName(
            company_id=companies["company_id"][i],
            name=companies["name"][i],
            country=companies["country"][i],
            sector=companies["sector"][i],
            weight=float(mine[i]),
            benchmark_weight=float(theirs[i]),
            active_weight=float(mine[i] - theirs[i]),
            score=number_or_none(evaluation.score[i]),
            active=number_or_none(active[i].sum()),
            active_market=number_or_none(active[i, 0]),
            active_control=number_or_none(active[i, 1]),
            active_retaliation=number_or_none(active[i, 2]),
            active_net=number_or_none(active_net[i]),
        )
        for i in held[order].tolist()
    ]
    return out + _unresolved(book, benchmark)


def _by_company(book: Weighed, n: int) -> np.ndarray:
    resolved = book.company >= 0
    weight: np.ndarray = np.bincount(book.company[resolved], book.weight[resolved], n)
    return weight


def _unresolved(book: Weighed, benchmark: Weighed) -> list[ActiveName]:
    """Names that no company was found for: the same text is the same name."""
    weights: dict[str, list[float]] = {}
    for side, b in enumerate((book, benchmark)):
        for row in np.flatnonzero(b.company < 0).tolist():
            weights.setdefault(str(b.holdings.tickers[row]), [0.0, 0.0])[side] += float(b.weight[row])
    none = dict.fromkeys(
        ("company_id", "country", "sector", "score", "active", "active_market", "active_control",
         "active_retaliation", "active_net")
    )  # fmt: skip
    return [
        ActiveName(
            name=query, weight=here, benchmark_weight=there, active_weight=here - there, **none,
        )
        for query, (here, there) in weights.items()
    ]  # fmt: skip
