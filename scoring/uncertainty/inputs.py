"""What is uncertain: every input with a range, in groups, and how quasi-random points become facts and parameters."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from scoring.methodology import Methodology, Parameter
from scoring.parameters import (
    ACCESS_WORDS,
    CONTROL_WORDS,
    PILLARS,
    SEVERITY_WORDS,
    SUPPLY_WORDS,
    Parameters,
)
from scoring.parameters import GROUPS as FAMILY_GROUPS
from scoring.reference.evidence import EVIDENCE
from scoring.reference.facts import Facts
from scoring.uncertainty.distributions import dirichlet, triangular, uniform

GROUPS: Final = (
    "china-share",
    "control-fractions",
    "control-stringency",
    "alignment",
    "mineral-dependence",
    "supply-stringency",
    "latent-threat",
    "access",
    "composite",
)
"""Groups of assumptions, by which the indices say what matters."""

_NORMAL_90: Final = 1.6448536269514722
"""Half-width of the central 90% of a normal distribution, in standard deviations."""

_Draw = Callable[[np.ndarray], Any]


class Inputs:
    """Every uncertain input of the scores of a date.

    A number of the methodology and a fraction or criticality of the data are the same for all companies, so each has
    one dimension. The China share has two, its evidence and its scope, which are rotated by company: each company
    sees points that fill its own range evenly.

    Parameters
    ----------
    facts : Facts
    methodology : Methodology

    Attributes
    ----------
    size : int
        Dimensions of a point.
    group : ndarray of int, shape (size,)
        Position in `GROUPS` of each dimension.
    """

    def __init__(self, facts: Facts, methodology: Methodology) -> None:
        self.facts, self.methodology = facts, methodology
        self.base = methodology.parameters
        self._spans: list[tuple[str, slice, _Draw]] = []
        self.size = 0
        groups: list[int] = []
        self._shares = self._add(groups, "china-share", 2)
        self._fractions = self._add(groups, "control-fractions", facts.rules.entry_fraction.size)
        self._control = self._add(groups, "control-stringency", len(CONTROL_WORDS))
        self._eta = self._add(groups, "alignment", 1 + len(self.base.alignment_countries))
        self._needs = np.nonzero(facts.mineral.dependence_row >= 0)
        self._criticality = self._add(groups, "mineral-dependence", self._needs[0].size)
        self._substitutability = self._add(groups, "mineral-dependence", self._needs[0].size)
        self._imports = self._add(groups, "mineral-dependence", 1)
        self._supply = self._add(groups, "supply-stringency", len(SUPPLY_WORDS))
        self._threat = self._add(groups, "latent-threat", 4)
        self._severity = self._add(groups, "latent-threat", len(SEVERITY_WORDS))
        self._access = self._add(groups, "access", len(ACCESS_WORDS))
        self._vulnerability = self._add(groups, "access", len(FAMILY_GROUPS))
        self._weights = self._add(groups, "composite", len(PILLARS))
        self._half_points = self._add(groups, "composite", len(PILLARS))
        self._beta = self._add(groups, "composite", 1)
        self.group = np.array(groups)
        # A fixed irrational step spreads the rotations evenly, and they depend on nothing but the company's position.
        step = np.arange(facts.country.size)[:, None] * np.array([0.6180339887498949, 0.7548776662466927])
        self._rotation = step % 1.0

    def _add(self, groups: list[int], name: str, dimensions: int) -> slice:
        span = slice(self.size, self.size + dimensions)
        self.size += dimensions
        groups += [GROUPS.index(name)] * dimensions
        return span

    def draw(self, points: np.ndarray) -> tuple[Facts, Parameters]:
        """Facts and parameters at quasi-random points.

        Parameters
        ----------
        points : ndarray of float, shape (b, size)
            0..1.

        Returns
        -------
        Facts, Parameters
            With a leading axis of b draws on everything that is uncertain.
        """
        return self._facts(points), self._parameters(points)

    def _facts(self, u: np.ndarray) -> Facts:
        facts = self.facts
        rules = dataclasses.replace(
            facts.rules,
            entry_fraction=triangular(
                u[:, self._fractions], facts.rules.entry_low, facts.rules.entry_fraction, facts.rules.entry_high
            ),
        )
        return facts.replace(rules=rules, mineral=self._mineral(u), china=self._china(u))

    def _mineral(self, u: np.ndarray) -> Any:
        mineral = self.facts.mineral
        spread = self._spread(mineral.dependence_evidence[self._needs])

        def drawn(values: np.ndarray, span: slice) -> np.ndarray:
            mode = values[self._needs]
            low, high = mode * (1 - spread), np.minimum(mode * (1 + spread), 1.0)
            out = np.repeat(values[None], u.shape[0], axis=0)
            out[:, self._needs[0], self._needs[1]] = triangular(u[:, span], low, mode, high)
            return out

        return dataclasses.replace(
            mineral,
            criticality=drawn(mineral.criticality, self._criticality),
            substitutability=drawn(mineral.substitutability, self._substitutability),
        )

    def _china(self, u: np.ndarray) -> Any:
        china, uncertainty = self.facts.china, self.methodology.uncertainty
        rotated = (u[:, None, self._shares] + self._rotation) % 1.0
        spread = self._spread(china.evidence)
        by_evidence = triangular(rotated[..., 0], 1 - spread, np.ones_like(spread), 1 + spread)
        scopes = self.facts.release.columns("revenue")["china_scope"][china.row]
        ends = [uncertainty.scope[scope] for scope in scopes]
        low, mode, high = (np.array([getattr(end, name) for end in ends]) for name in ("low", "value", "high"))
        factor = by_evidence * triangular(rotated[..., 1], low, mode, high)
        return dataclasses.replace(
            china,
            latest=np.minimum(china.latest * factor, 1.0),
            structural=np.minimum(china.structural * factor, 1.0),
        )

    def _spread(self, evidence: np.ndarray) -> np.ndarray:
        """Relative half-width of values by their evidence."""
        by_word = np.array([self.methodology.uncertainty.spread[word].value for word in EVIDENCE])  # type: ignore[index]
        found: np.ndarray = by_word[evidence]
        return found

    def _parameters(self, u: np.ndarray) -> Parameters:
        m, threat = self.methodology, self.methodology.latent_threat
        eta = self._uniform(
            u[:, self._eta], [m.alignment_probability.default, *m.alignment_probability.countries.values()]
        )
        level = self._book(
            u[:, self._threat], [threat.maximum, threat.scale, threat.half_life_years, threat.worldwide_share]
        )
        weights = [getattr(m.weights, pillar) for pillar in PILLARS]
        return dataclasses.replace(
            self.base,
            weights=dirichlet(u[:, self._weights], self.base.weights, _concentration(weights)),
            half_points=self._uniform(u[:, self._half_points], [getattr(m.half_points, pillar) for pillar in PILLARS]),
            beta=self._uniform(u[:, self._beta], [m.beta]),
            alignment_default=eta[:, :1],
            alignment_countries={
                country: eta[:, i : i + 1] for i, country in enumerate(self.base.alignment_countries, start=1)
            },
            control_stringency=self._book(u[:, self._control], [m.control_stringency[w] for w in CONTROL_WORDS]),  # type: ignore[index]
            supply_stringency=self._book(u[:, self._supply], [m.supply_stringency[w] for w in SUPPLY_WORDS]),  # type: ignore[index]
            access_stringency=self._book(u[:, self._access], [m.access_stringency[w] for w in ACCESS_WORDS]),  # type: ignore[index]
            threat_maximum=level[:, 0:1],
            threat_scale=level[:, 1:2],
            threat_half_life=level[:, 2:3],
            worldwide_share=level[:, 3:4],
            severity=self._book(u[:, self._severity], [threat.severity[w] for w in SEVERITY_WORDS]),  # type: ignore[index]
            vulnerability=self._book(u[:, self._vulnerability], [m.vulnerability[w] for w in FAMILY_GROUPS]),  # type: ignore[index]
            unknown_import_share=self._book(u[:, self._imports], [m.unknown_import_share]),
        )

    @staticmethod
    def _book(u: np.ndarray, ranges: list[Parameter]) -> np.ndarray:
        low, mode, high = (np.array([getattr(one, name) for one in ranges]) for name in ("low", "value", "high"))
        return triangular(u, low, mode, high)

    @staticmethod
    def _uniform(u: np.ndarray, ranges: list[Parameter]) -> np.ndarray:
        low, high = (np.array([getattr(one, name) for one in ranges]) for name in ("low", "high"))
        return uniform(u, low, high)


def _concentration(weights: list[Parameter]) -> float:
    """Concentration of the Dirichlet whose weights lie within their ranges about nine times in ten."""
    found = []
    for weight in weights:
        deviation = (weight.high - weight.low) / 2 / _NORMAL_90
        if deviation > 0:
            found.append(weight.value * (1 - weight.value) / deviation**2 - 1)
    return max(float(np.mean(found)), 1.0) if found else 1e9
