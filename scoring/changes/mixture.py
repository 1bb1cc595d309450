"""A mixture between two ends: every fact and number taken from the one or the other, and the scores that follow."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np

from scoring.changes.aligned import AlignedEvents, AlignedMeasures, AlignedRules, event_keys, measure_keys, rule_keys
from scoring.changes.ends import End
from scoring.changes.numbers import differing_numbers, mixed
from scoring.facts.facts import Facts
from scoring.score.evaluation import evaluate

Toggle = tuple[str, int]
"""A dimension of the mixture, and a position in it."""

_REBUILDS: Final[Mapping[str, tuple[str, ...]]] = {
    "home": ("companies",),
    "segments": ("companies",),
    "china": ("companies",),
    "choices": ("companies", "mineral"),
    "groups": ("groups",),
    "rules": ("rules",),
    "fractions": ("rules",),
    "allied": ("rules",),
    "supply": ("supply",),
    "access": ("access",),
    "events": ("events",),
    "clock": ("events",),
    "supply_share": ("mineral",),
    "import_share": ("mineral",),
    "needs": ("mineral",),
    "producers": ("mineral",),
    "timing": ("rules", "supply", "access"),
    "share_option": (),
    "numbers": ("numbers",),
}
"""What is built again when something in a dimension is taken from the other end."""


class Mixture:
    """Facts and numbers taken from either of two ends.

    Parameters
    ----------
    a, b : End
        On shared axes.

    Attributes
    ----------
    choice : dict of str to ndarray of int
        For each dimension and position, the end it is taken from: 0 or 1. All 0 at first.
    rules, supply, access, events
        Aligned of what both ends know.
    numbers : list of Number
        Numbers of the methodologies that differ.
    """

    def __init__(self, a: End, b: End) -> None:
        self.ends = (a, b)
        own = (a.own, b.own)
        timings = list(a.facts)
        # Both ends have been compiled under either timing; the order of the timings is that of the ends.
        by_timing = [[end.facts[timing] for timing in timings] for end in self.ends]
        self.rules = AlignedRules([[(facts.rules, rule_keys(facts)) for facts in end] for end in by_timing])
        self.supply, self.access = (
            AlignedMeasures([[(getattr(facts, side), measure_keys(facts, side)) for facts in end] for end in by_timing])
            for side in ("supply", "access")
        )
        self.events = AlignedEvents([[(facts.events, event_keys(facts))] for facts in own])
        self._parameters = (a.methodology.parameters, b.methodology.parameters)
        self.numbers = differing_numbers(*self._parameters)
        # What a family depends on at either end has a place in the layout; where it is 0 it changes nothing.
        rows = [facts.mineral.dependence_row for facts in own]
        self._needs = np.where(rows[0] >= 0, rows[0], rows[1])
        sizes = {
            "groups": len(own[0].families),
            "rules": len(self.rules.keys),
            "fractions": len(self.rules.fraction_keys),
            "allied": len(own[0].countries),
            "supply": len(self.supply.keys),
            "access": len(self.access.keys),
            "events": len(self.events.keys),
            "supply_share": len(own[0].minerals),
            "import_share": len(own[0].minerals),
            "needs": self._needs.size,
            "numbers": len(self.numbers),
        }
        self.choice = {name: np.zeros(sizes.get(name, 1), dtype=int) for name in _REBUILDS}
        self._facts: Facts = own[0]
        self._numbers = self._parameters[0]
        for part in ("mineral", "companies", "groups", "rules", "supply", "access", "events"):
            self._build(part)

    def turn(self, toggles: Iterable[Toggle], end: int) -> None:
        """Take some positions of dimensions from an end."""
        stale: dict[str, None] = {}
        for name, position in toggles:
            self.choice[name][position] = end
            stale |= dict.fromkeys(_REBUILDS[name])
        for part in stale:
            self._build(part)

    def value(self, is_floor: np.ndarray) -> np.ndarray:
        """Points of the pillars of every company, of those marked those of the floor; shape (n, 3)."""
        methodology = self.ends[self._one("share_option")].methodology
        evaluation = evaluate(self._facts, methodology, self._numbers)
        # The floor of a company of which nothing is known is zero.
        return np.where(is_floor[:, None], np.nan_to_num(evaluation.floor_points), evaluation.points)

    def _one(self, name: str) -> int:
        return int(self.choice[name][0])

    def _build(self, part: str) -> None:
        own, choice = (self.ends[0].own, self.ends[1].own), self.choice
        if part == "numbers":
            self._numbers = mixed(*self._parameters, self.numbers, choice["numbers"])
            return
        changed: dict[str, Any] = {}
        match part:
            case "companies":
                sales = self._chosen(self._one("china"))
                changed = {
                    "country": own[self._one("home")].country,
                    "segments": self._chosen(self._one("segments")).segments,
                    # What could not be sold goes by the rules of the release that the shares are from.
                    **{name: getattr(sales, name) for name in ("china", "customers", "release", "tables", "choices")},
                }
            case "groups":
                changed["groups"] = np.where(choice["groups"] == 1, own[1].groups, own[0].groups)
            case "rules":
                allied = np.where(choice["allied"] == 1, own[1].rules.allied, own[0].rules.allied)
                changed["rules"] = self.rules.block(choice["rules"], choice["fractions"], allied, self._timing)
            case "supply" | "access":
                aligned: AlignedMeasures = getattr(self, part)
                changed[part] = aligned.block(choice[part], self._timing)
            case "events":
                changed["events"] = self.events.block(choice["events"], self._one("clock"))
            case "mineral":
                changed["mineral"] = self._mineral()
        self._facts = self._facts.replace(**changed)

    @property
    def _timing(self) -> int:
        """Position of the timing that counts."""
        timings = list(self.ends[0].facts)
        return timings.index(self.ends[self._one("timing")].known.timing)

    def _mineral(self) -> Any:
        a, b, choice = self._chosen(0).mineral, self._chosen(1).mineral, self.choice
        made = (a, b)[self._one("producers")]
        shape = self._needs.shape

        def pick(name: str, dimension: str) -> np.ndarray:
            one, other = getattr(a, name), getattr(b, name)
            from_b = choice[dimension].reshape(shape if dimension == "needs" else (-1, *[1] * (one.ndim - 1))) == 1
            return np.where(from_b, other, one)

        return dataclasses.replace(
            a,
            supply_share=pick("supply_share", "supply_share"),
            import_share=pick("import_share", "import_share"),
            criticality=pick("criticality", "needs"),
            substitutability=pick("substitutability", "needs"),
            dependence_row=self._needs,
            producer_company=made.producer_company,
            producer_mineral=made.producer_mineral,
        )

    def _chosen(self, end: int) -> Facts:
        """Facts of an end under the choices of facts that count."""
        return self.ends[end].by_choices[self.ends[self._one("choices")].known.choices]
