"""Retaliation exposure: what China can withhold, and whom it can shut out (methodology, section 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from scoring.methodology import Methodology, Parameter
from scoring.reference.blocks import Measures
from scoring.reference.facts import Facts


@dataclass(frozen=True)
class Force:
    """Force of China's acts, each 0..1.

    Attributes
    ----------
    latent : ndarray, shape (j,)
        Latent threat of coercive acts toward a country.
    mineral, mineral_row : ndarray, shape (m, j)
        Force of the supply measure on a mineral toward a country, and its position in `facts.supply` (-1 = none).
    family, family_row : ndarray, shape (f, j)
        The same for product families.
    country, country_row : ndarray, shape (m, j)
        Force of the supply measure on a country as a whole, felt only in minerals under some active measure.
    company, company_row : ndarray, shape (n,)
        The same for companies named themselves.
    access_family, access_family_row : ndarray, shape (f, j)
    access_company, access_company_row : ndarray, shape (n,)
        Strictest access measure on a family or a company, positions in `facts.access`.
    boycott : ndarray, shape (f, j)
        Latent threat times the family's vulnerability.
    """

    latent: np.ndarray
    mineral: np.ndarray
    mineral_row: np.ndarray
    family: np.ndarray
    family_row: np.ndarray
    country: np.ndarray
    country_row: np.ndarray
    company: np.ndarray
    company_row: np.ndarray
    access_family: np.ndarray
    access_family_row: np.ndarray
    access_company: np.ndarray
    access_company_row: np.ndarray
    boycott: np.ndarray


@dataclass(frozen=True)
class Retaliation:
    """Retaliation exposure; NaN = unknown.

    Attributes
    ----------
    mineral : ndarray of float, shape (n, m)
        Exposure x through each mineral; 0 where China's supply share is unknown (see `unmeasured`).
    unmeasured : ndarray of bool, shape (n, m)
        The company depends on the mineral, but no share of supply is known: left out, and said so.
    supply, access, total : ndarray of float, shape (n,)
    """

    mineral: np.ndarray
    unmeasured: np.ndarray
    supply: np.ndarray
    access: np.ndarray
    total: np.ndarray


def event_weights(facts: Facts, methodology: Methodology) -> np.ndarray:
    """Weight of each coercive act in the latent threat toward each country, decayed to the as-of date, (v, j)."""
    threat, events = methodology.latent_threat, facts.events
    aimed = np.where(events.names, 1.0, 0.0)
    aimed[events.worldwide] = threat.worldwide_share.value
    severity = np.array([threat.severity[kind].value for kind in events.severity])
    weights: np.ndarray = aimed * (severity * 2.0 ** (-events.age / threat.half_life_years.value))[:, None]
    return weights


def latent_threat(facts: Facts, methodology: Methodology) -> np.ndarray:
    """Latent threat toward each country, shape (j,), from 0 to below the methodology's maximum."""
    threat = methodology.latent_threat
    index = event_weights(facts, methodology).sum(axis=0) / threat.scale.value
    latent: np.ndarray = threat.maximum.value * -np.expm1(-index)
    return latent


def leverage(facts: Facts, methodology: Methodology) -> np.ndarray:
    """China's leverage L over each country through each mineral, shape (m, j); NaN = supply share unknown.

    Geometric mean of China's share of world supply and of the country's imports, the form of the
    supply-risk work of Nassar et al. (2020). An import share that is not measured is taken as the
    methodology's part of the supply share, never as zero.
    """
    supply = facts.mineral.supply_share[:, None]
    imports = facts.mineral.import_share
    assumed = supply * methodology.unknown_import_share.value
    reach: np.ndarray = np.sqrt(supply * np.where(np.isnan(imports), assumed, imports))
    return reach


def force(facts: Facts, methodology: Methodology) -> Force:
    """Force of the measures and threats in `facts`."""
    supply = _stringency(facts.supply, methodology.supply_stringency)
    access = _stringency(facts.access, methodology.access_stringency)
    n, f, m, j = facts.country.size, len(facts.families), len(facts.minerals), len(facts.countries)
    mineral, mineral_row = _prevailing(facts.supply, supply, "mineral", (m, j))
    family, family_row = _prevailing(facts.supply, supply, "product_family", (f, j))
    nation, nation_row = _prevailing(facts.supply, supply, "country", (j, j))
    company, company_row = _strictest(facts.supply, supply, "company", (n, 1))
    shut, shut_row = _strictest(facts.access, access, "product_family", (f, j))
    shut_company, shut_company_row = _strictest(facts.access, access, "company", (n, 1))
    under_measure = np.zeros((m, 1), dtype=bool)
    under_measure[facts.supply.subject[facts.supply.kind == "mineral"]] = True
    latent = latent_threat(facts, methodology)
    vulnerability = np.array([methodology.vulnerability[group].value for group in facts.groups])
    return Force(
        latent=latent,
        mineral=mineral,
        mineral_row=mineral_row,
        family=family,
        family_row=family_row,
        country=np.where(under_measure, nation.diagonal(), 0.0),
        country_row=np.where(under_measure, nation_row.diagonal(), -1),
        company=company[:, 0],
        company_row=company_row[:, 0],
        access_family=shut,
        access_family_row=shut_row,
        access_company=shut_company[:, 0],
        access_company_row=shut_company_row[:, 0],
        boycott=vulnerability[:, None] * latent,
    )


