"""Causes in words: what each item that differs says, with its source, as worded at the later of the two dates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from scoring.arrays import number_or_none
from scoring.changes.aligned import ASSUMED, assumed_key
from scoring.changes.attribution import Attributions
from scoring.changes.ends import End
from scoring.changes.items import CHOICES, Item
from scoring.changes.own_words import mix_at, share_at
from scoring.changes.result import Cause, Change
from scoring.cited import Fact
from scoring.facts.citation import cite, cite_assumption
from scoring.facts.facts import Assumption

_OWN: Final = ("company", "revenue", "mix")
"""Kinds of which each company has its own."""


class Words:
    """Words for the items of an attribution.

    Parameters
    ----------
    attributions : Attributions
    """

    def __init__(self, attributions: Attributions) -> None:
        self._mixture = attributions.mixture
        self.ends = attributions.ends
        a, b = self.ends
        # The later date has the last word; on one date, the second end.
        self.later, self.earlier = (a, b) if a.known.as_of > b.known.as_of else (b, a)
        self._index = [{name: i for i, name in enumerate(end.known.company_ids)} for end in self.ends]
        self._causes: dict[tuple[int, str], Cause] = {}
        self._assumed = {key: made for end in self.ends for key, made in _assumptions(end).items()}
        self._word: Mapping[str, Callable[[Item, str], Cause]] = {
            "company": self._company,
            "revenue": self._revenue,
            "mix": self._mix,
            "rule": self._rule,
            "fraction": self._fraction,
            "countermeasure": self._countermeasure,
            "event": self._event,
            "scenario": self._scenario,
            "decay": self._decay,
            "mineral": self._mineral,
            "import": self._import,
            "criticality": self._criticality,
            "family": self._family,
            "timing": self._timing,
            "parameter": self._parameter,
        }

    def cause(self, item: Item, company_id: str) -> Cause:
        """Cause of what an item does to a company; a shared item is one cause for all."""
        whose = ""
        if item.kind in _OWN:
            whose = company_id
        elif item.kind == "import":
            whose = self._home(company_id)
        key = id(item), whose
        if key not in self._causes:
            made = self._word[item.kind](item, whose)
            own = whose if item.kind in _OWN else None
            self._causes[key] = made.model_copy(update={"company_id": own})
        return self._causes[key]

    def _rows(self, company_id: str) -> tuple[int, int]:
        was, now = (index[company_id] for index in self._index)
        return was, now

    def _home(self, company_id: str) -> str:
        end = self.ends.index(self.later)
        facts = self.later.known
        return facts.countries[facts.country[self._index[end][company_id]]]

    def _cited(self, table: str, **key: Any) -> Fact | None:
        """Fact with a key, from the later end if it has it."""
        for end in (self.later, self.earlier):
            columns = end.known.release.columns(table)
            same = np.logical_and.reduce([columns[column] == value for column, value in key.items()])
            if same.any():
                return cite(end.known.release, table, int(np.flatnonzero(same)[0]), self.later.known.as_of)
        return None

    def _name(self, kind: str, identifier: str) -> str:
        """Name for readers, of the release of the later end."""
        return self.later.known.release.labels.of(kind, identifier)

    def _company(self, item: Item, company_id: str) -> Cause:
        was, now = (
            end.known.countries[end.known.country[row]]
            for end, row in zip(self.ends, self._rows(company_id), strict=True)
        )
        return _cause(item, f"companies/{company_id}", f"home {was} → {now}", f"home jurisdiction {was} → {now}")

    def _revenue(self, item: Item, company_id: str) -> Cause:
        day = self.later.known.as_of
        was, now = (share_at(end.known, row, day) for end, row in zip(self.ends, self._rows(company_id), strict=True))
        told = was if now.value is None else now
        # A figure of one period words itself; next to an estimate or a sum, both are told with what they are.
        statement = "" if was.plain and now.plain else f"China share: {was.words} → {now.words}"
        label = " ".join(filter(None, ("China share", told.period)))
        cause = _cause(item, f"revenue/{company_id}", label, statement, told.fact, was.value, now.value)
        change = _change(was.value is not None, now.value is not None)
        return cause.model_copy(update={"change": change, "evidence": told.evidence})

    def _mix(self, item: Item, company_id: str) -> Cause:
        day = self.later.known.as_of
        was, now = (mix_at(end.known, row, day) for end, row in zip(self.ends, self._rows(company_id), strict=True))
        told = was if now is None else now
        assert told is not None  # noqa: S101 (a mix that neither end knows moves nothing)
        if was is None or now is None:
            statement = f"product mix {'known' if now else 'no longer known'}: {told.words}"
        elif was.words == now.words:
            statement = f"product mix restated: {now.words}"
        else:
            statement = f"product mix: {now.words} in place of {was.words}"
        cause = _cause(item, f"{told.table}/{company_id}/{told.period}", f"mix: {told.words}", statement, told.fact)
        change = _change(was is not None, now is not None)
        return cause.model_copy(update={"change": change, "evidence": told.evidence})

    def _rule(self, item: Item, _: str) -> Cause:
        return _cause(
            item, f"rules/{item.key}", self._name("rule_id", item.key), "", self._cited("rules", rule_id=item.key)
        )

    def _fraction(self, item: Item, _: str) -> Cause:
        family, rule = item.key.split("/", 1)
        values = []
        aligned = self._mixture.rules
        (f,) = (at for name, at in item.toggles if name == "fractions")
        for entry in aligned.fraction_position[:, f].tolist():
            values.append(None if entry < 0 else number_or_none(aligned.whole.entry_fraction[entry]))
        fact = self._cited("family_rules", product_family=family, rule_id=rule)
        label = f"{self._name('rule_id', rule)} on {self._name('product_family', family)}"
        return _cause(item, f"family_rules/{item.key}", label, "", fact, *values)

    def _countermeasure(self, item: Item, _: str) -> Cause:
        fact = self._cited("countermeasures", measure_id=item.key)
        label = fact.statement.partition(" (announced")[0] if fact else item.key
        return _cause(item, f"countermeasures/{item.key}", label, "", fact)

    def _event(self, item: Item, _: str) -> Cause:
        name = item.key[11:]
        fact = self._cited("coercion_events", event_id=name)
        return _cause(item, f"coercion_events/{name}", fact.statement if fact else name, "", fact)

    def _scenario(self, item: Item, _: str) -> Cause:
        assumption = self._assumed.get(item.key.rstrip("'"))
        if assumption is None:
            scenario = item.key.removeprefix(ASSUMED)
            return _cause(item, item.key, scenario, "countries that the scenario counts as allies")
        fact = cite_assumption(self.later.known.release, assumption)
        return _cause(item, item.key, fact.statement.removeprefix("assumed: "), "", fact)

    def _decay(self, item: Item, _: str) -> Cause:
        days = (self.ends[1].known.as_of - self.ends[0].known.as_of).days
        statement = (
            f"{self._mixture.events.aged()} coercive acts that both dates know are {abs(days)} days "
            f"{'older' if days > 0 else 'younger'}"
        )
        return _cause(item, "decay", "decay of past acts", statement)

    def _mineral(self, item: Item, _: str) -> Cause:
        values = [_at(end.own.minerals, item.key, end.own.mineral.supply_share) for end in self.ends]
        label = self._name("mineral", item.key)
        return _cause(item, f"minerals/{item.key}", label, "", self._cited("minerals", mineral=item.key), *values)

    def _import(self, item: Item, country: str) -> Cause:
        facts = self.ends[0].own
        m, j = facts.minerals.index(item.key), facts.countries.index(country)
        values = [number_or_none(end.own.mineral.import_share[m, j]) for end in self.ends]
        was, now = ("not measured" if value is None else f"{value:.1%}" for value in values)
        fact = None
        for end in (self.earlier, self.later):  # of the later end where it is measured there
            found = end.own.mineral.imports.get((m, j))
            if found:
                fact = cite(end.known.release, found.table, found.rows[0], self.later.known.as_of)
        mineral = self._name("mineral", item.key)
        statement = f"China's share of {country} imports of {mineral}: {was} → {now}"
        name = f"mineral_imports/{item.key}/{country}"
        cause = _cause(item, name, f"{country} imports of {mineral}", statement, fact, *values)
        return cause.model_copy(update={"statement": statement})

    def _criticality(self, item: Item, _: str) -> Cause:
        if item.key == "producers":
            return _cause(item, "producers", "own production", "who produces which mineral itself")
        family, mineral = item.key.split("/", 1)
        values = []
        for end in self.ends:
            block = end.own.mineral
            at = end.own.families.index(family), end.own.minerals.index(mineral)
            known = block.dependence_row[at] >= 0
            values.append(number_or_none(block.criticality[at] * (1 - block.substitutability[at])) if known else None)
        fact = self._cited("family_minerals", product_family=family, mineral=mineral)
        label = f"{self._name('product_family', family)} on {self._name('mineral', mineral)}"
        return _cause(item, f"family_minerals/{item.key}", label, "", fact, *values)

    def _family(self, item: Item, _: str) -> Cause:
        was, now = (end.own.groups[end.own.families.index(item.key)] for end in self.ends)
        name = self._name("product_family", item.key)
        return _cause(item, f"product_families/{item.key}", name, f"{name}: group {was} → {now}")

    def _timing(self, item: Item, _: str) -> Cause:
        was, now = (end.known.timing for end in self.ends)
        return _cause(item, "methodology/timing", "timing", f"controls count from: {was} → {now}")

    def _parameter(self, item: Item, _: str) -> Cause:
        name = f"methodology/{item.key}"
        if item.key == "china_share":
            was, now = (end.methodology.china_share for end in self.ends)
            return _cause(item, name, item.key, f"China share that enters: {was} → {now}")
        if (item.kind, item.key) == CHOICES:
            return _cause(item, name, "which facts count", f"which facts count: {_choices(self.ends)}")
        ((_, at),) = item.toggles
        number = self._mixture.numbers[at]
        statement = f"{item.key}: {_shown(number.was)} → {_shown(number.now)}"
        values = [value if isinstance(value, float) else None for value in (number.was, number.now)]
        return _cause(item, name, item.key, statement, None, *values)


def _cause(
    item: Item,
    name: str,
    label: str,
    statement: str,
    fact: Fact | None = None,
    value_from: float | None = None,
    value_to: float | None = None,
) -> Cause:
    return Cause(
        id=name,
        kind=item.kind,
        label=label,
        change=item.change,
        statement=statement or (fact.statement if fact else label),
        value_from=value_from,
        value_to=value_to,
        known_from=fact.known_from if fact else None,
        evidence=fact.evidence if fact else None,
        source=fact.source if fact else None,
        origin=fact.origin if fact else "release",
    )


def _assumptions(end: End) -> dict[str, Assumption]:
    facts = end.known
    return {assumed_key(facts, ~at): made for at, made in enumerate(facts.assumptions)}


def _change(was: bool, now: bool) -> Change:
    return "changed" if was and now else "added" if now else "removed"


def _at(names: list[str], name: str, values: np.ndarray) -> float | None:
    return number_or_none(values[names.index(name)])


def _choices(ends: tuple[End, ...]) -> str:
    """Choices of facts that differ, by the names of the methodology."""
    was, now = (end.known.choices for end in ends)
    undisclosed = " → ".join("estimated" if choices.estimates else "unknown" for choices in (was, now))
    names = {
        "china_figure": (was.lifetime_days, was.newer_by_days) != (now.lifetime_days, now.newer_by_days),
        "unsold_from": (was.unsold_from, was.loss) != (now.unsold_from, now.loss),
        "named_customers": was.customer_days != now.customer_days,
        "import_share_years": was.import_share_years != now.import_share_years,
        f"undisclosed ({undisclosed})": was.estimates != now.estimates,
    }
    return ", ".join(name for name, differs in names.items() if differs)


def _shown(value: float | tuple[float, ...] | str | None) -> str:
    if value is None:
        return "default"
    if isinstance(value, str):
        return value
    return ", ".join(f"{part:g}" for part in value) if isinstance(value, tuple) else f"{value:g}"
