"""Market exposure: the China share of revenue, and how it spreads over segments (methodology, sections 0 and 1)."""

from __future__ import annotations

import numpy as np

from scoring.methodology import Methodology
from scoring.reference.facts import Facts


def market_exposure(facts: Facts, methodology: Methodology) -> np.ndarray:
    """China share of revenue M that enters the score; without an annual share, the latest shorter period.

    Returns
    -------
    ndarray of float, shape (n,)
        0..1, NaN = unknown.
    """
    latest, structural = facts.china.latest, facts.china.structural
    return latest if methodology.china_share == "latest" else np.where(np.isnan(structural), latest, structural)


def segment_china_shares(facts: Facts, market: np.ndarray) -> np.ndarray:
    """China share c of each segment, such that the revenue-weighted sum is the company's M.

    Disclosed shares stay; the others are equal and take what is left. Where what is left is not a
    share, or nothing is undisclosed, all are scaled to M and capped at 1.

    Parameters
    ----------
    facts : Facts
    market : ndarray of float, shape (n,)

    Returns
    -------
    ndarray of float, shape (k,)
        0..1, NaN where M is unknown.
    """
    segments, n = facts.segments, market.size
    share, disclosed = segments.share, ~np.isnan(segments.china)
    total: np.ndarray = market[segments.company]
    if not disclosed.any():
        return total
    taken = segments.total(share * np.where(disclosed, segments.china, 0.0), n)
    room = segments.total(np.where(disclosed, 0.0, share), n)
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = (market - taken) / room
        china = np.where(disclosed, segments.china, np.clip(rest, 0.0, 1.0)[segments.company])
        weighted = segments.total(share * china, n)
        scale = market / weighted
        fits = (rest >= 0) & (rest <= 1)
        scaled = np.where(fits[segments.company], china, np.minimum(china * scale[segments.company], 1.0))
    # Nothing disclosed, or nothing but zeros that cannot be scaled: every segment has the company's share.
    # Taking M directly keeps it exact.
    plain = (segments.total(disclosed.astype(float), n) == 0) | ~(weighted > 0)
    spread: np.ndarray = np.where(plain[segments.company] | np.isnan(total), total, scaled)
    return spread
