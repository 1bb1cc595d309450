"""What is uncertain: every input with a range, in groups, and how quasi-random points become facts and parameters."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from scoring.facts.blocks import Customers, Measures, Minerals, Rules, Segments
from scoring.facts.evidence import EVIDENCE
from scoring.facts.facts import Facts
from scoring.facts.sales.shares import ChinaShares
from scoring.methodology.document import Methodology
from scoring.methodology.kinds import Parameter
from scoring.methodology.parameters import (
    ACCESS_WORDS,
    CONTROL_WORDS,
    PILLARS,
    SEVERITY_WORDS,
    SUPPLY_WORDS,
    Parameters,
)
from scoring.methodology.parameters import GROUPS as FAMILY_GROUPS
from scoring.uncertainty.distributions import (
    around_one,
    between,
    concentration,
    dirichlet,
    rotate,
    rotations,
    triangular,
    uniform,
)

GROUPS: Final = (
    "china-share",
    "control-fractions",
    "control-stringency",
    "alignment",
    "mineral-dependence",
    "supply-stringency",
    "latent-threat",
    "access",
    "product-mix",
    "composite",
)
"""Groups of assumptions, by which the indices say what matters."""

PILLAR_GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "market": ("china-share",),
    "control": ("control-fractions", "control-stringency", "alignment"),
    "retaliation": ("mineral-dependence", "supply-stringency", "latent-threat", "access"),
}
"""Groups whose assumptions a pillar rests on; the product mix serves two of them, the composite all."""

_SHARES: Final = 2
"""Dimensions of a China share: its evidence and its scope."""

_MIX: Final = 8
"""Dimensions of a product mix; the segments of a company after the eighth use them again, rotated otherwise."""


class Inputs:
    """Every uncertain input of the scores of a date.

    A number of the methodology and a fraction or criticality of the data are the same for all companies, so each has
    one dimension. What each company has for itself, its China share and its product mix, has a few dimensions that
    are rotated by company: each company sees points that fill its own range evenly. Measured import shares, China's
    share of supply, dates and identities are taken as known.

    Parameters
    ----------
    facts : Facts
    methodology : Methodology
    others : sequence of Facts
        Other states of the same companies to draw as well, such as those of earlier days.
    whole : Facts, optional
        Facts that `facts` are some companies of: each input keeps the dimension, and so the points, that it has there.

    Attributes
    ----------
    size : int
        Dimensions of a point.
    group : ndarray of int, shape (size,)
        Position in `GROUPS` of each dimension.
    """

    def __init__(
        self, facts: Facts, methodology: Methodology, others: Sequence[Facts] = (), whole: Facts | None = None
    ) -> None:
        self.facts, self.methodology = facts, methodology
        self.size = 0
        groups: list[int] = []
        # A cited fraction has one dimension, in whichever states it occurs.
        states = (whole or facts, *others)
        self._entry = _numbered(row for one in states for row in one.rules.entry_row.tolist())
        # So has a measure that may reach more or less of its subject, and what a company said of a customer.
        scopes = {
            side: _numbered(row for one in states for row in _vague(getattr(one, side)).tolist())
            for side in ("supply", "access")
        }
        self._scope = scopes
        self._customer = _numbered(row for one in states for row in one.customers.row.tolist())
        self._countries = list(methodology.alignment_probability.countries)
        self._needs = np.nonzero(facts.mineral.dependence_row >= 0)
        needs = self._needs[0].size
        self._shares = self._add(groups, "china-share", _SHARES)
        self._fractions = self._add(groups, "control-fractions", len(self._entry))
        self._control = self._add(groups, "control-stringency", len(CONTROL_WORDS))
        self._eta = self._add(groups, "alignment", 1 + len(self._countries))
        self._criticality = self._add(groups, "mineral-dependence", needs)
        self._substitutability = self._add(groups, "mineral-dependence", needs)
        self._imports = self._add(groups, "mineral-dependence", 1)
        self._supply = self._add(groups, "supply-stringency", len(SUPPLY_WORDS))
        self._threat = self._add(groups, "latent-threat", 4)
        self._severity = self._add(groups, "latent-threat", len(SEVERITY_WORDS))
        self._access = self._add(groups, "access", len(ACCESS_WORDS))
        self._vulnerability = self._add(groups, "access", len(FAMILY_GROUPS))
        self._scopes = {
            "supply": self._add(groups, "supply-stringency", len(scopes["supply"])),
            "access": self._add(groups, "access", len(scopes["access"])),
        }
        self._customers = self._add(groups, "china-share", len(self._customer))
        self._loss = self._add(
            groups, "control-stringency", len(CONTROL_WORDS) * (methodology.control_loss is not None)
        )
        self._supply_loss = self._add(groups, "supply-stringency", int(methodology.supply_loss is not None))
        self._mix = self._add(groups, "product-mix", _MIX)
        self._weights = self._add(groups, "composite", len(PILLARS))
        self._half_points = self._add(groups, "composite", len(PILLARS))
        self._beta = self._add(groups, "composite", 1)
        self.group = np.array(groups)
        segments = facts.segments
        count = segments.ends - segments.starts
        self._owner = np.repeat(np.arange(count.size), count)
        position = np.arange(segments.company.size) - np.repeat(segments.starts, count)
        self._mix_dimension = position % _MIX
        rotation = rotations(facts.company_ids, _SHARES + int(count.max(initial=0)))
        self._share_rotation = rotation[:, :_SHARES]
        self._mix_rotation = rotation[segments.company, _SHARES + position]

    def _add(self, groups: list[int], name: str, dimensions: int) -> slice:
        span = slice(self.size, self.size + dimensions)
        self.size += dimensions
        groups += [GROUPS.index(name)] * dimensions
        return span

    def draw(
        self, points: np.ndarray, facts: Facts | None = None, methodology: Methodology | None = None
    ) -> tuple[Facts, Parameters]:
        """Facts and parameters at quasi-random points.

        Parameters
        ----------
        points : ndarray of float, shape (b, size)
            0..1.
        facts : Facts, optional
            One of `others`, to be drawn at the same points.
        methodology : Methodology, optional
            Another one to draw from at the same points, such as that without a scenario.

        Returns
        -------
        Facts, Parameters
            With a leading axis of b draws on everything that is uncertain.
        """
        state = self.facts if facts is None else facts
        drawn = state.replace(
            rules=self._rules(points, state.rules),
            mineral=self._mineral(points, state.mineral),
            china=self._china(points, state),
            segments=self._segments(points, state.segments),
            customers=self._bought(points, state.customers),
            supply=self._reaching(points, state.supply, "supply"),
            access=self._reaching(points, state.access, "access"),
        )
        return drawn, self._parameters(points, self.methodology if methodology is None else methodology)

    def _rules(self, u: np.ndarray, rules: Rules) -> Rules:
        mine = np.array([self._entry[row] for row in rules.entry_row.tolist()], dtype=int)
        point = u[:, self._fractions][:, mine]
        drawn = triangular(point, rules.entry_low, rules.entry_fraction, rules.entry_high)
        return dataclasses.replace(rules, entry_fraction=drawn)

    def _reaching(self, u: np.ndarray, measures: Measures, side: str) -> Measures:
        """Measures with the part of their subject that each reaches."""
        vague = np.isin(measures.row, _vague(measures))
        if not vague.any():
            return measures
        mine = [self._scope[side][row] for row in measures.row[vague].tolist()]
        scope = np.repeat(measures.scope[None], u.shape[0], axis=0)
        low, mode, high = (of[vague] for of in (measures.scope_low, measures.scope, measures.scope_high))
        scope[:, vague] = triangular(u[:, self._scopes[side]][:, mine], low, mode, high)
        return dataclasses.replace(measures, scope=scope)

    def _bought(self, u: np.ndarray, customers: Customers) -> Customers:
        """Customers, each with a share within its spread."""
        mine = [self._customer[row] for row in customers.row.tolist()]
        if not mine:
            return customers
        factor = around_one(u[:, self._customers][:, mine], self._spread(customers.evidence))
        return dataclasses.replace(customers, share=np.minimum(customers.share * factor, 1.0))

    def _mineral(self, u: np.ndarray, mineral: Minerals) -> Minerals:
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

    def _china(self, u: np.ndarray, facts: Facts) -> ChinaShares:
        china = facts.china
        rotated = rotate(u[:, None, self._shares], self._share_rotation)
        scopes = facts.release.columns("revenue")["china_scope"][china.row]
        low, mode, high = _ends([self.methodology.uncertainty.scope[scope] for scope in scopes])
        factor = around_one(rotated[..., 0], self._spread(china.evidence))
        factor *= triangular(rotated[..., 1], low, mode, high)
        latest, structural = (np.minimum(share * factor, 1.0) for share in (china.latest, china.structural))
        at = np.flatnonzero(china.estimated)
        drawn = between(rotated[:, at, 0], china.low[at], china.latest[at], china.high[at])
        latest[..., at] = structural[..., at] = drawn
        return dataclasses.replace(china, latest=latest, structural=structural)

    def _segments(self, u: np.ndarray, segments: Segments) -> Segments:
        """Product mixes: each share within its spread, and all of a company made to sum to 1 again."""
        if not segments.starts.size:
            return segments
        rotated = rotate(u[:, self._mix][:, self._mix_dimension], self._mix_rotation)
        share = segments.share * around_one(rotated, self._spread(segments.evidence))
        share /= np.add.reduceat(share, segments.starts, axis=-1).take(self._owner, axis=-1)
        return dataclasses.replace(segments, share=share)

    def _spread(self, evidence: np.ndarray) -> np.ndarray:
        """Relative half-width of values by their evidence."""
        by_word = np.array([self.methodology.uncertainty.spread[word].value for word in EVIDENCE])  # type: ignore[index]
        found: np.ndarray = by_word[evidence]
        return found

    def _parameters(self, u: np.ndarray, m: Methodology) -> Parameters:
        threat, countries = m.latent_threat, m.alignment_probability.countries
        eta = u[:, self._eta]
        # A country that only the other methodology sets apart moves with the default.
        own = {c: self._countries.index(c) + 1 if c in self._countries else 0 for c in countries}
        level = _book(
            u[:, self._threat], [threat.maximum, threat.scale, threat.half_life_years, threat.worldwide_share]
        )
        weight, low, high = (
            np.array([getattr(getattr(m.weights, p), end) for p in PILLARS]) for end in ("value", "low", "high")
        )
        return dataclasses.replace(
            m.parameters,
            weights=dirichlet(u[:, self._weights], weight, concentration(weight, low, high)),
            half_points=_uniform(u[:, self._half_points], [getattr(m.half_points, pillar) for pillar in PILLARS]),
            beta=_uniform(u[:, self._beta], [m.beta]),
            alignment_default=_uniform(eta[:, :1], [m.alignment_probability.default]),
            alignment_countries={c: _uniform(eta[:, own[c], None], [countries[c]]) for c in countries},
            control_stringency=_book(u[:, self._control], [m.control_stringency[w] for w in CONTROL_WORDS]),  # type: ignore[index]
            supply_stringency=_book(u[:, self._supply], [m.supply_stringency[w] for w in SUPPLY_WORDS]),  # type: ignore[index]
            access_stringency=_book(u[:, self._access], [m.access_stringency[w] for w in ACCESS_WORDS]),  # type: ignore[index]
            threat_maximum=level[:, 0:1],
            threat_scale=level[:, 1:2],
            threat_half_life=level[:, 2:3],
            worldwide_share=level[:, 3:4],
            severity=_book(u[:, self._severity], [threat.severity[w] for w in SEVERITY_WORDS]),  # type: ignore[index]
            vulnerability=_book(u[:, self._vulnerability], [m.vulnerability[w] for w in FAMILY_GROUPS]),  # type: ignore[index]
            unknown_import_share=_book(u[:, self._imports], [m.unknown_import_share]),
            control_loss=None
            if m.control_loss is None
            else _book(u[:, self._loss], [m.control_loss[w] for w in CONTROL_WORDS]),  # type: ignore[index]
            supply_loss=None if m.supply_loss is None else _book(u[:, self._supply_loss], [m.supply_loss]),
        )


def _numbered(rows: Iterable[int]) -> dict[int, int]:
    """Number of each row, in the order in which they first come."""
    return {row: number for number, row in enumerate(dict.fromkeys(rows))}


def _vague(measures: Measures) -> np.ndarray:
    """Rows of the measures that may reach more or less of their subject."""
    return measures.row[measures.scope_low < measures.scope_high]


def _ends(ranges: Sequence[Parameter]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    low, mode, high = (np.array([getattr(one, name) for one in ranges]) for name in ("low", "value", "high"))
    return low, mode, high


def _book(u: np.ndarray, ranges: Sequence[Parameter]) -> np.ndarray:
    low, mode, high = _ends(ranges)
    return triangular(u, low, mode, high)


def _uniform(u: np.ndarray, ranges: Sequence[Parameter]) -> np.ndarray:
    low, _, high = _ends(ranges)
    return uniform(u, low, high)
