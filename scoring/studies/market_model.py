"""Abnormal returns: what a price did beside what the market and the stock's beta say, by ordinary least squares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from scoring.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

ESTIMATION: Final = (-250, -30)
"""First and last trading day of the estimation, relative to the event."""

LEAST_DAYS: Final = 60
"""Fewest days with a return of the stock and the market for a beta."""


class Abnormal(NamedTuple):
    """Abnormal returns around one day, one entry per name; NaN = too few days.

    Attributes
    ----------
    cumulated : ndarray of float, shape (c,)
        Sum over the window.
    beta : ndarray of float, shape (c,)
    """

    cumulated: np.ndarray
    beta: np.ndarray


def abnormal_returns(returns: pd.DataFrame, market: pd.Series[float], day: int, window: tuple[int, int]) -> Abnormal:
    """Abnormal returns of all names around one trading day.

    Parameters
    ----------
    returns : DataFrame, shape (days, c)
        Simple daily returns, NaN where there is none.
    market : Series, shape (days,)
    day : int
        Position of the event among the days.
    window : (int, int)
        First and last day that is summed, relative to the event.

    Returns
    -------
    Abnormal
        NaN for a name with fewer than `LEAST_DAYS` in the estimation, or a day missing in the window.

    Raises
    ------
    InputError
        statsmodels is not installed.
    """
    try:
        import statsmodels.api as sm
    except ImportError:
        raise InputError("study", "statsmodels is not installed", 'install "exposure-risk[study]"') from None
    first, last = (day + offset for offset in ESTIMATION)
    start, end = (day + offset for offset in window)
    cumulated, beta = np.full((2, returns.shape[1]), np.nan)
    if first < 0 or start < 0 or end >= len(returns):
        return Abnormal(cumulated, beta)
    index, own = market.to_numpy(), returns.to_numpy()
    before, around = slice(first, last + 1), slice(start, end + 1)
    for i in range(own.shape[1]):
        known = ~np.isnan(own[before, i]) & ~np.isnan(index[before])
        if known.sum() < LEAST_DAYS or np.isnan(own[around, i]).any() or np.isnan(index[around]).any():
            continue
        fit = sm.OLS(own[before, i][known], sm.add_constant(index[before][known], has_constant="add")).fit()
        beta[i] = fit.params[1]
        cumulated[i] = (own[around, i] - fit.params[0] - fit.params[1] * index[around]).sum()
    return Abnormal(cumulated, beta)
