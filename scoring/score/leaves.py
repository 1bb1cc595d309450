"""Leaves: the score of every company taken apart into single facts at work (methodology, sections 5 and 6).

A leaf is one China share, one segment under one control, the customers that one package names, one segment behind
the strictest ally, one mineral in one segment, or one segment shut out. The points of a company's leaves sum to its
score, and their contribution-weighted certainty is its confidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from scoring.arrays import look_up
from scoring.exposure.bottleneck import Bottlenecks
from scoring.exposure.control import binding_entries, binds
from scoring.exposure.force import access_drivers, supply_drivers
from scoring.exposure.leverage import leverage, needs
from scoring.exposure.stakes import Stakes
from scoring.facts.blocks import Measures
from scoring.facts.evidence import EVIDENCE, MODELLED
from scoring.score.composite import pooled_shares
from scoring.score.evaluation import Evaluation

KINDS: Final = ("market", "control", "alignment", "supply", "access", "customer")
MARKET, CONTROL, ALIGNMENT, SUPPLY, ACCESS, CUSTOMER = range(6)


@dataclass(frozen=True)
class Leaves:
    """Flat table of leaves, one entry per leaf of any company.

    Attributes
    ----------
    kind : ndarray of int
        Index into `KINDS`.
    company, segment : ndarray of int
        Company, and position in `facts.segments` (-1 for a market or customer leaf).
    item : ndarray of int
        Control: position among the entries of `facts.rules`. Alignment: ally, an index into the countries.
        Supply: mineral. Customer: position among the packages of `facts.rules`. Otherwise -1.
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
        """Confidence of each company, shape (n,): contribution-weighted mean of certainty; NaN without a score.

        A score of 0 has no contributions: it is as certain as the China share that it follows from.
        """
        scored = ~np.isnan(self.points)
        company, points = self.company[scored], self.points[scored]
        total = np.bincount(company, points, n)
        weighted = np.bincount(company, points * self.certainty[scored], n)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(total > 0, weighted / total, np.nan)
        of_share = scored & (self.kind == MARKET)
        nothing = np.isnan(mean[self.company[of_share]])
        mean[self.company[of_share][nothing]] = self.certainty[of_share][nothing]
        return mean


def fact_weight(evaluation: Evaluation, evidence: np.ndarray | int, age: np.ndarray | float = 0.0) -> np.ndarray:
    """Certainty of a fact: weight of its evidence, halved every `confidence.half_life_years` since it became known."""
    confidence = evaluation.methodology.confidence
    weights = np.array([confidence.evidence[word].value for word in EVIDENCE])  # type: ignore[index]
    return weights[evidence] * 2.0 ** (-np.asarray(age) / confidence.half_life_years.value)


def leaves(evaluation: Evaluation) -> Leaves:
    """Take the score of every company apart."""
    facts, china = evaluation.facts, evaluation.facts.china
    known = np.flatnonzero(~np.isnan(evaluation.market))
    share = fact_weight(evaluation, china.evidence, china.age)
    mix = fact_weight(evaluation, facts.segments.evidence, facts.segments.age)
    # A disclosed segment share comes with the mix row; any other rests on the company's own China share.
    own = np.where(np.isnan(facts.segments.china), share[facts.segments.company], mix)
    revenue = np.minimum(own, mix)
    parts = [
        _part(MARKET, known, known * 0 - 1, exposure=evaluation.market[known], certainty=share[known]),
        _control(evaluation, revenue),
        _customers(evaluation, share),
        _alignment(evaluation, revenue),
        _supply(evaluation, mix),
        _access(evaluation, revenue),
    ]
    kind, company, segment, item, driver, exposure, raw, certainty = (
        np.concatenate(columns) for columns in zip(*parts, strict=True)
    )
    # What is estimated of a company is in every pillar of its score, whose certainty it bounds.
    certainty = np.where(facts.estimated[company], np.minimum(certainty, fact_weight(evaluation, MODELLED)), certainty)
    pillar = np.array([0, 1, 1, 2, 2, 1])[kind]
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
    # A package that binds leaves something restricted, so segments of which nothing is are not looked at.
    is_restricted = look_up(restricted.now, facts.layout.segment_restriction, 3) > 0
    by_family = np.flatnonzero(is_restricted & (np.nan_to_num(evaluation.china_revenue) > 0))
    by_family = by_family[np.argsort(segments.family[by_family], kind="stable")]
    ordered = segments.family[by_family]
    first = np.searchsorted(ordered, rules.entry_family, "left")
    count = np.searchsorted(ordered, rules.entry_family, "right") - first
    entry = np.repeat(np.arange(rules.entry_family.size), count)
    within = np.arange(entry.size) - np.repeat(np.cumsum(count) - count, count)
    segment = by_family[first[entry] + within]
    company = segments.company[segment]
    j, service, family = facts.country[company], segments.service[segment], segments.family[segment]
    acts = binds(rules, restricted, entry, service, j)
    entry, segment, company = entry[acts], segment[acts], company[acts]
    j, service, family = j[acts], service[acts], family[acts]
    total = restricted.by_imposer[restricted.imposer[service, family, j], service, family, j]
    exposure = evaluation.china_revenue[segment] * restricted.entry[entry] / np.maximum(total, 1.0)
    certainty = np.minimum(revenue[segment], _entry_weight(evaluation)[entry])
    return _part(CONTROL, company, segment, item=entry, exposure=exposure, certainty=certainty)


