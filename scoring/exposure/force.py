"""Force of China's acts: measures in force and the latent threat of more (methodology, section 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

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
    adds : bool
        Whether acts add to the threat, and not the strictest of both counts.
    """

    latent: np.ndarray
    boycott: np.ndarray
    supply: SupplySide
    access: AccessSide
    adds: bool

    @cached_property
    def shut(self) -> np.ndarray:
        """Force that shuts each family out of China's market, by country, shape (..., f, j)."""
        return joint_force(self.boycott, self.access.family.value, self.adds)


def event_weights(facts: Facts, parameters: Parameters) -> np.ndarray:
    """Weight of each coercive act in the latent threat toward each country, decayed to the as-of date, (v, j)."""
    events = facts.events
    aimed = np.where(events.names, 1.0, 0.0)
    aimed[events.worldwide] = parameters.worldwide_share
    weights: np.ndarray = aimed * _decayed(facts, parameters)[:, None]
    return weights


def latent_threat(facts: Facts, parameters: Parameters) -> np.ndarray:
    """Latent threat toward each country, shape (..., j), from 0 to below the methodology's maximum.

    `facts.events.age` may have a leading axis of days.
    """
    decayed = _decayed(facts, parameters)
    event, country = np.nonzero(facts.events.names)
    aimed = scatter(decayed[..., event], country, len(facts.countries))
    everywhere = decayed[..., facts.events.worldwide].sum(axis=-1, keepdims=True)
    index = (aimed + parameters.worldwide_share * everywhere) / parameters.threat_scale
    latent: np.ndarray = parameters.threat_maximum * -np.expm1(-index)
    return latent


def _decayed(facts: Facts, parameters: Parameters) -> np.ndarray:
    """Severity of each act, decayed to the as-of date, shape (..., v)."""
    severity = parameters.severity[..., codes(facts.events.severity, SEVERITY_WORDS)]
    decayed: np.ndarray = severity * np.exp2(-facts.events.age / parameters.threat_half_life)
    return decayed


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
        adds=parameters.adds,
    )


def boycott(facts: Facts, parameters: Parameters, latent: np.ndarray) -> np.ndarray:
    """Latent threat times the vulnerability of each family, shape (..., f, j)."""
    vulnerability = parameters.vulnerability[..., codes(facts.groups, GROUPS)]
    force: np.ndarray = vulnerability[..., :, None] * latent[..., None, :]
    return force


def joint_force(threat: np.ndarray, act: np.ndarray, adds: bool) -> np.ndarray:
    """Force of a threat and of an act in force, broadcast against each other.

    Parameters
    ----------
    threat, act : ndarray of float
        0..1.
    adds : bool
        Whether the act adds to the threat, 1 - (1 - threat) (1 - act), or the stricter of both counts.
    """
    force: np.ndarray = joint(threat, act, True) if adds else np.maximum(threat, act)
    return force


def joint(threat: Any, act: Any, adds: bool) -> Any:
    """Joint force of single numbers, or of arrays where acts add."""
    return 1.0 - (1.0 - threat) * (1.0 - act) if adds else max(threat, act)


def measure_force(facts: Facts, side: SupplySide) -> np.ndarray:
    """Force of the measures in force on each need of the layout, shape (..., u)."""
    layout = facts.layout
    nation = side.nation.take(layout.need_country, axis=-1) * side.under_measure[layout.need_mineral]
    mineral = look_up(side.mineral.value, layout.need_mineral_cell, 2)
    family = look_up(side.family.value, layout.need_family_cell, 2)
    return strictest_measure(nation, mineral, family)


def strictest_measure(nation: np.ndarray, mineral: np.ndarray, family: np.ndarray) -> np.ndarray:
    """Force on needs of the measures on their country, felt in minerals under measure only, mineral and family."""
    force: np.ndarray = np.maximum(nation, np.maximum(mineral, family))
    return force


def on_company(threat: np.ndarray, single: np.ndarray, adds: bool) -> np.ndarray:
    """Force on the supply of companies of the threat at home and of the measures by name; 0 without such a measure."""
    force: np.ndarray = np.where(single > 0, joint_force(threat, single, adds), 0.0)
    return force


