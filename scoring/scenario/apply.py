"""A scenario applied to facts: other blocks of rules and measures, other numbers, never other code."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from scoring.errors import ScenarioInvalidError
from scoring.facts.blocks import Measures, Rules
from scoring.facts.evidence import EVIDENCE
from scoring.facts.facts import Assumption, Facts
from scoring.methodology import Methodology
from scoring.reference.jurisdictions import WORLDWIDE, members
from scoring.scenario.check import check
from scoring.scenario.model import (
    ActivateScheduled,
    AddCountermeasure,
    AddRule,
    Align,
    Change,
    EndCountermeasures,
    EndRules,
    ExtendRule,
    ListEntity,
    Scenario,
    SetParameter,
)
from scoring.scenario.numbers import with_numbers
from scoring.steps import step

_JUDGED: Final = EVIDENCE.index("expert-judgement")
"""Evidence of an assumption: what a scenario supposes is a judgement, whoever makes it."""


_MOST_PACKAGES: Final = 1_000
"""Packages of controls that a scenario may add: changes that copy each other's copies double with every change."""

_MOST_ASSUMPTIONS: Final = 20_000
"""Facts that a scenario may assume: packages, what each catches, measures."""


@dataclass(frozen=True)
class Applied:
    """A scenario applied.

    Attributes
    ----------
    facts : Facts
    methodology : Methodology
    notes : tuple of str
        Changes that change nothing at the as-of date, and why.
    """

    facts: Facts
    methodology: Methodology
    notes: tuple[str, ...]


def apply(scenario: Scenario, facts: Facts, methodology: Methodology) -> Applied:
    """Apply a scenario to the facts known at a date.

    Nothing is copied but the blocks that change. An identical change counts once, so a scenario applied twice is
    the scenario applied once.

    Parameters
    ----------
    scenario : Scenario
    facts : Facts
        Of a release that has what the scenario names.
    methodology : Methodology

    Raises
    ------
    ScenarioInvalidError
        A name is not in the release, a parameter is not in the methodology or out of its range, or the changes add
        more than a scenario may.
    """
    check(scenario, facts.release)
    facts = on_axis(facts, [scenario])
    work = _Work(scenario, facts)
    distinct = scenario.distinct
    for number, change in enumerate(distinct):
        step()
        work.make(number, change)
    numbers = {change.parameter: change.value for change in distinct if isinstance(change, SetParameter)}
    changed = with_numbers(scenario, methodology, numbers)
    # What was lost in the past is no assumption: another loss of sales weighs only what comes.
    if numbers and changed.fact_choices._replace(loss=methodology.fact_choices.loss) != methodology.fact_choices:
        raise ScenarioInvalidError(
            f"{scenario.scenario_id}: set_parameter",
            f"{', '.join(numbers)} decides which facts count, and a scenario changes acts and numbers",
            "write it into a methodology document of your own",
        )
    return Applied(work.done(), changed, tuple(work.notes))


def on_axis(facts: Facts, scenarios: Iterable[Scenario]) -> Facts:
    """The facts, with every country whose exporters a scenario binds on their axis."""
    missing = frozenset().union(*map(_countries, scenarios)) - set(facts.countries)
    if not missing:
        return facts
    axes = dataclasses.replace(facts.axes, countries=sorted({*facts.countries, *missing}))
    return Facts(facts.release, facts.as_of, facts.timing, axes=axes, choices=facts.choices)


def _countries(scenario: Scenario) -> frozenset[str]:
    """Countries that must be on the axis: those whose exporters a change binds."""
    named: set[str] = set()
    for change in scenario.changes:
        if isinstance(change, ExtendRule):
            named.update(*map(members, change.countries))
        elif isinstance(change, Align):
            named.update(*map(members, [*change.countries, change.with_]))
        elif isinstance(change, AddRule):
            named.update(*map(members, [change.imposed_by, *(change.bound_countries or ())]))
    return frozenset(named)