def _customers(evaluation: Evaluation, share: np.ndarray) -> _Part:
    """One leaf per company and package that holds back more of its named customers than of its products."""
    facts, sales, control = evaluation.facts, evaluation.named, evaluation.control
    excess, imposer = sales.strictest(facts, sales.excess)
    q = np.flatnonzero((facts.rules.imposer[sales.package] == imposer[sales.company]) & (sales.excess > 0))
    company, package = sales.company[q], sales.package[q]
    exposure = control.named[company] * sales.excess[q] / excess[company]
    bought = facts.customers
    said = fact_weight(evaluation, bought.evidence, bought.age)
    least = np.full(facts.country.size, 1.0)
    np.minimum.at(least, bought.company, said)
    act = fact_weight(evaluation, facts.rules.evidence)[package]
    certainty = np.minimum.reduce((share[company], least[company], act))
    return _part(CUSTOMER, company, company * 0 - 1, item=package, exposure=exposure, certainty=certainty)


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
    # What alignment adds is cut where with named customers it would pass the China share.
    added = evaluation.control.total - evaluation.control.now
    with np.errstate(invalid="ignore", divide="ignore"):
        kept = np.where(evaluation.control.named > 0, added / (evaluation.control.eta * evaluation.control.gap), 1.0)
    exposure = exposure * np.fmin(kept, 1.0)[segments.company]
    # Certainty of the ally's treatment: mean over the entries that make it up.
    weight = _entry_weight(evaluation)
    treatment, which = np.unique(service[segment] + 2 * family[segment], return_inverse=True)
    sure, everything = np.zeros((2, treatment.size))
    for i, first in enumerate(np.unique(which, return_index=True)[1].tolist()):
        entries = ally_entries(evaluation, int(segment[first]))
        sure[i] = (restricted.entry[entries] * weight[entries]).sum()
        everything[i] = restricted.entry[entries].sum()
    certainty = np.minimum(revenue[segment], (sure / everything)[which])
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
    """Supply and access share the pillar like two factors of 1 - R; in supply, see the methodology's way."""
    retaliation = evaluation.retaliation
    of_pillar = pooled_shares(np.stack([retaliation.supply, np.nan_to_num(retaliation.access)], axis=-1))[:, 0]
    if retaliation.bottlenecks is not None:
        return _bottlenecks(evaluation, retaliation.bottlenecks, mix, of_pillar)
    assert retaliation.stakes is not None  # noqa: S101 (one of the two there is)
    return _stakes(evaluation, retaliation.stakes, mix, of_pillar)


def _bottlenecks(evaluation: Evaluation, found: Bottlenecks, mix: np.ndarray, of_pillar: np.ndarray) -> _Part:
    """One leaf per segment, through its scarcest mineral."""
    facts, segments = evaluation.facts, evaluation.facts.segments
    k = np.flatnonzero((found.need >= 0) & (segments.share > 0))
    m, company = facts.layout.need_mineral[found.need[k]], segments.company[k]
    _, driver = supply_drivers(facts, evaluation.force, segments.family[k], m, company)
    exposure = segments.share[k] * found.segment[k]
    raw = of_pillar[company] * exposure / evaluation.retaliation.supply[company]
    certainty = _supply_certainty(evaluation, mix[k], segments.family[k], m, company, driver)
    return _part(SUPPLY, company, k, item=m, driver=driver, exposure=exposure, raw=raw, certainty=certainty)


def _stakes(evaluation: Evaluation, found: Stakes, mix: np.ndarray, of_pillar: np.ndarray) -> _Part:
    """One leaf per mineral and segment."""
    facts, layout = evaluation.facts, evaluation.facts.layout
    uses = layout.uses
    m, family = layout.need_mineral[uses.need], layout.need_family[uses.need]
    kappa, driver = supply_drivers(facts, evaluation.force, family, m, uses.company)
    felt = uses.share * (needs(facts)[uses.need] * kappa)
    stake = uses.stake
    reach = leverage(facts, evaluation.parameters)[m, facts.country[uses.company]]
    acts = (felt > 0) & ~np.isnan(reach)
    k, m, company, family = uses.segment[acts], m[acts], uses.company[acts], family[acts]
    felt, driver, reach, stake = felt[acts], driver[acts], reach[acts], stake[acts]
    total = found.felt[stake]
    of_supply = pooled_shares(found.mineral)
    raw = of_pillar[company] * of_supply[company, m] * felt / total
    exposure = reach * felt / np.maximum(total, 1.0)
    certainty = _supply_certainty(evaluation, mix[k], family, m, company, driver)
    return _part(SUPPLY, company, k, item=m, driver=driver, exposure=exposure, raw=raw, certainty=certainty)


def _supply_certainty(
    evaluation: Evaluation, mix: np.ndarray, family: np.ndarray, m: np.ndarray, company: np.ndarray, driver: np.ndarray
) -> np.ndarray:
    """Certainty of leaves of supply: of the mix, the dependence, the two shares, and what drives them."""
    facts, mineral = evaluation.facts, evaluation.facts.mineral
    weights = (
        mix,
        fact_weight(evaluation, mineral.dependence_evidence[family, m]),
        fact_weight(evaluation, mineral.supply_evidence, mineral.supply_age)[m],
        fact_weight(evaluation, mineral.import_evidence, mineral.import_age)[m, facts.country[company]],
        _act_weight(evaluation, facts.supply, driver),
    )
    weakest: np.ndarray = np.minimum.reduce(weights)
    return weakest


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
