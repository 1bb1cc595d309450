"""Every code, number and name of a release's companies, to be looked up exactly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol
from weakref import WeakKeyDictionary

from scoring.reference.identifiers import names as company_names
from scoring.reference.identifiers.match import NumberKind
from scoring.reference.identifiers.standard import parts
from scoring.reference.identifiers.symbols import code_key

if TYPE_CHECKING:
    import numpy as np


class Tables(Protocol):
    """What the keys need of a release."""

    def columns(self, name: str) -> Mapping[str, np.ndarray]:
        """Columns of table `name` as arrays."""


class Former(NamedTuple):
    """A code or name that a company has had, or a name that it has in another language.

    Attributes
    ----------
    company : int
    text : str
        As in the data.
    until : datetime.date or None
        First day on which it no longer held; None if it holds.
    """

    company: int
    text: str
    until: dt.date | None

    def held_on(self, day: dt.date | None) -> bool:
        """Whether it held on a day; None is a day after all others."""
        return self.until is None or (day is not None and day < self.until)


class Keys:
    """Where each code, number and name of a release leads, whatever the date.

    Parameters
    ----------
    release : Release

    Attributes
    ----------
    company_ids, names, countries : list of str
        By company.
    tickers, mics : list of str
        By listing.
    is_primary : list of bool
    listed_to : list of datetime.date or None
    company_of : list of int
        Company of each listing.
    listings_of : list of list of int
        Listings of each company.
    by_code, by_number : dict of str to list of int
        Listings by code, and by a code of digits without its leading zeros.
    by_class : dict of str to list of int
        Listings by the code of a share class without its separator.
    """

    def __init__(self, release: Tables) -> None:
        companies, listings = release.columns("companies"), release.columns("listings")
        self._names = release.columns("company_names")
        self.company_ids: list[str] = companies["company_id"].tolist()
        self.names: list[str] = companies["name"].tolist()
        self.countries: list[str] = companies["country"].tolist()
        self.mics: list[str] = listings["mic"].tolist()
        self.tickers: list[str] = listings["ticker"].tolist()
        self.is_primary: list[bool] = listings["primary"].tolist()
        self.listed_to: list[dt.date | None] = listings["listed_to"].tolist()
        self.by_id = {company_id: i for i, company_id in enumerate(self.company_ids)}
        self.company_of: list[int] = [self.by_id[c] for c in listings["company_id"].tolist()]
        self.listings_of: list[list[int]] = [[] for _ in self.company_ids]
        self.by_code: dict[str, list[int]] = {}
        self.by_number: dict[str, list[int]] = {}
        self.by_class: dict[str, list[int]] = {}
        for row, company in enumerate(self.company_of):
            self.listings_of[company].append(row)
            key = code_key(self.tickers[row])
            rows = self.by_code.setdefault(key, [])
            rows.append(row)
            if key.isdigit():
                self.by_number.setdefault(key.lstrip("0"), []).append(row)
            elif "." in key:
                self.by_class[key.replace(".", "")] = rows
        # Bloomberg and Reuters write a share class without its separator (NOVOB DC, VOLVb.ST).
        self.by_code = self.by_class | self.by_code
        self._isins, self._figis, self._leis = listings.get("isin"), listings.get("figi"), companies.get("lei")

    # Standard numbers.

    @cached_property
    def by_isin(self) -> dict[str, list[int]]:
        """ISIN -> listings."""
        return _rows_by(self._isins)

    @cached_property
    def by_figi(self) -> dict[str, list[int]]:
        """FIGI -> listings."""
        return _rows_by(self._figis)

    @cached_property
    def by_lei(self) -> dict[str, list[int]]:
        """LEI -> companies."""
        return _rows_by(self._leis)

    @cached_property
    def by_part(self) -> dict[tuple[NumberKind, str], list[int]]:
        """Kind and text of a national number that is part of an ISIN -> listings."""
        found: dict[tuple[NumberKind, str], list[int]] = {}
        for isin, rows in self.by_isin.items():
            for part in parts(isin):
                found.setdefault(part, []).extend(rows)
        return found

    # Names.

    @cached_property
    def former_codes(self) -> dict[str, list[Former]]:
        """Code that a company has given up -> who had it."""
        found: dict[str, list[Former]] = {}
        for kind, former in self._others():
            if kind == "former-ticker":
                found.setdefault(code_key(former.text), []).append(former)
        return found

    @cached_property
    def other_names(self) -> dict[int, list[Former]]:
        """Names of a company in its own script, and those it had before."""
        found: dict[int, list[Former]] = {}
        for kind, former in self._others():
            if kind != "former-ticker":
                found.setdefault(former.company, []).append(former)
        return found

    @cached_property
    def former_names(self) -> dict[str, list[Former]]:
        """Form of a name that a company has given up -> who had it."""
        found: dict[str, list[Former]] = {}
        for former in (one for others in self.other_names.values() for one in others if one.until is not None):
            for form in company_names.forms(former.text):
                found.setdefault(form, []).append(former)
        return found

    @cached_property
    def name_index(self) -> dict[str, set[int]]:
        """Form of a name that a company has -> companies that have it."""
        index: dict[str, set[int]] = {}
        by_first_word: dict[str, set[int]] = {}
        loose: set[str] = set()
        for company, name in self._held_names():
            for form in company_names.forms(name):
                index.setdefault(form, set()).add(company)
                first, _, rest = form.partition(" ")
                by_first_word.setdefault(first, set()).add(company)
                if rest and rest.rpartition(" ")[2] in company_names.GROUP_WORDS:
                    loose.add(form.rpartition(" ")[0])
        # The id is a name too, but a whole one: `porsche-ag` must not make Porsche SE the same company.
        for company, company_id in enumerate(self.company_ids):
            index.setdefault(" ".join(company_names.words(company_id)), set()).add(company)
        # `Volvo` may be left of Volvo Group, but Volvo Cars begins with it as well: then it names neither.
        for form in loose:
            index[form] |= by_first_word.get(form, set())
        return index

    @cached_property
    def written_names(self) -> dict[str, int]:
        """Name as in the data, to the letter -> a company that has it."""
        return {name: company for company, name in enumerate(self.names)}

    @cached_property
    def native_names(self) -> dict[str, int]:
        """Name in another script, to the letter -> company; ＳＭＣ in full width is SMC of Tokyo, and no US code."""
        others = (other for others in self.other_names.values() for other in others)
        return {other.text: other.company for other in others if other.until is None and not other.text.isascii()}

    def _held_names(self) -> Iterator[tuple[int, str]]:
        for company, name in enumerate(self.names):
            yield company, name
            if "(" in name:
                for alias in company_names.aliases(name):
                    yield company, alias
        for company, others in self.other_names.items():
            for other in others:
                if other.until is None:
                    yield company, other.text

    def _others(self) -> Iterator[tuple[str, Former]]:
        table = self._names
        rows = zip(*(table[name].tolist() for name in ("kind", "company_id", "name", "until")), strict=True)
        for kind, company_id, text, until in rows:
            yield kind, Former(self.by_id[company_id], text, until)


_KEYS: WeakKeyDictionary[Tables, Keys] = WeakKeyDictionary()


def keys_of(release: Tables) -> Keys:
    """Keys of a release, made once."""
    if release not in _KEYS:
        _KEYS[release] = Keys(release)
    return _KEYS[release]


def _rows_by(column: np.ndarray | None) -> dict[str, list[int]]:
    """Value -> rows that have it; empty values left out."""
    index: dict[str, list[int]] = {}
    for row, value in enumerate(() if column is None else column.tolist()):
        if value is not None:
            index.setdefault(value, []).append(row)
    return index
