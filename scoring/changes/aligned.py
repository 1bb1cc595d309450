"""Aligned: the rules, measures and events of both ends under common keys, to be taken from either end one by one.

What they give depends on the choices made and never on which end is which: keys are sorted, and what is the same at
both ends is the same number.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import numpy as np

from scoring.facts.blocks import Events, Measures, Rules
from scoring.facts.facts import Facts

B = TypeVar("B", Rules, Measures, Events)


class Aligned(Generic[B]):
    """Rows of both ends, by key.

    Parameters
    ----------
    parts : sequence of sequence of (block, list of str)
        By end, by timing: the active rows and their keys, on shared axes.

    Attributes
    ----------
    keys : list of str
        Sorted.
    whole : block
        Rows of both ends.
    position : ndarray of int, shape (2, k)
        Row in `whole` of each key at each end, -1 = none.
    present : ndarray of bool, shape (2, timings, k)
        Whether the key is active at the end under the timing.
    """

    def __init__(self, parts: Sequence[Sequence[tuple[B, list[str]]]]) -> None:
        self.keys = sorted({key for end in parts for _, keys in end for key in keys})
        index = {key: i for i, key in enumerate(self.keys)}
        self.position = np.full((2, len(self.keys)), -1)
        self.present = np.zeros((2, len(parts[0]), len(self.keys)), dtype=bool)
        blocks: list[B] = []
        size = 0
        for e, end in enumerate(parts):
            for t, (block, keys) in enumerate(end):
                at = np.array([index[key] for key in keys], dtype=int)
                new = self.position[e, at] < 0
                self.present[e, t, at] = True
                self.position[e, at[new]] = size + np.arange(int(new.sum()))
                size += int(new.sum())
                blocks.append(_only(block, new))
        self.whole: B = blocks[0]
        for block in blocks[1:]:
            self.whole = _plus(self.whole, block)
        # Where each end has its own state apart from the timing: the choice of a key can change something.
        self.moves: np.ndarray = (self.present[0] != self.present[1]).any(axis=0)

    def chosen(self, choice: np.ndarray, timing: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """Keys that are active when each is taken from the chosen end, and their rows in `whole`."""
        every = np.arange(len(self.keys))
        active = np.flatnonzero(self.present[choice, timing, every])
        return active, self.position[choice[active], active]

    def both(self) -> np.ndarray:
        """Keys that both ends have."""
        return np.flatnonzero((self.position >= 0).all(axis=0))


class AlignedMeasures(Aligned[Measures]):
    """China's measures of one side."""

    def block(self, choice: np.ndarray, timing: int) -> Measures:
        """Measures, each as the chosen end has it."""
        _, row = self.chosen(choice, timing)
        measures: Measures = _taken(self.whole, row)
        return measures

    def differing(self) -> list[int]:
        """Keys for which it matters which end they are taken from."""
        names = ("kind", "subject", "names", "worldwide", "measure", "scope")
        return sorted({*np.flatnonzero(self.moves).tolist(), *_differing(self, names)})


class AlignedEvents(Aligned[Events]):
    """China's coercive acts."""

    def block(self, choice: np.ndarray, clock: int) -> Events:
        """Acts, each as the chosen end has it; those that both ends know have the age of the end that is the clock."""
        key, row = self.chosen(choice)
        shared = (self.position[:, key] >= 0).all(axis=0)
        age = self.whole.age[np.where(shared, self.position[clock, key], row)]
        acts: Events = dataclasses.replace(_taken(self.whole, row), age=age)
        return acts

    def differing(self) -> list[int]:
        """Keys for which it matters which end they are taken from."""
        names = ("names", "worldwide", "severity")
        return sorted({*np.flatnonzero(self.moves).tolist(), *_differing(self, names)})

    def aged(self) -> int:
        """Number of acts that both ends know, at different ages."""
        one, other = self.position[:, self.both()]
        return int((self.whole.age[one] != self.whole.age[other]).sum())