class _Work:
    """The rules, measures and assumptions as they become, change by change."""

    def __init__(self, scenario: Scenario, facts: Facts) -> None:
        self.scenario, self.facts = scenario, facts
        self.rules, self.measures = facts.rules, {"supply": facts.supply, "access": facts.access}
        self.assumptions = list(facts.assumptions)
        self.notes: list[str] = []

    def done(self) -> Facts:
        """The facts with everything changed."""
        return self.facts.replace(rules=self.rules, assumptions=tuple(self.assumptions), **self.measures)

    def make(self, number: int, change: Change) -> None:
        match change:
            case EndRules():
                self._end_rules(change)
            case EndCountermeasures():
                self._end_countermeasures(change)
            case ActivateScheduled():
                self._activate_scheduled()
            case ExtendRule():
                self._extend_rule(number, change)
            case ListEntity():
                self._list_entity(number, change)
            case Align():
                self._align(number, change)
            case AddRule():
                self._add_rule(number, change)
            case AddCountermeasure():
                self._add_countermeasure(number, change)
            case SetParameter():
                pass  # all at once, for weights must sum to 1
        self._check_size(number)

    def _check_size(self, number: int) -> None:
        packages = self.rules.row.size - self.facts.rules.row.size
        for count, most, what in (
            (packages, _MOST_PACKAGES, "packages of controls"),
            (len(self.assumptions), _MOST_ASSUMPTIONS, "facts"),
        ):
            if count > most:
                raise ScenarioInvalidError(
                    f"{self.scenario.scenario_id}: changes.{number}",
                    f"with this change {count} {what} are assumed, more than {most}",
                    "use fewer changes; copies of copies double with each",
                )

    def _end_rules(self, change: EndRules) -> None:
        ids = self._ids("rules", "rule_id", self.rules.row)
        self._note_inactive(change.rule_ids, ids, "end")
        self.rules = self.rules.only(~_among(ids, change.rule_ids))

    def _end_countermeasures(self, change: EndCountermeasures) -> None:
        seen: list[str | None] = []
        for side, block in self.measures.items():
            ids = self._ids("countermeasures", "measure_id", block.row)
            seen += ids
            self.measures[side] = block.only(~_among(ids, change.measure_ids))
        self._note_inactive(change.measure_ids, seen, "end")

    def _activate_scheduled(self) -> None:
        facts = self.facts
        rules = self._scheduled("rules", self.rules.row)
        active = np.concatenate([block.row for block in self.measures.values()])
        measures = self._scheduled("countermeasures", active)
        self.rules = self.rules.plus(facts.rules_of(rules))
        for side, block in self.measures.items():
            self.measures[side] = block.plus(facts.measures_of(measures, side))
        if not rules.size and not measures.size:
            self.notes.append(f"nothing was scheduled on {facts.as_of}")

    def _scheduled(self, name: str, active: np.ndarray) -> np.ndarray:
        table = self.facts.release.columns(name)
        known = (table["status"] == "scheduled") & (table["announced"] <= np.datetime64(self.facts.as_of, "D"))
        return np.setdiff1d(np.flatnonzero(known), active)

    def _extend_rule(self, number: int, change: ExtendRule) -> None:
        facts, rules = self.facts, self.rules
        ids = self._ids("rules", "rule_id", rules.row)
        self._note_inactive([change.rule_id], ids, "extend")
        named = np.flatnonzero(_among(ids, [change.rule_id]))
        new, bound = self._mask(change.countries), rules.binds[named].any(axis=0)
        reached = new & ~rules.binds[named]
        reaches: np.ndarray = np.logical_or.reduce(reached, axis=1)
        package = dataclasses.replace(rules.take(named[reaches]), binds=reached[reaches], allied=new)
        title = f"{change.rule_id} reaches {', '.join(change.countries)}"
        self._add(package, number, lambda row: {**row, "title": f"assumed: {title}"})
        if package.row.size and not (new & ~bound).any():
            self.notes.append(f"{change.rule_id} binds {', '.join(change.countries)} on {facts.as_of} already")

    def _list_entity(self, number: int, change: ListEntity) -> None:
        rules = self.rules
        ids = self._ids("rules", "rule_id", rules.row)
        self._note_inactive([change.rule_id], ids, "list on")
        for package in np.flatnonzero(_among(ids, [change.rule_id])).tolist():
            named = set(rules.listed_entity[rules.listed_rule == package].tolist())
            new = [entity for entity in change.entities if entity not in named]
            self.notes += [f"{change.rule_id} names {entity} already" for entity in change.entities if entity in named]
            rows = [self._assume(number, f"assumed: {change.rule_id} names {entity}", {}) for entity in new]
            rules = dataclasses.replace(
                rules,
                listed_rule=np.append(rules.listed_rule, np.full(len(new), package)),
                listed_entity=np.append(rules.listed_entity, np.array(new, dtype=object)),
                listed_row=np.append(rules.listed_row, np.array(rows, dtype=int)),
            )
        self.rules = rules

    def _align(self, number: int, change: Align) -> None:
        facts, rules = self.facts, self.rules
        leader = facts.axes.position["country"][sorted(members(change.with_))[0]]
        wanted = np.zeros(len(facts.families), dtype=bool)
        wanted[[facts.axes.position["product_family"][family] for family in change.families]] = True
        entry = np.flatnonzero(rules.binds[rules.entry_rule, leader] & wanted[rules.entry_family])
        package, of = np.unique(rules.entry_rule[entry], return_inverse=True)
        binding, adopting = rules.take(package, entry, of), self._mask(change.countries)
        copies = dataclasses.replace(
            binding,
            # Imposers overlap: under a name of their own the copies restrict as much as the leader's rules do, and
            # add nothing to the rules that the countries have already.
            imposers=[f"{name} (adopted by {', '.join(change.countries)})" for name in binding.imposers],
            binds=adopting[None].repeat(package.size, axis=0),
            servicing=binding.servicing & change.servicing,
            allied=adopting,
            # Families are aligned, and not whom the leader lists by name.
            **{name: getattr(binding, name)[:0] for name in ("listed_rule", "listed_entity", "listed_row")},
        )
        who = ", ".join(change.countries)
        self._add(
            copies,
            number,
            lambda row: {**row, "imposed_by": who, "title": f"assumed: as {change.with_} under {_named(row)}"},
        )
        if not package.size:
            self.notes.append(f"no rule binds {change.with_} for {', '.join(change.families)} on {facts.as_of}")

    def _add_rule(self, number: int, change: AddRule) -> None:
        facts = self.facts
        bound = change.bound_countries or [change.imposed_by]
        family = np.array([facts.axes.position["product_family"][name] for name in change.families])
        fraction = np.array(list(change.families.values()), dtype=float)
        binds = self._mask(bound)
        row = {
            "imposed_by": change.imposed_by,
            "title": f"assumed: {self.scenario.title or self.scenario.scenario_id}",
            "measure": change.measure,
            "announced": None,
        }
        statement = (
            f"assumed: {change.imposed_by} puts {len(change.families)} product families under {change.measure} for "
            f"exporters of {', '.join(bound)}"
        )
        index, label = self._assume(number, statement, row), facts.release.labels.of
        caught = [
            self._assume(number, f"assumed: catches {share:.1%} of {label('product_family', name)} sales to China", {})
            for name, share in change.families.items()
        ]
        package = Rules(
            row=np.array([index]),
            imposers=[change.imposed_by],
            imposer=np.array([0]),
            binds=binds[None, :],
            servicing=np.array([change.covers_servicing]),
            measure=np.array([change.measure], dtype=object),
            evidence=np.array([_JUDGED]),
            entry_rule=np.zeros(family.size, dtype=int),
            entry_family=family,
            entry_fraction=fraction,
            entry_low=fraction,
            entry_high=fraction,
            entry_lost=np.zeros(family.size, dtype=bool),
            entry_row=np.array(caught),
            entry_evidence=np.full(family.size, _JUDGED),
            listed_rule=np.zeros(0, dtype=int),
            listed_entity=np.zeros(0, dtype=object),
            listed_row=np.zeros(0, dtype=int),
            allied=binds | self._mask([change.imposed_by]),
        )
        self.rules = self.rules.plus(package)

    def _add_countermeasure(self, number: int, change: AddCountermeasure) -> None:
        facts = self.facts
        position = facts.axes.position[change.subject_kind]
        size = len(change.subject)
        rows = [
            self._assume(
                number,
                f"assumed: China puts {change.measure} on {name} toward {', '.join(change.target)}",
                {
                    "measure": change.measure,
                    "subject_kind": change.subject_kind,
                    "subject": name,
                    "announced": None,
                },
            )
            for name in change.subject
        ]
        nations = [target for target in change.target if target != WORLDWIDE]
        added = Measures(
            row=np.array(rows),
            kind=np.full(size, change.subject_kind, dtype=object),
            subject=np.array([position.get(name, -1) for name in change.subject]),
            names=self._mask(nations)[None].repeat(size, axis=0),
            worldwide=np.full(size, WORLDWIDE in change.target),
            measure=np.full(size, change.measure, dtype=object),
            scope=np.ones(size),
            scope_low=np.ones(size),
            scope_high=np.ones(size),
            evidence=np.full(size, _JUDGED),
        )
        self.measures[change.on_side] = self.measures[change.on_side].plus(added)

    def _add(self, package: Rules, number: int, worded: Any) -> None:
        """Add copies of packages, each as an assumption worded from the row it was copied from."""
        if not package.row.size:
            return
        rows = []
        for row in package.row:
            cells = worded(self._cells(int(row)))
            rows.append(self._assume(number, f"{cells['imposed_by']}: {cells['title']} ({cells['measure']})", cells))
        package = dataclasses.replace(
            package, row=np.array(rows, dtype=int), evidence=np.full(len(rows), _JUDGED, dtype=int)
        )
        self.rules = self.rules.plus(package)

    def _assume(self, number: int, statement: str, row: Mapping[str, Any]) -> int:
        """Take up an assumption; the negative row that stands for it."""
        made = Assumption(self.scenario.scenario_id, number, statement, row, self.scenario.source_id)
        self.assumptions.append(made)
        return ~(len(self.assumptions) - 1)

    def _cells(self, row: int) -> Mapping[str, Any]:
        """Cells of a rule, or of what this scenario assumes of one."""
        return self.assumptions[~row].row if row < 0 else self.facts.tables.rule_cells(row)

    def _mask(self, countries: list[str]) -> np.ndarray:
        bound = frozenset().union(*map(members, countries))
        return np.array([country in bound for country in self.facts.countries])

    def _ids(self, table: str, column: str, rows: np.ndarray) -> list[str | None]:
        """Ids of the rows of a block; None for an assumption."""
        ids = self.facts.release.columns(table)[column]
        return [None if row < 0 else ids[row] for row in rows.tolist()]

    def _note_inactive(self, wanted: list[str], active: Sequence[str | None], verb: str) -> None:
        known = set(active)
        self.notes += [
            f"{name} is not in force on {self.facts.as_of}: nothing to {verb}" for name in wanted if name not in known
        ]


def _among(ids: Sequence[str | None], wanted: Sequence[str]) -> np.ndarray:
    """Which of the ids are wanted, shape (ids,)."""
    names = set(wanted)
    return np.array([name in names for name in ids], dtype=bool)


def _named(rule: Mapping[str, Any]) -> str:
    """What a rule is called; one that a scenario assumes has no id."""
    return str(rule.get("rule_id") or str(rule["title"]).removeprefix("assumed: "))
