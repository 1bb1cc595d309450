"""Rank correlations of many events taken together: mean of Fisher z, an interval by clusters, a paired difference."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

RESAMPLES: Final = 2000
LEAST_NAMES: Final = 10
"""Fewest names with a figure and a return for a correlation."""

_NEAREST_ONE: Final = 1 - 1e-9


class Pooled(NamedTuple):
    """Correlations of several events as one.

    Attributes
    ----------
    mean : float
        Mean rank correlation, over Fisher z; NaN without events.
    low, high : float
        Its 95 percent interval, by resampling clusters of events.
    negative : float
        Share of events with a correlation below zero: whom an act hits more should return less.
    events : int
    """

    mean: float
    low: float
    high: float
    negative: float
    events: int


def rank_correlation(figure: np.ndarray, outcome: np.ndarray, given: np.ndarray | None = None) -> float:
    """Spearman correlation, or the partial one given a third figure; NaN with too few names or none that differ."""
    from scipy.stats import rankdata, spearmanr

    columns = [figure, outcome] if given is None else [figure, outcome, given]
    known = ~np.isnan(np.vstack(columns)).any(axis=0)
    columns = [column[known] for column in columns]
    if known.sum() < LEAST_NAMES or any(np.ptp(column) == 0 for column in columns):
        return np.nan
    if given is None:
        return float(spearmanr(*columns).statistic)
    rank = np.vstack([rankdata(column) for column in columns])
    (xy, xz), yz = np.corrcoef(rank)[0, 1:], np.corrcoef(rank)[1, 2]
    spread = np.sqrt((1 - xz**2) * (1 - yz**2))
    return float((xy - xz * yz) / spread) if spread > 0 else np.nan


def pooled(correlations: np.ndarray, clusters: np.ndarray, rng: np.random.Generator) -> Pooled:
    """Correlations of events as one; those of one cluster are resampled together.

    Parameters
    ----------
    correlations : ndarray of float, shape (e,)
        NaN = none.
    clusters : ndarray of int, shape (e,)
    rng : numpy.random.Generator
    """
    known = ~np.isnan(correlations)
    if not known.any():
        return Pooled(np.nan, np.nan, np.nan, np.nan, 0)
    z = np.arctanh(np.clip(correlations[known], -_NEAREST_ONE, _NEAREST_ONE))
    mean, low, high = (float(np.tanh(value)) for value in mean_and_interval(z, clusters[known], rng))
    return Pooled(mean, low, high, float((z < 0).mean()), int(known.sum()))


def mean_and_interval(values: np.ndarray, clusters: np.ndarray, rng: np.random.Generator) -> tuple[float, float, float]:
    """Mean with its 95 percent interval by resampling whole clusters; one cluster has no interval."""
    _, cluster = np.unique(clusters, return_inverse=True)
    count = np.bincount(cluster).astype(float)
    total = np.bincount(cluster, values)
    mean = float(values.mean())
    if count.size < 2:
        return mean, np.nan, np.nan
    drawn = rng.integers(0, count.size, (RESAMPLES, count.size))
    means = total[drawn].sum(axis=1) / count[drawn].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return mean, float(low), float(high)


def clusters_of(days: np.ndarray, apart: int) -> np.ndarray:
    """Number of the cluster of each event: those fewer than `apart` trading days after the one before it join it.

    Parameters
    ----------
    days : ndarray of int, shape (e,)
        Positions of the events among trading days, in any order.
    apart : int
    """
    order = np.argsort(days, kind="stable")
    gaps = np.diff(days[order], prepend=days[order][:1])
    numbers = np.empty(days.size, dtype=int)
    numbers[order] = np.cumsum(gaps >= apart)
    return numbers
