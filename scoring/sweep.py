"""Sweep: the score of every company under many variants of the same facts, at the cost of what each variant moves.

A scenario changes some controls, some measures, or a number of the methodology. It moves only the companies whose
families, minerals and countries these touch; everyone else keeps the base score. The formulas are those of the
single evaluation, applied to the companies that move, so every number is the same to the last bit.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from scoring.composite import pillar_term, pooled_points
from scoring.evaluation import Evaluation, evaluate
from scoring.exposure.control import control_exposure, restrictions
from scoring.exposure.force import Pressure, force, pressure
from scoring.exposure.retaliation import access_force, either, leverage, pooled, stake_exposure, stake_force
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
    pressed: Pressure
    reach: np.ndarray
    stake: np.ndarray
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
        stakes = np.arange(layout.stake_cell.size)
        return cls(
            base=base,
            pressed=pressure(facts, base.force),
            reach=reach,
            stake=base.retaliation.stake.copy(),
            terms=[pillar_term(p, exposure, base.parameters) for p, exposure in enumerate(exposures)],
            segments_of=Groups.sizes(np.bincount(facts.segments.company, minlength=n)),
            stakes_of=Groups.sizes(np.bincount(layout.stake_company, minlength=n)),
            uses_of=Groups.sizes(np.bincount(layout.use_stake, minlength=stakes.size)),
            by_restriction=Groups.by(layout.segment_restriction, base.restricted.now.size, facts.segments.company),
            by_cell=Groups.by(layout.segment_cell, base.force.boycott.size, facts.segments.company),
            by_need=Groups.by(layout.use_need, layout.need_family.size, layout.use_stake),
            by_stake_cell=Groups.by(layout.stake_cell, reach.size, stakes),
        )

    def score(self, variant: Variant, out: np.ndarray) -> None:
        """Write the scores of one variant."""
        base, facts, numbers = self.base, variant.facts, variant.parameters
        for block in ("segments", "china", "mineral"):
            if getattr(facts, block) is not getattr(base.facts, block):
                raise ValueError(f"a variant must keep the {block} of the base")
        if not _same(numbers, base.parameters, *_COMPOSITE):
            out[:] = evaluate(facts, base.methodology, numbers).score
            return
        out[:] = base.score
        moved = [self._control(facts, numbers), self._retaliation(facts, numbers)]
        mine = _distinct([companies for companies, _ in moved], base.score.size)
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
            companies = _distinct([self.by_restriction.of(np.flatnonzero(changed))[0]], base.score.size)
        part, china_revenue = self._of_companies(facts, companies)
        return companies, control_exposure(part, numbers, restricted, china_revenue).total

    def _retaliation(self, facts: Facts, numbers: Parameters) -> tuple[np.ndarray, np.ndarray]:
        """Companies whose retaliation exposure may move, and that exposure."""
        base, before = self.base, self.base.facts
        same_acts = facts.supply is before.supply and facts.access is before.access and facts.events is before.events
        if same_acts and _same(numbers, base.parameters, *_RETALIATION):
            return _NONE, base.retaliation.total[_NONE]
        pressed = pressure(facts, force(facts, numbers, base.force))
        supplied, moved_supply = self._supply(facts, numbers, pressed)
        shut, moved_access = self._access(facts, pressed)
        companies = _distinct([supplied, shut], base.score.size)
        supply, access = base.retaliation.supply[companies], base.retaliation.access[companies]
        supply[np.searchsorted(companies, supplied)] = moved_supply
        access[np.searchsorted(companies, shut)] = moved_access
        return companies, either(supply, access)

    def _supply(self, facts: Facts, numbers: Parameters, pressed: Pressure) -> tuple[np.ndarray, np.ndarray]:
        """Companies whose exposure of supply may move, and that exposure."""
        need = np.flatnonzero(pressed.need != self.pressed.need)
        reach = leverage(facts, numbers)
        # A share that is unknown stays unknown, and is not equal to itself.
        cell = np.flatnonzero((reach != self.reach) & ~np.isnan(reach))
        single = np.flatnonzero(pressed.supplied != self.pressed.supplied)
        lists = [self.by_need.of(need)[0], self.by_stake_cell.of(cell)[0], self.stakes_of.of(single)[0]]
        stakes = _distinct(lists, self.stake.size)
        companies = _distinct([facts.layout.stake_company[stakes]], self.base.score.size)
        if not companies.size:
            return _NONE, self.base.retaliation.supply[_NONE]
        part, felt = self._of_stakes(facts, companies, stakes), pressed.of(companies)
        mine, count = self.stakes_of.of(companies)
        exposure = self.stake  # of the base, but for the moment of the variant
        before = exposure[stakes]
        exposure[stakes] = stake_exposure(part, numbers, stake_force(part, felt))
        supply = pooled(exposure[mine], np.cumsum(count) - count)
        exposure[stakes] = before
        return companies, supply

    def _access(self, facts: Facts, pressed: Pressure) -> tuple[np.ndarray, np.ndarray]:
        """Companies whose exposure of access may move, and that exposure."""
        cell = np.flatnonzero(pressed.shut != self.pressed.shut)
        single = np.flatnonzero(pressed.admitted != self.pressed.admitted)
        companies = _distinct([self.by_cell.of(cell)[0], single], self.base.score.size)
        part, china_revenue = self._of_companies(facts, companies)
        force = access_force(part, pressed.of(companies))
        return companies, part.segments.total(china_revenue * force, companies.size)

    def _of_companies(self, facts: Facts, companies: np.ndarray) -> tuple[Facts, np.ndarray]:
        """Facts of some companies with their segments, and the China revenue of these."""
        position, count = self.segments_of.of(companies)
        segments, layout, number = facts.segments, facts.layout, np.arange(companies.size)
        part = copy.copy(facts)
        part.country = facts.country[companies]
        part.segments = dataclasses.replace(segments, company=np.repeat(number, count), owners=number[count > 0])
        part.layout = dataclasses.replace(
            layout,
            segment_cell=layout.segment_cell[position],
            segment_restriction=layout.segment_restriction[position],
        )
        return part, self.base.china_revenue[position]

    def _of_stakes(self, facts: Facts, companies: np.ndarray, stakes: np.ndarray) -> Facts:
        """Facts of some companies with some of their stakes."""
        use, count = self.uses_of.of(stakes)
        layout, part = facts.layout, copy.copy(facts)
        part.layout = dataclasses.replace(
            layout,
            use_need=layout.use_need[use],
            use_company=np.searchsorted(companies, layout.use_company[use]),
            use_share=layout.use_share[use],
            use_stake=np.repeat(np.arange(stakes.size), count),
            stake_cell=layout.stake_cell[stakes],
        )
        return part


def _distinct(lists: list[np.ndarray], size: int) -> np.ndarray:
    """The numbers below `size` in any of the lists, once and in order."""
    marked = np.zeros(size, dtype=bool)
    for numbers in lists:
        marked[numbers] = True
    return np.flatnonzero(marked)


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
