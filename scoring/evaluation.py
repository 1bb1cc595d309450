"""Evaluation: facts and methodology in, exposures and points of every company out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.composite import composite
from scoring.exposure.control import Control, Restrictions, control_exposure, restrictions
from scoring.exposure.market import market_exposure, segment_china_shares
from scoring.exposure.retaliation import Force, Retaliation, force, retaliation_exposure
from scoring.methodology import Methodology
from scoring.reference.facts import Facts


@dataclass(frozen=True)
class Evaluation:
    """Exposures and points of every company of a release at a date; NaN = unknown.

    Attributes
    ----------
    facts : Facts
    methodology : Methodology
    market : ndarray of float, shape (n,)
        China share of revenue, 0..1.
    segment_china : ndarray of float, shape (k,)
        China share of each segment, 0..1.
    china_revenue : ndarray of float, shape (k,)
        Share of the company's total revenue that the segment earns in China.
    restricted : Restrictions
    control : Control
    force : Force
    retaliation : Retaliation
    points : ndarray of float, shape (n, 3)
        Points of the pillars market, control and retaliation; they sum to the score.
    score, floor : ndarray of float, shape (n,)
        Score, and for a company with an unknown exposure the composite with the unknown parts at zero.
    """

    facts: Facts
    methodology: Methodology
    market: np.ndarray
    segment_china: np.ndarray
    china_revenue: np.ndarray
    restricted: Restrictions
    control: Control
    force: Force
    retaliation: Retaliation
    points: np.ndarray
    score: np.ndarray
    floor: np.ndarray


def evaluate(facts: Facts, methodology: Methodology) -> Evaluation:
    """Score every company of a release at a date.

    Parameters
    ----------
    facts : Facts
        Compiled with the methodology's timing.
    methodology : Methodology
    """
    market = market_exposure(facts, methodology)
    segment_china = segment_china_shares(facts, market)
    china_revenue = facts.segments.share * segment_china
    restricted = restrictions(facts, methodology)
    control = control_exposure(facts, methodology, restricted, china_revenue)
    acts = force(facts, methodology)
    retaliation = retaliation_exposure(facts, methodology, acts, china_revenue)
    exposures = np.stack([market, control.total, retaliation.total], axis=-1)
    points = composite(exposures, methodology)
    score = points.sum(axis=-1)
    # What is known of retaliation without a China share is its supply side.
    known = np.stack([market, control.total, np.fmax(retaliation.total, retaliation.supply)], axis=-1)
    floor = composite(np.nan_to_num(known), methodology).sum(axis=-1)
    has_facts = ~np.isnan(known).all(axis=-1)
    return Evaluation(
        facts=facts,
        methodology=methodology,
        market=market,
        segment_china=segment_china,
        china_revenue=china_revenue,
        restricted=restricted,
        control=control,
        force=acts,
        retaliation=retaliation,
        points=points,
        score=score,
        floor=np.where(np.isnan(score) & has_facts, floor, np.nan),
    )
