"""The two ends of a comparison, compiled on axes that both share."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scoring.changes.comparable import check_comparable
from scoring.facts.axes import Axes
from scoring.facts.choices import FactChoices
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
    by_choices : dict of FactChoices to Facts
        On the shared axes, under the choices of facts of either methodology. A China share or product mix that both
        ends know, or neither, is as well known under the choices of the other end: where these would lose or find it,
        it is the one that the end itself has.
    knows : dict of FactChoices to ndarray of bool, shape (n, 2)
        Whether the China share and the product mix of each company are known under these choices alone.
    """

    known: Facts
    methodology: Methodology
    facts: Mapping[Timing, Facts]
    by_choices: Mapping[FactChoices, Facts]
    knows: Mapping[FactChoices, np.ndarray]

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
        Evaluations must have the same axes and one timing: they cannot be compiled anew.

    Raises
    ------
    SchemaMismatchError
        The releases differ in a column that enters scores.
    ValueError
        Evaluations on several axes or of several timings.
    """
    evaluations = [_evaluation(one) for one in (before, after)]
    known = [evaluation.facts for evaluation in evaluations]
    check_comparable(known[0].release, known[1].release)
    axes = _shared(known[0].axes, known[1].axes)
    groups = _groups(known)
    timings: list[Timing] = list(dict.fromkeys(facts.timing for facts in known))
    choices = list(dict.fromkeys(facts.choices for facts in known))
    ends = []
    for end, evaluation, group in zip((before, after), evaluations, groups, strict=True):
        own = evaluation.facts
        facts = {timing: _compiled(end, evaluation, (timing, own.choices), axes, group) for timing in timings}
        by_choices = {
            chosen: facts[own.timing]
            if chosen == own.choices
            else _compiled(end, evaluation, (own.timing, chosen), axes, group)
            for chosen in choices
        }
        knows = {chosen: _known(compiled) for chosen, compiled in by_choices.items()}
        ends.append(End(own, evaluation.methodology, facts, by_choices, knows))
    one, other = (end.knows[end.known.choices] for end in ends)
    return _as_known(ends[0], one == other), _as_known(ends[1], one == other)


def _known(facts: Facts) -> np.ndarray:
    """Whether the China share and the product mix of each company are known, shape (n, 2)."""
    mix = np.zeros(facts.country.size, dtype=bool)
    mix[facts.segments.owners] = True
    return np.stack([~np.isnan(facts.china.latest), mix], axis=-1)


def _as_known(end: End, alike: np.ndarray) -> End:
    """An end that knows what both ends know, and nothing that neither does, under either choices of facts.

    Facts and choices change in two steps. Of a figure that only one order of these two would lose there is no score in
    between, and nothing to attribute to what else is between them: its step is that of the facts.

    Parameters
    ----------
    end : End
    alike : ndarray of bool, shape (n, 2)
        Companies of which both ends know the China share or neither does, and the product mix.
    """
    own = end.own
    by_choices = {}
    for choices, facts in end.by_choices.items():
        share, mix = (alike & (end.knows[choices] != end.knows[own.choices])).T
        if share.any():
            facts = facts.replace(china=facts.china.with_those_of(share, own.china))
        if mix.any():
            facts = facts.replace(segments=facts.segments.with_those_of(mix, own.segments))
        by_choices[choices] = facts
    return dataclasses.replace(end, by_choices=by_choices)


def _evaluation(end: Snapshot | Evaluation) -> Evaluation:
    found: Evaluation = getattr(end, "evaluation", end)  # type: ignore[arg-type]
    return found


def _shared(one: Axes, other: Axes) -> Axes:
    """Axes of both ends, in the order of their names where they differ: it does not matter which end is which."""
    countries = sorted({*one.countries, *other.countries})
    names = ("company_ids", "families", "minerals")
    if all(getattr(one, name) == getattr(other, name) for name in names):
        return dataclasses.replace(one, countries=countries)
    return Axes(
        company_ids=sorted({*one.company_ids} & {*other.company_ids}),
        countries=countries,
        families=sorted({*one.families, *other.families}),
        minerals=sorted({*one.minerals, *other.minerals}),
    )


def _groups(known: list[Facts]) -> list[Mapping[str, str]]:
    """Group of each family at each end, of one that it does not have that of the other: nobody there is in it."""
    one, other = (dict(zip(facts.families, facts.groups, strict=True)) for facts in known)
    return [other | one, one | other]


def _compiled(
    end: Snapshot | Evaluation,
    evaluation: Evaluation,
    under: tuple[Timing, FactChoices],
    axes: Axes,
    group: Mapping[str, str],
) -> Facts:
    """Facts of an end under a timing and choices of facts, on these axes."""
    facts, (timing, choices) = evaluation.facts, under
    if facts.timing == timing and facts.choices == choices and axes == facts.axes:
        return facts
    if not hasattr(end, "scenario"):
        raise ValueError("evaluations on several axes or timings cannot be compared; give their scorers")
    made = Facts(facts.release, facts.as_of, timing, axes=axes, choices=choices)
    made = made.replace(groups=np.array([group[family] for family in axes.families], dtype=object))
    if end.scenario is None:
        return made
    from scoring.scenario import apply

    return apply(end.scenario, made, end.methodology).facts
