"""Tables of a synthetic universe on named parties: whom rules list, who sells to them, and whose unit a party is."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from benchmarks.synthetic.acts import ACTIVE_RULES
from benchmarks.synthetic.axes import LAST_YEAR, Axes

LISTINGS: Final = 24
SELLERS: Final = 0.01
"""Part of the companies that name customers."""
PRODUCERS: Final = 12


def tables(axes: Axes, random: np.random.Generator) -> dict[str, dict[str, Any]]:
    """Tables `entities`, `rule_entities`, `customers`, `entity_parents` and `producers`."""
    return {
        "entities": {
            "entity": axes.parties,
            "name": axes.parties,
            "country": np.full(axes.parties.size, "CN", dtype=object),
        },
        "rule_entities": _listings(axes, random),
        "customers": _customers(axes, random),
        "entity_parents": _parents(axes, random),
        "producers": {
            "company_id": random.choice(axes.company_ids, PRODUCERS, replace=False),
            "mineral": random.choice(axes.minerals, PRODUCERS),
            "evidence": np.full(PRODUCERS, "reported", dtype=object),
        },
    }


def _listings(axes: Axes, random: np.random.Generator) -> dict[str, Any]:
    cell = np.sort(random.choice(axes.parties.size * ACTIVE_RULES, LISTINGS, replace=False))
    rule, party = np.divmod(cell, axes.parties.size)
    return {"rule_id": np.array([f"rule-{i:03d}" for i in rule], dtype=object), "entity": axes.parties[party]}


def _customers(axes: Axes, random: np.random.Generator) -> dict[str, Any]:
    """One or two customers of each seller, in the latest fiscal year."""
    sellers = np.sort(
        random.choice(axes.company_ids.size, max(int(axes.company_ids.size * SELLERS), 20), replace=False)
    )
    company = np.repeat(sellers, random.integers(1, 3, sellers.size))
    second = np.append(False, company[1:] == company[:-1])
    party = random.integers(0, axes.parties.size, company.size)
    party[second] = (party[np.flatnonzero(second) - 1] + 1) % axes.parties.size
    end = np.datetime64(f"{LAST_YEAR}-12-31")
    return {
        "company_id": axes.company_ids[company],
        "customer": axes.parties[party],
        "share": random.beta(1.0, 9.0, company.size),
        "fiscal_year": np.full(company.size, str(LAST_YEAR), dtype=object),
        "period_end": np.full(company.size, end),
        "published": np.full(company.size, end + 59),
        "known_by": np.full(company.size, end + 59),
        "evidence": np.full(company.size, "reported", dtype=object),
    }


def _parents(axes: Axes, random: np.random.Generator) -> dict[str, Any]:
    weight = random.uniform(0.1, 1.0, axes.units.size)
    return {
        "entity": axes.units,
        "company_id": random.choice(axes.company_ids, axes.units.size, replace=False),
        "relation": np.full(axes.units.size, "unit", dtype=object),
        "weight": weight,
        "low": weight * 0.6,
        "high": np.minimum(weight * 1.4, 1.0),
        "evidence": np.full(axes.units.size, "expert-judgement", dtype=object),
    }
