"""Selection rules: which fact counts at a date (methodology, section 0).

Every function takes columns of a release and a date, and looks at nothing that became known later.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from scoring.reference.jurisdictions import EU, EU_MEMBERS
from scoring.vocabulary import Timing

Table = Mapping[str, np.ndarray]


def in_force(table: Table, as_of: np.datetime64, timing: Timing) -> np.ndarray:
    """Rules or measures active at `as_of`, as row numbers.

    Active: confirmed, announced by then (with timing ``effective`` also effective by then), and not ended.
    Ended: `effective_to` reached and its end known. A zero-length row, suspended before it took effect,
    is ended as soon as its end is known.
    """
    started = table["announced"] <= as_of
    if timing == "effective":
        started &= table["effective_from"] <= as_of
    end = table["effective_to"]
    end_known_from = np.where(np.isnat(table["end_announced"]), end, table["end_announced"])
    ended = (end_known_from <= as_of) & ((end <= as_of) | (end == table["effective_from"]))
    return np.flatnonzero(started & (table["status"] == "confirmed") & ~ended)


def period_months(fiscal_year: str) -> int:
    """Length of a fiscal period from its label: ``2024`` 12, ``2024H1`` 6, ``2024Q3`` 3."""
    return {"": 12, "H": 6, "Q": 3}[fiscal_year[4:5]]


def china_share_rows(revenue: Table, as_of: np.datetime64) -> dict[str, list[int]]:
    """Revenue rows that give each company's China share, the one that counts last.

    The annual rows known by `as_of` in order of period end; where a company has none, the one latest
    shorter period (same end: the longer one).
    """
    known = np.flatnonzero((revenue["known_by"] <= as_of) & ~np.isnan(revenue["china_share"]))
    labels, companies = revenue["fiscal_year"][known], revenue["company_id"][known]
    annual: dict[str, list[int]] = defaultdict(list)
    shorter: dict[str, list[int]] = defaultdict(list)
    months = np.array([period_months(label) for label in labels], dtype=int)
    for i in np.lexsort((months, revenue["period_end"][known])).tolist():
        (annual if len(labels[i]) == 4 else shorter)[companies[i]].append(int(known[i]))
    return {company: rows[-1:] for company, rows in shorter.items()} | dict(annual)


def segment_blocks(segments: Table, as_of: np.datetime64) -> dict[str, list[int]]:
    """Rows of the segment table that give each company's product mix.

    The latest fiscal year all of whose rows are known and marked `for_mix`; annual before shorter
    periods, then the greatest label in text order.
    """
    usable = (segments["known_by"] <= as_of) & segments["for_mix"]
    blocks: dict[tuple[str, str], list[int]] = defaultdict(list)
    keys = list(zip(segments["company_id"], segments["fiscal_year"], strict=True))
    for row, key in enumerate(keys):
        blocks[key].append(row)
    spoiled = {keys[row] for row in np.flatnonzero(~usable).tolist()}
    best: dict[str, tuple[bool, str]] = {}
    for company, label in blocks:
        if (company, label) not in spoiled:
            best[company] = max(best.get(company, (False, "")), (len(label) == 4, label))
    return {company: blocks[company, label] for company, (_, label) in best.items()}


def business_mix_blocks(mix: Table, as_of: np.datetime64) -> dict[str, list[int]]:
    """Rows of the business mix that describe each company: the block with the latest `valid_from` by `as_of`."""
    latest: dict[str, int] = {}
    chosen: dict[str, list[int]] = {}
    known = np.flatnonzero(mix["valid_from"] <= as_of)
    starts = mix["valid_from"][known].astype(int).tolist()
    for row, company, start in zip(known.tolist(), mix["company_id"][known].tolist(), starts, strict=True):
        if start > latest.get(company, start - 1):
            latest[company], chosen[company] = start, [row]
        elif start == latest[company]:
            chosen[company].append(row)
    return chosen


YEARLY_FIGURES: Final[Mapping[str, int]] = {"mineral_imports": 2, "mineral_facts": 3}
"""Tables of yearly figures, which are known from the first day of this month in the second year after their own.

The geological survey's edition appears in February on a day that was not visible: a month more can only delay it."""


def figure_known_from(table: str, year: int) -> dt.date:
    """First day on which the figures of a year in `mineral_imports` or `mineral_facts` are known."""
    return dt.date(year + 2, YEARLY_FIGURES[table], 1)


class ImportShares:
    """China's share of each country's imports of each mineral, with the rows behind it.

    Parameters
    ----------
    imports, codes, facts : mapping of str to ndarray
        Tables `mineral_imports`, `mineral_codes` and `mineral_facts`.
    as_of : numpy.datetime64
        Date by which a figure must be known.
    """

    def __init__(self, imports: Table, codes: Table, facts: Table, as_of: np.datetime64) -> None:
        day = dt.date.fromisoformat(str(as_of))
        years = [y for y in set(imports["year"].tolist()) if figure_known_from("mineral_imports", y) <= day]
        self._share, self._value = imports["china_import_share"], imports["import_value_kusd"]
        self._cell: dict[tuple[str, str], int] = {}
        if years:
            for row in np.flatnonzero(imports["year"] == max(years)).tolist():
                self._cell[imports["hs6"][row], imports["importer"][row]] = row
        self._codes: dict[str, list[str]] = defaultdict(list)
        for row in np.flatnonzero(codes["usable"]).tolist():
            self._codes[codes["mineral"][row]].append(codes["hs6"][row])
        self._survey: dict[str, int] = {}
        stated, stated_year = facts["value"], facts["year"]
        surveyed = np.flatnonzero((facts["fact"] == "us_import_share_china") & ~np.isnan(stated_year)).tolist()
        # The latest year, and among its forms the largest share, comes last and stays.
        for row in sorted(surveyed, key=lambda row: (stated_year[row], stated[row])):
            if figure_known_from("mineral_facts", int(stated_year[row])) <= day:
                self._survey[facts["mineral"][row]] = row
        self._stated = stated

    def find(self, mineral: str, country: str) -> tuple[float, str, Sequence[int]]:
        """Share in 0..1 (NaN = not measured), the table it comes from, and its rows there."""
        if country == "US" and mineral in self._survey:
            row = self._survey[mineral]
            return float(self._stated[row]), "mineral_facts", (row,)
        rows = self._trade(mineral, country)
        if not rows and country in EU_MEMBERS:
            rows = self._trade(mineral, f"{EU}27")
        value: Any = self._value[rows]
        if not rows or not value.sum() > 0:
            return float("nan"), "", ()
        return float((self._share[rows] * value).sum() / value.sum()), "mineral_imports", rows

    def _trade(self, mineral: str, importer: str) -> list[int]:
        cells = ((code, importer) for code in self._codes.get(mineral, ()))
        return [self._cell[cell] for cell in cells if cell in self._cell]
