"""Cells of a result table: what kind each column is, and its values as plain Python."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Any, Final

import numpy as np

from scoring.columns import KINDS, Kind

# A spreadsheet runs a cell that begins so as a formula; some drop a quotation mark or spaces before it.
_FORMULA: Final = re.compile(r"[\s\"']*[=+\-@\t\r\n＝＋－＠]")
_NUMBER: Final = re.compile(r"[+\-]?\d+(\.\d+)?")


def kind_of(values: Sequence[Any]) -> Kind:
    """Kind of a column that is not of a result, by all its values."""
    types = {type(value) for value in values if value is not None}
    if types == {int}:
        return "integer"
    if types == {bool}:
        return "truth"
    if types and types <= {int, float}:
        return "number"
    return "date" if types and types <= {dt.date, dt.datetime} else "text"


def plain(columns: Mapping[str, Sequence[Any] | np.ndarray]) -> dict[str, tuple[Kind, list[Any]]]:
    """Kind and values of each column: str, float, int, date, or None where missing or not finite."""
    table = {}
    texts: list[str] = []
    for name, column in columns.items():
        values = _values(column)
        kind = KINDS.get(name)
        if kind is None:
            values = [_known(value) for value in values]
            kind = kind_of(values)
        values = _READ[kind](values)
        table[name] = kind, values
        if kind == "text":
            texts += values
    try:
        "".join(filter(None, texts)).encode()
    except UnicodeEncodeError:
        return {
            name: (kind, _encodable(values) if kind == "text" else values) for name, (kind, values) in table.items()
        }
    return table


def defused(text: str) -> str:
    """Text that a spreadsheet does not run: one that begins like a formula gets a single quote before it."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _values(column: Sequence[Any] | np.ndarray) -> list[Any]:
    if not isinstance(column, np.ndarray):
        return list(column)
    return (column.astype("datetime64[D]") if column.dtype.kind == "M" else column).tolist()


def _known(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not isfinite(value) else value


def _date(value: Any) -> dt.date:
    if isinstance(value, np.datetime64):
        value = value.astype("datetime64[D]").item()
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)


_READ: Final[Mapping[Kind, Callable[[list[Any]], list[Any]]]] = {
    "text": lambda values: [v if type(v) is str else None if v is None or v != v else str(v) for v in values],
    "number": lambda values: [None if v is None or not isfinite(v) else float(v) for v in values],
    "integer": lambda values: [None if v is None or v != v else int(v) for v in values],
    "date": lambda values: [v if type(v) is dt.date else None if v is None or v != v else _date(v) for v in values],
    "truth": lambda values: [v if type(v) is bool else None if v is None or v != v else bool(v) for v in values],
}
"""Values of each kind from what a column holds; of those that are not themselves, NaN and NaT, there is none."""


def _encodable(values: list[Any]) -> list[Any]:
    """Replace lone surrogates, which a query can contain and no encoding can."""
    return [None if value is None else value.encode("utf-8", "replace").decode() for value in values]