def supply_drivers(facts: Facts, acts: Force) -> tuple[np.ndarray, np.ndarray]:
    """Force kappa felt by each segment in each mineral, and what exerts it.

    Returns
    -------
    kappa : ndarray of float, shape (k, m)
    row : ndarray of int, shape (k, m)
        Position in `facts.supply` of the measure that drives it, -1 = the latent threat.
    """
    segments = facts.segments
    j = facts.country[segments.company]
    shape = (segments.family.size, len(facts.minerals))
    strengths = [
        np.broadcast_to(acts.latent[j][:, None], shape),
        acts.mineral[:, j].T,
        acts.country[:, j].T,
        np.broadcast_to(acts.company[segments.company][:, None], shape),
        np.broadcast_to(acts.family[segments.family, j][:, None], shape),
    ]
    rows = [
        np.full(shape, -1),
        acts.mineral_row[:, j].T,
        acts.country_row[:, j].T,
        np.broadcast_to(acts.company_row[segments.company][:, None], shape),
        np.broadcast_to(acts.family_row[segments.family, j][:, None], shape),
    ]
    return _greatest(strengths, rows)


def access_drivers(facts: Facts, acts: Force) -> tuple[np.ndarray, np.ndarray]:
    """Force that shuts each segment out of China's market, and what exerts it; both of shape (k,).

    The second is a position in `facts.access`, -1 = the latent threat.
    """
    segments = facts.segments
    j = facts.country[segments.company]
    strengths = [
        acts.boycott[segments.family, j],
        acts.access_company[segments.company],
        acts.access_family[segments.family, j],
    ]
    rows = [
        np.full(segments.family.size, -1),
        acts.access_company_row[segments.company],
        acts.access_family_row[segments.family, j],
    ]
    return _greatest(strengths, rows)


def dependence(facts: Facts) -> np.ndarray:
    """Share of revenue that rests on each mineral, w x d x (1 - sigma), by segment, shape (k, m)."""
    family = facts.segments.family
    need = facts.mineral.criticality * (1 - facts.mineral.substitutability)
    rests: np.ndarray = facts.segments.share[:, None] * need[family]
    return rests


def retaliation_exposure(facts: Facts, methodology: Methodology, acts: Force, china_revenue: np.ndarray) -> Retaliation:
    """Retaliation exposure of every company.

    Parameters
    ----------
    facts : Facts
    methodology : Methodology
    acts : Force
    china_revenue : ndarray of float, shape (k,)
        Share of total revenue that each segment earns in China, w x c; NaN = unknown.
    """
    segments, n = facts.segments, facts.country.size
    kappa, _ = supply_drivers(facts, acts)
    felt = segments.total(dependence(facts) * kappa, n)
    reach = leverage(facts, methodology)[:, facts.country].T
    unmeasured = np.isnan(reach) & (felt > 0)
    mineral = np.where(np.isnan(reach), 0.0, reach) * np.minimum(felt, 1.0)
    supply = 1.0 - np.prod(1.0 - mineral, axis=1)
    access = segments.total(china_revenue * access_drivers(facts, acts)[0], n)
    return Retaliation(
        mineral=mineral,
        unmeasured=unmeasured,
        supply=supply,
        access=access,
        total=1.0 - (1.0 - supply) * (1.0 - access),
    )


def _stringency(measures: Measures, codebook: Mapping[Any, Parameter]) -> np.ndarray:
    return np.array([codebook[measure].value for measure in measures.measure], dtype=float)


def _strictest(
    measures: Measures, strength: np.ndarray, kind: str, shape: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Strictest measure on each subject toward each country; a named company is hit wherever it is at home."""
    force, row = np.zeros(shape), np.full(shape, -1)
    for a in _on(measures, kind):
        toward = np.ones(1, dtype=bool) if kind == "company" else measures.names[a] | measures.worldwide[a]
        _raise(force, row, measures, strength, a, toward)
    return force, row


def _prevailing(
    measures: Measures, strength: np.ndarray, kind: str, shape: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Measure on each subject toward each country; one that names the country prevails over a worldwide one."""
    named, named_row = np.full(shape, -1.0), np.full(shape, -1)  # a named measure of no force prevails too
    world, world_row = np.zeros(shape), np.full(shape, -1)
    for a in _on(measures, kind):
        if measures.worldwide[a]:
            _raise(world, world_row, measures, strength, a, np.ones(shape[1], dtype=bool))
        else:
            _raise(named, named_row, measures, strength, a, measures.names[a])
    prevails = named_row >= 0
    return np.where(prevails, named, world), np.where(prevails, named_row, world_row)


def _on(measures: Measures, kind: str) -> list[int]:
    """Positions of the measures whose subject is of `kind` and in the universe."""
    found: list[int] = np.flatnonzero((measures.kind == kind) & (measures.subject >= 0)).tolist()
    return found


def _raise(
    force: np.ndarray, row: np.ndarray, measures: Measures, strength: np.ndarray, a: int, toward: np.ndarray
) -> None:
    subject = measures.subject[a]
    stricter = (strength[a] > force[subject]) & toward
    force[subject, stricter] = strength[a]
    row[subject, stricter] = a


def _greatest(strengths: list[np.ndarray], rows: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    force, row = strengths[0].copy(), rows[0].copy()
    for strength, candidate in zip(strengths[1:], rows[1:], strict=True):
        greater = strength > force
        force[greater] = strength[greater]
        row[greater] = candidate[greater]
    return force, row
