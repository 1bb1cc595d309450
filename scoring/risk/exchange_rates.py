"""US dollars from reporting currencies, at the reference rates of the European Central Bank in a release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from scoring.reference.releases.release import Release

_TABLE: Final = "exchange_rates"
_LONGEST_GAP: Final = np.timedelta64(7, "D")
"""A rate this much older than the day still counts: no rate is published on weekends and holidays."""


@dataclass(frozen=True)
class UsdRates:
    """US dollars per unit of a currency on a day.

    Attributes
    ----------
    rate : ndarray of float, shape (n,)
        NaN = no rate.
    rows : list of tuple of int
        Rows in `exchange_rates` behind each rate; none for US dollars.
    note : ndarray of object, shape (n,)
        Why there is no rate; None where there is one, or no currency.
    """

    rate: np.ndarray
    rows: list[tuple[int, ...]]
    note: np.ndarray

    @classmethod
    def at(cls, release: Release, currency: np.ndarray, day: np.ndarray) -> UsdRates:
        """Rates of currencies on days, both of shape (n,); None and NaT = unknown."""
        found = _Rates(release)
        rate, note = np.full(currency.size, np.nan), np.full(currency.size, None, dtype=object)
        rows: list[tuple[int, ...]] = [()] * currency.size
        kept: dict[tuple[str, np.datetime64], tuple[float, tuple[int, ...], str | None]] = {}
        for i in np.flatnonzero(~np.isnat(day)).tolist():
            if currency[i] is None:
                continue
            wanted = (currency[i], day[i])
            if wanted not in kept:
                kept[wanted] = found.usd(*wanted)
            rate[i], rows[i], note[i] = kept[wanted]
        return cls(rate, rows, note)


class _Rates:
    """Units of each currency per euro, by day."""

    def __init__(self, release: Release) -> None:
        self.has_table = _TABLE in release.names
        self.version = release.version
        self.by_currency: dict[str, list[tuple[np.datetime64, float, int]]] = {}
        if self.has_table:
            table = release.columns(_TABLE)
            columns = zip(table["currency"], table["date"], table["rate"], strict=True)
            for row, (currency, date, rate) in enumerate(columns):
                self.by_currency.setdefault(currency, []).append((date, float(rate), row))

    def usd(self, currency: str, day: np.datetime64) -> tuple[float, tuple[int, ...], str | None]:
        """US dollars per unit, the rows behind it, and why there is none."""
        if currency == "USD":
            return 1.0, (), None
        if not self.has_table:
            return np.nan, (), f"release {self.version} has no exchange rates"
        dollar = self._latest("USD", day)
        own = (1.0, None) if currency == "EUR" else self._latest(currency, day)
        if own is None and currency not in self.by_currency:
            return np.nan, (), f"the European Central Bank publishes no rate for {currency}"
        if own is None or dollar is None:
            return np.nan, (), f"no rate of {currency} within a week of {day} is in release {self.version}"
        rows = tuple(row for row in (own[1], dollar[1]) if row is not None)
        return dollar[0] / own[0], rows, None

    def _latest(self, currency: str, day: np.datetime64) -> tuple[float, int | None] | None:
        """Latest rate on or before a day and its row; None if there is none within a week."""
        near = [one for one in self.by_currency.get(currency, ()) if day - _LONGEST_GAP <= one[0] <= day]
        if not near:
            return None
        _, rate, row = max(near)
        return rate, row
