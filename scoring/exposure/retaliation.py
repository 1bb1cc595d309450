"""Retaliation exposure: what China can withhold, and whom it can shut out (methodology, section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scoring.exposure.force import Force, supply_force
from scoring.layout import Layout, look_up
from scoring.parameters import Parameters
from scoring.reference.facts import Facts


@dataclass(frozen=True)
class Retaliation:
    """Retaliation exposure; NaN = unknown.

    Attributes
    ----------
    felt : ndarray of float, shape (..., s)
        Share of revenue that rests on the mineral of each stake, weighted by force; may pass 1.
    stake : ndarray of float, shape (..., s)
        Exposure x through each stake, a company with a mineral; 0 where China's supply share is unknown.
    unknown_stake : ndarray of bool, shape (..., s)
        The company feels force through the mineral, but no share of supply is known: left out, and said so.
    supply, access, total : ndarray of float, shape (..., n)
    """

    felt: np.ndarray
    stake: np.ndarray
    unknown_stake: np.ndarray
    supply: np.ndarray
    access: np.ndarray
    total: np.ndarray
    _layout: Layout
    _minerals: int

    @cached_property
    def mineral(self) -> np.ndarray:
        """Exposure x of every company through every mineral, shape (n, m)."""
        x = np.where(np.isnan(self.supply)[:, None], np.nan, np.zeros((self.supply.size, self._minerals)))
        x[self._layout.stake_company, self._layout.stake_mineral] = self.stake
        return x

    @cached_property
    def unmeasured(self) -> np.ndarray:
        """Minerals through which a company feels force that cannot be measured, shape (n, m)."""
        unknown = np.zeros((self.supply.size, self._minerals), dtype=bool)
        unknown[self._layout.stake_company, self._layout.stake_mineral] = self.unknown_stake
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
    reach: np.ndarray = np.sqrt(supply * np.where(np.isnan(imports), assumed, imports))
    return reach


def needs(facts: Facts) -> np.ndarray:
    """Share of a family's revenue that rests on a mineral, d x (1 - sigma), by need of the layout, shape (..., u)."""
    family, mineral = facts.layout.need_family, facts.layout.need_mineral
    rests: np.ndarray = facts.mineral.criticality[..., family, mineral] * (
        1 - facts.mineral.substitutability[..., family, mineral]
    )
    return rests


def retaliation_exposure(facts: Facts, parameters: Parameters, acts: Force, china_revenue: np.ndarray) -> Retaliation:
    """Retaliation exposure of every company.

    Parameters
    ----------
    facts : Facts
    parameters : Parameters
    acts : Force
    china_revenue : ndarray of float, shape (..., k)
        Share of total revenue that each segment earns in China, w x c; NaN = unknown.
    """
    felt = stake_force(facts, acts)
    stake, unknown, supply = supply_exposure(facts, parameters, felt)
    access = facts.segments.total(china_revenue * access_force(facts, acts), facts.country.size)
    return Retaliation(
        felt=felt,
        stake=stake,
        unknown_stake=unknown,
        supply=supply,
        access=access,
        total=1.0 - (1.0 - supply) * (1.0 - access),
        _layout=facts.layout,
        _minerals=len(facts.minerals),
    )


def stake_force(facts: Facts, acts: Force) -> np.ndarray:
    """Share of revenue that rests on the mineral of each stake, weighted by the force on it, shape (..., s)."""
    layout = facts.layout
    rests = needs(facts)
    kappa = supply_force(facts, acts, layout.need_family, layout.need_mineral, layout.need_country)
    use: np.ndarray = (rests * kappa).take(layout.use_need, axis=-1)
    # Measures on single companies touch few uses; only these look beyond family, mineral and country.
    single = acts.on_company.value[..., 0]
    hit: np.ndarray = np.any(single > 0, axis=tuple(range(single.ndim - 1)))
    if hit.any():
        at = np.flatnonzero(hit[layout.use_company])
        need = layout.use_need[at]
        force = np.maximum(kappa[..., need], single[..., layout.use_company[at]])
        use[..., at] = rests[..., need] * force
    use = use * layout.use_share
    if not layout.stake_starts.size:
        return use
    felt: np.ndarray = np.add.reduceat(use, layout.stake_starts, axis=-1)
    return felt


def supply_exposure(
    facts: Facts, parameters: Parameters, felt: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Exposure of supply, from the force felt at each stake.

    Parameters
    ----------
    facts : Facts
    parameters : Parameters
    felt : ndarray of float, shape (..., s)

    Returns
    -------
    stake : ndarray of float, shape (..., s)
        Exposure x through each stake.
    unknown : ndarray of bool, shape (..., s)
        Force is felt, but no share of supply is known.
    supply : ndarray of float, shape (..., n)
    """
    layout = facts.layout
    position = layout.stake_mineral * layout.countries + layout.stake_country
    reach = look_up(leverage(facts, parameters), position, 2)
    stake = np.nan_to_num(reach) * np.minimum(felt, 1.0)
    unknown = np.isnan(reach) & (felt > 0)
    supply = np.full((*stake.shape[:-1], facts.country.size), np.nan)
    supply[..., facts.segments.owners] = 0.0
    if layout.holders.size:
        kept = np.multiply.reduceat(1.0 - stake, layout.holder_starts, axis=-1)
        supply[..., layout.holders] = 1.0 - kept
    return stake, unknown, supply


def access_force(facts: Facts, acts: Force) -> np.ndarray:
    """Force that shuts each segment out of China's market, shape (..., k)."""
    layout = facts.layout
    shut = look_up(np.maximum(acts.boycott, acts.access_family.value), layout.segment_cell, 2)
    single = acts.access_company.value[..., 0]
    hit: np.ndarray = np.any(single > 0, axis=tuple(range(single.ndim - 1)))
    if hit.any():
        at = np.flatnonzero(hit[facts.segments.company])
        shut[..., at] = np.maximum(shut[..., at], single[..., facts.segments.company[at]])
    return shut
