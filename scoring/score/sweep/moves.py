"""Moves: what variants of the same facts change, cell by cell, in the small tables that companies look at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from scoring.exposure.bottleneck import holds, scarcest
from scoring.exposure.control import Restrictions, restrictions
from scoring.exposure.force import force, pressure
from scoring.exposure.leverage import leverage
from scoring.facts.facts import Facts
from scoring.methodology.parameters import Parameters
from scoring.score.evaluation import Evaluation


class Variant(NamedTuple):
    """Facts and numbers to score: those of the base with other rules, measures, events or parameters.

    The companies, their segments, minerals and China shares must be those of the base.
    """

    facts: Facts
    parameters: Parameters


class Tables(NamedTuple):
    """What companies look up, each flat.

    Attributes
    ----------
    control : ndarray of float, shape (2 f j,)
        Restricted fraction of product and service revenue of a family by home, what alignment would add counted in.
    shut : ndarray of float, shape (f j,)
        Force that shuts a family out of China's market, by home.
    boycott : ndarray of float, shape (f j,)
        Force of the threat alone that shuts a family out.
    need : ndarray of float, shape (u,)
        Force on each need of the layout; empty where only the scarcest counts.
    reach : ndarray of float, shape (m j,)
        China's leverage; 0 where its share of supply is unknown, which leaves the mineral out. Empty as `need`.
    kit, most : ndarray of float, shape (s,)
        Exposure through each kit of needs, and what it would be under the greatest force; empty where every need
        counts.
    supplied, admitted : ndarray of float, shape (n,)
        Force of the measures on single companies, of supply and of access.
    """

    control: np.ndarray
    shut: np.ndarray
    boycott: np.ndarray
    need: np.ndarray
    reach: np.ndarray
    kit: np.ndarray
    most: np.ndarray
    supplied: np.ndarray
    admitted: np.ndarray


class Patch(NamedTuple):
    """Cells of a table that differ from the base: those of variant v are at first[v] : first[v + 1].

    Attributes
    ----------
    first : ndarray of int, shape (variants + 1,)
    cell : ndarray of int
    value : ndarray of float
    """

    first: np.ndarray
    cell: np.ndarray
    value: np.ndarray


class Patches(NamedTuple):
    """A patch for each of `Tables`."""

    control: Patch
    shut: Patch
    boycott: Patch
    need: Patch
    reach: Patch
    kit: Patch
    most: Patch
    supplied: Patch
    admitted: Patch


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
        pressed = pressure(facts, evaluation.force)
        self.tables = Tables(
            control=_counted(facts, numbers, evaluation.restricted),
            shut=pressed.shut.ravel(),
            boycott=pressed.boycott.ravel(),
            supplied=pressed.supplied,
            admitted=pressed.admitted,
            **_supply(facts, numbers, pressed.need),
        )

    def patches(self, variants: Sequence[Variant]) -> Patches:
        """What each variant changes.

        Raises
        ------
        ValueError
            A variant differs from the base in more than rules, measures, events and parameters.
        """
        changes = [list(map(_changed, self.tables, self._tables(variant))) for variant in variants]
        return Patches(*(_patch(cells) for cells in zip(*changes, strict=True)))

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

    def _tables(self, variant: Variant) -> Tables:
        """Tables of a variant; one that stays is the same object."""
        self.check(variant)
        base, before, (facts, numbers) = self._evaluation, self._evaluation.facts, variant
        tables = self.tables
        if facts.rules is not before.rules or not same(numbers, base.parameters, *CONTROL):
            tables = tables._replace(control=_counted(facts, numbers, restrictions(facts, numbers)))
        acts = facts.supply is before.supply and facts.access is before.access and facts.events is before.events
        if acts and same(numbers, base.parameters, *RETALIATION):
            return tables
        now = force(facts, numbers, base.force)
        pressed = pressure(facts, now)
        tables = tables._replace(supplied=pressed.supplied, **_supply(facts, numbers, pressed.need))
        if now.access is not base.force.access or not np.array_equal(now.boycott, base.force.boycott):
            tables = tables._replace(
                shut=pressed.shut.ravel(), boycott=pressed.boycott.ravel(), admitted=pressed.admitted
            )
        return tables


def _supply(facts: Facts, numbers: Parameters, need: np.ndarray) -> dict[str, np.ndarray]:
    """The tables of supply, by whether every need counts or the scarcest."""
    if not numbers.bottleneck:
        reach: np.ndarray = np.nan_to_num(leverage(facts, numbers)).ravel()
        return {"need": need, "reach": reach, "kit": _NONE, "most": _NONE}
    hold = holds(facts, numbers)
    kit, most = scarcest(facts.layout, hold * need), scarcest(facts.layout, hold)
    return {"need": _NONE, "reach": _NONE, "kit": kit, "most": most}


def _counted(facts: Facts, numbers: Parameters, restricted: Restrictions) -> np.ndarray:
    counted: np.ndarray = restricted.now + numbers.alignment(facts.countries) * restricted.gap
    return counted.ravel()


def _changed(before: np.ndarray, after: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cells that differ, and their values."""
    cells = _NO_CELL if after is before else np.flatnonzero(after != before)
    return cells, after[cells]


_NO_CELL: Final = np.zeros(0, dtype=int)
_NONE: Final = np.zeros(0)


def _patch(changes: Sequence[tuple[np.ndarray, np.ndarray]]) -> Patch:
    cells, values = zip(*changes, strict=True)
    first = np.cumsum([0, *(some.size for some in cells)])
    return Patch(first, np.concatenate(cells), np.concatenate(values))


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
