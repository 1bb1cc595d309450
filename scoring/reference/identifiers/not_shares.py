"""What a text names that is no share, by its form: cash, an index, a currency pair, a future, an option, a bond."""

from __future__ import annotations

import re
from typing import Final

from scoring.reference.identifiers.match import Match
from scoring.reference.identifiers.row import Kind

MONEY: Final = frozenset(
    {"AUD", "CAD", "CHF", "CNH", "CNY", "DKK", "EUR", "GBP", "HKD", "INR", "JPY", "KRW", "NOK", "NZD", "SEK", "SGD"}
    | {"TWD", "USD"}
)
"""Currencies that stand for themselves in a list; others are also tickers: AMD, NIO, COP."""

_BY_KEY: Final[dict[str, Kind]] = {
    "COMDTY": "future",
    "GOVT": "bond",
    "CORP": "bond",
    "MTGE": "bond",
    "MUNI": "bond",
    "M-MKT": "bond",
}
"""What Bloomberg's last word says behind a code with digits; `Index` and `Curncy` say less and are looked at apart."""

_OPTION: Final = re.compile(
    r"[A-Z.]{1,6}\s*\d{6}[CP]\d{8}"  # AAPL  261218C00250000
    r"|.+ \d{1,2}/\d{1,2}(/\d{2,4})? [CP]\d+(\.\d+)?( EQUITY)?"  # AAPL US 12/18/26 C250 Equity
)
_SHORTEST_OPTION: Final = 15
_FUTURE_INDEX: Final = re.compile(r"[A-Z]{1,3}[FGHJKMNQUVXZ]\d{1,2}")
_PAIR: Final = re.compile(r"[A-Z]{3}/?[A-Z]{3}")
_FUND_WORDS: Final = frozenset({"etf", "etfs", "etn", "ucits", "sicav", "oeic"})


def kind_of_code(upper: str) -> Kind:
    """Kind of asset that a code in capitals names by its form; ``share`` unless something says otherwise."""
    if len(upper) > _SHORTEST_OPTION and _OPTION.fullmatch(upper):
        return "option"
    before, _, key = upper.rpartition(" ")
    if upper in MONEY:
        return "cash"
    if not before:
        return _by_sign(upper)
    if key == "INDEX" and " " not in before:
        return "future" if _FUTURE_INDEX.fullmatch(before) else "index"
    if key == "CURNCY":
        return "cash" if before in MONEY else "currency"
    if _OPTION.fullmatch(upper):
        return "option"
    # `Mazda Motor Corp` is a name; a bond is called by its coupon and maturity, or by a number.
    return _BY_KEY.get(key, "share") if any(map(str.isdigit, before)) else "share"


def _by_sign(upper: str) -> Kind:
    """Kind that Yahoo's and Reuters' signs tell: ``^GSPC``, ``.SPX``, ``EURUSD=X``, ``ES=F``, ``JPY=``."""
    if upper.endswith(("=F",)):
        return "future"
    if upper.endswith(("=X", "=")):
        return "currency"
    if upper.startswith("^") or (upper.startswith(".") and upper[1:].isalnum() and len(upper) > len(".T")):
        return "index"
    return "currency" if _PAIR.fullmatch(upper) and {upper[:3], upper[-3:]} <= MONEY else "share"


def why_no_identifier(text: str) -> str:
    """Why a text is neither a code nor a name, by its form; empty if it may be one."""
    if text[0].isalnum():
        return ""
    if not any(map(str.isalnum, text)):
        return "the query has no letter and no digit"
    if text.startswith("="):
        return "the query is a formula: paste the values"
    if text.startswith("#") and text[-1] in "!?A/":
        return "the query is an error of a spreadsheet"
    return ""


def may_be_name(text: str) -> bool:
    """Whether a text can be the name of a company: `1&1` is one; a sum such as `1+1`, a number and a date are none."""
    return any(map(str.isalpha, text)) or "&" in text


def is_fund(words: list[str]) -> bool:
    """Whether the words of a name are those of a fund."""
    return len(words) > 1 and bool(_FUND_WORDS & set(words))


def not_a_share(query: str, kind: Kind) -> Match:
    """What becomes of a query for something that is no share."""
    if kind == "cash":
        return Match(query, "cash", reason="cash: no exposure")
    return Match(query, "not-a-share", reason=f"kind {kind}: only shares of companies are scored")
