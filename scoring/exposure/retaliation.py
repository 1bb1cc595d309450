"""Retaliation exposure: what China can withhold, and whom it can shut out (methodology, section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from scoring.arrays import look_up, scaled, scatter
from scoring.exposure.force import Pressure
from scoring.facts.facts import Facts
from scoring.methodology.parameters import Parameters


@dataclass(frozen=True)
class Retaliation:
    """Retaliation exposure; NaN = unknown.

    Attributes
    ----------
    stake : ndarray of float, shape (..., s)
        Exposure x through each stake, a company with a mineral; 0 where China's supply share is unknown.
    supply, access, total : ndarray of float, shape (..., n)
    """

    stake: np.ndarray
    supply: np.ndarray
    access: np.ndarray
    total: np.ndarray
    _facts: Facts
    _pressed: Pressure

    @cached_property
    def felt(self) -> np.ndarray:
        """Share of revenue that rests on the mineral of each stake, weighted by force; may pass 1, shape (..., s)."""
        # Only explanations ask for it, and a score does not keep so large an array for them.
        return stake_force(self._facts, self._pressed)

    @cached_property
    def mineral(self) -> np.ndarray:
        """Exposure x of every company through every mineral, shape (n, m)."""
        x = np.where(np.isnan(self.supply)[:, None], np.nan, np.zeros((self.supply.size, len(self._facts.minerals))))
        x[self._facts.layout.stake_company, self._facts.layout.stake_mineral] = self.stake
        return x

    @cached_property
    def unmeasured(self) -> np.ndarray:
        """Minerals whose supply share is unknown and in which a company feels force, shape (n, m).

        They are left out of the exposure, and the explanation says so.
        """
        layout = self._facts.layout
        unknown = np.zeros((self.supply.size, len(self._facts.minerals)), dtype=bool)
        supply_share = self._facts.mineral.supply_share[layout.stake_mineral]
        unknown[layout.stake_company, layout.stake_mineral] = np.isnan(supply_share) & (self.felt > 0)
        return unknown


def leverage(facts: Facts, parameters: Parameters) -> np.ndarray:
    """China's leverage L over each country through each mineral, shape (..., m, j); NaN = supply share unknown.

    Geometric mean of China's share of world supply and of the country's imports, the form of the
    supply-risk work of Nassar et al. (2020). An import share that is not measured is taken as the
    methodology's part of the supply share, never as zero.
    """
    supply = facts.mineral.supply_share[:, None]
    imports = facts.mineral.import_share
    assumed = supply * parameters.unknown_import_share[..., None]
    return np.sqrt(supply * np.where(np.isnan(imports), assumed, imports))


def needs(facts: Facts) -> np.ndarray:
    """Share of a family's revenue that rests on a mineral, d x (1 - sigma), by need of the layout, shape (..., u)."""
    family, mineral = facts.layout.need_family, facts.layout.need_mineral
    return facts.mineral.criticality[..., family, mineral] * (1 - facts.mineral.substitutability[..., family, mineral])


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
    stake = stake_exposure(facts, parameters, stake_force(facts, pressed))
    supply = supply_exposure(facts, stake)
    access = facts.segments.total(scaled(access_force(facts, pressed), china_revenue), facts.country.size)
    return Retaliation(
        stake=stake,
        supply=supply,
        access=access,
        total=either(supply, access),
        _facts=facts,
        _pressed=pressed,
    )


def either(supply: np.ndarray, access: np.ndarray) -> np.ndarray:
    """Retaliation exposure from both of its sides."""
    return 1.0 - (1.0 - supply) * (1.0 - access)


def stake_force(facts: Facts, pressed: Pressure) -> np.ndarray:
    """Share of revenue that rests on the mineral of each stake, weighted by the force on it, shape (..., s)."""
    layout = facts.layout
    rests, kappa = needs(facts), pressed.need
    use: np.ndarray = (rests * kappa).take(layout.use_need, axis=-1)
    # Measures on single companies touch few uses; only these look beyond family, mineral and country.
    single = pressed.supplied
    hit: np.ndarray = np.any(single > 0, axis=tuple(range(single.ndim - 1)))
    if hit.any():
        at = layout.uses_of(np.flatnonzero(hit))
        need = layout.use_need[at]
        force = np.maximum(kappa[..., need], single[..., layout.use_company[at]])
        use[..., at] = rests[..., need] * force
    return scatter(scaled(use, layout.use_share), layout.use_stake, layout.stake_cell.size)


def stake_exposure(facts: Facts, parameters: Parameters, felt: np.ndarray) -> np.ndarray:
    """Exposure x through each stake, from the force felt at it; both of shape (..., s)."""
    reach = look_up(np.nan_to_num(leverage(facts, parameters)), facts.layout.stake_cell, 2)
    return through(reach, felt)


def through(reach: Any, felt: Any) -> Any:
    """Exposure x = L min(1, felt) through a mineral, of numbers or arrays; `felt` has all axes of `reach`."""
    exposure = np.minimum(felt, 1.0)
    exposure *= reach  # in place: a new large array costs more than the multiplication
    return exposure


def supply_exposure(facts: Facts, stake: np.ndarray) -> np.ndarray:
    """Exposure of supply of each company, shape (..., n), from that through each of its stakes, shape (..., s)."""
    return 1.0 - spared(facts, stake)


def spared(facts: Facts, stake: np.ndarray) -> np.ndarray:
    """Share of each company that no mineral takes away, the product of 1 - x over its stakes, shape (..., n)."""
    layout = facts.layout
    share = np.full((*stake.shape[:-1], facts.country.size), np.nan)
    share[..., facts.segments.owners] = 1.0
    if layout.holders.size:
        share[..., layout.holders] = np.multiply.reduceat(1.0 - stake, layout.holder_starts, axis=-1)
    return share


def access_force(facts: Facts, pressed: Pressure) -> np.ndarray:
    """Force that shuts each segment out of China's market, shape (..., k)."""
    layout = facts.layout
    shut = look_up(pressed.shut, layout.segment_cell, 2)
    single = pressed.admitted
    hit: np.ndarray = np.any(single > 0, axis=tuple(range(single.ndim - 1)))
    if hit.any():
        at = np.flatnonzero(hit[facts.segments.company])
        shut[..., at] = np.maximum(shut[..., at], single[..., facts.segments.company[at]])
    return shut
