"""Amounts of money in tables, in single units of their currency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from scoring.facts.selection import Table

_UNITS: Final[Mapping[str, float]] = {"1": 1.0, "thousand": 1e3, "million": 1e6, "billion": 1e9}


def amounts(table: Table, column: str) -> np.ndarray:
    """Amounts of a column in single units, by the unit that each row states; NaN = not stated."""
    unit = np.array([_UNITS.get(word, np.nan) for word in table["unit"]])
    found: np.ndarray = table[column] * unit
    return found
