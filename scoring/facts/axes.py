"""Axes: what the arrays of facts are indexed by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from typing import Any, Final

import numpy as np

DAYS_PER_YEAR: Final = 365.25


@dataclass(frozen=True)
class Axes:
    """Names of companies (n), countries (j), product families (f) and minerals (m), in the order of the arrays."""

    company_ids: list[str]
    countries: list[str]
    families: list[str]
    minerals: list[str]

    @cached_property
    def position(self) -> Mapping[str, Mapping[str, int]]:
        """Position of each name, by the kind of subject as measures name it."""
        return {
            "company": index(self.company_ids),
            "country": index(self.countries),
            "product_family": index(self.families),
            "mineral": index(self.minerals),
        }

    def mask(self, countries: frozenset[str]) -> np.ndarray:
        """Which countries of the axis are among these, shape (j,)."""
        return np.array([country in countries for country in self.countries])

    def masks(self, named: Iterable[frozenset[str]]) -> np.ndarray:
        """A mask for each set of countries, shape (sets, j)."""
        sets = list(named)
        of = {countries: self.mask(countries) for countries in set(sets)}
        return np.array([of[countries] for countries in sets], dtype=bool).reshape(len(sets), len(self.countries))


def index(values: Iterable[str]) -> dict[str, int]:
    """Position of each value."""
    return {value: i for i, value in enumerate(values)}


def positions(values: np.ndarray, position: Mapping[str, int], absent: int | None = None) -> np.ndarray:
    """Position of each of the values.

    Raises
    ------
    KeyError
        A value has none, and no number for what is absent is given.
    """
    names = values.tolist()
    found = map(position.__getitem__, names) if absent is None else map(position.get, names, repeat(absent))
    return np.fromiter(found, dtype=int, count=len(names))


def years_until(day: Any, since: np.ndarray) -> np.ndarray:
    """Years of 365.25 days from dates to a day, or to an array of days against which they are broadcast.

    0 for a date after the day.
    """
    days = (np.asarray(day, dtype="datetime64[D]") - since.astype("datetime64[D]")).astype(float)
    return np.maximum(days / DAYS_PER_YEAR, 0.0)
