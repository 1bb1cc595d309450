"""Which assumption matters: total-order Sobol' indices of groups of inputs.

Estimator of M. J. W. Jansen (1999), Computer Physics Communications 117, 35-43; practice as in A. Saltelli et al.
(2010), Computer Physics Communications 181, 259-270.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from scoring.evaluation import Evaluation, evaluate
from scoring.uncertainty.distributions import MOST_INPUTS, Points, check_draws
from scoring.uncertainty.inputs import GROUPS, Inputs

DRAWS: Final = 256

Model = Callable[[np.ndarray], np.ndarray]
"""Points of shape (b, d) to outputs of shape (b, n)."""


@dataclass(frozen=True)
class Importance:
    """Total-order indices of the groups of assumptions.

    Attributes
    ----------
    groups : tuple of str
    total : ndarray of float, shape (g, n)
        Part of the variance of the score that would remain if everything but the group were known; they sum to 1 or
        more, as groups act together. NaN = no score, or no variance.
    """

    groups: tuple[str, ...]
    total: np.ndarray


def importance(evaluation: Evaluation, draws: int = DRAWS, seed: int = 2026) -> Importance:
    """Indices of every group of assumptions for every company.

    Parameters
    ----------
    evaluation : Evaluation
    draws : int
        Base points; the model is computed (number of groups + 1) times as often.
    seed : int

    Raises
    ------
    InputError
        Too few or too many draws, or a seed below 0.
    """
    check_draws(draws, seed)
    inputs = Inputs(evaluation.facts, evaluation.methodology)
    n = evaluation.score.size

    def model(points: np.ndarray) -> np.ndarray:
        facts, parameters = inputs.draw(points)
        score = evaluate(facts, evaluation.methodology, parameters).score
        return np.broadcast_to(score, (len(points), n))

    return Importance(GROUPS, total_indices(model, inputs.group, len(GROUPS), draws, seed))


def total_indices(model: Model, group: np.ndarray, groups: int, draws: int, seed: int) -> np.ndarray:
    """Total-order indices of groups of inputs.

    Parameters
    ----------
    model : callable
        Points to outputs.
    group : ndarray of int, shape (d,)
        Group of each input.
    groups, draws, seed : int

    Returns
    -------
    ndarray of float, shape (groups, n)
    """
    dimensions = group.size
    if 2 * dimensions <= MOST_INPUTS:
        both = Points(2 * dimensions, seed).take(draws)
        first, second = both[:, :dimensions], both[:, dimensions:]
    else:  # two scramblings of the same points, where there are not enough dimensions for one
        first, second = Points(dimensions, seed).take(draws), Points(dimensions, seed + 1).take(draws)
    step = max(1, 2**22 // max(dimensions, 1))
    base = _model(model, first, step)
    variance = np.concatenate([base, _model(model, second, step)]).var(axis=0)
    total = []
    for g in range(groups):
        mixed = np.where(group == g, second, first)
        total.append(0.5 * ((base - _model(model, mixed, step)) ** 2).mean(axis=0))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(variance > 0, np.array(total) / variance, np.nan)


def _model(model: Model, points: np.ndarray, step: int) -> np.ndarray:
    return np.concatenate([np.array(model(points[start : start + step])) for start in range(0, len(points), step)])
