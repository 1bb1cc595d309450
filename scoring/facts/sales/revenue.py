"""China shares of revenue: the table ordered once, from which a day takes what it knew."""

from __future__ import annotations

from typing import Any

import numpy as np

from scoring.arrays import Groups
from scoring.facts.axes import Axes, positions, years_until
from scoring.facts.choices import FactChoices
from scoring.facts.evidence import DERIVED, evidence_codes
from scoring.facts.sales.figures import ChinaFigures
from scoring.facts.sales.shares import ChinaShares
from scoring.facts.selection import ChinaShareRows, period_months
from scoring.reference.releases.release import Release

_MEDIAN_OF = 3
"""Latest annual shares whose median is the structural one (methodology, section 0)."""


class Revenue:
    """China shares of the companies of a release, by day.

    Parameters
    ----------
    release : Release
    axes : Axes
    choices : FactChoices
    """

    def __init__(self, release: Release, axes: Axes, choices: FactChoices) -> None:
        self._table = release.columns("revenue")
        company = positions(self._table["company_id"], axes.position["company"], absent=-1)
        self._companies = len(axes.company_ids)
        self._latest = ChinaShareRows(self._table, company, self._companies)
        self._figures = None if choices.lifetime_days is None else ChinaFigures(self._table, company, choices)
        self._months = np.array([period_months(label) for label in self._table["fiscal_year"]], dtype=int)
        self._evidence = evidence_codes(self._table["evidence"])

    def at(self, day: np.datetime64) -> ChinaShares:
        """What was known on a day."""
        return self._of_any_age(day) if self._figures is None else self._fresh(day, self._figures)

    def _of_any_age(self, day: np.datetime64) -> ChinaShares:
        """The latest annual share, however old; where a company has none, the latest of a shorter period."""
        share = self._table["china_share"]
        row, annual = self._latest.at(day)
        members = annual.members.tolist() if annual.members is not None else []
        spans = zip(annual.first.tolist(), annual.count.tolist(), strict=True)
        latest, structural = np.where(row >= 0, share[row], np.nan), _median_of_last(annual, share)
        return self._block(
            day,
            latest=latest,
            structural=structural,
            surge=latest - structural,
            row=row,
            rows=[[one] if one >= 0 else [] for one in row.tolist()],
            years=[members[max(first, first + count - _MEDIAN_OF) : first + count] for first, count in spans],
            months=np.where(row >= 0, self._months[row], 0),
            last_known=np.full(row.size, -1),
        )

    def _fresh(self, day: np.datetime64, figures: ChinaFigures) -> ChinaShares:
        """Figures that are not too old, the latest of them."""
        latest, structural, surge = np.full((3, self._companies), np.nan)
        row, last_known = np.full((2, self._companies), -1)
        months = np.zeros(self._companies, dtype=int)
        none: list[int] = []
        rows, years = [none] * self._companies, [none] * self._companies
        for i, counting in figures.at(day):
            latest[i], structural[i], surge[i] = counting.share, counting.structural, counting.surge
            last_known[i], months[i] = counting.last_known, counting.months
            if counting.rows:
                row[i], rows[i], years[i] = counting.rows[-1], list(counting.rows), list(counting.years)
        return self._block(
            day,
            latest=latest,
            structural=structural,
            surge=surge,
            row=row,
            rows=rows,
            years=years,
            months=months,
            last_known=last_known,
        )

    def _block(self, day: np.datetime64, **found: Any) -> ChinaShares:
        row = found["row"]
        summed = np.fromiter(map(len, found["rows"]), dtype=int, count=row.size) > 1
        # A sum is known from the day on which the last of its periods is: that of its last row.
        return ChinaShares(
            **found,
            period_end=np.where(row >= 0, self._table["period_end"][row], np.datetime64("NaT", "D")),
            evidence=np.where(summed, DERIVED, self._evidence[row]),
            age=years_until(day, self._table["known_by"][row]),
            estimated=np.zeros(row.size, dtype=bool),
            low=np.full(row.size, np.nan),
            high=np.full(row.size, np.nan),
        )


def _median_of_last(groups: Groups, values: np.ndarray) -> np.ndarray:
    """Median of the last members of each group, NaN of none."""
    last = np.full((groups.count.size, _MEDIAN_OF), np.nan)
    for back in range(_MEDIAN_OF):
        long = np.flatnonzero(groups.count > back)
        last[long, back] = values[groups.at(long, groups.count[long] - 1 - back)]
    last.sort(axis=1)  # what is missing comes last
    size = np.clip(groups.count, 1, _MEDIAN_OF)
    every = np.arange(size.size)
    median: np.ndarray = (last[every, (size - 1) // 2] + last[every, size // 2]) / 2
    return median
