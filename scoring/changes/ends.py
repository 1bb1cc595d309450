"""The two ends of a comparison, compiled on axes that both share."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from scoring.changes.comparable import check_comparable
from scoring.facts.blocks import ChinaShares, Measures, Minerals, Segments
from scoring.facts.facts import Facts
from scoring.methodology import Methodology
from scoring.vocabulary import Timing

if TYPE_CHECKING:
    from scoring.score.evaluation import Evaluation
    from scoring.score.snapshot import Snapshot


@dataclass(frozen=True)
class End:
    """One end of a comparison.

    Attributes
    ----------
    known : Facts
        As they were compiled for the end itself.
    methodology : Methodology
        With the numbers that a scenario sets.
    facts : dict of str to Facts
        On the axes that both ends share, under the timing of either methodology.
    """

    known: Facts
    methodology: Methodology
    facts: Mapping[Timing, Facts]

    @property
    def own(self) -> Facts:
        """On the shared axes, under the end's own timing."""
        return self.facts[self.known.timing]


def both_ends(before: Snapshot | Evaluation, after: Snapshot | Evaluation) -> tuple[End, End]:
    """Compile two ends on shared axes.

    The companies are those that both have; families, minerals and countries are those of either. What an end does not
    have is there without effect: no dependence, no share, no rule.

    Parameters
    ----------
    before, after : Snapshot or Evaluation
        Evaluations must have one country axis and one timing: they cannot be compiled anew.

    Raises
    ------
    SchemaMismatchError
        The releases differ in a column that enters scores.
    ValueError
        Evaluations without a common country axis or timing.
    """
    evaluations = [_evaluation(one) for one in (before, after)]
    known = [evaluation.facts for evaluation in evaluations]
    check_comparable(known[0].release, known[1].release)
    countries = frozenset(known[0].countries) | frozenset(known[1].countries)
    timings: list[Timing] = list(dict.fromkeys(facts.timing for facts in known))
    compiled = [
        {timing: _compiled(one, facts, timing, countries) for timing in timings}
        for one, facts in zip((before, after), known, strict=True)
    ]
    place = _Axes(*(own[facts.timing] for own, facts in zip(compiled, known, strict=True)))
    first, second = (
        End(facts, evaluation.methodology, {timing: place.on(own[timing]) for timing in timings})
        for facts, evaluation, own in zip(known, evaluations, compiled, strict=True)
    )
    return first, second


def _evaluation(end: Snapshot | Evaluation) -> Evaluation:
    found: Evaluation = getattr(end, "evaluation", end)  # type: ignore[arg-type]
    return found


def _compiled(end: Snapshot | Evaluation, facts: Facts, timing: Timing, countries: frozenset[str]) -> Facts:
    """Facts of an end under a timing, with these countries on their axis."""
    if facts.timing == timing and countries == frozenset(facts.countries):
        return facts
    if not hasattr(end, "scenario"):
        raise ValueError("evaluations of several country axes or timings cannot be compared; give their scorers")
    made = Facts(facts.release, facts.as_of, timing, countries)
    if end.scenario is None:
        return made
    from scoring.scenario import apply

    return apply(end.scenario, made, end.methodology).facts


