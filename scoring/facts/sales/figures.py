"""The figure that counts as a company's China share where only fresh ones may (methodology 2026.2, section 0).

An old annual figure gives way to a newer run of quarters; what is too old gives way to nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Final, NamedTuple

import numpy as np

from scoring.facts.choices import FactChoices
from scoring.facts.sales.money import amounts
from scoring.facts.selection import Table, period_months

_YEAR: Final = 12
_LENGTHS: Final[Mapping[int, str]] = {12: "year", 6: "half-year", 3: "quarter"}
_STRUCTURAL: Final = 3
"""Latest annual shares whose median is the structural one."""


class _Figure(NamedTuple):
    """A row of `revenue` that states a China share; days are counted from 1970."""

    row: int
    months: int
    number: int
    """Of its period among those of its length, so that consecutive periods have consecutive numbers."""
    end: int
    known: int
    lasts: int
    """Last day on which it counts."""
    share: float
    china: float
    total: float
    """Money, NaN = not stated."""
    currency: str | None
    kind: tuple[str, str, str]
    """Basis, scope, and what it is a share of."""

    @property
    def of_revenue(self) -> bool:
        return self.kind[2] == "revenue"


class Counting(NamedTuple):
    """What counts of one company.

    Attributes
    ----------
    share, structural, surge : float
        NaN = none.
    rows : tuple of int
        Of `revenue`, behind the share, oldest first; several if it is a sum. Empty: no figure counts.
    years : tuple of int
        Behind the structural share, oldest first.
    months : int
        Length of the period that the share describes.
    last_known : int
        Row of the latest figure that is too old, where no figure counts; -1 = none.
    """

    share: float = np.nan
    structural: float = np.nan
    surge: float = np.nan
    rows: tuple[int, ...] = ()
    years: tuple[int, ...] = ()
    months: int = 0
    last_known: int = -1


class ChinaFigures:
    """China shares of companies by day, each chosen once for all days on which the choice is the same.

    Parameters
    ----------
    revenue : mapping of str to ndarray
        Table `revenue`.
    company : ndarray of int
        Position of the company of each row, -1 = none of the companies.
    choices : FactChoices
        With a lifetime of figures.
    """

    def __init__(self, revenue: Table, company: np.ndarray, choices: FactChoices) -> None:
        self._newer_by = choices.newer_by_days or 0.0
        self._figures: dict[int, list[_Figure]] = defaultdict(list)
        stated = np.flatnonzero(~np.isnan(revenue["china_share"]) & (company >= 0))
        for owner, figure in zip(
            company[stated].tolist(), _figures(revenue, stated, last_days(revenue, choices)[stated]), strict=True
        ):
            self._figures[owner].append(figure)
        # The choice of a company changes when a figure becomes known, and on the day after it has lasted.
        self._turns = {
            owner: sorted({day for f in figures for day in (f.known, f.lasts + 1)})
            for owner, figures in self._figures.items()
        }
        self._chosen: dict[tuple[int, int], Counting] = {}

    def at(self, day: np.datetime64) -> Iterator[tuple[int, Counting]]:
        """What counts on a day, of every company of which a figure was known by then."""
        number = int(day.astype("datetime64[D]").astype(int))
        for owner, turns in self._turns.items():
            turn = bisect_right(turns, number)
            if not turn:
                continue
            key = owner, turn
            if key not in self._chosen:
                self._chosen[key] = self._choose(self._figures[owner], number)
            yield owner, self._chosen[key]

    def _choose(self, figures: Sequence[_Figure], day: int) -> Counting:
        known = [f for f in figures if f.known <= day and f.kind[2] != "bound"]
        fresh = [f for f in known if day <= f.lasts]
        candidates = [f for f in fresh if f.of_revenue] or fresh
        if not candidates:
            return Counting(last_known=_latest(known).row if known else -1)
        annual = [f for f in candidates if f.months == _YEAR]
        shorter = [f for f in candidates if f.months < _YEAR]
        if not annual:
            return _counting([_latest(shorter)], [])
        year = _latest(annual)
        years = sorted((f for f in annual if f.kind == year.kind), key=lambda f: f.end)[-_STRUCTURAL:]
        run = _latest_run(shorter, year.end) if shorter else []
        if run:
            return _counting(run, years)
        newer = [f for f in shorter if f.end > year.end + self._newer_by]
        return _counting([_latest(newer) if newer else year], years)


def last_days(revenue: Table, choices: FactChoices) -> np.ndarray:
    """Last day on which each row of `revenue` counts, NaT = it counts for ever."""
    if choices.lifetime_days is None:
        return np.full(revenue["period_end"].size, np.datetime64("NaT", "D"))
    of_length = dict(choices.lifetime_days)
    lifetime = [int(of_length[_LENGTHS[period_months(label)]]) for label in revenue["fiscal_year"]]
    return revenue["period_end"] + np.array(lifetime, dtype="timedelta64[D]")


def _figures(revenue: Table, rows: np.ndarray, lasts: np.ndarray) -> Iterator[_Figure]:
    days = {name: revenue[name][rows].astype(int).tolist() for name in ("period_end", "known_by")}
    last = lasts.astype(int).tolist()
    total, stated = (amounts(revenue, name)[rows] for name in ("total_revenue", "china_revenue"))
    share = revenue["china_share"][rows]
    china = np.where(np.isnan(stated), share * total, stated)
    for at, row in enumerate(rows.tolist()):
        label = revenue["fiscal_year"][row]
        months, end = period_months(label), days["period_end"][at]
        yield _Figure(
            row=row,
            months=months,
            number=int(label[:4]) * (_YEAR // months) + int(label[5:] or 1),
            end=end,
            known=days["known_by"][at],
            lasts=last[at],
            share=float(share[at]),
            china=float(china[at]),
            total=float(total[at]),
            currency=revenue["currency"][row],
            kind=(revenue["basis"][row], revenue["china_scope"][row], revenue["share_of"][row]),
        )


def _latest(figures: Sequence[_Figure]) -> _Figure:
    """The latest by the end of its period; of the same end, the longer one."""
    return max(figures, key=lambda f: (f.end, f.months))


def _latest_run(shorter: Sequence[_Figure], after: int) -> list[_Figure]:
    """Four consecutive quarters or two half-years that end after a day, the latest; empty if there are none.

    All are shares of the company's revenue, with totals in one currency.
    """
    usable = [f for f in shorter if f.of_revenue and f.total == f.total]
    by_number = {(f.months, f.number): f for f in usable}
    for last in sorted((f for f in usable if f.end > after), key=lambda f: (-f.end, f.months)):
        back = range(_YEAR // last.months - 1, -1, -1)
        run = [by_number.get((last.months, last.number - steps)) for steps in back]
        found = [f for f in run if f is not None and f.currency == last.currency]
        if len(found) == len(run):
            return found
    return []


def _counting(figures: Sequence[_Figure], years: Sequence[_Figure]) -> Counting:
    share = figures[0].share if len(figures) == 1 else sum(f.china for f in figures) / sum(f.total for f in figures)
    structural = median(f.share for f in years) if years else np.nan
    alike = len({f.kind for f in (*figures, *years)}) == 1
    return Counting(
        share=share,
        structural=structural,
        surge=share - structural if alike and len(years) > 1 else np.nan,
        rows=tuple(f.row for f in figures),
        years=tuple(f.row for f in years),
        months=sum(f.months for f in figures),
    )
