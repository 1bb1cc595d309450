"""Reading a book with its sizes: weights, values, or quantities and prices, found by the names of their columns."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from scoring.errors import InputError
from scoring.portfolio.holdings import BASES, Basis, Holdings, make_holdings
from service.books.book import read_positions, rows_of
from service.books.numbers import read_numbers
from service.books.reading import File, Reading
from service.books.table import Table, listed, place_of
from service.books.words import read_title

_MONEY: Final = frozenset({"value", "price"})
_FALLS_BACK: Final = {"value": "notional", "currency": "market currency"}


class _Column(NamedTuple):
    place: int
    title: str
    currency: str | None
    is_percent: bool


def read_holdings(path: File, reading: Reading | None = None, by: str | None = None) -> Holdings:
    """Read the positions of a file.

    Parameters
    ----------
    path : str or Path
        As in `service.books.book.read_book`.
    reading : Reading, optional
        What the user says about the file.
    by : {'weight', 'value', 'quantity'}, optional
        Which sizes to use. Default: weights if the file has them, else values, else quantities and prices; where it
        has several, the notes say which were used.

    Returns
    -------
    Holdings
        One position per row, in the order of the file. A row that names nothing stays, and does not resolve.

    Raises
    ------
    InputError
        The file cannot be read, or its columns cannot be told apart.
    HoldingsError
        A cell that is not a size, named by its row and column; see `scoring.portfolio.holdings.make_holdings`.
    """
    reading = reading or Reading()
    table, notes = read_positions(path, reading)
    return _holdings(table, notes, reading, by)


def _holdings(table: Table, notes: list[str], reading: Reading, by: str | None) -> Holdings:
    basis, more = _basis(table, reading, by)
    used = {name: _column(table, name, reading) for name in (basis, *_with(basis)) if _has(table, name, reading)}
    titled = used["price" if basis == "quantity" and "price" in used else basis].currency
    if titled is not None:
        used.pop("currency", None)  # the sizes are in the currency of their title, whatever each share trades in

    def at(row: int, name: str) -> str:
        title = used[name].title if name in used else name
        return f"{table.name}: row {table.numbers[row]}, column {title!r}"

    cells = {name: _cells(table, name, column, at) for name, column in used.items()}
    if titled is not None and basis != "weight":
        cells["currency"] = [titled] * len(table.rows)
    return make_holdings(rows_of(table), cells, at, notes=[*notes, *more])


def read_names(path: File, reading: Reading | None = None, by: str | None = None) -> Holdings:
    """Read the names of a file with their sizes, or with equal weights where it has none; see `read_holdings`.

    Raises
    ------
    InputError, HoldingsError
        As in `read_holdings`.
    """
    reading = reading or Reading()
    table, notes = read_positions(path, reading)
    asked = by is not None or any(_named(name, reading) is not None for name in ("weight", "value"))
    if asked or any(_has(table, basis, reading) for basis in BASES):
        return _holdings(table, notes, reading, by)
    rows = rows_of(table)
    said = [*notes, f"{table.name}: no sizes: every name counts the same"]
    return make_holdings(rows, {"weight": [1.0] * len(rows)}, notes=said)


def _cells(table: Table, name: str, column: _Column, at: Any) -> list[Any]:
    texts = table.column(column.place)
    if name in ("currency", "side"):
        return [text or None for text in texts]
    likely = table.delimiter == ";"
    numbers = read_numbers(texts, name, at, comma_is_likely=likely, is_money=name in _MONEY)
    scale = 100.0 if column.is_percent and not any("%" in text for text in texts) else 1.0
    return [None if number is None else number / scale for number in numbers]


def _with(basis: Basis) -> tuple[str, ...]:
    """Columns that a kind of size is read with."""
    return ("side",) if basis == "weight" else ("price", "currency", "fx", "side")[basis == "value" :]


def _has(table: Table, name: str, reading: Reading) -> bool:
    return name in table.columns or _FALLS_BACK.get(name) in table.columns or _named(name, reading) is not None


def _named(name: str, reading: Reading) -> str | None:
    return {"weight": reading.weight_column, "value": reading.value_column}.get(name)


def _column(table: Table, name: str, reading: Reading) -> _Column:
    """Column of a kind.

    Raises
    ------
    InputError
        Two columns of one kind, and none is named.
    """
    wanted = _named(name, reading)
    if wanted is not None:
        place = place_of(table.name, table.titles, wanted, f"--{name}-column")
    else:
        places = table.columns.get(name) or table.columns[_FALLS_BACK[name]]
        if len(places) > 1:
            titles = " and ".join(repr(table.titles[place]) for place in places[:3])
            option = f"name one with --{name}-column" if name in ("weight", "value") else "rename or remove one of them"
            raise InputError(table.name, f"has {len(places)} columns that may be the {name}: {titles}", option)
        place = places[0]
    said = read_title(table.titles[place])
    return _Column(place, table.titles[place], said.currency, said.is_percent)


def _basis(table: Table, reading: Reading, by: str | None) -> tuple[Basis, list[str]]:
    """Which sizes count, and what to say if there are others."""
    present = [basis for basis in BASES if _has(table, basis, reading)]
    asked = by or next((name for name in ("weight", "value") if _named(name, reading) is not None), None)
    if asked is not None:
        if asked not in present:
            problem = f"has no {asked} column; its columns are {listed(table.titles)}"
            raise InputError(table.name, problem, f"head one `{asked}`")
        return next(basis for basis in present if basis == asked), []
    if not table.titles:
        raise InputError(table.name, "is a plain list without sizes", "add a header, and a column headed `weight`")
    if not present:
        raise InputError(
            table.name,
            f"has no column of weights, values or quantities; its columns are {listed(table.titles)}",
            "head one `weight`, `value`, or two `quantity` and `price`, or name one with --weight-column",
        )
    if len(present) == 1:
        return present[0], []
    title = _column(table, present[0], reading).title
    others = " or ".join(f"--by {basis}" for basis in present[1:])
    return present[0], [f"{table.name}: sizes are those of column {title!r}; {others} takes the others"]
