"""Force of China's measures on their subjects, toward each country (methodology, section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from scoring.facts.blocks import Measures
from scoring.facts.facts import Facts
from scoring.methodology.parameters import ACCESS_WORDS, SUPPLY_WORDS, Parameters, codes


@dataclass(frozen=True)
class Pressed:
    """Force of one side's measures on one kind of subject, toward each country.

    Attributes
    ----------
    value : ndarray of float, shape (..., subjects, j)
        0..1; j is 1 for companies, which a measure reaches wherever they are at home.
    """

    value: np.ndarray
    _measures: Measures
    _strength: np.ndarray
    _kind: str
    _prevails: bool

    @cached_property
    def row(self) -> np.ndarray:
        """Position among the measures of the one that is felt, -1 = none; the first of equally strict ones."""
        if self._strength.ndim > 1:
            raise ValueError("a driver is asked for where there are many draws of the stringencies")
        shape = self.value.shape
        best, row = np.full(shape, -1.0 if self._prevails else 0.0), np.full(shape, -1)
        others, others_row = np.zeros(shape), np.full(shape, -1)
        on = on_kind(self._measures, self._kind)
        for a, toward in zip(on.tolist(), _toward(self._measures, on, self._kind), strict=True):
            if self._prevails and self._measures.worldwide[a]:
                _raise(others, others_row, self._measures.subject[a], self._strength[a], a, slice(None))
            else:
                _raise(best, row, self._measures.subject[a], self._strength[a], a, toward)
        return np.where(row >= 0, row, others_row)


class Subjects(NamedTuple):
    """How many there are of each kind of subject."""

    mineral: int
    product_family: int
    country: int
    company: int

    @classmethod
    def of(cls, facts: Facts) -> Subjects:
        """Number of subjects on the axes of facts."""
        return cls(len(facts.minerals), len(facts.families), len(facts.countries), facts.country.size)


@dataclass(frozen=True)
class SupplySide:
    """Force of what China withholds.

    Attributes
    ----------
    measures : Measures
        From which it was compiled.
    strength : ndarray of float, shape (..., a)
        Stringency of each measure, times the part of its subject that it reaches.
    mineral, family, country, company : Pressed, shapes (m, j), (f, j), (j, j) and (n, 1)
    under_measure : ndarray of bool, shape (m,)
        Minerals with any active measure: only in these is a measure on a country as a whole felt.
    """

    measures: Measures
    strength: np.ndarray
    mineral: Pressed
    family: Pressed
    country: Pressed
    company: Pressed
    under_measure: np.ndarray

    @cached_property
    def nation(self) -> np.ndarray:
        """Force of the measure on each country as a whole, shape (..., j)."""
        return np.diagonal(self.country.value, axis1=-2, axis2=-1)

    @property
    def single(self) -> np.ndarray:
        """Force of the measures on each company by name, shape (..., n)."""
        return self.company.value[..., 0]


@dataclass(frozen=True)
class AccessSide:
    """Force of what China does to sales into its market.

    Attributes
    ----------
    measures : Measures
        From which it was compiled.
    strength : ndarray of float, shape (..., a)
        Stringency of each measure, times the part of its subject that it reaches.
    family, company : Pressed, shapes (f, j) and (n, 1)
    """

    measures: Measures
    strength: np.ndarray
    family: Pressed
    company: Pressed

    @property
    def single(self) -> np.ndarray:
        """Force of the measures on each company by name, shape (..., n)."""
        return self.company.value[..., 0]


def supply_side(facts: Facts, parameters: Parameters, known: SupplySide | None = None) -> SupplySide:
    """Force of the supply measures; `known` is given back where measures and stringencies are the same."""
    measures = facts.supply
    strength = supply_strength(measures, parameters)
    if known is not None and known.measures is measures and np.array_equal(known.strength, strength):
        return known
    return supply_of(measures, strength, Subjects.of(facts), len(facts.countries))


def supply_of(measures: Measures, strength: np.ndarray, subjects: Subjects, countries: int) -> SupplySide:
    """Force of supply measures of some strength on so many subjects."""
    under_measure = np.zeros(subjects.mineral, dtype=bool)
    under_measure[measures.subject[on_kind(measures, "mineral")]] = True
    return SupplySide(
        measures=measures,
        strength=strength,
        mineral=_pressed(measures, strength, "mineral", (subjects.mineral, countries), prevails=True),
        family=_pressed(measures, strength, "product_family", (subjects.product_family, countries), prevails=True),
        country=_pressed(measures, strength, "country", (subjects.country, countries), prevails=True),
        company=_pressed(measures, strength, "company", (subjects.company, 1), prevails=False),
        under_measure=under_measure,
    )


def access_side(facts: Facts, parameters: Parameters, known: AccessSide | None = None) -> AccessSide:
    """Force of the access measures; `known` is given back where measures and stringencies are the same."""
    measures = facts.access
    strength = access_strength(measures, parameters)
    if known is not None and known.measures is measures and np.array_equal(known.strength, strength):
        return known
    return access_of(measures, strength, Subjects.of(facts), len(facts.countries))


def access_of(measures: Measures, strength: np.ndarray, subjects: Subjects, countries: int) -> AccessSide:
    """Force of access measures of some strength on so many subjects."""
    return AccessSide(
        measures=measures,
        strength=strength,
        family=_pressed(measures, strength, "product_family", (subjects.product_family, countries), prevails=False),
        company=_pressed(measures, strength, "company", (subjects.company, 1), prevails=False),
    )


def supply_strength(measures: Measures, parameters: Parameters) -> np.ndarray:
    """Stringency of each supply measure, times the part of its subject that it reaches, shape (..., a)."""
    strength: np.ndarray = parameters.supply_stringency[..., codes(measures.measure, SUPPLY_WORDS)] * measures.scope
    return strength


def access_strength(measures: Measures, parameters: Parameters) -> np.ndarray:
    """Stringency of each access measure, times the part of its subject that it reaches, shape (..., a)."""
    strength: np.ndarray = parameters.access_stringency[..., codes(measures.measure, ACCESS_WORDS)] * measures.scope
    return strength


def _pressed(measures: Measures, strength: np.ndarray, kind: str, shape: tuple[int, int], *, prevails: bool) -> Pressed:
    """Force on each subject; if `prevails`, a measure that names a country prevails over a worldwide one."""
    on = on_kind(measures, kind)
    batch = strength.shape[:-1]
    value = np.zeros((*batch, *shape))
    if on.size:
        toward = _toward(measures, on, kind)
        subjects, subject = np.unique(measures.subject[on], return_inverse=True)
        felt = np.zeros((*batch, subjects.size, shape[1]))
        named = np.full(felt.shape, -1.0) if prevails else felt  # a named measure of no force prevails too
        far = measures.worldwide[on] & prevails
        for which, table in ((~far, named), (far, felt)):
            a, j = np.nonzero(toward & which[:, None])
            if not a.size:
                continue
            position = subject[a] * shape[1] + j
            flat = table.reshape(-1, subjects.size * shape[1])
            for row, given in zip(flat, strength[..., on[a]].reshape(-1, a.size), strict=True):
                np.maximum.at(row, position, given)
        value[..., subjects, :] = np.where(named >= 0, named, felt) if prevails else felt
    return Pressed(value, measures, strength, kind, prevails)


def _toward(measures: Measures, on: np.ndarray, kind: str) -> np.ndarray:
    """Countries at which some measures are aimed; a named company is hit wherever it is at home."""
    if kind == "company":
        return np.ones((on.size, 1), dtype=bool)
    return measures.names[on] | measures.worldwide[on, None]


def on_kind(measures: Measures, kind: str) -> np.ndarray:
    """Positions of the measures whose subject is of `kind` and in the universe."""
    return np.flatnonzero((measures.kind == kind) & (measures.subject >= 0))


def _raise(
    force: np.ndarray, row: np.ndarray, subject: int, strength: float, a: int, toward: np.ndarray | slice
) -> None:
    stricter = strength > force[subject, toward]
    force[subject, toward] = np.where(stricter, strength, force[subject, toward])
    row[subject, toward] = np.where(stricter, a, row[subject, toward])
