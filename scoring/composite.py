"""Composite score and its exact decomposition (methodology, sections 4 and 5)."""

from __future__ import annotations

from typing import Final

import numpy as np

from scoring.methodology import Methodology

PILLARS: Final = ("market", "control", "retaliation")


def saturate(exposure: np.ndarray, half_point: float | np.ndarray) -> np.ndarray:
    """Saturating curve u: 0 at 0, 1 at 1, strictly increasing; about half of its scale at the half-point.

    Parameters
    ----------
    exposure : ndarray of float
        0..1; NaN stays NaN.
    half_point : float or ndarray
        Above 0.
    """
    log2 = np.log(2.0)
    curve: np.ndarray = np.expm1(-log2 * exposure / half_point) / np.expm1(-log2 / half_point)
    return curve


def composite(exposures: np.ndarray, methodology: Methodology) -> np.ndarray:
    """Points that each pillar adds to the score.

    The score 100 (sum of w u^beta)^(1/beta) is homogeneous of degree 1 in u, so by Euler's theorem it is
    the sum of the pillars' points 100 w u^beta (sum of w u^beta)^(1/beta - 1), exactly.

    Parameters
    ----------
    exposures : ndarray of float, shape (n, 3)
        Market, control and retaliation exposure, 0..1; NaN = unknown.
    methodology : Methodology

    Returns
    -------
    ndarray of float, shape (n, 3)
        Points; they sum to the score, 0..100. NaN throughout a row with an unknown exposure.
    """
    weights = np.array([getattr(methodology.weights, pillar).value for pillar in PILLARS])
    half_points = np.array([getattr(methodology.half_points, pillar).value for pillar in PILLARS])
    beta = methodology.beta.value
    terms = weights * saturate(exposures, half_points) ** beta
    total = terms.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        points: np.ndarray = 100.0 * terms * total ** (1.0 / beta - 1.0)
    points = np.where(total == 0.0, 0.0, points)
    # With beta = 1 the power of an unknown sum is 1, which would let the known pillars through.
    return np.where(np.isnan(total), np.nan, points)


def pooled_shares(parts: np.ndarray) -> np.ndarray:
    """Share of each part in 1 - product(1 - part), along the last axis.

    The share is log(1 - x) / sum of logs. A part of 1 takes everything; several share it equally.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log1p(-parts)
        total = parts >= 1.0
        shares = np.where(total.any(axis=-1, keepdims=True), total, logs)
        pooled = shares / shares.sum(axis=-1, keepdims=True)
    return np.where(np.isnan(pooled), np.where(np.isnan(parts), np.nan, 0.0), pooled)
