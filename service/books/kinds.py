"""What kind of asset a row is: a share, or cash, a future or another thing that no company stands behind."""

from __future__ import annotations

from typing import Final

from scoring.reference.currencies import CURRENCIES
from scoring.reference.identifiers.not_shares import MONEY, kind_of_code
from service.books.words import fold, kind_of, whole_kind

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
        if code.upper() not in MONEY and (kind := kind_of_code(code.upper())) != "share":
            return kind
        if code.upper() in MONEY:
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
