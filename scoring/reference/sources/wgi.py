"""Read the Worldwide Governance Indicators: answers of the World Bank's Indicators API, one of each series.

Of the forms in which they are published (API, Excel and CSV in bulk) only an answer of the API says on which day it was
last changed, and names countries by the codes of ISO 3166 alone.

Source: https://api.worldbank.org/v2/country/all/indicator/GOV_WGI_RL.EST?source=3&format=json&per_page=20000, and the
like for each dimension, with ``.EST`` for the estimate and ``.SE`` for its standard error. Method: Kaufmann and Kraay
(2024), The Worldwide Governance Indicators, Policy Research Working Paper 10952.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from scoring.errors import InputError
from scoring.reference.jurisdictions import COUNTRIES
from scoring.reference.sources import raw
from scoring.vocabulary import GovernanceDimension

VERSION: Final = "answers of the Indicators API v2, source 3, series GOV_WGI_<dimension>.EST and .SE"
DIMENSIONS: Final[dict[str, GovernanceDimension]] = {
    "VA": "voice-and-accountability",
    "PV": "political-stability",
    "GE": "government-effectiveness",
    "RQ": "regulatory-quality",
    "RL": "rule-of-law",
    "CC": "control-of-corruption",
}
"""Dimensions of governance by their code in the names of series."""

SERIES: Final = tuple(f"GOV_WGI_{code}.{what}" for code in DIMENSIONS for what in ("EST", "SE"))
_SERIES: Final = re.compile(r"GOV_WGI_(VA|PV|GE|RQ|RL|CC)\.(EST|SE)")
_WIDEST: Final = 5.0
"""Farthest from zero that an estimate can be: in units of a standard normal, some are just beyond 2.5."""


class Estimate(NamedTuple):
    """How one country was governed in one respect in a year.

    Attributes
    ----------
    country : str
        ISO 3166-1 alpha-2.
    year : int
    dimension : GovernanceDimension
    estimate : float
        About -2.5 (weak) to 2.5 (strong), in units of a standard normal.
    standard_error : float or None
        In the same units; None where the files do not say it.
    published : datetime.date
        Day on which the source was last changed. Every edition estimates all years again.
    """

    country: str
    year: int
    dimension: GovernanceDimension
    estimate: float
    standard_error: float | None
    published: dt.date


def estimates(files: Iterable[tuple[str, bytes]]) -> list[Estimate]:
    """Estimates of all files, in order; groups of countries and years without an estimate are left out.

    Raises
    ------
    InputError
        Another file, part of an answer, a series that stands twice, or a value that is none of its kind.
    """
    values: dict[tuple[str, str], dict[tuple[str, int], tuple[float, dt.date]]] = {}
    for name, data in files:
        (code, what), found = _series(name, data)
        if (code, what) in values:
            raise InputError(name, f"gives GOV_WGI_{code}.{what} once more", "name each series once")
        values[code, what] = found
    made = []
    for code, dimension in DIMENSIONS.items():
        errors = values.get((code, "SE"), {})
        for (country, year), (value, published) in values.get((code, "EST"), {}).items():
            error, known = errors.get((country, year), (None, None))
            same = error if known == published else None
            made.append(Estimate(country, year, dimension, value, same, published))
    return sorted(made, key=lambda one: (one.country, one.year, one.dimension))


def _series(name: str, data: bytes) -> tuple[tuple[str, str], dict[tuple[str, int], tuple[float, dt.date]]]:
    """Which series a file holds, and its values by country and year with the day of their edition."""
    read = raw.document(name, data)
    try:
        about, rows = read
        if about["pages"] != 1:
            raise InputError(name, f"is one of {about['pages']} pages", "ask for all rows at once (per_page)")
        published = dt.date.fromisoformat(about["lastupdated"])
        series = {row["indicator"]["id"] for row in rows}
        if len(series) != 1 or not (match := _SERIES.fullmatch(*series)):
            held = ", ".join(sorted(map(str, series)))[:100] or "no series"
            raise InputError(name, f"holds {held}", f"this reader expects {VERSION}")
        found: dict[tuple[str, int], tuple[float, dt.date]] = {}
        for row in rows:
            country, year, value = row["country"]["id"], int(row["date"]), row["value"]
            if country in COUNTRIES and value is not None:
                key = country, year
                if found.setdefault(key, (_value(name, match[2], country, year, value), published))[0] != value:
                    raise InputError(name, f"{country} {year} stands twice, with other values", "fetch it again")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(name, f"lacks what is read ({error})", f"this reader expects {VERSION}") from None
    return (match[1], match[2]), found


def _value(name: str, what: str, country: str, year: int, value: Any) -> float:
    """An estimate, or a standard error, which is above zero."""
    least = -_WIDEST if what == "EST" else 0.0
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InputError(name, f"{country} {year}: {value!r:.50} is no number", f"this reader expects {VERSION}")
    if not least <= value <= _WIDEST:
        problem = f"{country} {year}: {value} is outside {least:g} to {_WIDEST:g}"
        raise InputError(name, problem, "name the estimates and standard errors, not ranks or scores")
    return float(value)
