"""Retaliation exposure: what China can withhold, and whom it can shut out (methodology, section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scoring.arrays import look_up, raised, scaled
from scoring.exposure.bottleneck import Bottlenecks
from scoring.exposure.force import Pressure, joint_force
from scoring.exposure.leverage import needs
from scoring.exposure.stakes import Stakes
from scoring.facts.facts import Facts
from scoring.methodology.parameters import Parameters


@dataclass(frozen=True)
class Retaliation:
    """Retaliation exposure; NaN = unknown.

    Attributes
    ----------
    supply, access, total : ndarray of float, shape (..., n)
    stakes : Stakes or None
        How minerals make up the supply side where every need counts.
    bottlenecks : Bottlenecks or None
        How minerals make up the supply side where the scarcest need of a segment counts.
    """

    supply: np.ndarray
    access: np.ndarray
    total: np.ndarray
    stakes: Stakes | None
    bottlenecks: Bottlenecks | None
    _facts: Facts
    _pressed: Pressure

    @property
    def mineral(self) -> np.ndarray:
        """Exposure of every company through every mineral, shape (n, m)."""
        return self.stakes.mineral if self.stakes else self.bottlenecks.mineral  # type: ignore[union-attr]

    @cached_property
    def unmeasured(self) -> np.ndarray:
        """Minerals whose supply share is unknown and in which a company feels force, shape (n, m).

        They are left out of the exposure, and the explanation says so.
        """
        facts, uses = self._facts, self._facts.layout.uses
        kappa = np.maximum(self._pressed.need[uses.need], self._pressed.supplied[uses.company])
        felt = uses.share * needs(facts)[uses.need] * kappa > 0
        mineral = facts.layout.need_mineral[uses.need]
        unknown = np.zeros((self.supply.size, len(facts.minerals)), dtype=bool)
        unknown[uses.company[felt], mineral[felt]] = np.isnan(facts.mineral.supply_share[mineral[felt]])
        return unknown


def retaliation_exposure(
    facts: Facts, parameters: Parameters, pressed: Pressure, china_revenue: np.ndarray
) -> Retaliation:
    """Retaliation exposure of every company.

    Parameters
    ----------
    facts : Facts
    parameters : Parameters
    pressed : Pressure
    china_revenue : ndarray of float, shape (..., k)
        Share of total revenue that each segment earns in China, w x c; NaN = unknown.
    """
    stakes = None if parameters.bottleneck else Stakes.of(facts, parameters, pressed)
    bottlenecks = Bottlenecks.of(facts, parameters, pressed) if parameters.bottleneck else None
    supply = bottlenecks.supply if bottlenecks else stakes.supply  # type: ignore[union-attr]
    access = facts.segments.total(scaled(access_force(facts, pressed), china_revenue), facts.country.size)
    return Retaliation(supply, access, either(supply, access), stakes, bottlenecks, facts, pressed)


def widest(facts: Facts, parameters: Parameters) -> int:
    """Length of the longest array that is made for one day or draw."""
    uses = 0 if parameters.bottleneck else facts.layout.uses.need.size
    return max(uses, facts.segments.row.size)


def either(supply: np.ndarray, access: np.ndarray) -> np.ndarray:
    """Retaliation exposure from both of its sides."""
    total: np.ndarray = 1.0 - (1.0 - supply) * (1.0 - access)
    return total


def access_force(facts: Facts, pressed: Pressure) -> np.ndarray:
    """Force that shuts each segment out of China's market, shape (..., k)."""
    layout = facts.layout
    shut = look_up(pressed.shut, layout.segment_cell, 2)
    single = pressed.admitted
    hit: np.ndarray = np.any(single > 0, axis=tuple(range(single.ndim - 1)))
    if hit.any():
        at = np.flatnonzero(hit[facts.segments.company])
        threat = look_up(pressed.boycott, layout.segment_cell[at], 2)
        by_name = joint_force(threat, single[..., facts.segments.company[at]], pressed.adds)
        shut = raised(shut, at, by_name)
    return shut
