"""Columns of an Arrow table as NumPy arrays.

Arrow's own `to_numpy` imports pandas, which costs more than everything else a score needs; this reads the buffers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import pyarrow as pa

_STORED: Final = {
    "date32[day]": "int32",
    "double": "float64",
    "int64": "int64",
    "float": "float32",
    "int32": "int32",
}
"""NumPy's name of each type that numbers and dates are stored in."""


class Columns(Mapping[str, np.ndarray]):
    """Read-only arrays of a table, converted when first asked for.

    Text is object (None = empty), numbers are float64 (NaN) or int64 (float64 if any is empty), dates are
    datetime64[D] (NaT), truth values are bool.

    Parameters
    ----------
    table : pyarrow.Table
    """

    def __init__(self, table: pa.Table) -> None:
        self._table = table
        self._arrays: dict[str, np.ndarray] = {}

    def __getitem__(self, name: str) -> np.ndarray:
        if name not in self._arrays:
            array = _array(self._table.column(name).combine_chunks())
            array.setflags(write=False)
            self._arrays[name] = array
        return self._arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._table.column_names)

    def __len__(self) -> int:
        return int(self._table.num_columns)


def _array(array: pa.Array) -> np.ndarray:
    if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        return np.array(array.to_pylist() or [], dtype=object)
    if array.null_count == len(array):
        missing = "NaT" if pa.types.is_date32(array.type) else "nan"
        return np.full(len(array), missing, dtype="datetime64[D]" if missing == "NaT" else "float64")
    known, data = array.buffers()
    if pa.types.is_boolean(array.type):
        return _bits(data, array)
    stored = _STORED[str(array.type)]
    values = np.frombuffer(data, dtype=stored)[array.offset : array.offset + len(array)]
    empty = ~_bits(known, array) if array.null_count else None
    if pa.types.is_date32(array.type):
        dates = values.astype("datetime64[D]")
        if empty is not None:
            dates[empty] = np.datetime64("NaT")
        return dates
    return values.copy() if empty is None else np.where(empty, np.nan, values)


def _bits(buffer: pa.Buffer, array: pa.Array) -> np.ndarray:
    bits = np.unpackbits(np.frombuffer(buffer, dtype=np.uint8), bitorder="little")
    return bits[array.offset : array.offset + len(array)].astype(bool)
