"""Selection rules: which fact counts at a date (methodology, section 0).

Every function takes columns of a release and a date, and looks at nothing that became known later.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from scoring.arrays import Groups
from scoring.reference.clock import Days, begins, begun_by, ended_by, figure_known_from, known_by
from scoring.reference.jurisdictions import EU, EU_MEMBERS, members, split
from scoring.vocabulary import Timing

Table = Mapping[str, np.ndarray]


def in_force(name: str, table: Table, as_of: np.datetime64, timing: Timing) -> np.ndarray:
    """Rows of `rules` or `countermeasures` that are active at `as_of`.

    Active: confirmed, announced by then (with timing ``effective`` also in effect by then), and not ended.
    """
    return np.flatnonzero(active(name, table, as_of, timing))


def active(name: str, table: Table, as_of: Days, timing: Timing) -> np.ndarray:
    """Whether each of some rules or measures is active on a day, or each on a day of its own."""
    started = known_by(name, table, as_of)
    if timing == "effective":
        started = started & begun_by(name, table, as_of)
    return started & (table["status"] == "confirmed") & ~ended_by(name, table, as_of)


def turned(name: str, table: Table, day: np.datetime64, timing: Timing) -> np.ndarray:
    """Rows of `rules` or `countermeasures` that become active or cease to be on a day."""
    before = in_force(name, table, day - np.timedelta64(1, "D"), timing)
    return np.setxor1d(before, in_force(name, table, day, timing))


def period_months(fiscal_year: str) -> int:
    """Length of a fiscal period from its label: ``2024`` 12, ``2024H1`` 6, ``2024Q3`` 3."""
    return {"": 12, "H": 6, "Q": 3}[fiscal_year[4:5]]


def ruling_countries(rules: Table, day: np.datetime64) -> frozenset[str]:
    """Countries that impose a rule, or are named as bound by one, in rules announced by a day."""
    rows = np.flatnonzero(known_by("rules", rules, day))
    return frozenset().union(
        *(members(rules["imposed_by"][row]) | split(rules["bound_countries"][row]) for row in rows)
    )


class ChinaShareRows:
    """Revenue rows that give each company's China share, ordered once.

    Parameters
    ----------
    revenue : mapping of str to ndarray
        Table `revenue`.
    company : ndarray of int
        Position of the company of each row, -1 = none of the companies.
    companies : int
    """

    def __init__(self, revenue: Table, company: np.ndarray, companies: int) -> None:
        given = np.flatnonzero(~np.isnan(revenue["china_share"]) & (company >= 0))
        months = np.array([period_months(label) for label in revenue["fiscal_year"][given]], dtype=int)
        order = np.lexsort((months, revenue["period_end"][given], company[given]))
        self._row, self._companies = given[order], companies
        self._company, self._annual = company[self._row], months[order] == period_months("year")
        self._known_from = begins("revenue", revenue)[self._row]

    def at(self, day: np.datetime64) -> tuple[np.ndarray, Groups]:
        """Row of each company's latest share (-1 = none), and its annual rows, in order of period end.

        The latest is of a year; where a company has none, of the latest shorter period (same end: the longer one).
        """
        known = self._known_from <= day
        annual, shorter = (self._groups(known & which) for which in (self._annual, ~self._annual))
        latest = np.full(self._companies, -1)
        for groups in (shorter, annual):
            some = np.flatnonzero(groups.count)
            latest[some] = groups.at(some, groups.count[some] - 1)
        return latest, annual

    def _groups(self, chosen: np.ndarray) -> Groups:
        return Groups.sizes(np.bincount(self._company[chosen], minlength=self._companies), self._row[chosen])


class LatestBlock:
    """Rows of each company's latest block that is known as a whole.

    Parameters
    ----------
    company, rank : ndarray of int
        Rows of one company and rank are a block; of two blocks, that of the greater rank is the later. A negative
        company is none.
    known : ndarray of datetime64
        Date on which each row is known, NaT = never.
    """

    def __init__(self, company: np.ndarray, rank: np.ndarray, known: np.ndarray) -> None:
        order = np.lexsort((rank, company))
        days = np.where(np.isnat(known) | (company < 0), _NEVER, known)[order]
        company, rank = company[order], rank[order]
        first = np.append(True, (company[1:] != company[:-1]) | (rank[1:] != rank[:-1]))[: order.size]
        starts = np.flatnonzero(first)
        self._known = np.maximum.reduceat(days, starts) if starts.size else days
        self._company = company[starts]
        self._rows = Groups(starts, np.diff(np.append(starts, order.size)), order)

    def at(self, day: np.datetime64) -> tuple[np.ndarray, np.ndarray]:
        """Company and row of everything in the latest blocks known by a day, by company and in the order of rows."""
        known = np.flatnonzero(self._known <= day)
        company = self._company[known]
        latest = known[np.append(company[1:] != company[:-1], True)[: known.size]]
        rows, count = self._rows.of(latest)
        return np.repeat(self._company[latest], count), rows


_NEVER: Final = np.datetime64("9999-12-31", "D")


def segment_blocks(segments: Table, company: np.ndarray) -> LatestBlock:
    """Rows of the segment table that give each company's product mix.

    The latest fiscal year all of whose rows are known and marked `for_mix`; annual before shorter
    periods, then the greatest label in text order.
    """
    labels = segments["fiscal_year"].tolist()
    ordered = sorted(set(labels), key=lambda label: (len(label) == 4, label))
    rank = {label: i for i, label in enumerate(ordered)}
    known = np.where(segments["for_mix"], begins("segments", segments), np.datetime64("NaT"))
    return LatestBlock(company, np.array([rank[label] for label in labels], dtype=int), known)


def business_mix_blocks(mix: Table, company: np.ndarray) -> LatestBlock:
    """Rows of the business mix that describe each company: the block with the latest `valid_from`."""
    day = begins("business_mix", mix)
    return LatestBlock(company, day.astype(int), day)


class ImportShare(NamedTuple):
    """China's share of a country's imports of a mineral, 0..1, the rows of a table behind it, and since when known."""

    share: float
    table: str
    rows: list[int]
    known_from: dt.date


class ImportShares:
    """China's share of each country's imports of each mineral, by day.

    Parameters
    ----------
    imports, codes, facts : mapping of str to ndarray
        Tables `mineral_imports`, `mineral_codes` and `mineral_facts`.
    years : int, optional
        Trade years, and whatever a survey states, of which the largest share counts. Default: the latest year, and
        what the survey states before it.
    """

    def __init__(self, imports: Table, codes: Table, facts: Table, years: int | None = None) -> None:
        self._last = years
        usable = np.flatnonzero(codes["usable"])
        self._minerals = sorted({*codes["mineral"][usable]})
        self._importers = sorted({*imports["importer"], *EU_MEMBERS})
        self._years: list[int] = np.unique(imports["year"]).tolist()
        self._share, self._source, self._rows = self._traded(imports, codes["hs6"][usable], codes["mineral"][usable])
        surveyed = np.flatnonzero((facts["fact"] == "us_import_share_china") & ~np.isnan(facts["year"]))
        # The latest year, and among its forms the largest share, comes last and stays.
        surveyed = surveyed[np.lexsort((facts["value"][surveyed], facts["year"][surveyed]))]
        self._surveyed: list[tuple[str, ImportShare]] = []
        for row in surveyed.tolist():
            known_from = figure_known_from("mineral_facts", int(facts["year"][row]))
            share = ImportShare(float(facts["value"][row]), "mineral_facts", [row], known_from)
            self._surveyed.append((facts["mineral"][row], share))

    def at(self, as_of: np.datetime64) -> dict[tuple[str, str], ImportShare]:
        """What was measured and known on a day, by mineral and country.

        A member of the EU without rows of its own takes those of the union.
        """
        day = as_of.astype("datetime64[D]").item()
        known = [i for i, year in enumerate(self._years) if figure_known_from("mineral_imports", year) <= day]
        stated = [((mineral, "US"), share) for mineral, share in self._surveyed if share.known_from <= day]
        if self._last is None:
            return self._largest(known[-1:]) | dict(stated)
        largest = self._largest([i for i in known if self._years[i] > self._years[known[-1]] - self._last])
        for cell, share in stated:
            if cell not in largest or share.share >= largest[cell].share:  # of equal ones the latest
                largest[cell] = share
        return largest

    def _largest(self, years: list[int]) -> dict[tuple[str, str], ImportShare]:
        """The largest share of some years, given by position in order; of equal ones the latest."""
        if not years:
            return {}
        latest_first = np.array(years[::-1])
        measured = np.nan_to_num(self._share[latest_first], nan=-1.0)
        which = measured.argmax(axis=0)
        known_from = [figure_known_from("mineral_imports", self._years[i]) for i in latest_first.tolist()]
        cell = np.nonzero(measured.max(axis=0) >= 0)
        year = which[cell]
        source = self._source[(latest_first[year], *cell)]
        rows, count = self._rows.of(source)
        end, every = np.cumsum(count), rows.tolist()
        spans = zip((end - count).tolist(), end.tolist(), strict=True)
        share = self._share[(latest_first[year], *cell)].tolist()
        return {
            (self._minerals[m], self._importers[j]): ImportShare(s, "mineral_imports", every[a:b], known_from[y])
            for m, j, y, s, (a, b) in zip(*(axis.tolist() for axis in cell), year.tolist(), share, spans, strict=True)
        }

    def _traded(self, imports: Table, hs6: np.ndarray, mineral: np.ndarray) -> tuple[np.ndarray, np.ndarray, Groups]:
        """Shares weighted by value, NaN = nothing of value was imported, and the rows behind them.

        Returns
        -------
        share : ndarray of float, shape (years, minerals, importers)
        source : ndarray of int, shape (years, minerals, importers)
            Group of rows behind each share: its own, or that of the union.
        rows : Groups
        """
        shape = len(self._years), len(self._minerals), len(self._importers)
        position = {name: i for i, name in enumerate(self._importers)}
        of_code: dict[str, list[int]] = defaultdict(list)
        for code, name in zip(hs6, mineral, strict=True):
            of_code[code].append(self._minerals.index(name))
        counted = [(row, m) for row, code in enumerate(imports["hs6"]) for m in of_code.get(code, ())]
        row, stands_for = np.array(counted, dtype=int).reshape(-1, 2).T
        year = np.searchsorted(self._years, imports["year"][row])
        importer = np.array([position[name] for name in imports["importer"][row]], dtype=int)
        cell = np.ravel_multi_index((year, stands_for, importer), shape)
        size, value = int(np.prod(shape)), imports["import_value_kusd"][row]
        count = np.bincount(cell, minlength=size)
        total = np.bincount(cell, value, size)
        part = np.bincount(cell, imports["china_import_share"][row] * value, size)
        share = np.divide(part, total, out=np.full(size, np.nan), where=total > 0).reshape(shape)
        source = np.arange(size).reshape(shape)
        if (union := position.get(f"{EU}27")) is not None:
            for member in (position[name] for name in EU_MEMBERS):
                without = count.reshape(shape)[..., member] == 0
                share[..., member] = np.where(without, share[..., union], share[..., member])
                source[..., member] = np.where(without, source[..., union], source[..., member])
        return share, source, Groups.sizes(count, row[np.argsort(cell, kind="stable")])
