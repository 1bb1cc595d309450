"""Market exposure: the China share of revenue, and how it spreads over segments (methodology, sections 0 and 1)."""

from __future__ import annotations

import numpy as np

from scoring.facts.facts import Facts
from scoring.methodology import Methodology


def market_exposure(facts: Facts, methodology: Methodology) -> np.ndarray:
    """China share of revenue M that enters the score; without an annual share, the latest shorter period.

    Returns
    -------
    ndarray of float, shape (..., n)
        0..1, NaN = unknown.
    """
    latest, structural = facts.china.latest, facts.china.structural
    return latest if methodology.china_share == "latest" else np.where(np.isnan(structural), latest, structural)


def segment_china_shares(facts: Facts, market: np.ndarray) -> np.ndarray:
    """China share c of each segment, such that the revenue-weighted sum is the company's M.

    Disclosed shares stay, and a segment that could sell nothing has none; the others are equal and take what is
    left. Where what is left is not a share, or nothing is undisclosed, all are scaled to M and capped at 1.

    Parameters
    ----------
    facts : Facts
    market : ndarray of float, shape (..., n)

    Returns
    -------
    ndarray of float, shape (..., k)
        0..1, NaN where M is unknown.
    """
    segments = facts.segments
    total: np.ndarray = market.take(segments.company, axis=-1)
    # Only companies that disclose a share of a segment need more than their M; the work is done for these alone.
    mine, owners, owner, starts, china = facts.disclosing
    if not mine.size:
        return total
    share = segments.share[..., mine]
    stated = ~np.isnan(china)
    whole = market.take(owners, axis=-1)
    taken = np.add.reduceat(np.where(stated, share * china, 0.0), starts, axis=-1)
    room = np.add.reduceat(np.where(stated, 0.0, share), starts, axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = (whole - taken) / room
        spread = np.where(stated, china, np.clip(rest, 0.0, 1.0).take(owner, axis=-1))
        weighted = np.add.reduceat(share * spread, starts, axis=-1)
        scale = whole / weighted
        fits = (rest >= 0) & (rest <= 1)
        scaled = np.where(fits.take(owner, axis=-1), spread, np.minimum(spread * scale.take(owner, axis=-1), 1.0))
    # Nothing but zeros that cannot be scaled: every segment has the company's share.
    own = total.take(mine, axis=-1)
    plain = ~(weighted > 0).take(owner, axis=-1) | np.isnan(own)
    total[..., mine] = np.where(plain, own, scaled)
    return total
