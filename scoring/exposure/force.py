"""Force of China's acts: measures in force and the latent threat of more (methodology, section 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scoring.arrays import look_up, scatter
from scoring.exposure.measures import AccessSide, SupplySide, access_side, supply_side
from scoring.facts.facts import Facts
from scoring.methodology.parameters import GROUPS, SEVERITY_WORDS, Parameters, codes


@dataclass(frozen=True)
class Force:
    """Force of China's acts, each 0..1.

    Attributes
    ----------
    latent : ndarray, shape (..., j)
        Latent threat of coercive acts toward a country.
    boycott : ndarray, shape (..., f, j)
        Latent threat times the family's vulnerability.
    supply : SupplySide
    access : AccessSide
    """

    latent: np.ndarray
    boycott: np.ndarray
    supply: SupplySide
    access: AccessSide

    @cached_property
    def shut(self) -> np.ndarray:
        """Force that shuts each family out of China's market, by country, shape (..., f, j)."""
        return shut_force(self.boycott, self.access.family.value)


def event_weights(facts: Facts, parameters: Parameters) -> np.ndarray:
    """Weight of each coercive act in the latent threat toward each country, decayed to the as-of date, (v, j)."""
    events = facts.events
    aimed = np.where(events.names, 1.0, 0.0)
    aimed[events.worldwide] = parameters.worldwide_share
    return aimed * _decayed(facts, parameters)[:, None]


def latent_threat(facts: Facts, parameters: Parameters) -> np.ndarray:
    """Latent threat toward each country, shape (..., j), from 0 to below the methodology's maximum.

    `facts.events.age` may have a leading axis of days.
    """
    decayed = _decayed(facts, parameters)
    event, country = np.nonzero(facts.events.names)
    aimed = scatter(decayed[..., event], country, len(facts.countries))
    everywhere = decayed[..., facts.events.worldwide].sum(axis=-1, keepdims=True)
    index = (aimed + parameters.worldwide_share * everywhere) / parameters.threat_scale
    return parameters.threat_maximum * -np.expm1(-index)


def _decayed(facts: Facts, parameters: Parameters) -> np.ndarray:
    """Severity of each act, decayed to the as-of date, shape (..., v)."""
    severity = parameters.severity[..., codes(facts.events.severity, SEVERITY_WORDS)]
    return severity * np.exp2(-facts.events.age / parameters.threat_half_life)


def force(facts: Facts, parameters: Parameters, known: Force | None = None) -> Force:
    """Force of the measures and threats in `facts`.

    Parameters
    ----------
    facts : Facts
    parameters : Parameters
    known : Force, optional
        Of facts with the same axes; what rests on the same measures and stringencies is taken over from it.
    """
    latent = latent_threat(facts, parameters)
    return Force(
        latent=latent,
        boycott=boycott(facts, parameters, latent),
        supply=supply_side(facts, parameters, known.supply if known else None),
        access=access_side(facts, parameters, known.access if known else None),
    )


def boycott(facts: Facts, parameters: Parameters, latent: np.ndarray) -> np.ndarray:
    """Latent threat times the vulnerability of each family, shape (..., f, j)."""
    vulnerability = parameters.vulnerability[..., codes(facts.groups, GROUPS)]
    return vulnerability[..., :, None] * latent[..., None, :]


def shut_force(boycotted: np.ndarray, measured: np.ndarray) -> np.ndarray:
    """Force that shuts each family out of China's market, by country, shape (..., f, j).

    Parameters
    ----------
    boycotted, measured : ndarray of float, shape (..., f, j)
        Force of the latent threat, and of the measures on families.
    """
    return np.maximum(boycotted, measured)


def measure_force(facts: Facts, side: SupplySide) -> np.ndarray:
    """Force of the measures in force on each need of the layout, shape (..., u)."""
    layout = facts.layout
    nation = side.nation.take(layout.need_country, axis=-1) * side.under_measure[layout.need_mineral]
    mineral = look_up(side.mineral.value, layout.need_mineral_cell, 2)
    family = look_up(side.family.value, layout.need_family_cell, 2)
    return np.maximum(nation, np.maximum(mineral, family))


def need_force(facts: Facts, latent: np.ndarray, measured: np.ndarray) -> np.ndarray:
    """Force kappa on each need of the layout, before measures on single companies, shape (..., u)."""
    return np.maximum(latent.take(facts.layout.need_country, axis=-1), measured)


@dataclass(frozen=True)
class Pressure:
    """Force of China's acts where companies feel it.

    Attributes
    ----------
    need : ndarray of float, shape (..., u)
        Force kappa on each need of the layout, before measures on single companies.
    shut : ndarray of float, shape (..., f, j)
        Force that shuts each family out of China's market, before measures on single companies.
    supplied, admitted : ndarray of float, shape (..., n)
        Force of the measures on single companies, of supply and of access.
    """

    need: np.ndarray
    shut: np.ndarray
    supplied: np.ndarray
    admitted: np.ndarray


def pressure(facts: Facts, acts: Force) -> Pressure:
    """Pressure of China's acts on the companies of `facts`."""
    return Pressure(
        need=need_force(facts, acts.latent, measure_force(facts, acts.supply)),
        shut=acts.shut,
        supplied=acts.supply.single,
        admitted=acts.access.single,
    )


def supply_drivers(
    facts: Facts, acts: Force, family: np.ndarray, mineral: np.ndarray, company: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Force kappa felt by companies in a mineral that a family needs, and what exerts it; both of shape (q,).

    The second is a position in `facts.supply`, -1 = the latent threat.
    """
    side, country = acts.supply, facts.country[company]
    under = side.under_measure[mineral]
    nation_row = side.country.row.diagonal()
    return _greatest(
        [
            acts.latent[country],
            side.mineral.value[mineral, country],
            np.where(under, side.nation[country], 0.0),
            side.company.value[company, 0],
            side.family.value[family, country],
        ],
        [
            np.full(family.shape, -1),
            side.mineral.row[mineral, country],
            np.where(under, nation_row[country], -1),
            side.company.row[company, 0],
            side.family.row[family, country],
        ],
    )


def access_drivers(facts: Facts, acts: Force) -> tuple[np.ndarray, np.ndarray]:
    """Force that shuts each segment out of China's market, and what exerts it; both of shape (k,).

    The second is a position in `facts.access`, -1 = the latent threat.
    """
    segments = facts.segments
    j = facts.country[segments.company]
    return _greatest(
        [
            acts.boycott[segments.family, j],
            acts.access.company.value[segments.company, 0],
            acts.access.family.value[segments.family, j],
        ],
        [
            np.full(segments.family.size, -1),
            acts.access.company.row[segments.company, 0],
            acts.access.family.row[segments.family, j],
        ],
    )


def _greatest(strengths: Sequence[np.ndarray], rows: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    force, row = strengths[0].copy(), rows[0].copy()
    for strength, candidate in zip(strengths[1:], rows[1:], strict=True):
        greater = strength > force
        force[greater] = strength[greater]
        row[greater] = candidate[greater]
    return force, row
