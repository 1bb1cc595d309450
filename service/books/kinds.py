"""What kind of asset a row is: a share, or cash, a future or another thing that no company stands behind."""

from __future__ import annotations

import re
from typing import Final

from scoring.reference.currencies import CURRENCIES
from service.books.words import fold, kind_of, whole_kind

_MONEY: Final = frozenset(
    {"AUD", "CAD", "CHF", "CNH", "CNY", "DKK", "EUR", "GBP", "HKD", "INR", "JPY", "KRW", "NOK", "NZD", "SEK", "SGD"}
    | {"TWD", "USD"}
)
"""Currencies that stand for themselves in a list; others are also tickers: AMD, NIO, COP."""

_OPTION: Final = re.compile(
    r"[A-Z.]{1,6}\s*\d{6}[CP]\d{8}"  # AAPL  261218C00250000
    r"|.+ \d{1,2}/\d{1,2}(/\d{2,4})? [CP]\d+(\.\d+)?( Equity)?",  # AAPL US 12/18/26 C250 Equity
    re.IGNORECASE,
)
_SHORTEST_OPTION: Final = 15
_BY_KEY: Final = {"comdty": "future", "index": "future", "govt": "bond", "corp": "bond", "mtge": "bond", "muni": "bond"}
_MONEY_WORDS: Final = frozenset(
    {"cash", "dollar", "dollars", "euro", "euros", "yen", "pound", "sterling", "franc", "krona", "krone", "won", "yuan"}
    | {"renminbi", "currency", "spot", "balance", "usd"}
)


def row_kind(said: str, code: str, name: str) -> str:
    """Kind of asset of a row.

    Parameters
    ----------
    said : str
        Cell of the column that says the kind; empty if there is none.
    code : str
        Ticker or other identifier as written; empty if there is none.
    name : str
        Name as written; empty if there is none.

    Returns
    -------
    str
        ``share`` unless something says otherwise.
    """
    if said and (kind := kind_of(said)) is not None:
        return kind
    if code:
        before, _, key = code.rpartition(" ")
        if (before or len(code) > _SHORTEST_OPTION) and _OPTION.fullmatch(code):
            return "option"
        if before and key.casefold() in _BY_KEY:
            return _BY_KEY[key.casefold()]
        if before and key.casefold() == "curncy":
            return "cash" if before.upper() in CURRENCIES else "currency"
        if code.upper() in _MONEY:
            words = set(fold(name).split())
            return "cash" if not words or words & _MONEY_WORDS or fold(code) in words else "share"
        return "cash" if _is_cash(code) and (not name or _is_cash(name)) else "share"
    return "cash" if _is_cash(name) else "share"


def _is_cash(text: str) -> bool:
    """Whether a text is a word for cash, whatever currency is named with it: ``CASH_USD``, ``USD Cash``."""
    if not text or any(map(str.isdigit, text)):
        return False
    left = " ".join(word for word in fold(text).split() if word.upper() not in CURRENCIES)
    return bool(left) and whole_kind(left) == "cash"
