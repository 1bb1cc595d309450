"""Numbers of two methodologies: which differ, and any mixture of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from scoring.methodology.parameters import (
    ACCESS_WORDS,
    CONTROL_WORDS,
    GROUPS,
    PILLARS,
    SEVERITY_WORDS,
    SUPPLY_WORDS,
    Parameters,
)

_SINGLE: Final[Mapping[str, str]] = {
    "beta": "beta",
    "alignment_default": "alignment_probability.default",
    "threat_maximum": "latent_threat.maximum",
    "threat_scale": "latent_threat.scale",
    "threat_half_life": "latent_threat.half_life_years",
    "worldwide_share": "latent_threat.worldwide_share",
    "unknown_import_share": "unknown_import_share",
}
_BOOKS: Final[Mapping[str, tuple[str, Sequence[str]]]] = {
    "half_points": ("half_points", PILLARS),
    "control_stringency": ("control_stringency", CONTROL_WORDS),
    "supply_stringency": ("supply_stringency", SUPPLY_WORDS),
    "access_stringency": ("access_stringency", ACCESS_WORDS),
    "severity": ("latent_threat.severity", SEVERITY_WORDS),
    "vulnerability": ("vulnerability", GROUPS),
}
"""Arrays of `Parameters`, with the paths of their values in the document."""


_FORMULAS: Final[Sequence[tuple[str, str, Callable[[Parameters], str]]]] = (
    ("bottleneck", "supply_needs", lambda numbers: "bottleneck" if numbers.bottleneck else "product"),
    ("adds", "threat_and_acts", lambda numbers: "both" if numbers.adds else "strictest"),
    ("control_loss", "control_loss", lambda numbers: "none" if numbers.control_loss is None else "a codebook"),
)
"""Choices between formulas: field, path in the document, and the word for what is chosen. The codebook of losses is one
choice: a score asks only whether there is one, for then a fraction that was lost is not discounted again."""


@dataclass(frozen=True)
class Number:
    """A number that two methodologies do not have in common.

    Attributes
    ----------
    path : str
        In the document, such as ``latent_threat.maximum``; ``weights`` are one, since they sum to 1.
    field : str
        Array of `Parameters`.
    at : int, str or None
        Position or country in it; None for the whole.
    was, now : float, tuple of float, str or None
        At the two ends; None = not given, and the default counts.
    """

    path: str
    field: str
    at: int | str | None
    was: float | tuple[float, ...] | str | None
    now: float | tuple[float, ...] | str | None


def differing_numbers(a: Parameters, b: Parameters) -> list[Number]:
    """Numbers that differ, in the order of the document."""
    found = []
    if not np.array_equal(a.weights, b.weights):
        found.append(Number("weights", "weights", None, tuple(a.weights.tolist()), tuple(b.weights.tolist())))
    for field, (path, words) in _BOOKS.items():
        one, other = getattr(a, field), getattr(b, field)
        found += [
            Number(f"{path}.{word}", field, i, float(one[i]), float(other[i]))
            for i, word in enumerate(words)
            if one[i] != other[i]
        ]
    for field, path in _SINGLE.items():
        was, now = float(getattr(a, field)[0]), float(getattr(b, field)[0])
        if was != now:
            found.append(Number(path, field, 0, was, now))
    for field, path, word in _FORMULAS:
        if word(a) != word(b):
            found.append(Number(path, field, None, word(a), word(b)))
    ones, others = a.alignment_countries, b.alignment_countries
    for country in sorted({*ones, *others}):
        was_, now_ = (float(side[country][0]) if country in side else None for side in (ones, others))
        if was_ != now_:
            path = f"alignment_probability.countries.{country}"
            found.append(Number(path, "alignment_countries", country, was_, now_))
    return found


def mixed(a: Parameters, b: Parameters, numbers: Sequence[Number], choice: np.ndarray) -> Parameters:
    """Numbers of `a`, except those chosen from `b`."""
    changed: dict[str, Any] = {}
    for number, from_b in zip(numbers, choice.tolist(), strict=True):
        if not from_b:
            continue
        given = getattr(b, number.field)
        if number.at is None:
            changed[number.field] = given
        elif isinstance(number.at, str):
            book = dict(changed.get(number.field, getattr(a, number.field)))
            if number.at in given:
                book[number.at] = given[number.at]
            else:
                del book[number.at]
            changed[number.field] = book
        else:
            array = changed.get(number.field, getattr(a, number.field)).copy()
            array[number.at] = given[number.at]
            changed[number.field] = array
    return dataclasses.replace(a, **changed)
