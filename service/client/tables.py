"""How the client reads tables: as pandas, or as plain rows where pandas is not installed."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from scoring.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

Table = TypeVar("Table")
JSON: Final = "application/json"
Row = dict[str, Any]
"""Cells by column; a day is a text such as 2024-09-02, and what is missing is None."""


@dataclass(frozen=True)
class Tables(Generic[Table]):
    """A way to ask for tables and to read them.

    Attributes
    ----------
    media_type : str
        What is asked for.
    read : callable
        Body of a reply -> table.
    joined : callable
        Several tables of the same columns, one below the other.
    packages : tuple of str
        Packages that it takes.
    """

    media_type: str
    read: Callable[[bytes], Table]
    joined: Callable[[Sequence[Table]], Table]
    packages: tuple[str, ...] = ()


def _frame(body: bytes) -> pd.DataFrame:
    import pyarrow as pa

    return pa.ipc.open_stream(body).read_pandas()


def _frames(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    return parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)


def _rows(parts: Sequence[list[Row]]) -> list[Row]:
    return [row for part in parts for row in part]


_WAYS: Final[dict[str, Tables[Any]]] = {
    "pandas": Tables("application/vnd.apache.arrow.stream", _frame, _frames, ("pandas", "pyarrow")),
    "rows": Tables(JSON, json.loads, _rows),
}


def tables_as(kind: str) -> Tables[Any]:
    """Way to read tables, by its name.

    Raises
    ------
    InputError
        There is no such way, or a package that it takes is not installed.
    """
    if kind not in _WAYS:
        raise InputError("tables", f"{kind!r} is not known", f"use one of {', '.join(_WAYS)}")
    for package in _WAYS[kind].packages:
        if find_spec(package) is None:
            raise InputError(
                "tables",
                f"{kind!r} needs the package {package}, which is not installed",
                "give tables='rows' for lists of dicts, or pip install pandas pyarrow",
            )
    return _WAYS[kind]
