"""Propagation: draws through the equations, to intervals of the score and the rank."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np

from scoring.columns import INTERVAL
from scoring.errors import InputError
from scoring.exposure.retaliation import widest
from scoring.facts.among import among
from scoring.facts.facts import Facts
from scoring.methodology import Methodology
from scoring.methodology.parameters import Parameters
from scoring.score.evaluation import Evaluation, evaluate
from scoring.score.ranking import ranks
from scoring.uncertainty.distributions import Points, check_draws
from scoring.uncertainty.inputs import Inputs

SCORE_DRAWS: Final = 1024
SEED: Final = 2026
QUANTILES: Final = (0.05, 0.5, 0.95)

_BUDGET: Final = 12 * 2**20
"""Bytes for the largest array of one step; a few of its size live at once."""

_MOST_CELLS: Final = 2**28
"""Draws times companies that are kept: 2 GiB for score and rank."""

_BLOCK: Final = 4096


@dataclass(frozen=True)
class Intervals:
    """Where scores and ranks lie when every assumption takes any value of its range.

    Attributes
    ----------
    draws, seed : int
    companies : ndarray of int, shape (c,)
        Positions of the companies that they are of, in order.
    score : ndarray of float, shape (3, c)
        5th, 50th and 95th percentile of the score, 0..100; NaN = no score.
    rank : ndarray of float, shape (3, c)
        The same of the rank; 1 is the most exposed. Each is the rank of some draw, so a whole number.
    """

    draws: int
    seed: int
    companies: np.ndarray
    score: np.ndarray
    rank: np.ndarray

    def columns(self, companies: Sequence[int] | np.ndarray) -> dict[str, np.ndarray]:
        """Columns `scoring.columns.INTERVAL` of some companies; -1 is none, whose numbers are missing."""
        asked = np.asarray(companies, dtype=int)
        values = np.full((len(INTERVAL), asked.size), np.nan)
        values[:, asked >= 0] = np.concatenate([self.score, self.rank])[:, self._places(asked[asked >= 0])]
        return dict(zip(INTERVAL, values, strict=True))

    def of(self, company: int) -> tuple[list[float], list[float]]:
        """Percentiles of the score and of the rank of one company."""
        place = self._places(np.array([company]))[0]
        return self.score[:, place].tolist(), self.rank[:, place].tolist()

    def cover(self, companies: np.ndarray) -> bool:
        """Whether they are of all these companies."""
        return bool(np.isin(companies, self.companies).all())

    def _places(self, companies: np.ndarray) -> np.ndarray:
        if not self.cover(companies):
            raise KeyError("intervals of other companies")
        return np.searchsorted(self.companies, companies)


def intervals(
    evaluation: Evaluation,
    draws: int = SCORE_DRAWS,
    seed: int = SEED,
    workers: int = 1,
    companies: np.ndarray | None = None,
) -> Intervals:
    """Propagate all uncertain inputs through the scores of an evaluation.

    The same arguments give the same numbers, whatever the machine does them in and on however many workers. Points
    are balanced where `draws` is a power of two.

    Parameters
    ----------
    evaluation : Evaluation
        Without a leading axis.
    draws : int
        From 1 to 1,048,576, and fewer for a very large universe.
    seed : int
        Of the scrambling.
    workers : int
        Threads.
    companies : ndarray of int, optional
        Positions of the companies to compute: the numbers are those that they have among all, and come sooner.

    Raises
    ------
    InputError
        Too few or too many draws, or a seed below 0.
    """
    check_draws(draws, seed)
    check_size(draws, evaluation.score.size)
    inputs, drawn = inputs_of(evaluation, companies)
    n = drawn.size
    # Half the memory of doubles; a score of 100 is kept to within 0.000004.
    score, rank = np.empty((draws, n), dtype=np.float32), np.empty((draws, n), dtype=np.float32)

    def work(first: int, points: np.ndarray) -> None:
        found = scores_at(inputs, points)
        for position, row in enumerate(found, start=first):
            score[position], rank[position] = row, ranks(row, inputs.facts.estimated)

    in_parallel(work, blocks(inputs, draws, seed, workers), workers)
    return Intervals(draws, seed, drawn, quantiles(score), quantiles(rank, "inverted_cdf"))


def inputs_of(evaluation: Evaluation, companies: np.ndarray | None) -> tuple[Inputs, np.ndarray]:
    """Inputs of some companies and of all that are ranked among, and their positions."""
    facts = evaluation.facts
    if companies is None:
        return Inputs(facts, evaluation.methodology), np.arange(evaluation.score.size)
    positions = np.union1d(companies, np.flatnonzero(~facts.estimated))
    return Inputs(among(facts, positions), evaluation.methodology, whole=facts), positions


def scores_at(inputs: Inputs, points: np.ndarray) -> np.ndarray:
    """Scores of every company at quasi-random points, shape (b, n)."""
    facts, parameters = inputs.draw(points)
    score = evaluate(facts, inputs.methodology, parameters).score
    return np.broadcast_to(score, (len(points), score.shape[-1]))


def draws(
    facts: Facts, methodology: Methodology, count: int = SCORE_DRAWS, seed: int = SEED
) -> Iterator[tuple[Facts, Parameters]]:
    """Facts and parameters at the points that `intervals` uses, some draws at a time.

    Raises
    ------
    InputError
        Too few or too many draws, or a seed below 0.
    """
    check_draws(count, seed)
    inputs = Inputs(facts, methodology)
    return (inputs.draw(points) for _, points in blocks(inputs, count, seed))


def check_size(draws: int, n: int) -> None:
    """Check that the draws of n companies can be kept.

    Raises
    ------
    InputError
        They would take more than 2 GiB.
    """
    if draws * n > _MOST_CELLS:
        raise InputError(
            "draws", f"{draws} of {n} companies take more than 2 GiB", f"use at most {_MOST_CELLS // n} draws"
        )


def blocks(inputs: Inputs, draws: int, seed: int, workers: int = 1) -> Iterator[tuple[int, np.ndarray]]:
    """The points, a few at a time so that memory stays bounded, each time with the number of the first."""
    points, step = Points(inputs.size, seed), step_of(inputs, workers)
    for first in range(0, draws, step):
        yield first, points.take(min(step, draws - first))


def step_of(inputs: Inputs, workers: int = 1) -> int:
    """Draws that are evaluated at a time."""
    facts = inputs.facts
    restrictions = 2 * max(len(facts.rules.imposers), 1) * len(facts.families) * len(facts.countries)
    most = max(widest(facts, inputs.methodology.parameters), restrictions, inputs.size)
    return max(1, _BUDGET // (8 * most * workers))


def in_parallel(
    work: Callable[[int, np.ndarray], None], blocks: Iterator[tuple[int, np.ndarray]], workers: int
) -> None:
    """Do the work of every block; no more blocks are made than there are workers."""
    if workers == 1:
        for first, points in blocks:
            work(first, points)
        return
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[None]] = deque()
        for first, points in blocks:
            if len(waiting) == workers:
                waiting.popleft().result()
            waiting.append(pool.submit(work, first, points))
        for done in waiting:
            done.result()


def quantiles(values: np.ndarray, method: str = "linear") -> np.ndarray:
    """Percentiles 5, 50 and 95 over draws, shape (3, n), some companies at a time."""
    parts = [
        np.quantile(values[:, start : start + _BLOCK].astype(float), QUANTILES, axis=0, method=method)  # type: ignore[call-overload]
        for start in range(0, values.shape[1], _BLOCK)
    ]
    return np.concatenate([np.empty((len(QUANTILES), 0)), *parts], axis=1)
