"""Result tables as CSV, JSON, NDJSON, Parquet, Arrow or XLSX.

A table is a mapping of column names to columns of equal length; a cell is a text, number, date or None. A missing
number is an empty cell or null, never the text NaN and never zero. Text is UTF-8.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path, PurePath
from typing import Any, Final, NamedTuple

import numpy as np
import orjson

from scoring.columns import RESULT, Kind
from scoring.errors import OutputError
from service.files import STANDARD_OUTPUT, write_output
from service.formats.cells import defused, plain

Table = Mapping[str, Sequence[Any] | np.ndarray]
PlainTable = dict[str, tuple[Kind, list[Any]]]

_ROWS_PER_PART: Final = 2_000
_WHOLE: Final = tuple(name for name, column in RESULT.items() if column.kind == "integer")


class Format(NamedTuple):
    """A way to write a table.

    Attributes
    ----------
    media_type : str
        Its name in HTTP.
    suffixes : tuple of str
        Endings of its files.
    """

    media_type: str
    suffixes: tuple[str, ...]


FORMATS: Final[Mapping[str, Format]] = {
    "csv": Format("text/csv; charset=utf-8", (".csv",)),
    "json": Format("application/json", (".json",)),
    "ndjson": Format("application/x-ndjson", (".ndjson", ".jsonl")),
    "parquet": Format("application/vnd.apache.parquet", (".parquet", ".pq")),
    "arrow": Format("application/vnd.apache.arrow.stream", (".arrows",)),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",)),
}
"""Every format. ``arrow`` is the stream format, whose ending is ``.arrows``."""


def format_from_path(path: str | PurePath) -> str:
    """Format that the ending of a file name asks for; CSV for ``-``, standard output.

    Raises
    ------
    OutputError
        No format has this ending; the message lists those that exist.
    """
    if str(path) == STANDARD_OUTPUT:
        return "csv"
    suffix = PurePath(path).suffix.lower()
    for name, known in FORMATS.items():
        if suffix in known.suffixes:
            return name
    endings = ", ".join(ending for known in FORMATS.values() for ending in known.suffixes)
    raise OutputError(str(path), f"has no known ending ({suffix or 'none'})", f"use one of {endings}")


def encode(columns: Table, format: str) -> bytes:
    """Whole table in one format.

    Parameters
    ----------
    columns : mapping of str to list or array
        Columns of equal length; those of `scoring.columns.RESULT` have a fixed type each.
    format : str
        One of `FORMATS`.

    Raises
    ------
    OutputError
        Unknown format, one whose package is not installed, or too many rows for it.
    """
    if format not in _ENCODERS:
        raise OutputError("format", f"{format!r} is not known", f"use one of {', '.join(FORMATS)}")
    return _ENCODERS[format](plain(columns))


def encode_row(row: Mapping[str, Any]) -> bytes:
    """One row of `scoring.columns.RESULT` as a JSON object: what `encode` writes of a table of one row."""
    whole = {name: int(row[name]) for name in _WHOLE if math.isfinite(row[name])}
    try:
        return orjson.dumps({**row, **whole})  # of what is not finite it makes null
    except orjson.JSONEncodeError:  # a lone surrogate in the query
        return encode({name: [value] for name, value in row.items()}, "ndjson").rstrip()


def encode_rows(columns: Table) -> list[bytes]:
    """Each row as a JSON object."""
    return [*_json_rows(plain(columns))]


def arrow_table(columns: Table) -> Any:
    """The columns as a table of Arrow, each of its kind."""
    return _arrow_table(plain(columns))


def stream(columns: Table, format: str) -> Iterator[bytes]:
    """Table in parts: CSV and NDJSON some thousand rows at a time, other formats as one part.

    Parameters and errors are those of `encode`.
    """
    if format in _STREAMS:
        return _STREAMS[format](plain(columns))
    return iter([encode(columns, format)])


def write(columns: Table, path: str | PurePath, format: str | None = None) -> None:
    """Write a table to a file, wholly or not at all.

    Parameters
    ----------
    columns : mapping of str to list or array
        As for `encode`.
    path : str or Path
        Where to; an existing file is replaced once the new one is complete.
    format : str, optional
        One of `FORMATS`. Default: by the ending of `path`.

    Raises
    ------
    OutputError
        As for `encode`, or `path` cannot be written.
    """
    data = encode(columns, format_from_path(path) if format is None else format)
    write_output(Path(path), data, str(path), "choose a folder that exists and that you may write to")


def _height(table: PlainTable) -> int:
    heights = {len(values) for _, values in table.values()}
    if len(heights) > 1:
        raise ValueError(f"columns of unequal length: {sorted(heights)}")
    return heights.pop() if heights else 0


def _rows(table: PlainTable) -> Iterator[Iterator[tuple[Any, ...]]]:
    """Rows of a table, some thousand at a time."""
    columns = [values for _, values in table.values()]
    for start in range(0, _height(table), _ROWS_PER_PART):
        yield zip(*(values[start : start + _ROWS_PER_PART] for values in columns), strict=True)


def _csv_parts(table: PlainTable) -> Iterator[bytes]:
    write: dict[str, Callable[[Any], str]] = {"text": defused, "truth": lambda value: "true" if value else "false"}
    safe = {
        name: (kind, [None if v is None else write[kind](v) for v in values] if kind in write else values)
        for name, (kind, values) in table.items()
    }
    yield _csv_lines([[defused(name) for name in table]])
    for rows in _rows(safe):
        yield _csv_lines(rows)


def _csv_lines(rows: Any) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode()


def _json_rows(table: PlainTable) -> Iterator[bytes]:
    names = list(table)
    for rows in _rows(table):
        for row in rows:
            yield orjson.dumps(dict(zip(names, row, strict=True)))


def _ndjson_parts(table: PlainTable) -> Iterator[bytes]:
    rows = _json_rows(table)
    while part := [*islice(rows, _ROWS_PER_PART)]:
        yield b"\n".join(part) + b"\n"


def _json(table: PlainTable) -> bytes:
    names = list(table)
    return orjson.dumps([dict(zip(names, row, strict=True)) for rows in _rows(table) for row in rows])


def _arrow_table(table: PlainTable) -> Any:
    import pyarrow as pa

    types = {
        "text": pa.string(),
        "number": pa.float64(),
        "integer": pa.int64(),
        "date": pa.date32(),
        "truth": pa.bool_(),
    }
    return pa.table({name: pa.array(values, types[kind]) for name, (kind, values) in table.items()})


def _parquet(table: PlainTable) -> bytes:
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(_arrow_table(table), buffer, compression="zstd")
    return buffer.getvalue()


def _arrow(table: PlainTable) -> bytes:
    import pyarrow as pa

    arrow = _arrow_table(table)
    buffer = io.BytesIO()
    with pa.ipc.new_stream(buffer, arrow.schema) as writer:
        writer.write_table(arrow)
    return buffer.getvalue()


def _xlsx(table: PlainTable) -> bytes:
    from service.formats.spreadsheet import workbook

    _height(table)
    return workbook(table)


_STREAMS: Final[Mapping[str, Callable[[PlainTable], Iterator[bytes]]]] = {
    "csv": _csv_parts,
    "ndjson": _ndjson_parts,
}

_ENCODERS: Final[Mapping[str, Callable[[PlainTable], bytes]]] = {
    "csv": lambda table: b"".join(_csv_parts(table)),
    "json": _json,
    "ndjson": lambda table: b"".join(_ndjson_parts(table)),
    "parquet": _parquet,
    "arrow": _arrow,
    "xlsx": _xlsx,
}
