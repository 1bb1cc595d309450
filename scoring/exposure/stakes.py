"""Stakes: every mineral that a company needs counts, as a factor of what is spared.

The supply side of retaliation under methodology 2026.1 (section 3): R = 1 - product over minerals of (1 - x).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from scoring.arrays import look_up, scaled, scatter
from scoring.exposure.force import Pressure
from scoring.exposure.leverage import leverage, needs
from scoring.facts.facts import Facts
from scoring.methodology.parameters import Parameters


@dataclass(frozen=True)
class Stakes:
    """Supply exposure by stakes, each a company with a mineral; NaN = unknown.

    Attributes
    ----------
    exposure : ndarray of float, shape (..., s)
        Exposure x through each stake; 0 where China's supply share is unknown.
    supply : ndarray of float, shape (..., n)
    """

    exposure: np.ndarray
    supply: np.ndarray
    _facts: Facts
    _pressed: Pressure

    @classmethod
    def of(cls, facts: Facts, parameters: Parameters, pressed: Pressure) -> Stakes:
        """Stakes of the companies of `facts` under a pressure."""
        exposure = stake_exposure(facts, parameters, stake_force(facts, pressed))
        return cls(exposure, supply_exposure(facts, exposure), facts, pressed)

    @cached_property
    def felt(self) -> np.ndarray:
        """Share of revenue that rests on the mineral of each stake, weighted by force; may pass 1, shape (..., s)."""
        # Only explanations ask for it, and a score does not keep so large an array for them.
        return stake_force(self._facts, self._pressed)

    @cached_property
    def mineral(self) -> np.ndarray:
        """Exposure x of every company through every mineral, shape (n, m)."""
        x = np.where(np.isnan(self.supply)[:, None], np.nan, np.zeros((self.supply.size, len(self._facts.minerals))))
        x[self._facts.layout.uses.stake_company, self._facts.layout.uses.stake_mineral] = self.exposure
        return x


def stake_force(facts: Facts, pressed: Pressure) -> np.ndarray:
    """Share of revenue that rests on the mineral of each stake, weighted by the force on it, shape (..., s)."""
    uses = facts.layout.uses
    rests, kappa = needs(facts), pressed.need
    use: np.ndarray = (rests * kappa).take(uses.need, axis=-1)
    # Measures on single companies touch few uses; only these look beyond family, mineral and country.
    single = pressed.supplied
    hit: np.ndarray = np.any(single > 0, axis=tuple(range(single.ndim - 1)))
    if hit.any():
        at = uses.of(np.flatnonzero(hit))
        need = uses.need[at]
        force = np.maximum(kappa[..., need], single[..., uses.company[at]])
        use[..., at] = rests[..., need] * force
    return scatter(scaled(use, uses.share), uses.stake, uses.stake_cell.size)


def stake_exposure(facts: Facts, parameters: Parameters, felt: np.ndarray) -> np.ndarray:
    """Exposure x through each stake, from the force felt at it; both of shape (..., s)."""
    reach = look_up(np.nan_to_num(leverage(facts, parameters)), facts.layout.uses.stake_cell, 2)
    stake: np.ndarray = through(reach, felt)
    return stake


def through(reach: Any, felt: Any) -> Any:
    """Exposure x = L min(1, felt) through a mineral, of numbers or arrays; `felt` has all axes of `reach`."""
    exposure = np.minimum(felt, 1.0)
    exposure *= reach  # in place: a new large array costs more than the multiplication
    return exposure


def supply_exposure(facts: Facts, stake: np.ndarray) -> np.ndarray:
    """Exposure of supply of each company, shape (..., n), from that through each of its stakes, shape (..., s)."""
    exposure: np.ndarray = 1.0 - spared(facts, stake)
    return exposure


def spared(facts: Facts, stake: np.ndarray) -> np.ndarray:
    """Share of each company that no mineral takes away, the product of 1 - x over its stakes, shape (..., n)."""
    uses = facts.layout.uses
    share = np.full((*stake.shape[:-1], facts.country.size), np.nan)
    share[..., facts.segments.owners] = 1.0
    if uses.holders.size:
        share[..., uses.holders] = np.multiply.reduceat(1.0 - stake, uses.holder_starts, axis=-1)
    return share
