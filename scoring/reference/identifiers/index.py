"""Every code, number and name of a release's companies, to be looked up exactly."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from scoring.reference.identifiers import names as company_names
from scoring.reference.identifiers.match import Candidate
from scoring.reference.identifiers.symbols import code_key

if TYPE_CHECKING:
    import numpy as np


class Tables(Protocol):
    """What an index needs of a release."""

    def columns(self, name: str) -> Mapping[str, np.ndarray]:
        """Columns of table `name` as arrays."""


class Index:
    """Where each code, number and name of a release leads.

    Parameters
    ----------
    release : Release
        Tables `companies` and `listings` are read.

    Attributes
    ----------
    company_ids, names : list of str
        By company.
    tickers, mics : list of str
        By listing.
    company_of : list of int
        Company of each listing.
    listings_of : list of list of int
        Listings of each company.
    """

    def __init__(self, release: Tables) -> None:
        companies, listings = release.columns("companies"), release.columns("listings")
        self._companies = companies
        self.company_ids: list[str] = companies["company_id"].tolist()
        self.names: list[str] = companies["name"].tolist()
        self.mics: list[str] = listings["mic"].tolist()
        self.tickers: list[str] = listings["ticker"].tolist()
        self.by_id = {company_id: i for i, company_id in enumerate(self.company_ids)}
        self.company_of: list[int] = [self.by_id[c] for c in listings["company_id"].tolist()]
        self.is_live: list[bool] = [end is None for end in listings["listed_to"].tolist()]
        self.is_primary: list[bool] = listings["primary"].tolist()
        self.listings_of: list[list[int]] = [[] for _ in self.company_ids]
        self.by_code: dict[str, list[int]] = {}
        self.by_number: dict[str, list[int]] = {}
        for row, company in enumerate(self.company_of):
            self.listings_of[company].append(row)
            key = code_key(self.tickers[row])
            self.by_code.setdefault(key, []).append(row)
            if key.isdigit():
                self.by_number.setdefault(key.lstrip("0"), []).append(row)
        # Bloomberg and Reuters write a share class without its separator (NOVOB DC, VOLVb.ST).
        for key, rows in list(self.by_code.items()):
            if "." in key:
                self.by_code.setdefault(key.replace(".", ""), rows)
        self.by_isin = _rows_by(listings.get("isin"))
        self.by_figi = _rows_by(listings.get("figi"))
        self.by_lei = _rows_by(companies.get("lei"))

    @property
    def numbers(self) -> dict[str, list[int]]:
        """Every ISIN and FIGI of the listings -> its rows."""
        return self.by_isin | self.by_figi

    def with_code(self, code: str) -> list[int]:
        """Rows of the listings that have a code, on whatever exchange; leading zeros of a number do not count."""
        return self.by_number.get(code.lstrip("0"), []) if code.isdigit() else self.by_code.get(code, [])

    def as_pointed(self, symbol: str, rows: list[int]) -> list[int]:
        """Of listings with a code those that end it with a point, if the symbol does: BA. is BAE, BA is Boeing."""
        return [row for row in rows if symbol.endswith(".") and self.tickers[row] == symbol] or rows

    def country(self, company: int) -> str:
        """ISO 3166 code of the home country of a company."""
        country: str = self._companies["country"][company]
        return country

    def names_of(self, company: int) -> list[str]:
        """Every name of a company, its identifier among them."""
        return [self.names[company], self.company_ids[company].replace("-", " ")]

    def primary_listing(self, company: int) -> int:
        """Row of the primary listing of a company, or -1 if it has no listing."""
        rows = self.listings_of[company]
        return self.best(rows) if rows else -1

    def candidate(self, company: int, listing: int, similarity: float) -> Candidate:
        """Candidate for a company, shown by one of its listings (-1 for none)."""
        ticker = f"{self.mics[listing]}:{self.tickers[listing]}" if listing >= 0 else ""
        return Candidate(self.company_ids[company], self.names[company], ticker, round(similarity, 1))

    @cached_property
    def name_index(self) -> dict[str, set[int]]:
        """Form of a name -> companies that have it."""
        index: dict[str, set[int]] = {}
        by_first_word: dict[str, set[int]] = {}
        loose: set[str] = set()
        for company, name in enumerate(self.names):
            for alias in company_names.aliases(name):
                for form in company_names.forms(alias):
                    index.setdefault(form, set()).add(company)
                    first, *rest = form.split()
                    by_first_word.setdefault(first, set()).add(company)
                    if rest and rest[-1] in company_names.GROUP_WORDS:
                        loose.add(" ".join([first, *rest[:-1]]))
            # The id is a name too, but a whole one: `porsche-ag` must not make Porsche SE the same company.
            index.setdefault(" ".join(company_names.words(self.company_ids[company])), set()).add(company)
        # `Volvo` may be left of Volvo Group, but Volvo Cars begins with it as well: then it names neither.
        for form in loose:
            index[form] |= by_first_word.get(form, set())
        return index

    def on(self, key: str, mics: frozenset[str]) -> list[int]:
        """Find a code on some exchanges; there leading zeros do not count (5930.KS, 0700.HK)."""
        return [row for row in self.with_code(key) if self.mics[row] in mics]

    def live_first(self, rows: list[int]) -> list[int]:
        """Leave out delisted listings unless there is no other: their codes are given away again."""
        return [row for row in rows if self.is_live[row]] or rows

    def best(self, rows: list[int]) -> int:
        """Choose the live one before a delisted one, then the primary one, then the first."""
        return min(rows, key=lambda row: (not self.is_live[row], not self.is_primary[row], row))


def _rows_by(column: np.ndarray | None) -> dict[str, list[int]]:
    """Value -> rows that have it; empty values left out."""
    index: dict[str, list[int]] = {}
    for row, value in enumerate(() if column is None else column.tolist()):
        if value is not None:
            index.setdefault(value, []).append(row)
    return index
