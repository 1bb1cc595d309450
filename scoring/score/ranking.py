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


def ranks(values: np.ndarray, apart: np.ndarray | None = None) -> np.ndarray:
    """Rank among the values that are not missing: 1 is the highest, equal values share the better rank.

    Parameters
    ----------
    values : ndarray of float, shape (n,)
    apart : ndarray of bool, shape (n,), optional
        Values that are not ranked among: each gets the rank that it would have among the others.
    """
    known = np.sort(counted(values, apart))
    above = known.size - np.searchsorted(known, values, side="right")
    return np.where(np.isnan(values), np.nan, above + 1.0)


def percentiles(values: np.ndarray, groups: np.ndarray | None = None, apart: np.ndarray | None = None) -> np.ndarray:
    """Percentage of the values, or of those in the same group, that lie below; equal values count half.

    Parameters
    ----------
    values : ndarray of float, shape (n,)
    groups : ndarray of str, shape (n,), optional
    apart : ndarray of bool, shape (n,), optional
        As in `ranks`.

    Returns
    -------
    ndarray of float, shape (n,)
        0..100, NaN where the value is missing, or none is counted that it could lie above or below.
    """
    if groups is None:
        known = np.sort(counted(values, apart))
        if not known.size:
            return np.full(values.size, np.nan)
        below = np.searchsorted(known, values, side="left") + np.searchsorted(known, values, side="right")
        return np.where(np.isnan(values), np.nan, 50.0 * below / known.size)
    out = np.full(values.size, np.nan)
    for group in set(groups.tolist()):
        member = groups == group
        out[member] = percentiles(values[member], apart=None if apart is None else apart[member])
    return out


def counted(values: np.ndarray, apart: np.ndarray | None) -> np.ndarray:
    """Values that are ranked among."""
    return values[~np.isnan(values) if apart is None else ~np.isnan(values) & ~apart]
