"""Reading a book with its sizes: weights, values, or quantities and prices, found by the names of their columns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, Final, NamedTuple

from scoring.errors import HoldingsError, InputError
from scoring.portfolio.holdings import BASES, Basis, Holdings, make_holdings
from scoring.reference.currencies import CURRENCIES
from service.books.numbers import read_numbers
from service.books.tickers import Cells, listed, no_known_column, plain, read_table

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "weight": (
        "weight", "weights", "wgt", "wt", "weighting", "portfolioweight", "indexweight", "benchmarkweight",
        "pctweight", "weightpct", "weightpercent", "percentweight",
    ),
    "value": (
        "value", "values", "marketvalue", "marketval", "mktvalue", "mktval", "mv", "positionvalue", "currentvalue",
        "notional", "notionalvalue", "exposure",
    ),
    "quantity": (
        "quantity", "qty", "shares", "units", "position", "positions", "holding", "holdings", "noofshares",
        "numberofshares", "sharesheld",
    ),
    "price": (
        "price", "px", "pxlast", "lastprice", "closeprice", "closingprice", "close", "marketprice", "unitprice",
    ),
    "currency": (
        "currency", "ccy", "curr", "crncy", "currencycode", "localcurrency", "tradingcurrency", "positioncurrency",
        "marketcurrency",
    ),
    "fx": ("fx", "fxrate", "exchangerate", "fxtobase", "fxratetobase"),
    "side": ("side", "longshort", "long/short", "l/s", "direction"),
}  # fmt: skip
"""Names by which columns are found, without case, spaces, hyphens and underscores, a percent sign, or a currency in
brackets."""

_BRACKETS: Final = re.compile(r"(.*)\((.+)\)")
_PERCENT: Final = frozenset({"%", "pct", "percent"})
_SAYS_PERCENT: Final = frozenset({"pctweight", "weightpct", "weightpercent", "percentweight"})


class _Column(NamedTuple):
    place: int
    name: str
    currency: str | None
    is_percent: bool


def read_holdings(path: str | PurePath, column: str | None = None, by: str | None = None) -> Holdings:
    """Read the positions of a file.

    Parameters
    ----------
    path : str or Path
        As in `service.books.tickers.read_book`.
    column : str, optional
        Ticker column. Default: found by its name.
    by : {'weight', 'value', 'quantity'}, optional
        Which sizes to use. Default: those that the file has, if it has one kind only.

    Returns
    -------
    Holdings
        One position per row, in the order of the file. A row without a ticker stays, and does not resolve.

    Raises
    ------
    InputError
        The file cannot be read, or its columns cannot be told apart.
    HoldingsError
        A cell that is not a size, named by its row and column; see `scoring.portfolio.holdings.make_holdings`.
    """
    table = read_table(path, column)
    place = table.place
    if place is None:
        raise no_known_column(table)
    found = _found(table)
    basis = _basis(table, found, by)
    used = {name: found[name] for name in (basis, *_with(basis)) if name in found}

    def at(row: int, name: str) -> str:
        title = used[name].name if name in used else name
        return f"{table.name}: row {table.numbers[row + 1]}, column {title!r}"

    cells: dict[str, list[Any]] = {}
    for name, where in used.items():
        texts = table.column(where.place)
        if name in ("currency", "side"):
            cells[name] = [text or None for text in texts]
        else:
            numbers = read_numbers(texts, name, at, comma_is_likely=table.delimiter == ";")
            scale = 100.0 if where.is_percent and not any("%" in text for text in texts) else 1.0
            cells[name] = [None if number is None else number / scale for number in numbers]
    titled = used["price" if basis == "quantity" and "price" in used else basis].currency
    if titled is not None and "currency" not in cells and basis != "weight":
        cells["currency"] = [titled] * (len(table.rows) - 1)
    return make_holdings(table.column(place), cells, at)


def _with(basis: Basis) -> tuple[str, ...]:
    """Columns that a kind of size is read with."""
    return ("side",) if basis == "weight" else ("price", "currency", "fx", "side")[basis == "value" :]


def _found(table: Cells) -> dict[str, _Column]:
    """Column of each kind.

    Raises
    ------
    InputError
        Two columns of one kind.
    """
    found: dict[str, _Column] = {}
    for place, title in enumerate(table.rows[0]):
        name, currency, is_percent = _read_title(title)
        kind = next((kind for kind, names in NAMES.items() if name in names), None)
        if kind is None or place == table.place:
            continue
        if kind in found:
            raise InputError(
                table.name,
                f"has two columns that may be the {kind}: {found[kind].name!r} and {title!r}",
                "rename or remove one of them",
            )
        found[kind] = _Column(place, title, currency, is_percent)
    return found


def _read_title(title: str) -> tuple[str, str | None, bool]:
    """Name of a column, the currency in brackets behind it, and whether it says percent."""
    brackets = _BRACKETS.fullmatch(title.strip())
    if brackets and brackets[2].strip() in CURRENCIES:
        return plain(brackets[1]), brackets[2].strip(), False
    if brackets and plain(brackets[2]) in _PERCENT:
        return plain(brackets[1]), None, True
    return plain(title.replace("%", "")), None, "%" in title or plain(title) in _SAYS_PERCENT


def _basis(table: Cells, found: dict[str, _Column], by: str | None) -> Basis:
    present = [basis for basis in BASES if basis in found]
    if by is not None:
        if by not in present:
            raise InputError(
                table.name, f"has no {by} column; its columns are {listed(table.rows[0])}", f"head one `{by}`"
            )
        return next(basis for basis in present if basis == by)
    if len(present) > 1:
        columns = " and ".join(f"{basis} ({found[basis].name!r})" for basis in present)
        raise HoldingsError(
            table.name,
            f"gives sizes as {columns}: which one counts is not guessed",
            f"choose with --by {'|'.join(present)}, or leave one column out",
        )
    if not present:
        raise InputError(
            table.name,
            f"has no column of weights, values or quantities; its columns are {listed(table.rows[0])}",
            "head one `weight`, `value`, or two `quantity` and `price`",
        )
    return present[0]
