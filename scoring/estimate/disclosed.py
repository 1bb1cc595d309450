"""What companies themselves disclosed by a day: all that an estimate is learnt from."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scoring.facts.axes import index, positions
from scoring.facts.choices import FactChoices
from scoring.facts.sales.figures import ChinaFigures, last_days
from scoring.reference.clock import known_by
from scoring.reference.releases.release import Release


class Disclosed(NamedTuple):
    """Latest known China shares, by company of the release; NaN = none.

    Attributes
    ----------
    share : ndarray of float, shape (n,)
        The latest figure known by the day, however old, 0..1.
    fresh : ndarray of bool, shape (n,)
        Whether it counts, or is too old.
    before : ndarray of float, shape (n,)
        The company's own latest figure that was too old when the period of `share` ended.
    bound : ndarray of float, shape (n,)
        Upper bound of the share where the company stated one that is not too old.
    """

    share: np.ndarray
    fresh: np.ndarray
    before: np.ndarray
    bound: np.ndarray


class Disclosures:
    """China shares that the companies of a release disclosed, by day.

    Parameters
    ----------
    release : Release
    choices : FactChoices
        Of a methodology under which figures grow too old.
    """

    def __init__(self, release: Release, choices: FactChoices) -> None:
        self._revenue = release.columns("revenue")
        companies = release.columns("companies")["company_id"]
        self._companies = companies.size
        self._company = positions(self._revenue["company_id"], index(companies))
        self._figures = ChinaFigures(self._revenue, self._company, choices)
        self._lasts = last_days(self._revenue, choices)

    def at(self, day: np.datetime64) -> Disclosed:
        """What was known on a day."""
        table, none = self._revenue, np.full(self._companies, np.nan)
        share, before, bound = none.copy(), none.copy(), none.copy()
        fresh = np.zeros(self._companies, dtype=bool)
        known = known_by("revenue", table, day) & ~np.isnan(table["china_share"])
        bounds, usable = known & (table["share_of"] == "bound"), known & (table["share_of"] != "bound")
        for i, counting in self._figures.at(day):
            row = counting.rows[-1] if counting.rows else counting.last_known
            if row < 0:
                continue
            share[i] = counting.share if counting.rows else table["china_share"][row]
            fresh[i] = bool(counting.rows)
            older = np.flatnonzero(usable & (self._company == i) & (self._lasts < table["period_end"][row]))
            if older.size:
                before[i] = table["china_share"][older[table["period_end"][older].argmax()]]
        # Rows of a company are in the order of their periods: the latest stays.
        for bounding in np.flatnonzero(bounds & (day <= self._lasts)).tolist():
            bound[self._company[bounding]] = table["china_share"][bounding]
        return Disclosed(share, fresh, before, bound)