@dataclass(frozen=True)
class Pressure:
    """Force of China's acts where companies feel it.

    Attributes
    ----------
    need : ndarray of float, shape (..., u)
        Force kappa on each need of the layout, before measures on single companies.
    boycott, shut : ndarray of float, shape (..., f, j)
        Force of the threat of boycotts, and with it of the measures on families, that shuts each family out of
        China's market, before measures on single companies.
    supplied : ndarray of float, shape (..., n)
        Force of the threat and the measures on single companies, of supply; 0 = no measure.
    admitted : ndarray of float, shape (..., n)
        Force of the measures on single companies, of access.
    adds : bool
        As in `Force`.
    """

    need: np.ndarray
    boycott: np.ndarray
    shut: np.ndarray
    supplied: np.ndarray
    admitted: np.ndarray
    adds: bool


def pressure(facts: Facts, acts: Force) -> Pressure:
    """Pressure of China's acts on the companies of `facts`."""
    return pressure_of(
        facts,
        acts.latent,
        acts.boycott,
        measured=measure_force(facts, acts.supply),
        families=acts.access.family.value,
        supplied=acts.supply.single,
        admitted=acts.access.single,
        adds=acts.adds,
    )


def pressure_of(
    facts: Facts,
    latent: np.ndarray,
    boycotted: np.ndarray,
    *,
    measured: np.ndarray,
    families: np.ndarray,
    supplied: np.ndarray,
    admitted: np.ndarray,
    adds: bool,
) -> Pressure:
    """Pressure of a threat and of measures, each of which may have an axis of days.

    Parameters
    ----------
    facts : Facts
    latent : ndarray of float, shape (..., j)
    boycotted : ndarray of float, shape (..., f, j)
        Threat of boycotts.
    measured : ndarray of float, shape (..., u)
        Force of measures on each need.
    families : ndarray of float, shape (..., f, j)
        Force of measures that shut families out of the market.
    supplied, admitted : ndarray of float, shape (..., n)
        Force of measures on single companies, of supply and of access.
    adds : bool
    """
    at_home = latent.take(facts.country, axis=-1) if supplied.any() else np.zeros(1)
    return Pressure(
        need=joint_force(latent.take(facts.layout.need_country, axis=-1), measured, adds),
        boycott=boycotted,
        shut=joint_force(boycotted, families, adds),
        supplied=on_company(at_home, supplied, adds),
        admitted=admitted,
        adds=adds,
    )


def supply_drivers(
    facts: Facts, acts: Force, family: np.ndarray, mineral: np.ndarray, company: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Force kappa felt by companies in a mineral that a family needs, and what exerts most of it; both of shape (q,).

    The second is a position in `facts.supply`, -1 = the latent threat.
    """
    side, country = acts.supply, facts.country[company]
    under = side.under_measure[mineral]
    nation_row = side.country.row.diagonal()
    act, row = _strictest(
        [
            side.mineral.value[mineral, country],
            np.where(under, side.nation[country], 0.0),
            side.company.value[company, 0],
            side.family.value[family, country],
        ],
        [
            side.mineral.row[mineral, country],
            np.where(under, nation_row[country], -1),
            side.company.row[company, 0],
            side.family.row[family, country],
        ],
    )
    threat = acts.latent[country]
    return joint_force(threat, act, acts.adds), np.where(act > threat, row, -1)


def access_drivers(facts: Facts, acts: Force) -> tuple[np.ndarray, np.ndarray]:
    """Force that shuts each segment out of China's market, and what exerts most of it; both of shape (k,).

    The second is a position in `facts.access`, -1 = the latent threat.
    """
    segments = facts.segments
    j = facts.country[segments.company]
    act, row = _strictest(
        [acts.access.company.value[segments.company, 0], acts.access.family.value[segments.family, j]],
        [acts.access.company.row[segments.company, 0], acts.access.family.row[segments.family, j]],
    )
    threat = acts.boycott[segments.family, j]
    return joint_force(threat, act, acts.adds), np.where(act > threat, row, -1)


def _strictest(strengths: Sequence[np.ndarray], rows: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Greatest of some strengths and its row; of equal ones the first."""
    force, row = strengths[0].copy(), rows[0].copy()
    for strength, candidate in zip(strengths[1:], rows[1:], strict=True):
        greater = strength > force
        force[greater] = strength[greater]
        row[greater] = candidate[greater]
    return force, row
