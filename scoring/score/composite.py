"""Composite score and its exact decomposition (methodology, sections 4 and 5)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoring.methodology.parameters import PILLARS as PILLARS
from scoring.methodology.parameters import Parameters


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
    return np.expm1(-log2 * exposure / half_point) / np.expm1(-log2 / half_point)


def composite(exposures: np.ndarray, parameters: Parameters) -> np.ndarray:
    """Points that each pillar adds to the score.

    The score 100 (sum of w u^beta)^(1/beta) is homogeneous of degree 1 in u, so by Euler's theorem it is
    the sum of the pillars' points 100 w u^beta (sum of w u^beta)^(1/beta - 1), exactly.

    Parameters
    ----------
    exposures : ndarray of float, shape (..., n, 3)
        Market, control and retaliation exposure, 0..1; NaN = unknown.
    parameters : Parameters

    Returns
    -------
    ndarray of float, shape (..., n, 3)
        Points; they sum to the score, 0..100. NaN throughout a row with an unknown exposure.
    """
    points = pillar_points(exposures[..., 0], exposures[..., 1], exposures[..., 2], parameters)
    return np.stack(points, axis=-1)


def pillar_points(
    market: np.ndarray, control: np.ndarray, retaliation: np.ndarray, parameters: Parameters
) -> list[np.ndarray]:
    """Points of market, control and retaliation exposure, each of shape (..., n); see `composite`."""
    exposures = (market, control, retaliation)
    return pooled_points([pillar_term(p, exposure, parameters) for p, exposure in enumerate(exposures)], parameters)


def pillar_term(pillar: int, exposure: np.ndarray, parameters: Parameters) -> np.ndarray:
    """Term w u^beta of one pillar, shape (..., n)."""
    curve = saturate(exposure, parameters.half_points[..., pillar, None])
    return parameters.weights[..., pillar, None] * _power(curve, parameters.beta)


def pooled_points(terms: Sequence[np.ndarray], parameters: Parameters) -> list[np.ndarray]:
    """Points of each pillar from the terms of all three."""
    total = terms[0] + terms[1] + terms[2]
    if parameters.beta.size == 1 and parameters.beta.item() == 1.0:
        # The plain mean: what one pillar is does not touch the points of another, to the last bit.
        hundred = np.where(np.isnan(total), np.nan, 100.0)
        return [term * hundred for term in terms]
    # 0 where there is no exposure at all; an unknown exposure makes every pillar's points unknown.
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(total == 0.0, 0.0, height(total, parameters) / total)
    return [term * factor for term in terms]


def height(total: np.ndarray, parameters: Parameters) -> np.ndarray:
    """Score from the sum of the three terms, shape (..., n)."""
    return 100.0 * _power(total, 1.0 / parameters.beta)


def _power(base: np.ndarray, exponent: np.ndarray) -> np.ndarray:
    """Power; a single exponent is given as a number, which is faster where it is 2, 1 or 1/2."""
    return np.power(base, exponent.item() if exponent.size == 1 else exponent)


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
