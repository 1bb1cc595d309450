"""Leverage: what China's hold on a mineral is worth over a country, and what rests on it (methodology, section 3)."""

from __future__ import annotations

import numpy as np

from scoring.facts.facts import Facts
from scoring.methodology.parameters import Parameters


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
