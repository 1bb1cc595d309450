"""Force of China's acts: measures in force and the latent threat of more (methodology, section 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scoring.layout import scatter
from scoring.parameters import ACCESS_WORDS, GROUPS, SEVERITY_WORDS, SUPPLY_WORDS, Parameters, codes
from scoring.reference.blocks import Measures
from scoring.reference.facts import Facts


@dataclass(frozen=True)
class Pressed:
    """Force of one side's measures on one kind of subject, toward each country.

    Attributes
    ----------
    value : ndarray of float, shape (..., subjects, j)
        0..1; j is 1 for companies, which a measure reaches wherever they are at home.
    """

    value: np.ndarray
    _measures: Measures
    _strength: np.ndarray
    _kind: str
    _prevails: bool

    @cached_property
    def row(self) -> np.ndarray:
        """Position among the measures of the one that is felt, -1 = none; the first of equally strict ones."""
        if self._strength.ndim > 1:
            raise ValueError("a driver is asked for where there are many draws of the stringencies")
        shape = self.value.shape
        best, row = np.full(shape, -1.0 if self._prevails else 0.0), np.full(shape, -1)
        others, others_row = np.zeros(shape), np.full(shape, -1)
        for a in _on(self._measures, self._kind):
            if self._prevails and self._measures.worldwide[a]:
                _raise(others, others_row, self._measures.subject[a], self._strength[a], a, slice(None))
            else:
                toward = _toward(self._measures, a, self._kind)
                _raise(best, row, self._measures.subject[a], self._strength[a], a, toward)
        return np.where(row >= 0, row, others_row)


@dataclass(frozen=True)
class Force:
    """Force of China's acts, each 0..1.

    Attributes
    ----------
    latent : ndarray, shape (..., j)
        Latent threat of coercive acts toward a country.
    on_mineral, on_family, on_country, on_company : Pressed, shapes (m, j), (f, j), (j, j) and (n, 1)
        Supply measures.
    under_measure : ndarray of bool, shape (m,)
        Minerals with any active supply measure: only in these is a measure on a country as a whole felt.
    access_family, access_company : Pressed, shapes (f, j) and (n, 1)
        Access measures.
    boycott : ndarray, shape (..., f, j)
        Latent threat times the family's vulnerability.
    """

    latent: np.ndarray
    on_mineral: Pressed
    on_family: Pressed
    on_country: Pressed
    on_company: Pressed
    under_measure: np.ndarray
    access_family: Pressed
    access_company: Pressed
    boycott: np.ndarray

    @property
    def mineral(self) -> np.ndarray:
        """Force of the supply measure on each mineral toward each country, shape (..., m, j)."""
        return self.on_mineral.value

    @cached_property
    def nation(self) -> np.ndarray:
        """Force of the supply measure on each country as a whole, shape (..., j)."""
        return np.diagonal(self.on_country.value, axis1=-2, axis2=-1)


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


def force(facts: Facts, parameters: Parameters) -> Force:
    """Force of the measures and threats in `facts`."""
    supply = parameters.supply_stringency[..., codes(facts.supply.measure, SUPPLY_WORDS)]
    access = parameters.access_stringency[..., codes(facts.access.measure, ACCESS_WORDS)]
    n, f, m, j = facts.country.size, len(facts.families), len(facts.minerals), len(facts.countries)
    under_measure = np.zeros(m, dtype=bool)
    under_measure[facts.supply.subject[facts.supply.kind == "mineral"]] = True
    latent = latent_threat(facts, parameters)
    vulnerability = parameters.vulnerability[..., codes(facts.groups, GROUPS)]
    return Force(
        latent=latent,
        on_mineral=_pressed(facts.supply, supply, "mineral", (m, j), prevails=True),
        on_family=_pressed(facts.supply, supply, "product_family", (f, j), prevails=True),
        on_country=_pressed(facts.supply, supply, "country", (j, j), prevails=True),
        on_company=_pressed(facts.supply, supply, "company", (n, 1), prevails=False),
        under_measure=under_measure,
        access_family=_pressed(facts.access, access, "product_family", (f, j), prevails=False),
        access_company=_pressed(facts.access, access, "company", (n, 1), prevails=False),
        boycott=vulnerability[..., :, None] * latent[..., None, :],
    )


def supply_force(facts: Facts, acts: Force, family: np.ndarray, mineral: np.ndarray, country: np.ndarray) -> np.ndarray:
    """Force kappa on families that need a mineral in a country, before measures on single companies.

    Parameters
    ----------
    family, mineral, country : ndarray of int, shape (u,)

    Returns
    -------
    ndarray of float, shape (..., u)
    """
    nation = np.where(acts.under_measure[mineral], acts.nation[..., country], 0.0)
    threat: np.ndarray = np.maximum(acts.latent[..., country], nation)
    measure: np.ndarray = np.maximum(
        acts.on_mineral.value[..., mineral, country], acts.on_family.value[..., family, country]
    )
    kappa: np.ndarray = np.maximum(threat, measure)
    return kappa


def supply_drivers(
    facts: Facts, acts: Force, family: np.ndarray, mineral: np.ndarray, company: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Force kappa felt by companies in a mineral that a family needs, and what exerts it; both of shape (q,).

    The second is a position in `facts.supply`, -1 = the latent threat.
    """
    country = facts.country[company]
    under = acts.under_measure[mineral]
    nation_row = acts.on_country.row.diagonal()
    return _greatest(
        [
            acts.latent[country],
            acts.on_mineral.value[mineral, country],
            np.where(under, acts.nation[country], 0.0),
            acts.on_company.value[company, 0],
            acts.on_family.value[family, country],
        ],
        [
            np.full(family.shape, -1),
            acts.on_mineral.row[mineral, country],
            np.where(under, nation_row[country], -1),
            acts.on_company.row[company, 0],
            acts.on_family.row[family, country],
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
            acts.access_company.value[segments.company, 0],
            acts.access_family.value[segments.family, j],
        ],
        [
            np.full(segments.family.size, -1),
            acts.access_company.row[segments.company, 0],
            acts.access_family.row[segments.family, j],
        ],
    )


