"""Propagation: draws through the equations, to intervals of the score and the rank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from scoring.evaluation import Evaluation, evaluate
from scoring.ranking import ranks
from scoring.uncertainty.distributions import Points, check_draws
from scoring.uncertainty.inputs import Inputs

DRAWS: Final = 1024
SEED: Final = 2026
QUANTILES: Final = (0.05, 0.5, 0.95)

_BUDGET: Final = 96 * 2**20
"""Bytes for the largest array of one step; a few of its size live at once."""

_BLOCK: Final = 4096


@dataclass(frozen=True)
class Intervals:
    """Where scores and ranks lie when every assumption takes any value of its range.

    Attributes
    ----------
    draws, seed : int
    score : ndarray of float, shape (3, n)
        5th, 50th and 95th percentile of the score, 0..100; NaN = no score.
    rank : ndarray of float, shape (3, n)
        The same of the rank; 1 is the most exposed.
    """

    draws: int
    seed: int
    score: np.ndarray
    rank: np.ndarray


def intervals(evaluation: Evaluation, draws: int = DRAWS, seed: int = SEED) -> Intervals:
    """Propagate all uncertain inputs through the scores of an evaluation.

    The same arguments give the same numbers, whatever the machine does them in. Points are balanced where `draws` is
    a power of two.

    Parameters
    ----------
    evaluation : Evaluation
        Without a leading axis.
    draws : int
        From 1 to 1,048,576.
    seed : int
        Of the scrambling.

    Raises
    ------
    InputError
        Too few or too many draws, or a seed below 0.
    """
    check_draws(draws, seed)
    inputs = Inputs(evaluation.facts, evaluation.methodology)
    n = evaluation.score.size
    # Half the memory of doubles; a score of 100 is kept to within 0.000004.
    score, rank = np.empty((draws, n), dtype=np.float32), np.empty((draws, n), dtype=np.float32)
    done = 0
    for points in _Batches(inputs, draws, seed):
        facts, parameters = inputs.draw(points)
        found = np.broadcast_to(evaluate(facts, evaluation.methodology, parameters).score, (len(points), n))
        for row in found:
            score[done], rank[done] = row, ranks(row)
            done += 1
    return Intervals(draws, seed, _quantiles(score), _quantiles(rank))


class _Batches:
    """The points of a propagation, a few at a time so that memory stays bounded."""

    def __init__(self, inputs: Inputs, draws: int, seed: int) -> None:
        facts = inputs.facts
        restrictions = 2 * max(len(facts.rules.imposers), 1) * len(facts.families) * len(facts.countries)
        widest = max(facts.layout.use_need.size, facts.segments.row.size, restrictions, inputs.size)
        self._step = max(1, min(draws, _BUDGET // (8 * widest)))
        self._draws = draws
        self._points = Points(inputs.size, seed)

    def __iter__(self) -> _Batches:
        return self

    def __next__(self) -> np.ndarray:
        if not self._draws:
            raise StopIteration
        count = min(self._step, self._draws)
        self._draws -= count
        return self._points.take(count)


def _quantiles(values: np.ndarray) -> np.ndarray:
    """Quantiles over draws, shape (3, n), some companies at a time."""
    parts = [
        np.quantile(values[:, start : start + _BLOCK].astype(float), QUANTILES, axis=0)
        for start in range(0, values.shape[1], _BLOCK)
    ]
    return np.concatenate(parts, axis=1)