class AlignedRules(Aligned[Rules]):
    """Packages of controls, and the fractions that they catch.

    Attributes
    ----------
    fraction_keys : list of (int, int)
        Package (position in `keys`) and family, sorted.
    fraction_position : ndarray of int, shape (2, e)
        Entry in `whole`, -1 = none.
    """

    def __init__(self, parts: Sequence[Sequence[tuple[Rules, list[str]]]]) -> None:
        super().__init__(parts)
        key_of = np.full(self.whole.row.size, -1)
        end_of = np.zeros(self.whole.row.size, dtype=int)
        for e in (0, 1):
            here = self.position[e] >= 0
            key_of[self.position[e, here]], end_of[self.position[e, here]] = np.flatnonzero(here), e
        package, family = key_of[self.whole.entry_rule], self.whole.entry_family
        pairs = list(zip(package.tolist(), family.tolist(), strict=True))
        self.fraction_keys = sorted(set(pairs))
        index = {pair: i for i, pair in enumerate(self.fraction_keys)}
        self.fraction_position = np.full((2, len(self.fraction_keys)), -1)
        at = np.array([index[pair] for pair in pairs], dtype=int)
        self.fraction_position[end_of[self.whole.entry_rule], at] = np.arange(len(pairs))
        self.fraction_package = np.array([package for package, _ in self.fraction_keys], dtype=int)

    def block(self, choice: np.ndarray, fractions: np.ndarray, allied: np.ndarray, timing: int) -> Rules:
        """Packages and fractions, each as the chosen end has it."""
        key, row = self.chosen(choice, timing)
        rank = np.full(len(self.keys), -1)
        rank[key] = np.arange(key.size)
        entry = self.fraction_position[fractions, np.arange(len(self.fraction_keys))]
        kept = (entry >= 0) & (rank[self.fraction_package] >= 0)
        taken = self.whole.take(row, entry[kept], rank[self.fraction_package[kept]])
        return dataclasses.replace(taken, allied=allied)

    def fractions_of(self, key: int) -> list[int]:
        """Fractions of one package, as positions in `fraction_keys`."""
        found: list[int] = np.flatnonzero(self.fraction_package == key).tolist()
        return found

    def differing(self) -> list[int]:
        """Packages for which it matters which end they are taken from."""
        names = ("imposer", "binds", "servicing", "measure")
        listed = [k for k in self.both().tolist() if self._listed(0, k) != self._listed(1, k)]
        return sorted({*np.flatnonzero(self.moves).tolist(), *_differing(self, names), *listed})

    def _listed(self, end: int, key: int) -> set[str]:
        """Parties that a package names at an end."""
        return set(self.whole.listed_entity[self.whole.listed_rule == self.position[end, key]].tolist())

    def differing_fractions(self) -> list[int]:
        """Fractions that packages of both ends do not have in common."""
        one, other = self.fraction_position
        fraction = np.append(self.whole.entry_fraction, np.nan)  # position -1: none
        both = (self.position[:, self.fraction_package] >= 0).all(axis=0)
        lost = np.append(self.whole.entry_lost, False)
        differ = (fraction[one] != fraction[other]) | (lost[one] != lost[other])
        found: list[int] = np.flatnonzero(both & differ).tolist()
        return found


def rule_keys(facts: Facts) -> list[str]:
    """Keys of the active packages: a rule_id, or what a scenario assumes."""
    return _keys(facts, "rules", "rule_id", facts.rules.row)


def measure_keys(facts: Facts, side: str) -> list[str]:
    """Keys of the active measures of one side: a measure_id, or what a scenario assumes."""
    return _keys(facts, "countermeasures", "measure_id", getattr(facts, side).row)


def event_keys(facts: Facts) -> list[str]:
    """Keys of the acts: date and event_id, so that an act of another date is another act."""
    table = facts.release.columns("coercion_events")
    return [f"{table['date'][row]} {table['event_id'][row]}" for row in facts.events.row]


ASSUMED = "scenario/"
"""What the key of an assumption begins with."""


def _keys(facts: Facts, table: str, column: str, rows: np.ndarray) -> list[str]:
    ids = facts.release.columns(table)[column]
    keys: dict[str, None] = {}
    for row in rows.tolist():
        key = ids[row] if row >= 0 else assumed_key(facts, row)
        while key in keys:  # a scenario may assume the same twice
            key += "'"
        keys[key] = None
    return list(keys)


def assumed_key(facts: Facts, row: int) -> str:
    """Key of what a negative row of a block stands for."""
    assumption = facts.assumptions[~row]
    return f"{ASSUMED}{assumption.scenario_id}/{assumption.number}/{assumption.statement}"


def _differing(aligned: Aligned[B], names: Sequence[str]) -> list[int]:
    """Keys of both ends whose rows differ in some of these arrays."""
    both = aligned.both()
    one, other = aligned.position[:, both]
    differ = np.zeros(both.size, dtype=bool)
    for name in names:
        values = getattr(aligned.whole, name)
        unequal = values[one] != values[other]
        differ |= unequal.reshape(both.size, -1).any(axis=1) if both.size else differ
    found: list[int] = both[differ].tolist()
    return found


def _only(block: B, keep: np.ndarray) -> B:
    made: B = _taken(block, np.flatnonzero(keep)) if isinstance(block, Events) else block.only(keep)
    return made


def _plus(block: B, other: B) -> B:
    made: Any = block
    if not isinstance(made, Events):
        joined: B = made.plus(other)
        return joined
    arrays: dict[str, Any] = {
        field.name: np.concatenate([getattr(block, field.name), getattr(other, field.name)])
        for field in dataclasses.fields(made)
    }
    acts: Any = dataclasses.replace(made, **arrays)
    together: B = acts
    return together


def _taken(block: Any, row: np.ndarray) -> Any:
    """Some rows of measures or acts."""
    return dataclasses.replace(block, **{f.name: getattr(block, f.name)[row] for f in dataclasses.fields(block)})
