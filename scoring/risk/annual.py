"""Annual revenue: the latest year's total, or a shorter period's brought to a year."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from scoring.facts.facts import Facts
from scoring.facts.sales.money import amounts
from scoring.facts.selection import period_months
from scoring.reference.clock import known_by

_YEAR: Final = 12
_OF_A_PART: Final = ("segment", "parent")
"""What a total may be of that is not the whole company."""


class AnnualRevenue(NamedTuple):
    """Revenue of a year, one entry per company.

    Attributes
    ----------
    amount : ndarray of float, shape (n,)
        In single units of the currency, NaN = unknown.
    currency : ndarray of object, shape (n,)
    row : ndarray of int, shape (n,)
        Row in `revenue` that states it, of a sum of periods the last; -1 = unknown.
    """

    amount: np.ndarray
    currency: np.ndarray
    row: np.ndarray


def annual_revenue(facts: Facts) -> AnnualRevenue:
    """Latest annual total known, else the total of the period that the China share describes, brought to a year."""
    table = facts.release.columns("revenue")
    total = amounts(table, "total_revenue")
    position, n = facts.axes.position["company"], facts.country.size
    company = np.array([position.get(name, -1) for name in table["company_id"]], dtype=int)
    months = np.array([period_months(label) for label in table["fiscal_year"]], dtype=int)
    whole = ~np.isin(table["share_of"].astype(str), _OF_A_PART)
    known = known_by("revenue", table, np.datetime64(facts.as_of, "D"))
    annual = np.flatnonzero((company >= 0) & known & ~np.isnan(total) & (months == _YEAR) & whole)
    row, amount = np.full(n, -1), np.full(n, np.nan)
    annual = annual[np.argsort(table["period_end"][annual], kind="stable")]
    row[company[annual]] = annual  # the last of a company stays
    amount[row >= 0] = total[row[row >= 0]]
    china = facts.china
    for i in np.flatnonzero((row < 0) & (china.row >= 0)).tolist():
        periods = china.rows[i]
        if whole[periods].all() and not np.isnan(total[periods]).any():
            row[i], amount[i] = china.row[i], total[periods].sum() * _YEAR / china.months[i]
    stated = np.where(row >= 0, row, china.row)
    currency = np.where(stated >= 0, table["currency"][stated], np.array(None, dtype=object))
    return AnnualRevenue(amount, currency, row)
