"""China shares of revenue: the table ordered once, from which a day takes what it knew."""

from __future__ import annotations

import numpy as np

from scoring.arrays import Groups
from scoring.facts.axes import Axes, positions, years_until
from scoring.facts.blocks import ChinaShares
from scoring.facts.evidence import evidence_codes
from scoring.facts.selection import ChinaShareRows
from scoring.reference.releases.release import Release

_MEDIAN_OF = 3
"""Latest annual shares whose median is the structural one (methodology, section 0)."""


class Revenue:
    """China shares of the companies of a release, by day.

    Parameters
    ----------
    release : Release
    axes : Axes
    """

    def __init__(self, release: Release, axes: Axes) -> None:
        self._table = release.columns("revenue")
        company = positions(self._table["company_id"], axes.position["company"], absent=-1)
        self._rows = ChinaShareRows(self._table, company, len(axes.company_ids))
        self._evidence = evidence_codes(self._table["evidence"])

    def at(self, day: np.datetime64) -> ChinaShares:
        """What was known on a day."""
        share, known_by = self._table["china_share"], self._table["known_by"]
        row, annual = self._rows.at(day)
        rows = annual.members.tolist() if annual.members is not None else []
        spans = zip(annual.first.tolist(), annual.count.tolist(), strict=True)
        return ChinaShares(
            latest=np.where(row >= 0, share[row], np.nan),
            structural=_median_of_last(annual, share),
            row=row,
            years=[rows[max(first, first + count - _MEDIAN_OF) : first + count] for first, count in spans],
            evidence=self._evidence[row],
            age=years_until(day, known_by[row]),
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
