"""Holdings: what a book holds, as signed amounts of one unit; long is positive, short is negative.

An amount is a weight, a market value, or a quantity times a price. Amounts in several currencies are added up only
with a rate on every row: a release has no exchange rate for an arbitrary day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

import numpy as np

from scoring.errors import HoldingsError
from scoring.reference.currencies import CURRENCIES
from scoring.reference.identifiers.row import Queries, Query, as_queries
from scoring.suggest import near

Basis = Literal["weight", "value", "quantity"]

BASES: Final[tuple[Basis, ...]] = ("weight", "value", "quantity")
"""What the amounts of a book may be."""

COLUMNS: Final = ("weight", "value", "quantity", "price", "currency", "fx", "side")
"""What a row may say besides its ticker."""

Place = Callable[[int, str], str]
"""How a cell is named in an error: from the position of its row and its column."""

_SIDES: Final = {"long": 1.0, "l": 1.0, "buy": 1.0, "b": 1.0, "short": -1.0, "s": -1.0, "sell": -1.0}
_SAME_RATE: Final = 0.05
"""Rates of one currency may differ by this much, as those of two sources or two hours do."""


def _place(row: int, column: str) -> str:
    return f"{column}[{row}]"


@dataclass(frozen=True)
class Holdings:
    """Positions of a book, in order; lots of one name stay apart.

    Attributes
    ----------
    tickers : list of str or Row
        Identifiers of any kind, or rows of a file; an empty one stays and does not resolve.
    amounts : ndarray of float, shape (n,)
        Finite; negative is short. At least one is not zero.
    basis : {'weight', 'value', 'quantity'}
        What the amounts are; ``quantity`` means quantity times price.
    currency : str or None
        Of the amounts, where it was given and is the same for all.
    place : callable
        Names a row in errors.
    notes : tuple of str
        How they were read, where that is not obvious.
    """

    tickers: list[Query]
    amounts: np.ndarray
    basis: Basis
    currency: str | None = None
    place: Place = field(default=_place, compare=False, repr=False)
    notes: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def from_weights(cls, tickers: Iterable[str], weights: Iterable[float]) -> Holdings:
        """Holdings by weight; weights need not sum to 1.

        Parameters
        ----------
        tickers : iterable of str
        weights : iterable of float
            In any one unit (0.05, or 5 for percent); negative is short.

        Raises
        ------
        HoldingsError
            Empty, of unequal length, not finite, or all zero.
        """
        return make_holdings(tickers, {"weight": list(weights)})

    @classmethod
    def from_values(
        cls,
        tickers: Iterable[str],
        values: Iterable[float],
        currencies: Iterable[str] | None = None,
        fx: Iterable[float] | None = None,
    ) -> Holdings:
        """Holdings by market value.

        Parameters
        ----------
        tickers : iterable of str
        values : iterable of float
            Negative is short.
        currencies : iterable of str, optional
            ISO 4217 code of each value. Default: all values are in one currency.
        fx : iterable of float, optional
            What one unit of the row's currency is worth in the common one; needed with several currencies.

        Raises
        ------
        HoldingsError
            As in `from_weights`; an unknown currency; several currencies without rates.
        """
        return make_holdings(tickers, _given(value=values, currency=currencies, fx=fx))

    @classmethod
    def from_quantities(
        cls,
        tickers: Iterable[str],
        quantities: Iterable[float],
        prices: Iterable[float],
        currencies: Iterable[str] | None = None,
        fx: Iterable[float] | None = None,
    ) -> Holdings:
        """Holdings by number of shares and price of one; other parameters and errors as in `from_values`."""
        return make_holdings(tickers, _given(quantity=quantities, price=prices, currency=currencies, fx=fx))


def make_holdings(
    tickers: Queries, cells: Mapping[str, Sequence[Any]], at: Place = _place, notes: Sequence[str] = ()
) -> Holdings:
    """Holdings from the columns of a table.

    Parameters
    ----------
    tickers : iterable of str or Row
    cells : mapping of str to sequence
        By the names in `COLUMNS`, each as long as the tickers; None is an empty cell. Exactly one of ``weight``,
        ``value`` and ``quantity`` has cells; ``quantity`` needs ``price``. ``side`` is a word such as long or short.
    at : callable
        How a cell is named in errors.

    Raises
    ------
    HoldingsError
        What `Holdings.from_values` raises; more than one basis; a missing cell.
    """
    named = as_queries(tickers)
    if not named:
        raise HoldingsError("holdings", "are empty", "give at least one position")
    unequal = next((name for name, column in cells.items() if len(column) != len(named)), None)
    if unequal is not None:
        raise HoldingsError(
            unequal, f"has {len(cells[unequal])} entries for {len(named)} tickers", "give one entry per ticker"
        )
    with np.errstate(over="ignore"):  # what overflows is refused below
        return replace(_made(named, cells, at), notes=tuple(notes))


def _made(named: list[Query], cells: Mapping[str, Sequence[Any]], at: Place) -> Holdings:
    basis = _basis(cells)
    amounts = _numbers(cells[basis], basis, at)
    if basis == "quantity":
        if "price" not in cells:
            raise HoldingsError("price", "is missing: quantities have no common unit", "add a price to each quantity")
        amounts = amounts * _numbers(cells["price"], "price", at, least=0.0)
    if _filled(cells, "side"):
        amounts = _signed(amounts, cells["side"], basis, at)
    currency = None
    if basis != "weight":
        currency, rates = _currency(cells, at)
        amounts = amounts * rates
    gross = float(np.abs(amounts).sum())
    if not np.isfinite(gross):
        raise HoldingsError(basis, "add up to more than a number can hold", "give them in a larger unit")
    if gross == 0.0:
        raise HoldingsError(
            basis, "sum to 0: no position has a size", "give at least one position that is not zero, long or short"
        )
    return Holdings(named, amounts, basis, currency, at)


def _given(**columns: Iterable[Any] | None) -> dict[str, list[Any]]:
    return {name: list(column) for name, column in columns.items() if column is not None}


def _filled(cells: Mapping[str, Sequence[Any]], name: str) -> bool:
    return any(cell is not None for cell in cells.get(name, ()))


def _basis(cells: Mapping[str, Sequence[Any]]) -> Basis:
    found = [basis for basis in BASES if _filled(cells, basis)]
    if len(found) > 1:
        raise HoldingsError(
            "holdings", f"are given as {' and '.join(found)}: which one counts is not guessed", "give one of them"
        )
    if not found:
        raise HoldingsError("holdings", "have no size", "give a weight, a value, or a quantity and a price")
    return found[0]


def _numbers(column: Sequence[Any], name: str, at: Place, least: float | None = None) -> np.ndarray:
    """Column as finite numbers.

    Raises
    ------
    HoldingsError
        A cell is empty, not a number, not finite or below `least`.
    """
    try:
        numbers = np.array(column, dtype=float)
    except (TypeError, ValueError, OverflowError):
        row = next(i for i, cell in enumerate(column) if not _is_number(cell))
        cell = column[row]
        problem = "is missing" if cell is None else f"{str(cell)[:50]!r} is not a number"
        raise HoldingsError(at(row, name), problem, "give a number; 0 for a position of no size") from None
    if numbers.ndim != 1:
        raise HoldingsError(name, "is not one number per ticker", "give a flat list of numbers")
    bad = np.flatnonzero(~np.isfinite(numbers))
    if bad.size:
        problem = "is missing" if column[bad[0]] is None else f"{numbers[bad[0]]} is not a finite number"
        raise HoldingsError(at(int(bad[0]), name), problem, "give a number; 0 for a position of no size")
    if least is not None and (numbers < least).any():
        row = int(np.flatnonzero(numbers < least)[0])
        raise HoldingsError(at(row, name), f"{numbers[row]:g} is below {least:g}", "give 0 or more")
    return numbers


def _is_number(cell: Any) -> bool:
    try:
        float(cell)
    except (TypeError, ValueError, OverflowError):
        return False
    return True


def _signed(amounts: np.ndarray, sides: Sequence[Any], basis: str, at: Place) -> np.ndarray:
    """Amounts with the sign that their side gives; a negative amount must be on the short side already."""
    words = ["" if side is None else str(side).strip().casefold() for side in sides]
    unknown = next((row for row, word in enumerate(words) if word not in _SIDES), None)
    if unknown is not None:
        raise HoldingsError(
            at(unknown, "side"), f"{str(sides[unknown] or '')[:50]!r} is not a side", "write long or short"
        )
    signs = np.array([_SIDES[word] for word in words])
    against = np.flatnonzero((amounts < 0) & (signs > 0))
    if against.size:
        row = int(against[0])
        raise HoldingsError(
            at(row, basis), f"{amounts[row]:g} is negative and its side is {sides[row]}", "give one or the other"
        )
    signed: np.ndarray = np.abs(amounts) * signs
    return signed


def _currency(cells: Mapping[str, Sequence[Any]], at: Place) -> tuple[str | None, np.ndarray | float]:
    """Currency that all amounts are in, and what they are multiplied with to be in one."""
    codes: list[str] = []
    if _filled(cells, "currency"):
        codes = ["" if cell is None else str(cell).strip() for cell in cells["currency"]]
        known = {code: code.upper() for code in set(codes) if code.upper() in CURRENCIES and not _is_pence(code)}
        unknown = next((row for row, code in enumerate(codes) if code not in known), None)
        if unknown is not None:
            raise _unknown_currency(at(unknown, "currency"), codes[unknown])
        codes = [known[code] for code in codes]
    distinct = sorted(set(codes))
    if not _filled(cells, "fx"):
        if len(distinct) > 1:
            raise HoldingsError(
                "currency",
                f"is {', '.join(distinct[:5])}{', …' if len(distinct) > 5 else ''}: amounts in several currencies "
                "cannot be added up",
                "convert them to one currency, or add a column `fx` with the worth of one unit of each row's currency",
            )
        return (distinct[0] if distinct else None), 1.0
    rates = _numbers(cells["fx"], "fx", at, least=0.0)
    if (rates == 0).any():
        row = int(np.flatnonzero(rates == 0)[0])
        raise HoldingsError(at(row, "fx"), "0 is not a rate", "give the worth of one unit of the row's currency")
    for code in distinct:
        of_code = rates[[c == code for c in codes]]
        if of_code.max() > of_code.min() * (1 + _SAME_RATE):
            raise HoldingsError(
                "fx",
                f"goes from {of_code.min():g} to {of_code.max():g} for {code}",
                "give every row of a currency the same rate, and all rates in the same direction",
            )
    return None, rates


def _is_pence(code: str) -> bool:
    return code in ("GBp", "GBX", "ZAc", "ILA")


def _unknown_currency(where: str, code: str) -> HoldingsError:
    if not code:
        return HoldingsError(where, "is missing while other rows have one", "give an ISO 4217 code, such as USD")
    if _is_pence(code):
        return HoldingsError(where, f"{code!r} is a hundredth of a currency", "convert to the whole unit, such as GBP")
    codes = near(code, sorted(CURRENCIES), parts=False)
    return HoldingsError(
        where,
        f"{code[:20]!r} is not a currency code of ISO 4217",
        f"did you mean {', '.join(codes)}?" if codes else "use a code such as USD",
    )
