"""Named customers: what share of its revenue a company last said it sells to a party that rules may name."""

from __future__ import annotations

import numpy as np

from scoring.facts.axes import Axes, positions, years_until
from scoring.facts.blocks import Customers
from scoring.facts.choices import FactChoices
from scoring.facts.evidence import evidence_codes
from scoring.facts.selection import Table
from scoring.reference.releases.release import Release


class NamedCustomers:
    """Customers of the companies of a release, by day.

    Parameters
    ----------
    release : Release
    axes : Axes
    choices : FactChoices
    """

    def __init__(self, release: Release, axes: Axes, choices: FactChoices) -> None:
        self._table = table = release.columns("customers")
        company = positions(table["company_id"], axes.position["company"], absent=-1)
        bounded: np.ndarray = np.array([word is not None for word in table["bound"]], dtype=bool)
        counts = choices.customer_days is not None
        usable = np.flatnonzero((company >= 0) & ~bounded & counts)
        dated, end = ~np.isnat(table["period_end"]), described(table)
        # Of one customer the last is the one that counts: a dated share before one that states no period.
        who = company[usable], table["customer"][usable].astype(str)
        order = np.lexsort((table["known_by"][usable], end[usable], dated[usable], who[1], who[0]))
        self._row = usable[order]
        self._company, self._end = company[self._row], end[self._row]
        self._lasting = np.timedelta64(int(choices.customer_days or 0), "D")
        self._evidence = evidence_codes(table["evidence"])

    def at(self, day: np.datetime64, period_end: np.ndarray) -> Customers:
        """Shares known on a day and not outlasted.

        Parameters
        ----------
        day : datetime64
        period_end : ndarray of datetime64[D], shape (n,)
            End of the period that the China share of each company describes, NaT = unknown: then the day itself is
            what a customer's share may not be much older than.
        """
        known = np.flatnonzero(self._table["known_by"][self._row] <= day)
        company, entity = self._company[known], self._table["customer"][self._row[known]]
        last = np.append((company[1:] != company[:-1]) | (entity[1:] != entity[:-1]), True)[: known.size]
        chosen = known[last]
        until = period_end[self._company[chosen]]
        until = np.where(np.isnat(until), day, until)
        chosen = chosen[until - self._end[chosen] <= self._lasting]
        row = self._row[chosen]
        return Customers(
            company=self._company[chosen],
            entity=self._table["customer"][row],
            share=self._table["share"][row],
            row=row,
            evidence=self._evidence[row],
            age=years_until(day, self._table["known_by"][row]),
        )


def last_days(customers: Table, choices: FactChoices) -> np.ndarray:
    """Last day on which each row of `customers` counts for a company without a China share, NaT = it never does."""
    if choices.customer_days is None:
        return np.full(customers["known_by"].size, np.datetime64("NaT", "D"))
    return described(customers) + np.timedelta64(int(choices.customer_days), "D")


def described(customers: Table) -> np.ndarray:
    """End of the period that each row describes; a row that states none counts as of the day it became known."""
    return np.where(np.isnat(customers["period_end"]), customers["known_by"], customers["period_end"])
