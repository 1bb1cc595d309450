"""What China holds over countries: the latent threat over time, and its leverage by mineral."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from service.web.memory import remembered
from service.web.rows import rows_of, universe

if TYPE_CHECKING:
    from scoring.lookup.result import Threat
    from scoring.scorer import Scorer

_COUNTRIES: Final = 10
"""Countries of the matrix: those with most companies."""

_FEW: Final = 0.05
"""Leverage below which over every country shown a mineral is left out of the matrix."""


@remembered(size=32)
def threat_over_time(scorer: Scorer, country: str) -> tuple[Threat, list[dt.date], np.ndarray]:
    """The latent threat toward a country from its first act to the day, with the days and the threat on each.

    The days are the first of each month, and each act's and the one before it, on which the threat jumps.
    """
    from scoring.lookup.threat import threat, threat_by_day

    found, last = threat(scorer, country), scorer.as_of
    acts = {act.date for act in found.events}
    first = min(acts, default=last)
    months = (dt.date(first.year + i // 12, i % 12 + 1, 1) for i in range(12 * (last.year - first.year + 1)))
    before = {day - dt.timedelta(days=1) for day in acts}
    days = sorted(day for day in {*months, *acts, *before, last} if day <= last)
    return found, days, threat_by_day(scorer, country, days)


class Leverage(NamedTuple):
    """The matrix of leverage."""

    rows: list[dict[str, Any]]
    """As in `scoring.lookup.leverage.leverage_table`, of the minerals and countries shown."""
    labels: list[str]
    """Minerals in words, the greatest leverage first."""
    countries: list[str]
    """Most companies first."""


@remembered()
def leverage_over(scorer: Scorer) -> Leverage:
    """China's leverage over the countries with most companies, through the minerals in which it has some."""
    from scoring.lookup.leverage import leverage_table

    counts = Counter(row["country"] for row in universe(scorer))
    countries = [country for country, _ in counts.most_common(_COUNTRIES)]
    rows = [row for row in rows_of(leverage_table(scorer)) if row["country"] in countries]
    most: dict[str, float] = {}
    for row in rows:
        most[row["label"]] = max(most.get(row["label"], 0.0), float(np.nan_to_num(row["leverage"])))
    labels = sorted((label for label in most if most[label] >= _FEW), key=lambda label: -most[label])
    return Leverage([row for row in rows if row["label"] in labels], labels, countries)
