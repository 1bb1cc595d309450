"""How wrong the estimates are: held-back disclosures against what was predicted for them."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from scoring.estimate.level import LEAST_RESIDUALS, SMALL_FACTOR, conformal
from scoring.estimate.order import logit, share_of
from scoring.estimate.vintages import Vintage

LEVELS: Final = (0.5, 0.9)
"""Intervals whose coverage is measured."""


class HeldBack(NamedTuple):
    """Disclosing companies, each as the models saw it that never saw its disclosure; shape (d,) each.

    Attributes
    ----------
    company : ndarray of int
    disclosed, predicted : ndarray of float
        Shares, 0..1.
    inside : dict of float to ndarray of bool
        Whether the disclosed share lies in the interval of each of `LEVELS`, made from the others' residuals.
    """

    company: np.ndarray
    disclosed: np.ndarray
    predicted: np.ndarray
    inside: dict[float, np.ndarray]

    @property
    def error(self) -> np.ndarray:
        """Absolute errors, in share."""
        found: np.ndarray = np.abs(self.disclosed - self.predicted)
        return found


def held_back(vintage: Vintage) -> HeldBack:
    """Every disclosure of a vintage, held back in turn."""
    order, region = vintage.order, vintage.prior.region
    who, residual = order.disclosers, order.residual
    disclosed = vintage.disclosed.share[who]
    inside = {level: np.zeros(who.size, dtype=bool) for level in LEVELS}
    for at in range(who.size):
        alike = region[who] == region[who[at]]
        others = np.flatnonzero(alike) if alike.sum() > LEAST_RESIDUALS else np.arange(who.size)
        rest = residual[others[others != at]]
        for level in LEVELS:
            low, high = conformal(rest, np.array([(1 - level) / 2, (1 + level) / 2]))
            inside[level][at] = low <= residual[at] <= high
    return HeldBack(who, disclosed, share_of(logit(disclosed) - residual), inside)


def expected(vintage: Vintage) -> np.ndarray:
    """China share that each company is taken to have on average, 0..1, shape (n,).

    The known one; of a company whose own figure is too old, its estimate; of the others the level of their prior cell,
    which is the mean of their estimates' distributions.
    """
    prior, known = vintage.prior, vintage.disclosed
    level = prior.mean[prior.cell] * np.where(prior.small, SMALL_FACTOR, 1.0)
    silent = np.where(vintage.order.own, vintage.shares.p50, level)
    return np.where(known.fresh, known.share, silent)
