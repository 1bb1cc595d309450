"""Leaves: the score of every company taken apart into single facts at work (methodology, sections 5 and 6).

A leaf is one China share, one segment under one control, one segment behind the strictest ally, one mineral
in one segment, or one segment shut out. The points of a company's leaves sum to its score, and their
contribution-weighted certainty is its confidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from scoring.exposure.control import binding_entries, binds
from scoring.exposure.force import access_drivers, supply_drivers
from scoring.exposure.retaliation import leverage, needs
from scoring.facts.blocks import Measures
from scoring.facts.evidence import EVIDENCE, MODELLED
from scoring.score.composite import pooled_shares
from scoring.score.evaluation import Evaluation

KINDS: Final = ("market", "control", "alignment", "supply", "access")
MARKET, CONTROL, ALIGNMENT, SUPPLY, ACCESS = range(5)


@dataclass(frozen=True)
class Leaves:
    """Flat table of leaves, one entry per leaf of any company.

    Attributes
    ----------
    kind : ndarray of int
        Index into `KINDS`.
    company, segment : ndarray of int
        Company, and position in `facts.segments` (-1 for a market leaf).
    item : ndarray of int
        Control: position among the entries of `facts.rules`. Alignment: ally, an index into the countries.
        Supply: mineral. Otherwise -1.
    driver : ndarray of int
        Supply and access: position of the measure in `facts.supply` or `facts.access`, -1 = latent threat.
    exposure : ndarray of float
        Part of the pillar's exposure (market, control), or the share of revenue it acts on (supply, access).
    pillar_share : ndarray of float
        Part of the pillar's points; sums to 1 over the leaves of a pillar that has points.
    points : ndarray of float
        Points of the score; NaN where the company has no score.
    certainty : ndarray of float
        0..1, of the leaf's weakest fact.
    """

    kind: np.ndarray
    company: np.ndarray
    segment: np.ndarray
    item: np.ndarray
    driver: np.ndarray
    exposure: np.ndarray
    pillar_share: np.ndarray
    points: np.ndarray
    certainty: np.ndarray

    def confidence(self, n: int) -> np.ndarray:
        """Confidence of each company, shape (n,): contribution-weighted mean of certainty; NaN without a score."""
        scored = ~np.isnan(self.points)
        company, points = self.company[scored], self.points[scored]
        total = np.bincount(company, points, n)
        weighted = np.bincount(company, points * self.certainty[scored], n)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(total > 0, weighted / total, np.nan)


def fact_weight(evaluation: Evaluation, evidence: np.ndarray, age: np.ndarray | float = 0.0) -> np.ndarray:
    """Certainty of a fact: weight of its evidence, halved every `confidence.half_life_years` since it became known."""
    confidence = evaluation.methodology.confidence
    weights = np.array([confidence.evidence[word].value for word in EVIDENCE])  # type: ignore[index]
    return weights[evidence] * 2.0 ** (-np.asarray(age) / confidence.half_life_years.value)


def leaves(evaluation: Evaluation) -> Leaves:
    """Take the score of every company apart."""
    facts, china = evaluation.facts, evaluation.facts.china
    known = np.flatnonzero(china.row >= 0)
    share = fact_weight(evaluation, china.evidence, china.age)
    mix = fact_weight(evaluation, facts.segments.evidence, facts.segments.age)
    # A disclosed segment share comes with the mix row; any other rests on the company's own China share.
    own = np.where(np.isnan(facts.segments.china), share[facts.segments.company], mix)
    revenue = np.minimum(own, mix)
    parts = [
        _part(MARKET, known, known * 0 - 1, exposure=evaluation.market[known], certainty=share[known]),
        _control(evaluation, revenue),
        _alignment(evaluation, revenue),
        _supply(evaluation, mix),
        _access(evaluation, revenue),
    ]
    kind, company, segment, item, driver, exposure, raw, certainty = (
        np.concatenate(columns) for columns in zip(*parts, strict=True)
    )
    pillar = np.array([0, 1, 1, 2, 2])[kind]
    cell = company * 3 + pillar
    total = np.bincount(cell, raw, 3 * facts.country.size)[cell]
    with np.errstate(invalid="ignore", divide="ignore"):
        pillar_share = np.where(total > 0, raw / total, 0.0)
    return Leaves(
        kind, company, segment, item, driver, exposure,
        pillar_share=pillar_share,
        points=pillar_share * evaluation.points[company, pillar],
        certainty=certainty,
    )  # fmt: skip


_Part = tuple[np.ndarray, ...]


def _part(
    kind: int,
    company: np.ndarray,
    segment: np.ndarray,
    *,
    exposure: np.ndarray,
    certainty: np.ndarray,
    item: np.ndarray | None = None,
    driver: np.ndarray | None = None,
    raw: np.ndarray | None = None,
) -> _Part:
    """Columns of leaves of one kind; `raw` weighs a leaf within its pillar (default: its exposure)."""
    none = np.full(company.size, -1)
    return (
        np.full(company.size, kind),
        company,
        segment,
        none if item is None else item,
        none if driver is None else driver,
        exposure,
        exposure if raw is None else raw,
        certainty,
    )


def _control(evaluation: Evaluation, revenue: np.ndarray) -> _Part:
    """One leaf per segment and entry of the imposer that restricts it most, scaled where the sum passes 1."""
    facts, restricted = evaluation.facts, evaluation.restricted
    segments, rules = facts.segments, facts.rules
    by_family = np.argsort(segments.family, kind="stable")
    ordered = segments.family[by_family]
    first = np.searchsorted(ordered, rules.entry_family, "left")
    count = np.searchsorted(ordered, rules.entry_family, "right") - first
    entry = np.repeat(np.arange(rules.entry_family.size), count)
    within = np.arange(entry.size) - np.repeat(np.cumsum(count) - count, count)
    segment = by_family[first[entry] + within]
    company = segments.company[segment]
    j, service, family = facts.country[company], segments.service[segment], segments.family[segment]
    sold = np.nan_to_num(evaluation.china_revenue[segment]) > 0
    acts = binds(rules, restricted, entry, service, j) & sold
    entry, segment, company = entry[acts], segment[acts], company[acts]
    j, service, family = j[acts], service[acts], family[acts]
    total = restricted.by_imposer[restricted.imposer[service, family, j], service, family, j]
    exposure = evaluation.china_revenue[segment] * restricted.entry[entry] / np.maximum(total, 1.0)
    certainty = np.minimum(revenue[segment], _entry_weight(evaluation)[entry])
    return _part(CONTROL, company, segment, item=entry, exposure=exposure, certainty=certainty)


def _alignment(evaluation: Evaluation, revenue: np.ndarray) -> _Part:
    """One leaf per segment that the strictest ally would restrict more."""
    facts, restricted = evaluation.facts, evaluation.restricted
    segments = facts.segments
    j, service, family = facts.country[segments.company], segments.service, segments.family
    gap = restricted.aligned[service, family] - restricted.now[service, family, j]
    eta = evaluation.control.eta[segments.company]
    exposure = evaluation.china_revenue * gap * eta
    segment = np.flatnonzero(np.nan_to_num(exposure) > 0)
    ally = restricted.ally[service, family][segment]
    # Certainty of the ally's treatment: mean over the entries that make it up.
    weight = _entry_weight(evaluation)
    sure, everything = np.zeros(segment.size), np.zeros(segment.size)
    for i, k in enumerate(segment):
        entries = ally_entries(evaluation, int(k))
        sure[i] = (restricted.entry[entries] * weight[entries]).sum()
        everything[i] = restricted.entry[entries].sum()
    certainty = np.minimum(revenue[segment], sure / everything) if segment.size else sure
    return _part(
        ALIGNMENT,
        segments.company[segment],
        segment,
        item=ally,
        exposure=exposure[segment],
        certainty=certainty,
    )


def ally_entries(evaluation: Evaluation, k: int) -> np.ndarray:
    """Entries of the packages by which the strictest ally restricts segment `k`, as positions in `facts.rules`."""
    restricted, segments = evaluation.restricted, evaluation.facts.segments
    service, family = segments.service[k], segments.family[k]
    return binding_entries(evaluation.facts.rules, restricted, service, family, restricted.ally[service, family])


def _supply(evaluation: Evaluation, mix: np.ndarray) -> _Part:
    """One leaf per mineral and segment; supply and access share the pillar like two factors of 1 - R."""
    facts, retaliation = evaluation.facts, evaluation.retaliation
    mineral = facts.mineral
    use = facts.layout
    m, family = use.need_mineral[use.use_need], use.need_family[use.use_need]
    kappa, driver = supply_drivers(facts, evaluation.force, family, m, use.use_company)
    felt = use.use_share * (needs(facts)[use.use_need] * kappa)
    stake = use.use_stake
    reach = leverage(facts, evaluation.parameters)[m, facts.country[use.use_company]]
    acts = (felt > 0) & ~np.isnan(reach)
    k, m, company, family = use.use_segment[acts], m[acts], use.use_company[acts], family[acts]
    felt, driver, reach, stake = felt[acts], driver[acts], reach[acts], stake[acts]
    total = retaliation.felt[stake]
    of_pillar = pooled_shares(np.stack([retaliation.supply, np.nan_to_num(retaliation.access)], axis=-1))[:, 0]
    of_supply = pooled_shares(retaliation.mineral)
    raw = of_pillar[company] * of_supply[company, m] * felt / total
    weights = (
        mix[k],
        fact_weight(evaluation, mineral.dependence_evidence[family, m]),
        fact_weight(evaluation, mineral.supply_evidence, mineral.supply_age)[m],
        fact_weight(evaluation, mineral.import_evidence, mineral.import_age)[m, facts.country[company]],
        _act_weight(evaluation, facts.supply, driver),
    )
    exposure = reach * felt / np.maximum(total, 1.0)
    return _part(
        SUPPLY, company, k, item=m, driver=driver, exposure=exposure, raw=raw,
        certainty=np.minimum.reduce(weights),
    )  # fmt: skip


def _access(evaluation: Evaluation, revenue: np.ndarray) -> _Part:
    """One leaf per segment that is or may be shut out."""
    facts, retaliation = evaluation.facts, evaluation.retaliation
    strength, driver = access_drivers(facts, evaluation.force)
    exposure = evaluation.china_revenue * strength
    k = np.flatnonzero(np.nan_to_num(exposure) > 0)
    company = facts.segments.company[k]
    of_pillar = pooled_shares(np.stack([retaliation.supply, retaliation.access], axis=-1))[:, 1]
    raw = of_pillar[company] * exposure[k] / retaliation.access[company]
    certainty = np.minimum(revenue[k], _act_weight(evaluation, facts.access, driver[k]))
    return _part(ACCESS, company, k, driver=driver[k], exposure=exposure[k], raw=raw, certainty=certainty)


def _entry_weight(evaluation: Evaluation) -> np.ndarray:
    """Certainty of each entry: of its fraction or of its package, whichever is less sure."""
    rules = evaluation.facts.rules
    package = fact_weight(evaluation, rules.evidence)
    return np.minimum(fact_weight(evaluation, rules.entry_evidence), package[rules.entry_rule])


def _act_weight(evaluation: Evaluation, measures: Measures, driver: np.ndarray) -> np.ndarray:
    """Certainty of what drives a leaf: a measure by its source; the latent threat is our own index of past acts."""
    evidence = np.append(measures.evidence, MODELLED)  # driver -1, the latent threat, takes the last
    return fact_weight(evaluation, evidence)[driver]
