"""Evaluation: facts and methodology in, exposures and points of every company out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scoring.exposure.control import Control, Restrictions, control_exposure, restrictions
from scoring.exposure.customers import NamedSales, named_sales
from scoring.exposure.force import Force, force, pressure
from scoring.exposure.market import market_exposure, segment_china_shares
from scoring.exposure.retaliation import Retaliation, retaliation_exposure
from scoring.facts.facts import Facts
from scoring.methodology import Methodology
from scoring.methodology.parameters import Parameters
from scoring.score.composite import pillar_points
from scoring.steps import step


@dataclass(frozen=True)
class Exposures:
    """Exposures and scores of every company; NaN = unknown.

    A leading axis of facts or parameters, such as draws or days, is a leading axis of every array that they move.

    Attributes
    ----------
    facts : Facts
    parameters : Parameters
        The numbers that were used: those of a methodology, or draws of them.
    market : ndarray of float, shape (..., n)
        China share of revenue, 0..1.
    control : Control
    retaliation : Retaliation
    score : ndarray of float, shape (..., n)
    """

    facts: Facts
    parameters: Parameters
    market: np.ndarray
    control: Control
    retaliation: Retaliation
    score: np.ndarray

    @cached_property
    def points(self) -> np.ndarray:
        """Points of the pillars market, control and retaliation, shape (..., n, 3); they sum to the score."""
        parts = pillar_points(self.market, self.control.total, self.retaliation.total, self.parameters)
        return np.stack(np.broadcast_arrays(*parts), axis=-1)

    @cached_property
    def floor(self) -> np.ndarray:
        """Composite with the unknown exposures at zero, of companies with facts but no score, shape (..., n)."""
        floor = np.full(self.score.shape, np.nan)
        if self.score.ndim == 1:  # few companies have facts but no score
            some = np.flatnonzero(self._partial)
            market, control, retaliation = (exposure[some] for exposure in self._known)
            floor[some] = score(market, control, retaliation, self.parameters)
            return floor
        return np.where(self._partial, score(*self._known, self.parameters), floor)

    @cached_property
    def floor_points(self) -> np.ndarray:
        """Points of the pillars in the floor, shape (..., n, 3); NaN where there is no floor."""
        points = np.stack(np.broadcast_arrays(*pillar_points(*self._known, self.parameters)), axis=-1)
        return np.where(self._partial[..., None], points, np.nan)

    @cached_property
    def _partial(self) -> np.ndarray:
        """Companies with facts but no score."""
        retaliation = np.isnan(self.retaliation.total) & np.isnan(self.retaliation.supply)
        sells = (self.control.sold > 0) | (self.control.held > 0)
        has_facts = ~(np.isnan(self.market) & np.isnan(self.control.total) & retaliation) | sells
        return np.isnan(self.score) & has_facts

    @cached_property
    def _known(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What is known of each exposure, else 0: without a China share sales to named customers, and supply."""
        market = np.where(np.isnan(self.market), self.control.sold, self.market)
        control = np.where(np.isnan(self.control.total), self.control.held, self.control.total)
        supply = np.fmax(self.retaliation.total, self.retaliation.supply)
        market, control, retaliation = map(np.nan_to_num, np.broadcast_arrays(market, control, supply))
        return market, control, retaliation


@dataclass(frozen=True)
class Evaluation(Exposures):
    """Exposures of every company of a release at a date, with all that they rest on.

    Attributes
    ----------
    methodology : Methodology
    segment_china : ndarray of float, shape (..., k)
        China share of each segment, 0..1.
    china_revenue : ndarray of float, shape (..., k)
        Share of the company's total revenue that the segment earns in China.
    restricted : Restrictions
    force : Force
    """

    methodology: Methodology
    segment_china: np.ndarray
    china_revenue: np.ndarray
    restricted: Restrictions
    force: Force

    @cached_property
    def named(self) -> NamedSales:
        """Sales to named customers under each package that binds the company."""
        restricted = self.restricted
        return named_sales(self.facts, restricted.entry, restricted.package, self.china_revenue, self.market)

    @cached_property
    def lost(self) -> Restrictions:
        """Restricted fractions weighed by what is lost within a year."""
        if self.parameters.control_loss is None:
            return self.restricted
        return restrictions(self.facts, self.parameters, lost=True)

    @cached_property
    def named_loss(self) -> NamedSales:
        """Sales to named customers that are lost under each package that binds the company."""
        lost = self.lost
        return named_sales(self.facts, lost.entry, lost.package, self.china_revenue, self.market)


def evaluate(facts: Facts, methodology: Methodology, parameters: Parameters | None = None) -> Evaluation:
    """Score every company of a release at a date.

    Parameters
    ----------
    facts : Facts
        Compiled with the methodology's timing.
    methodology : Methodology
    parameters : Parameters, optional
        Numbers to use in place of the methodology's own, such as draws of them.
    """
    step()
    numbers = methodology.parameters if parameters is None else parameters
    market = market_exposure(facts, methodology)
    segment_china = segment_china_shares(facts, market)
    china_revenue = facts.segments.share * segment_china
    restricted = restrictions(facts, numbers)
    control = control_exposure(facts, numbers, restricted, china_revenue, market)
    acts = force(facts, numbers)
    retaliation = retaliation_exposure(facts, numbers, pressure(facts, acts), china_revenue)
    return Evaluation(
        facts=facts,
        parameters=numbers,
        market=market,
        control=control,
        retaliation=retaliation,
        score=score(market, control.total, retaliation.total, numbers),
        methodology=methodology,
        segment_china=segment_china,
        china_revenue=china_revenue,
        restricted=restricted,
        force=acts,
    )


def score(market: np.ndarray, control: np.ndarray, retaliation: np.ndarray, parameters: Parameters) -> np.ndarray:
    """Composite of three exposures, shape (..., n); NaN where one is unknown."""
    parts = pillar_points(market, control, retaliation, parameters)
    total: np.ndarray = parts[0] + parts[1] + parts[2]
    return total
