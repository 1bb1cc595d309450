"""Moves: what variants of the same facts change, cell by cell, in the small tables that companies look at."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import starmap
from typing import Any, Final, NamedTuple

import numpy as np

from scoring.exposure.bottleneck import holds, scarcest
from scoring.exposure.control import Restrictions, counted, restrictions
from scoring.exposure.force import Pressure, force, pressure
from scoring.exposure.leverage import leverage
from scoring.facts.facts import Facts
from scoring.methodology.parameters import Parameters
from scoring.score.evaluation import Evaluation
from scoring.score.sweep.acts import Acts
from scoring.score.sweep.controls import control_changes
from scoring.score.sweep.tables import Changes, Patch, Patches, Tables


class Variant(NamedTuple):
    """Facts and numbers to score: those of the base with other rules, measures, events or parameters.

    The companies, their segments, minerals and China shares must be those of the base.
    """

    facts: Facts
    parameters: Parameters


class Base:
    """The tables of an evaluation, and those of its variants.

    Parameters
    ----------
    evaluation : Evaluation
        Without a leading axis.

    Attributes
    ----------
    tables : Tables
    """

    def __init__(self, evaluation: Evaluation) -> None:
        self._evaluation = evaluation
        facts, numbers = evaluation.facts, evaluation.parameters
        self.tables = Tables(
            control=_control(facts, numbers, evaluation.restricted),
            **_retaliation(facts, numbers, pressure(facts, evaluation.force)),
        )
        self._acts = Acts(evaluation)

    def patches(self, variants: Sequence[Variant]) -> Patches:
        """What each variant changes.

        Raises
        ------
        ValueError
            A variant differs from the base in more than rules, measures, events and parameters.
        """
        for variant in variants:
            self.check(variant)
        parts: dict[str, list[Changes]] = {name: [] for name in Tables._fields}
        for some in (self._controls(variants), self._measures(variants), *starmap(self._others, enumerate(variants))):
            for name, changes in some.items():
                parts[name].append(changes)
        return Patches(*(Patch.of(parts[name], len(variants)) for name in Tables._fields))

    def check(self, variant: Variant) -> None:
        """Check that a variant is one.

        Raises
        ------
        ValueError
            It differs from the base in more than rules, measures, events and parameters.
        """
        for block in ("segments", "china", "mineral"):
            if getattr(variant.facts, block) is not getattr(self._evaluation.facts, block):
                raise ValueError(f"a variant must keep the {block} of the base")

    def _controls(self, variants: Sequence[Variant]) -> dict[str, Changes]:
        """What other packages of controls change where the numbers are those of the base."""
        base = self._evaluation
        some = [
            v
            for v, (facts, numbers) in enumerate(variants)
            if facts.rules is not base.facts.rules and same(numbers, base.parameters, *CONTROL)
        ]
        if not some:
            return {}
        changes = control_changes(base, self.tables.control, [variants[v].facts.rules for v in some])
        return {"control": changes.of(np.array(some))}

    def _measures(self, variants: Sequence[Variant]) -> dict[str, Changes]:
        """What other measures change where events and numbers are those of the base."""
        found: dict[str, Changes] = {}
        for side, compute in (("supply", self._acts.supply), ("access", self._acts.access)):
            known = getattr(self._evaluation.facts, side)
            some = [
                v
                for v, variant in enumerate(variants)
                if getattr(variant.facts, side) is not known and not self._threatens(variant)
            ]
            if some:
                changes = compute([getattr(variants[v].facts, side) for v in some], self.tables)
                found |= {name: cells.of(np.array(some)) for name, cells in changes.items()}
        return found

    def _threatens(self, variant: Variant) -> bool:
        """Whether threats or the numbers of retaliation are not those of the base."""
        base = self._evaluation
        return variant.facts.events is not base.facts.events or not same(
            variant.parameters, base.parameters, *RETALIATION
        )

    def _others(self, number: int, variant: Variant) -> dict[str, Changes]:
        """What other numbers and events change: any cell of a table, so that the table is made again."""
        base, (facts, numbers), made = self._evaluation, variant, dict[str, np.ndarray]()
        if not same(numbers, base.parameters, *CONTROL):
            made["control"] = _control(facts, numbers, restrictions(facts, numbers))
        if self._threatens(variant):
            pressed = pressure(facts, force(facts, numbers, base.force))
            made |= _retaliation(facts, numbers, pressed)
        return {name: Changes.of_table(getattr(self.tables, name), number, table) for name, table in made.items()}


def _control(facts: Facts, numbers: Parameters, restricted: Restrictions) -> np.ndarray:
    """The table of controls."""
    return counted(restricted, numbers.alignment(facts.countries)).ravel()


def _retaliation(facts: Facts, numbers: Parameters, pressed: Pressure) -> dict[str, np.ndarray]:
    """The tables of retaliation."""
    return {
        "shut": pressed.shut.ravel(),
        "boycott": pressed.boycott.ravel(),
        "supplied": pressed.supplied,
        "admitted": pressed.admitted,
        **_supply(facts, numbers, pressed.need),
    }


def _supply(facts: Facts, numbers: Parameters, need: np.ndarray) -> dict[str, np.ndarray]:
    """The tables of supply, by whether every need counts or the scarcest."""
    if not numbers.bottleneck:
        reach: np.ndarray = np.nan_to_num(leverage(facts, numbers)).ravel()
        return {"need": need, "reach": reach, "kit": _NONE, "most": _NONE}
    hold = holds(facts, numbers)
    kit, most = scarcest(facts.layout, hold * need), scarcest(facts.layout, hold)
    return {"need": _NONE, "reach": _NONE, "kit": kit, "most": most}


_NONE: Final = np.zeros(0)


COMPOSITE: Final = ("weights", "half_points", "beta")
CONTROL: Final = ("control_stringency", "alignment_default", "alignment_countries")
RETALIATION: Final = (
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
MONEY: Final = ("control_loss", "supply_loss")
FORM: Final = ("bottleneck", "adds")
"""Which numbers enter which part; together they are all. Money is no part of a score; the form is the methodology's."""


def same(one: Parameters, other: Parameters, *names: str) -> bool:
    """Whether some of the parameters are equal."""
    return one is other or all(_equal(getattr(one, name), getattr(other, name)) for name in names)


def _equal(one: Any, other: Any) -> bool:
    return bool(one == other) if isinstance(one, dict) else np.array_equal(one, other)
