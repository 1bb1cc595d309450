"""Exchanges, countries and currencies as files name them, from the tables in `data/files`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Final

from scoring.data import read_words
from scoring.reference.identifiers import venues
from scoring.reference.jurisdictions import COUNTRIES, EU_MEMBERS

_EURO: Final = EU_MEMBERS - {"CZ", "DK", "HU", "PL", "RO", "SE"}
_MONEY: Final = {
    "US": "USD", "CA": "CAD", "BR": "BRL", "MX": "MXN", "GB": "GBP", "CH": "CHF", "PL": "PLN", "SE": "SEK",
    "DK": "DKK", "NO": "NOK", "IL": "ILS", "JP": "JPY", "KR": "KRW", "TW": "TWD", "HK": "HKD", "CN": "CNY",
    "AU": "AUD", "NZ": "NZD", "SG": "SGD", "IN": "INR", "ZA": "ZAR",
}  # fmt: skip
_SUBUNITS: Final = {"GBX": "GBP", "GBP": "GBP", "ZAC": "ZAR", "ILA": "ILS", "CNH": "CNY", "RMB": "CNY"}


@cache
def exchange_of(text: str) -> frozenset[str]:
    """MICs that the cell of an exchange column may mean; empty if it is not known.

    Exchanges that share their codes go together: a share that moved from New York to Nasdaq keeps its code.
    """
    named = _exchanges().get(_fold(text)) or venues.PREFIXES.get(text.strip().upper())
    if not named:
        return frozenset()
    spaces = {venues.BY_MIC[mic].symbols for mic in named}
    return frozenset(venue.mic for venue in venues.VENUES if venue.symbols in spaces)


@cache
def country_of(text: str) -> str | None:
    """ISO 3166 code of the cell of a country column; None if it is not known."""
    code = text.strip().upper()
    return code if code in COUNTRIES else _countries().get(_fold(text))


@cache
def country_words() -> Mapping[str, str]:
    """ISO 3166 codes by the names of countries in several languages, in lower case."""
    return {name.casefold(): country for country, names in read_words("countries") for name in names}


@cache
def venues_of_currency(text: str) -> frozenset[str]:
    """MICs of the exchanges that trade in a currency; empty if it is not known."""
    code = text.strip().upper()
    code = _SUBUNITS.get(code, code)
    return frozenset(v.mic for v in venues.VENUES if ("EUR" if v.country in _EURO else _MONEY.get(v.country)) == code)


@cache
def _exchanges() -> dict[str, frozenset[str]]:
    known = set(venues.BY_MIC)
    return {_fold(word): frozenset(mics.split()) & known for mics, words in read_words("exchanges") for word in words}


@cache
def _countries() -> dict[str, str]:
    return {_fold(name): country for country, names in read_words("countries") for name in names}


def _fold(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[\W_]+", " ", unicodedata.normalize("NFC", letters)).split())
