"""Which assumption matters: total-order Sobol' indices of groups of inputs.

Estimator of M. J. W. Jansen (1999), Computer Physics Communications 117, 35-43; practice as in A. Saltelli et al.
(2010), Computer Physics Communications 181, 259-270.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from scoring.facts.among import among
from scoring.score.evaluation import Evaluation
from scoring.uncertainty.distributions import MOST_INPUTS, Points, check_draws
from scoring.uncertainty.inputs import GROUPS, PILLAR_GROUPS, Inputs
from scoring.uncertainty.propagate import SEED, check_size, scores_at, step_of

INDEX_DRAWS: Final = 512

Model = Callable[[np.ndarray], np.ndarray]
"""Points of shape (b, d) to outputs of shape (b, n)."""


@dataclass(frozen=True)
class Importance:
    """Total-order indices of the groups of assumptions.

    Attributes
    ----------
    groups : tuple of str
    total : ndarray of float, shape (g, c)
        Part of the variance of the score that would remain if everything but the group were known; they sum to 1 or
        more, as groups act together. NaN = no score, or no variance.
    pillars : tuple of str
    pillar_total : ndarray of float, shape (3, c)
        The same of all groups that a pillar rests on together; see `scoring.uncertainty.inputs.PILLAR_GROUPS`.
    """

    groups: tuple[str, ...]
    total: np.ndarray
    pillars: tuple[str, ...]
    pillar_total: np.ndarray


def importance(
    evaluation: Evaluation, draws: int = INDEX_DRAWS, seed: int = SEED, companies: np.ndarray | None = None
) -> Importance:
    """Indices of every group of assumptions, and of every pillar, for some companies.

    Parameters
    ----------
    evaluation : Evaluation
    companies : ndarray of int, shape (c,), optional
        Positions; the numbers are those that they have among all, in this order. Default: every company.
    draws : int
        Base points; the model is computed once more for each index, and twice for the variance.
    seed : int

    Raises
    ------
    InputError
        Too few or too many draws, or a seed below 0.
    """
    check_draws(draws, seed)
    check_size(draws, evaluation.score.size)
    asked = np.arange(evaluation.score.size) if companies is None else companies
    positions, place = np.unique(asked, return_inverse=True)
    facts = evaluation.facts if companies is None else among(evaluation.facts, positions)
    inputs = Inputs(facts, evaluation.methodology, whole=evaluation.facts)
    of_group = np.array([inputs.group == g for g in range(len(GROUPS))])
    of_pillar = np.array([of_group[[GROUPS.index(g) for g in mine]].any(axis=0) for mine in PILLAR_GROUPS.values()])
    total = total_indices(
        lambda points: scores_at(inputs, points),
        np.concatenate([of_group, of_pillar]),
        draws,
        seed,
        step=step_of(inputs),
    )
    total = total[:, place]
    return Importance(GROUPS, total[: len(GROUPS)], tuple(PILLAR_GROUPS), total[len(GROUPS) :])


def total_indices(model: Model, sets: np.ndarray, draws: int, seed: int, step: int = 2**12) -> np.ndarray:
    """Total-order indices of sets of inputs.

    Parameters
    ----------
    model : callable
        Points to outputs.
    sets : ndarray of bool, shape (g, d)
        Inputs that belong to each set; sets may overlap.
    draws, seed : int
    step : int
        Points that the model is given at a time.

    Returns
    -------
    ndarray of float, shape (g, n)
    """
    dimensions = sets.shape[1]
    if 2 * dimensions <= MOST_INPUTS:
        both = Points(2 * dimensions, seed).take(draws)
        first, second = both[:, :dimensions], both[:, dimensions:]
    else:  # two scramblings of the same points, where there are not enough dimensions for one
        first, second = Points(dimensions, seed).take(draws), Points(dimensions, seed + 1).take(draws)
    base = _outputs(model, first, step)
    variance = np.concatenate([base, _outputs(model, second, step)]).var(axis=0, dtype=float)
    total = []
    for one in sets:
        change = base - _outputs(model, np.where(one, second, first), step)
        total.append(0.5 * (change**2).mean(axis=0, dtype=float))
    with np.errstate(divide="ignore", invalid="ignore"):
        index = np.where(variance > 0, np.array(total) / variance, np.nan)
    return np.minimum(index, 1.0)  # an estimate may pass what no index can


def _outputs(model: Model, points: np.ndarray, step: int) -> np.ndarray:
    parts = [np.asarray(model(points[i : i + step]), dtype=np.float32) for i in range(0, len(points), step)]
    return np.concatenate(parts)
