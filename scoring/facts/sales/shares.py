"""Compiled China shares: a plain block of arrays, as those of `scoring.facts.blocks`."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np

from scoring.facts.periods import midpoint


@dataclass(frozen=True)
class ChinaShares:
    """China share of revenue, one entry per company.

    Attributes
    ----------
    latest, structural : ndarray of float, shape (n,)
        Share that counts, and the median of up to the last three annual ones; NaN = unknown. Both are the estimate
        where the share is estimated.
    surge : ndarray of float, shape (n,)
        Latest less structural; NaN where these are not of one kind.
    row : ndarray of int, shape (n,)
        Row in `revenue` behind the latest share, of a sum the last; -1 = none.
    rows : list of list of int
        Every row in `revenue` behind the latest share, oldest first.
    years : list of list of int
        Rows in `revenue` behind the structural share, oldest first.
    months : ndarray of int, shape (n,)
        Length of the period that the latest share describes, 0 = none.
    period_end : ndarray of datetime64[D], shape (n,)
        Its end, NaT = none.
    last_known : ndarray of int, shape (n,)
        Row in `revenue` of the latest share where it is too old to count, -1 = none.
    evidence : ndarray of int, age : ndarray of float, shape (n,)
        Evidence code and years since the figure became known.
    estimated : ndarray of bool, shape (n,)
        Whether the share is estimated and not known.
    low, high : ndarray of float, shape (n,)
        Ends of the interval of an estimate, its 5th and 95th percentile; NaN = not estimated.
    """

    latest: np.ndarray
    structural: np.ndarray
    surge: np.ndarray
    row: np.ndarray
    rows: list[list[int]]
    years: list[list[int]]
    months: np.ndarray
    period_end: np.ndarray
    last_known: np.ndarray
    evidence: np.ndarray
    age: np.ndarray
    estimated: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @cached_property
    def midpoint(self) -> np.ndarray:
        """Day in the middle of the period that the latest share describes, NaT = none, shape (n,)."""
        middle = np.full(self.row.size, np.datetime64("NaT", "D"))
        known = np.flatnonzero(self.row >= 0)
        ends, months = self.period_end[known].astype(object).tolist(), self.months[known].tolist()
        middle[known] = np.array(list(map(midpoint, ends, months)), dtype="datetime64[D]")
        return middle

    def with_those_of(self, companies: np.ndarray, other: ChinaShares) -> ChinaShares:
        """These shares, but those of some companies (bool, shape (n,)) as another block has them."""
        chosen: dict[str, Any] = {}
        for field in fields(self):
            mine, theirs = getattr(self, field.name), getattr(other, field.name)
            if isinstance(mine, list):
                chosen[field.name] = [theirs[i] if there else mine[i] for i, there in enumerate(companies.tolist())]
            else:
                chosen[field.name] = np.where(companies, theirs, mine)
        return ChinaShares(**chosen)

    def only(self, companies: np.ndarray) -> ChinaShares:
        """Those of some companies, given by position."""
        chosen: dict[str, Any] = {}
        for field in fields(self):
            of = getattr(self, field.name)
            chosen[field.name] = [of[i] for i in companies.tolist()] if isinstance(of, list) else of[companies]
        return ChinaShares(**chosen)
