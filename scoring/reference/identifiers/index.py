"""Where each code, number and name of a release leads, as of a date."""

from __future__ import annotations

import datetime as dt
from typing import Final

from scoring.reference.identifiers import names as company_names
from scoring.reference.identifiers.keys import Former, Tables, keys_of
from scoring.reference.identifiers.match import Candidate
from scoring.reference.identifiers.venues import BY_MIC

MAX_SHOWN: Final = 5
"""Companies listed where several fit."""


class Index:
    """The keys of a release with what depends on the date: which listings were live, which names held.

    Parameters
    ----------
    release : Release
        Tables `companies`, `listings` and `company_names` are read, once per release.
    as_of : datetime.date, optional
        Day on which codes and names are to mean what they meant. Default: after all that the release knows of.

    Attributes
    ----------
    as_of : datetime.date or None
    keys : Keys
        What does not depend on the date.
    company_ids, names : list of str
        By company.
    tickers, mics : list of str
        By listing.
    company_of : list of int
        Company of each listing.
    listings_of : list of list of int
        Listings of each company.
    """

    def __init__(self, release: Tables, as_of: dt.date | None = None) -> None:
        self.as_of = as_of
        self.keys = keys = keys_of(release)
        self.company_ids, self.names = keys.company_ids, keys.names
        self.tickers, self.mics, self.company_of, self.listings_of = (
            keys.tickers,
            keys.mics,
            keys.company_of,
            keys.listings_of,
        )

    # What a text leads to.

    def with_code(self, code: str) -> list[int]:
        """Rows of the listings that have a code, on whatever exchange; leading zeros of a number do not count."""
        return self.keys.by_number.get(code.lstrip("0"), []) if code.isdigit() else self.keys.by_code.get(code, [])

    def on(self, key: str, mics: frozenset[str]) -> list[int]:
        """Find a code on some exchanges; there leading zeros do not count (5930.KS, 0700.HK)."""
        found = [row for row in self.with_code(key) if self.mics[row] in mics]
        return found or [row for row in self.keys.by_class.get(key, ()) if self.mics[row] in mics]

    def as_pointed(self, symbol: str, rows: list[int]) -> list[int]:
        """Of listings with a code those that end it with a point, if the symbol does: BA. is BAE, BA is Boeing."""
        return [row for row in rows if self.tickers[row] == symbol] or rows if symbol.endswith(".") else rows

    def held(self, former: list[Former]) -> list[Former]:
        """Of former codes or names those that still held at the date."""
        return [one for one in former if one.held_on(self.as_of)]

    def named(self, text: str) -> tuple[list[int], str]:
        """Companies with this name, and what is to be said about it; the fullest form that any company has decides."""
        for form in self._forms(text):
            former = self.keys.former_names.get(form, [])
            now = self.keys.name_index.get(form, set()) | {one.company for one in self.held(former)}
            several = now if len(now) > 1 else ()
            whole = [company for company in several if form == " ".join(company_names.words(self.names[company]))]
            if len(whole) == 1:
                others = ", ".join(sorted(self.names[company] for company in now - {whole[0]})[:MAX_SHOWN])
                return whole, f"the name as a whole; without its legal form also that of {others}"
            if now:
                return sorted(now), ""
            if former:
                return sorted({one.company for one in former}), f"its name until {former[0].until}"
        return [], ""

    def _forms(self, text: str) -> list[str]:
        """Forms of a name, those with what is in parentheses first: Banco Santander (Brasil) is not Banco Santander."""
        outside = company_names.aliases(text)[:1] if "(" in text else []
        return [form for name in (text, *outside) for form in company_names.forms(name)]

    # What is known of a company and its listings.

    def country(self, company: int) -> str:
        """ISO 3166 code of the home country of a company."""
        return self.keys.countries[company]

    def names_of(self, company: int) -> list[str]:
        """Every name of a company, its identifier among them."""
        others = [other.text for other in self.keys.other_names.get(company, ())]
        return [self.names[company], self.company_ids[company].replace("-", " "), *others]

    def primary_listing(self, company: int) -> int:
        """Row of the primary listing of a company, or -1 if it has no listing."""
        rows = self.listings_of[company]
        return self.best(rows) if rows else -1

    def shown(self, listing: int) -> str:
        """Listing as ``MIC:ticker``."""
        return f"{self.mics[listing]}:{self.tickers[listing]}"

    def candidate(self, company: int, listing: int, similarity: float) -> Candidate:
        """Candidate for a company, shown by one of its listings (-1 for none)."""
        ticker = self.shown(listing) if listing >= 0 else ""
        return Candidate(self.company_ids[company], self.names[company], ticker, round(similarity, 1))

    def ended(self, listing: int) -> dt.date | None:
        """Last day of trading of a listing that was no longer traded at the date; None for a live one."""
        last = self.keys.listed_to[listing]
        return last if last is not None and (self.as_of is None or last < self.as_of) else None

    def live_first(self, rows: list[int]) -> list[int]:
        """Leave out listings whose code is another's at the date.

        Exchanges that share their symbols have a code once at a time. A live listing has it before a delisted one, and
        of two that lived the one that ended first.
        """
        if len(rows) < 2 or all(self.keys.listed_to[row] is None for row in rows):
            return rows
        first: dict[tuple[str, str], int] = {}
        for row in sorted(rows, key=lambda row: (bool(self.ended(row)), self.keys.listed_to[row] or dt.date.max)):
            first.setdefault((BY_MIC[self.mics[row]].symbols, self.tickers[row]), row)
        return sorted(first.values())

    def best(self, rows: list[int]) -> int:
        """Choose the live one before a delisted one, then the primary one, then the first."""
        if len(rows) == 1:
            return rows[0]
        return min(rows, key=lambda row: (self.ended(row) is not None, not self.keys.is_primary[row], row))
