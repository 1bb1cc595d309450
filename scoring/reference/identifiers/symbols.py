"""Symbols as users write them: cleaned, and taken apart into a code and its exchange."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from scoring.reference.identifiers import venues

_QUOTES: Final = "\"'`´“”„‘’«»"
_CLASS_SEPARATORS: Final = re.compile(r"[\s./\-_']+")
_DELISTED_RIC: Final = re.compile(r"\^[A-L][0-9]{2}$")

_YELLOW_KEY: Final = " EQUITY"


def clean(query: str) -> str:
    """Fold compatibility forms of a query, and remove invisible characters and surrounding quotes."""
    text = query
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFKC", text)
        kinds = ((letter, unicodedata.category(letter)) for letter in text)
        text = "".join(" " if kind == "Cc" else letter for letter, kind in kinds if kind != "Cf")
    return " ".join(text.strip().strip(_QUOTES).split())


def code_key(code: str) -> str:
    """Make a local code comparable: ``brk/b`` and ``BRK-B`` are ``BRK.B``, ``RR.`` is ``RR``.

    The separator stays, because ``MET-A`` (a preferred share of MetLife) is not ``META``.
    """
    upper = code.upper()
    return upper if upper.isalnum() else ".".join(part for part in _CLASS_SEPARATORS.split(upper) if part)


def without_market(text: str) -> tuple[str, bool]:
    """Take Bloomberg's ``Equity`` and the delisting mark of Reuters off an upper-case text.

    Returns
    -------
    symbol : str
        What is left.
    is_code : bool
        True if it was marked so, and is therefore certainly not a name.
    """
    symbol = _DELISTED_RIC.sub("", text.removesuffix(_YELLOW_KEY))
    return symbol, symbol != text


def readings(symbol: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Ways to read an upper-case symbol as a code and its exchanges."""
    if ":" in symbol:
        before, after = (part.strip() for part in symbol.split(":", 1))
        if after and before in venues.PREFIXES:
            yield after, venues.PREFIXES[before]
        if before and after in venues.PREFIXES:  # the Financial Times writes 8035:TYO
            yield before, venues.PREFIXES[after]
    for separator, known in ((" ", venues.BLOOMBERG), (".", venues.SUFFIXES), ("-", venues.COUNTRIES)):
        code, _, word = symbol.rpartition(separator)
        if code and word in known:
            yield code, known[word]
