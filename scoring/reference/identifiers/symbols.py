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


def slips(code: str) -> list[str]:
    """Codes that a comparable code may have been meant for, by the commonest slips of the hand.

    Nearly every code is one letter from that of another company, so these are few: two neighbours changed places, a
    letter doubled or not doubled, the wrong one of two doubled, a class written that there is not, and in a code of
    five letters or more one too many. The first letter is the one that people get right.
    """
    found = [code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in range(1, len(code) - 1)]
    if not code.isdigit():  # a number with a digit too many or too few is not one of the same exchange
        found += [code[:i] + code[i] + code[i:] for i in range(len(code))]
        found += [code[:i] + code[i + 1 :] for i in range(1, len(code)) if len(code) > 4 or code[i] == code[i - 1]]
        doubled = [i for i in range(1, len(code) - 1) if code[i] == code[i + 1]]
        found += [code[:i] + code[i - 1] + code[i + 1 :] for i in doubled]
        found += [code[: i + 1] + code[i + 2] + code[i + 2 :] for i in doubled if i + 2 < len(code)]
    return [slip for slip in dict.fromkeys(["".join(filter(str.isalnum, code)), *found]) if slip != code]
