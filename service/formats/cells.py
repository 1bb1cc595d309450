"""Cells of a result table: what kind each column is, and its values as plain Python."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from scoring.columns import KINDS, Kind

# A spreadsheet runs a cell that begins so as a formula; some drop a quotation mark or spaces before it.
_FORMULA: Final = re.compile(r"[\s\"']*[=+\-@\t\r\n＝＋－＠]")
_NUMBER: Final = re.compile(r"[+\-]?\d+(\.\d+)?")


def kind_of(name: str, values: Sequence[Any]) -> Kind:
    """Kind of a column: by its name, or for a column that is not of a result by all its values."""
    if name in KINDS:
        return KINDS[name]
    types = {type(value) for value in values if value is not None}
    if types == {int}:
        return "integer"
    if types == {bool}:
        return "truth"
    if types and types <= {int, float}:
        return "number"
    return "date" if types and types <= {dt.date, dt.datetime} else "text"


def plain(name: str, column: Sequence[Any] | np.ndarray) -> tuple[Kind, list[Any]]:
    """Kind and values of a column: str, float, int, date, or None where missing or not finite."""
    array = column if isinstance(column, np.ndarray) else None
    if array is not None and array.dtype.kind == "M":
        array = array.astype("datetime64[D]")
    values = [_known(value) for value in (column if array is None else array.tolist())]
    kind = kind_of(name, values)
    convert = _CONVERT[kind]
    values = [None if value is None else convert(value) for value in values]
    return kind, _encodable(values) if kind == "text" else values


def defused(text: str) -> str:
    """Text that a spreadsheet does not run: one that begins like a formula gets a single quote before it."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _known(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _date(value: Any) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)


_CONVERT: Final[Mapping[Kind, Callable[[Any], Any]]] = {
    "text": str,
    "number": float,
    "integer": int,
    "date": _date,
    "truth": bool,
}


def _encodable(values: list[Any]) -> list[Any]:
    """Replace lone surrogates, which a query can contain and no encoding can."""
    try:
        "".join(value for value in values if value).encode()
    except UnicodeEncodeError:
        return [None if value is None else value.encode("utf-8", "replace").decode() for value in values]
    return values