def _pressed(measures: Measures, strength: np.ndarray, kind: str, shape: tuple[int, int], *, prevails: bool) -> Pressed:
    """Force on each subject; if `prevails`, a measure that names a country prevails over a worldwide one."""
    on = np.array(_on(measures, kind), dtype=int)
    batch = strength.shape[:-1]
    value = np.zeros((*batch, *shape))
    if on.size:
        toward = np.array([_toward(measures, int(a), kind) for a in on])
        named = np.full(value.shape, -1.0 if prevails else 0.0)  # a named measure of no force prevails too
        far = measures.worldwide[on] & prevails
        for which, table in ((~far, named), (far, value)):
            a, j = np.nonzero(toward & which[:, None])
            if not a.size:
                continue
            position = measures.subject[on[a]] * shape[1] + j
            flat = table.reshape(-1, shape[0] * shape[1])
            for row, given in zip(flat, strength[..., on[a]].reshape(-1, a.size), strict=True):
                np.maximum.at(row, position, given)
        value = np.where(named >= 0, named, value) if prevails else named
    return Pressed(value, measures, strength, kind, prevails)


def _toward(measures: Measures, a: int, kind: str) -> np.ndarray:
    """Countries at which measure `a` is aimed; a named company is hit wherever it is at home."""
    if kind == "company":
        return np.ones(1, dtype=bool)
    aimed: np.ndarray = measures.names[a] | measures.worldwide[a]
    return aimed


def _on(measures: Measures, kind: str) -> list[int]:
    """Positions of the measures whose subject is of `kind` and in the universe."""
    found: list[int] = np.flatnonzero((measures.kind == kind) & (measures.subject >= 0)).tolist()
    return found


def _raise(
    force: np.ndarray, row: np.ndarray, subject: int, strength: float, a: int, toward: np.ndarray | slice
) -> None:
    stricter = strength > force[subject, toward]
    force[subject, toward] = np.where(stricter, strength, force[subject, toward])
    row[subject, toward] = np.where(stricter, a, row[subject, toward])


def _greatest(strengths: Sequence[np.ndarray], rows: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    force, row = strengths[0].copy(), rows[0].copy()
    for strength, candidate in zip(strengths[1:], rows[1:], strict=True):
        greater = strength > force
        force[greater] = strength[greater]
        row[greater] = candidate[greater]
    return force, row