class _Axes:
    """Axes that two ends share, and what of each end stands where."""

    def __init__(self, a: Facts, b: Facts) -> None:
        self._same = (a.company_ids, a.families, a.minerals) == (b.company_ids, b.families, b.minerals)
        # In the order of their names, so that it does not matter which end is which.
        self.companies = a.company_ids if self._same else sorted({*a.company_ids} & {*b.company_ids})
        self.families = a.families if self._same else sorted({*a.families, *b.families})
        self.minerals = a.minerals if self._same else sorted({*a.minerals, *b.minerals})
        self._group = [dict(zip(facts.families, facts.groups, strict=True)) for facts in (a, b)]

    def on(self, facts: Facts) -> Facts:
        """The facts on the shared axes."""
        if self._same:
            return facts
        company, family, mineral = (
            np.array([{name: i for i, name in enumerate(shared)}.get(name, -1) for name in own], dtype=int)
            for shared, own in (
                (self.companies, facts.company_ids),
                (self.families, facts.families),
                (self.minerals, facts.minerals),
            )
        )
        own_group = dict(zip(facts.families, facts.groups, strict=True))
        # A family that the end does not have takes its group from the other: nobody there is in it.
        group = [own_group.get(name) or self._group[0].get(name) or self._group[1][name] for name in self.families]
        here = np.flatnonzero(company >= 0)
        at = here[np.argsort(company[here])]
        axes = {
            "company": company,
            "product_family": family,
            "mineral": mineral,
            "country": np.arange(len(facts.countries)),
        }
        moved = copy.copy(facts)
        moved.__dict__.pop("layout", None)
        moved.company_ids, moved.families, moved.minerals = self.companies, self.families, self.minerals
        moved.groups = np.array(group, dtype=object)
        moved.country = facts.country[at]
        moved.china = _china(facts.china, at)
        moved.segments = _segments(facts.segments, company, family)
        moved.rules = dataclasses.replace(facts.rules, entry_family=family[facts.rules.entry_family])
        moved.supply, moved.access = _measures(facts.supply, axes), _measures(facts.access, axes)
        moved.mineral = _minerals(facts.mineral, family, mineral, (len(self.families), len(self.minerals)))
        return moved


def _china(china: ChinaShares, at: np.ndarray) -> ChinaShares:
    return ChinaShares(
        latest=china.latest[at],
        structural=china.structural[at],
        row=china.row[at],
        years=[china.years[i] for i in at],
        evidence=china.evidence[at],
        age=china.age[at],
    )


def _segments(segments: Segments, company: np.ndarray, family: np.ndarray) -> Segments:
    place = company[segments.company]
    at = np.flatnonzero(place >= 0)
    at = at[np.argsort(place[at], kind="stable")]
    owners, starts = np.unique(place[at], return_index=True)
    return Segments(
        company=place[at],
        family=family[segments.family[at]],
        **{name: getattr(segments, name)[at] for name in _OF_SEGMENT},
        starts=starts,
        owners=owners,
    )


_OF_SEGMENT: Final = ("service", "share", "china", "disclosed", "row", "evidence", "age")


def _measures(measures: Measures, axes: Mapping[str, np.ndarray]) -> Measures:
    subject = [
        int(axes[kind][subject]) if subject >= 0 else -1
        for kind, subject in zip(measures.kind, measures.subject, strict=True)
    ]
    return dataclasses.replace(measures, subject=np.array(subject, dtype=int))


def _minerals(block: Minerals, family: np.ndarray, mineral: np.ndarray, shape: tuple[int, int]) -> Minerals:
    f, m = shape

    def on_minerals(values: np.ndarray, empty: float) -> np.ndarray:
        out: np.ndarray = np.full((m, *values.shape[1:]), empty, dtype=values.dtype)
        out[mineral] = values
        return out

    def on_both(values: np.ndarray, empty: float) -> np.ndarray:
        out: np.ndarray = np.full((f, m), empty, dtype=values.dtype)
        out[np.ix_(family, mineral)] = values
        return out

    return Minerals(
        supply_share=on_minerals(block.supply_share, np.nan),
        supply_evidence=on_minerals(block.supply_evidence, 0),
        supply_age=on_minerals(block.supply_age, 0),
        import_share=on_minerals(block.import_share, np.nan),
        import_evidence=on_minerals(block.import_evidence, 0),
        import_age=on_minerals(block.import_age, 0),
        imports={(int(mineral[at]), j): share for (at, j), share in block.imports.items()},
        criticality=on_both(block.criticality, 0),
        substitutability=on_both(block.substitutability, 0),
        dependence_row=on_both(block.dependence_row, -1),
        dependence_evidence=on_both(block.dependence_evidence, 0),
    )
