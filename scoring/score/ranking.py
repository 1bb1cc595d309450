"""Where a score stands: band, rank and percentile. None of them enters a score."""

from __future__ import annotations

import numpy as np


def bands(values: np.ndarray, lower_bounds: dict[str, float]) -> np.ndarray:
    """Name of the band of each value, None where the value is missing.

    Parameters
    ----------
    values : ndarray of float, shape (n,)
    lower_bounds : dict of str to float
        Lower bound of each band; a value on a bound belongs to the band above it.
    """
    ordered = sorted(lower_bounds.items(), key=lambda band: band[1])
    names = np.array([name for name, _ in ordered], dtype=object)
    position = np.searchsorted([bound for _, bound in ordered], np.nan_to_num(values), side="right") - 1
    chosen: np.ndarray = names[position]
    chosen[np.isnan(values)] = None
    return chosen


def ranks(values: np.ndarray) -> np.ndarray:
    """Rank among the values that are not missing: 1 is the highest, equal values share the better rank."""
    known = np.sort(values[~np.isnan(values)])
    above = known.size - np.searchsorted(known, values, side="right")
    return np.where(np.isnan(values), np.nan, above + 1.0)


def percentiles(values: np.ndarray, groups: np.ndarray | None = None) -> np.ndarray:
    """Percentage of the values, or of those in the same group, that lie below; equal values count half.

    Returns
    -------
    ndarray of float, shape (n,)
        0..100, NaN where the value is missing.
    """
    if groups is None:
        known = np.sort(values[~np.isnan(values)])
        if not known.size:
            return np.full(values.size, np.nan)
        below = np.searchsorted(known, values, side="left") + np.searchsorted(known, values, side="right")
        return np.where(np.isnan(values), np.nan, 50.0 * below / known.size)
    out = np.full(values.size, np.nan)
    for group in set(groups.tolist()):
        member = groups == group
        out[member] = percentiles(values[member])
    return out
