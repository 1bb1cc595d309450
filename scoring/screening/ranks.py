"""Neutral ranks: where a score stands among its peers, as baskets use it. None of them enters a score.

Every rank is taken over all companies of the release with a known score at the date, never over what a screen shows,
so a filter changes no number; an estimated company stands where it would stand among them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scoring.score.ranking import counted, percentiles


def neutral_ranks(
    score: np.ndarray, sector: np.ndarray, country: np.ndarray, apart: np.ndarray | None = None
) -> dict[str, np.ndarray]:
    """Ranks of scores overall, within sector, within country, and within sector and country at once.

    Parameters
    ----------
    score : ndarray of float, shape (n,)
        NaN = not scored; takes no part.
    sector, country : ndarray of str, shape (n,)
    apart : ndarray of bool, shape (n,), optional
        Scores that no mean, deviation or rank is taken over.

    Returns
    -------
    dict of str to ndarray of float, shape (n,)
        By the names in `scoring.columns.NEUTRAL`. A z-score is (score - mean) / population standard
        deviation of the group. The neutral score is the score minus the mean of its cell, the companies of the same
        sector and country; its percentile and z-score are among all neutral scores. Missing where the score is;
        z-scores and neutral scores also where a group has fewer than two scores, z-scores where it has only equal
        ones. The percentile of a company alone in its country is 50.
    """
    cell = np.array([f"{a}\x1f{b}" for a, b in zip(sector.tolist(), country.tolist(), strict=True)], dtype=object)
    neutral = demeaned(score, cell, apart)
    return {
        "zscore": zscores(score, apart=apart),
        "sector_zscore": zscores(score, sector, apart),
        "country_percentile": percentiles(score, country, apart),
        "country_zscore": zscores(score, country, apart),
        "neutral_score": neutral,
        "neutral_percentile": percentiles(neutral, apart=apart),
        "neutral_zscore": zscores(neutral, apart=apart),
    }


def zscores(values: np.ndarray, groups: np.ndarray | None = None, apart: np.ndarray | None = None) -> np.ndarray:
    """Distance from the mean in population standard deviations, overall or within each group.

    Returns
    -------
    ndarray of float, shape (n,)
        NaN where the value is missing, or its group has fewer than two values or only equal ones.
    """
    if groups is not None:
        return _by_group(lambda some, out: zscores(some, apart=out), values, groups, apart)
    known = counted(values, apart)
    # Compared before subtracting: the mean of equal numbers may differ from them in the last bit.
    if known.size < 2 or known.min() == known.max():
        return np.full(values.size, np.nan)
    # On a scale from 0 to 1, on which the deviation of numbers that differ is no number too small to divide by.
    scale, low = known.max() - known.min(), known.min()
    placed = (known - low) / scale
    return ((values - low) / scale - placed.mean()) / placed.std()


def demeaned(values: np.ndarray, groups: np.ndarray, apart: np.ndarray | None = None) -> np.ndarray:
    """Value minus the mean of its group; NaN where the value is missing or alone in its group."""
    return _by_group(_minus_mean, values, groups, apart)


def _minus_mean(values: np.ndarray, apart: np.ndarray | None) -> np.ndarray:
    known = counted(values, apart)
    if known.size < 2:
        return np.full(values.size, np.nan)
    if known.size == np.count_nonzero(~np.isnan(values)) and known.min() == known.max():
        return np.where(np.isnan(values), np.nan, 0.0)
    return values - known.mean()


def _by_group(
    function: Callable[[np.ndarray, np.ndarray | None], np.ndarray],
    values: np.ndarray,
    groups: np.ndarray,
    apart: np.ndarray | None,
) -> np.ndarray:
    out = np.full(values.size, np.nan)
    _, code = np.unique(groups.astype(str), return_inverse=True)
    order = np.argsort(code, kind="stable")
    starts = np.flatnonzero(np.diff(code[order], prepend=-1))
    for member in np.split(order, starts[1:]):
        out[member] = function(values[member], None if apart is None else apart[member])
    return out
