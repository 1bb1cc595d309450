"""Sweep: the score of every company under many variants of the same facts, at the cost of what each variant moves.

A scenario changes some controls, some measures, or a number of the methodology. It moves only the companies whose
families, minerals and countries these touch; everyone else keeps the base score. The formulas are those of the
single evaluation, applied to the companies that move, so every number is the same to the last bit.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from scoring.composite import pillar_term, pooled_points
from scoring.evaluation import Evaluation, evaluate
from scoring.exposure.control import control_exposure, restrictions
from scoring.exposure.force import force, pressure
from scoring.exposure.retaliation import access_force, either, leverage, stake_force, supply_exposure
from scoring.gather import Groups
from scoring.methodology import Methodology
from scoring.parameters import Parameters
from scoring.reference.facts import Facts

if TYPE_CHECKING:
    from scoring.scenario import Scenario


class Variant(NamedTuple):
    """Facts and numbers to score: those of the base with other rules, measures, events or parameters.

    The companies, their segments, minerals and China shares must be those of the base.
    """

    facts: Facts
    parameters: Parameters


def sweep(base: Evaluation, variants: Iterable[Variant], out: np.ndarray | None = None) -> np.ndarray:
    """Score every company under every variant.

    Parameters
    ----------
    base : Evaluation
        Without a leading axis.
    variants : iterable of Variant
        With an iterable that has no length, `out` must be given.
    out : ndarray of float, shape (s, n), optional
        Where to write.

    Returns
    -------
    ndarray of float, shape (s, n)
        Scores 0..100; NaN = no score.

    Raises
    ------
    ValueError
        A variant differs from the base in more than rules, measures, events and parameters.
    """
    if out is None:
        variants = list(variants)
        out = np.empty((len(variants), base.score.size))
    ground = _Ground.of(base)
    for row, variant in zip(out, variants, strict=True):
        ground.score(variant, row)
    return out


def sweep_scenarios(
    facts: Facts, methodology: Methodology, scenarios: Sequence[Scenario], out: np.ndarray | None = None
) -> np.ndarray:
    """Score every company under every scenario.

    Parameters
    ----------
    facts : Facts
    methodology : Methodology
    scenarios : sequence of Scenario
    out : ndarray of float, shape (s, n), optional
        Where to write.

    Returns
    -------
    ndarray of float, shape (s, n)
        Scores 0..100; NaN = no score.

    Raises
    ------
    ScenarioInvalidError
        A scenario names what the release or the methodology does not have.
    """
    from scoring.scenario.apply import apply, on_axis

    facts = on_axis(facts, scenarios)
    base = evaluate(facts, methodology)
    if out is None:
        out = np.empty((len(scenarios), base.score.size))

    def variants() -> Iterator[Variant]:
        for scenario in scenarios:
            applied = apply(scenario, facts, methodology)
            same = applied.methodology is methodology
            yield Variant(applied.facts, base.parameters if same else applied.methodology.parameters)

    return sweep(base, variants(), out)


@dataclass(frozen=True)
class _Ground:
    """What a sweep keeps of the base: its small tables, and who looks at which of their cells."""

    base: Evaluation
    kappa: np.ndarray
    reach: np.ndarray
    terms: list[np.ndarray]
    segments_of: Groups
    stakes_of: Groups
    uses_of: Groups
    by_restriction: Groups
    by_cell: Groups
    by_need: Groups
    by_stake_cell: Groups

    @classmethod
    def of(cls, base: Evaluation) -> _Ground:
        facts, layout, n = base.facts, base.facts.layout, base.facts.country.size
        exposures = (base.market, base.control.total, base.retaliation.total)
        reach = leverage(facts, base.parameters)
        segments = np.bincount(facts.segments.company, minlength=n)
        stakes = np.bincount(layout.stake_company, minlength=n)
        uses = np.bincount(layout.use_stake, minlength=layout.stake_cell.size)
        return cls(
            base=base,
            kappa=pressure(facts, base.force).need,
            reach=reach,
            terms=[pillar_term(p, exposure, base.parameters) for p, exposure in enumerate(exposures)],
            segments_of=Groups.sizes(segments),
            stakes_of=Groups.sizes(stakes),
            uses_of=Groups.sizes(uses),
            by_restriction=Groups.by(layout.segment_restriction, base.restricted.now.size, facts.segments.company),
            by_cell=Groups.by(layout.segment_cell, base.force.boycott.size, facts.segments.company),
            by_need=Groups.by(layout.use_need, layout.need_family.size, layout.use_company),
            by_stake_cell=Groups.by(layout.stake_cell, reach.size, layout.stake_company),
        )

    def score(self, variant: Variant, out: np.ndarray) -> None:
        """Write the scores of one variant."""
        base, facts, numbers = self.base, variant.facts, variant.parameters
        for block in ("segments", "china", "mineral"):
            if getattr(facts, block) is not getattr(base.facts, block):
                raise ValueError(f"a variant must keep the {block} of the base")
        out[:] = base.score
        if not _same(numbers, base.parameters, *_COMPOSITE):
            out[:] = evaluate(facts, base.methodology, numbers).score
            return
        moved = [self._control(facts, numbers), self._retaliation(facts, numbers)]
        mine = self._distinct([companies for companies, _ in moved])
        if mine.size:
            terms = [term[mine] for term in self.terms]
            for pillar, (companies, exposure) in enumerate(moved, start=1):
                terms[pillar][np.searchsorted(mine, companies)] = pillar_term(pillar, exposure, numbers)
            parts = pooled_points(terms, numbers)
            out[mine] = parts[0] + parts[1] + parts[2]

    def _control(self, facts: Facts, numbers: Parameters) -> tuple[np.ndarray, np.ndarray]:
        """Companies whose control exposure may move, and that exposure."""
        base = self.base
        same_numbers = _same(numbers, base.parameters, *_CONTROL)
        if facts.rules is base.facts.rules and same_numbers:
            return _NONE, base.control.total[_NONE]
        restricted = restrictions(facts, numbers)
        if not _same(numbers, base.parameters, *_ALIGNMENT):
            companies = np.arange(base.score.size)
        else:
            changed = (restricted.now != base.restricted.now) | (restricted.gap != base.restricted.gap)
            companies = self._distinct([self.by_restriction.of(np.flatnonzero(changed))[0]])
        part, china_revenue = self._segments(facts, companies)
        return companies, control_exposure(part, numbers, restricted, china_revenue).total[companies]

    def _retaliation(self, facts: Facts, numbers: Parameters) -> tuple[np.ndarray, np.ndarray]:
        """Companies whose retaliation exposure may move, and that exposure."""
        base, before = self.base, self.base.facts
        same_acts = facts.supply is before.supply and facts.access is before.access and facts.events is before.events
        if same_acts and _same(numbers, base.parameters, *_RETALIATION):
            return _NONE, base.retaliation.total[_NONE]
        acts, reach = force(facts, numbers, base.force), leverage(facts, numbers)
        pressed = pressure(facts, acts)
        single = np.flatnonzero(pressed.supplied != base.force.supply.company.value[:, 0])
        need = np.flatnonzero(pressed.need != self.kappa)
        # A share that is unknown stays unknown, and is not equal to itself.
        cell = np.flatnonzero((reach != self.reach) & ~np.isnan(reach))
        supplied = self._distinct([single, self.by_need.of(need)[0], self.by_stake_cell.of(cell)[0]])
        supplied = supplied[self.stakes_of.count[supplied] > 0]
        single = np.flatnonzero(pressed.admitted != base.force.access.company.value[:, 0])
        shut = self._distinct([single, self.by_cell.of(np.flatnonzero(pressed.shut != base.force.shut))[0]])
        companies = self._distinct([supplied, shut])
        supply, access = base.retaliation.supply[companies], base.retaliation.access[companies]
        if supplied.size:
            part = self._stakes(facts, supplied)
            moved = supply_exposure(part, numbers, stake_force(part, pressed))[1][supplied]
            supply[np.searchsorted(companies, supplied)] = moved
        if shut.size:
            part, china_revenue = self._segments(facts, shut)
            total = part.segments.total(china_revenue * access_force(part, pressed), base.score.size)
            access[np.searchsorted(companies, shut)] = total[shut]
        return companies, either(supply, access)

    def _distinct(self, companies: list[np.ndarray]) -> np.ndarray:
        """The companies of all lists, once and in order."""
        marked = np.zeros(self.base.score.size, dtype=bool)
        for some in companies:
            marked[some] = True
        return np.flatnonzero(marked)

    def _segments(self, facts: Facts, companies: np.ndarray) -> tuple[Facts, np.ndarray]:
        """Facts with the segments of some companies only, and the China revenue of these."""
        position, count = self.segments_of.of(companies)
        segments, layout = facts.segments, facts.layout
        held = count > 0
        part = facts.replace(
            segments=dataclasses.replace(
                segments,
                company=segments.company[position],
                starts=(np.cumsum(count) - count)[held],
                owners=companies[held],
            )
        )
        part.layout = dataclasses.replace(
            layout,
            segment_cell=layout.segment_cell[position],
            segment_restriction=layout.segment_restriction[position],
        )
        return part, self.base.china_revenue[position]

    def _stakes(self, facts: Facts, companies: np.ndarray) -> Facts:
        """Facts with the stakes of some companies only."""
        stake, stakes = self.stakes_of.of(companies)
        use, uses = self.uses_of.of(stake)
        layout, held = facts.layout, stakes > 0
        part = facts.replace(segments=dataclasses.replace(facts.segments, owners=companies))
        part.layout = dataclasses.replace(
            layout,
            use_need=layout.use_need[use],
            use_company=layout.use_company[use],
            use_share=layout.use_share[use],
            use_stake=np.repeat(np.arange(stake.size), uses),
            stake_cell=layout.stake_cell[stake],
            holder_starts=(np.cumsum(stakes) - stakes)[held],
            holders=companies[held],
        )
        return part


_NONE: Final = np.zeros(0, dtype=int)
_COMPOSITE: Final = ("weights", "half_points", "beta")
_ALIGNMENT: Final = ("alignment_default", "alignment_countries")
_CONTROL: Final = ("control_stringency", *_ALIGNMENT)
_RETALIATION: Final = (
    "supply_stringency",
    "access_stringency",
    "threat_maximum",
    "threat_scale",
    "threat_half_life",
    "worldwide_share",
    "severity",
    "vulnerability",
    "unknown_import_share",
)
"""Which numbers enter which part; together they are all."""


def _same(one: Parameters, other: Parameters, *names: str) -> bool:
    return one is other or all(_equal(getattr(one, name), getattr(other, name)) for name in names)


def _equal(one: Any, other: Any) -> bool:
    return bool(one == other) if isinstance(one, dict) else np.array_equal(one, other)
