"""The words of other people's files, from the tables in `data/files`: headers, kinds of asset, totals."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final, NamedTuple

from scoring.data import read_words
from scoring.reference.currencies import CURRENCIES

IDENTIFIERS: Final = (
    "query",
    "ticker",
    "ric",
    "bloomberg",
    "factset",
    "isin",
    "figi",
    "lei",
    "cusip",
    "sedol",
    "wkn",
    "company-id",
    "identifier",
    "name",
)
"""Columns that may name a company, the leading one first. `query` leads so that a result can be scored again as it
was asked for; names are the least certain and come last."""

_IGNORED: Final = re.compile(r"[\s_\-.'’*:#]+")
_BRACKETS: Final = re.compile(r"(.*?)[(（\[](.+)[)）\]](.*)")
_PERCENT_WORDS: Final = frozenset({"%", "pct", "percent", "percentage", "prozent", "proz", "inpercent"})
_SAYS_PERCENT: Final = re.compile(r"%|pct|percent|prozent", re.IGNORECASE)
_SIGNS: Final = str.maketrans("", "", "%$€£¥₩")


class Title(NamedTuple):
    """What the header of a column says.

    Attributes
    ----------
    role : str or None
        What the column holds, in the words of `data/files/headers.csv`; None if that is not known.
    currency : str or None
        Currency in brackets behind the name.
    is_percent : bool
        Whether it says that its numbers are percentages.
    """

    role: str | None
    currency: str | None
    is_percent: bool


def plain(cell: str) -> str:
    """Name of a column without what does not tell it from another: case, spaces, hyphens, points, underscores."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", cell).casefold())


@cache
def read_title(title: str) -> Title:
    """What a header says: ``Market Value (USD)``, ``Weight (%)``, ``Mkt Val (Market Value)``, ``% of Fund``."""
    is_percent = bool(_SAYS_PERCENT.search(title))
    role = _role(title, is_percent)
    brackets = _BRACKETS.fullmatch(" ".join(title.split()))
    if brackets is None:
        return Title(role, None, is_percent)
    outside, inside = f"{brackets[1]} {brackets[3]}", brackets[2].strip()
    if inside.upper() in CURRENCIES:
        return Title(_role(outside, is_percent), inside.upper(), is_percent)
    if plain(inside) in _PERCENT_WORDS:
        return Title(_role(outside, True), None, True)
    return Title(role or _role(outside, is_percent) or _role(inside, is_percent), None, is_percent)


def kind_of(text: str) -> str | None:
    """Kind of asset that a cell such as ``Common Stock`` or ``Cash and/or Derivatives`` names; None if unknown.

    The whole cell decides; failing that, all of its known words if they are of one kind.
    """
    known = {kind for word in fold(text).split() if (kind := whole_kind(word)) is not None}
    return whole_kind(text) or (known.pop() if len(known) == 1 else None)


def whole_kind(text: str) -> str | None:
    """Kind of asset that a text names as a whole."""
    return _kinds().get(fold(text))


def is_total(text: str) -> bool:
    """Whether a cell says that its row is a sum of others: ``Account Total``, ``Summe``, ``合計``.

    A group may stand beside the word (``Total Japan``), a legal form may not: Total SE is a company.
    """
    return fold(text.rstrip(":")) in _totals()


def begins_total(text: str) -> bool:
    """Whether a cell begins or ends with a word for a total, whatever else it says: ``Total Japan``."""
    parts = fold(text).split()
    return bool(parts) and (parts[0] in _totals() or parts[-1] in _totals())


def fold(text: str) -> str:
    """Words of a cell, comparable: no case, accents or punctuation."""
    if text.isascii() and text.isalnum():
        return text.lower()
    letters = unicodedata.normalize("NFKD", text.replace("&", " and ").replace("/", " ")).casefold()
    letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[\W_]+", " ", unicodedata.normalize("NFC", letters)).split())


def _role(title: str, is_percent: bool) -> str | None:
    bare = plain(title.translate(_SIGNS))
    if is_percent and bare in _percent_roles():
        return "weight"
    return _roles().get(bare)


@cache
def _roles() -> dict[str, str]:
    return {plain(word): role for role, words in read_words("headers") if role != _IF_PERCENT for word in words}


_IF_PERCENT: Final = "weight if percent"


@cache
def _percent_roles() -> frozenset[str]:
    return frozenset(plain(word) for role, words in read_words("headers") if role == _IF_PERCENT for word in words)


@cache
def _kinds() -> dict[str, str]:
    return {fold(word): kind for kind, words in read_words("kinds") for word in words}


@cache
def _totals() -> frozenset[str]:
    return frozenset(fold(word) for _, words in read_words("totals") for word in words)
