"""Rows of files that name their columns themselves: JSON, NDJSON, Parquet and Arrow."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any, Final

from scoring.errors import InputError
from service.books.reading import MOST_UNPACKED, Reading, Sheet, check_size, too_large

_SHAPES: Final = 'give a list of objects, such as [{"ticker": "8035.T", "weight": 0.05}], or a list of tickers'


def read_json(name: str, text: str) -> Sheet:
    """Rows of a JSON document or of one JSON object per line.

    A document is a list of objects or of texts, an object of columns, an object that holds one of these under one of
    its names, or an object of sizes by ticker.

    Raises
    ------
    InputError
        Not JSON, or of another shape.
    """
    try:
        return _sheet(name, _document(name, text))
    except RecursionError:
        raise InputError(name, "is JSON that is nested too deeply", _SHAPES) from None


def read_parquet(name: str, data: bytes) -> Sheet:
    """Rows of a Parquet file.

    Raises
    ------
    InputError
        It cannot be read, or unpacks to more than the limits.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(data))
        meta = file.metadata
        check_size(name, meta.num_rows, meta.num_columns)
        if sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups)) > MOST_UNPACKED:
            raise too_large(name, f"it unpacks to more than {MOST_UNPACKED:,} bytes")
        return _arrow(name, file.read())
    except (pa.ArrowException, OSError, ValueError, OverflowError):
        raise _broken(name, "a Parquet file") from None


def read_arrow(name: str, data: bytes) -> Sheet:
    """Rows of an Arrow file or stream; errors as in `read_parquet`."""
    import pyarrow as pa

    is_file = data.startswith(b"ARROW1")
    try:
        source = pa.BufferReader(data)
        reader = pa.ipc.open_file(source) if is_file else pa.ipc.open_stream(source)
        return _arrow(name, reader.read_all())
    except (pa.ArrowException, OSError, ValueError, OverflowError):
        raise _broken(name, "an Arrow file") from None


def refuse_text_options(name: str, reading: Reading, what: str) -> None:
    """Refuse options that a file without lines cannot follow.

    Raises
    ------
    InputError
        A sheet, a header row or an encoding is named.
    """
    for option in reading.said:
        if option in ("--sheet", "--header-row", "--encoding"):
            raise InputError(option, f"is not of {what}, which {name} is", f"leave {option} out")


def _arrow(name: str, table: Any) -> Sheet:
    import pyarrow as pa

    check_size(name, table.num_rows, table.num_columns)
    columns, titles = [], []
    for field, column in zip(table.schema, table.columns, strict=True):
        if pa.types.is_nested(field.type) or pa.types.is_binary(field.type) or pa.types.is_large_binary(field.type):
            continue  # cannot be a ticker or a size
        titles.append(field.name)
        columns.append([_text(value) for value in column.to_pylist()])
    rows = [titles, *map(list, zip(*columns, strict=True))]
    return Sheet(name, rows, list(range(1, len(rows) + 1)), is_records=True)


def _broken(name: str, what: str) -> InputError:
    return InputError(name, f"is not {what} that can be read", "write it again, or save the list as CSV")


def _document(name: str, text: str) -> Any:
    try:
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=lambda _: None)
    except ValueError as error:
        lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
        if len(lines) < 2 or not lines[0][1].strip().endswith(("}", "]", '"')):
            fix = "correct it there, or save the list as CSV"
            raise InputError(name, f"is not valid JSON ({error})", fix) from None
    found = []
    for number, line in lines:
        try:
            found.append(json.loads(line, parse_float=str, parse_int=str, parse_constant=lambda _: None))
        except ValueError:
            raise InputError(name, f"is not valid JSON at line {number}", "write one object per line") from None
    return found


def _sheet(name: str, document: Any) -> Sheet:
    match document:
        case [*items] if items and all(isinstance(item, dict) for item in items):
            titles = list(dict.fromkeys(str(key) for item in items for key in item))
            check_size(name, len(items), len(titles))
            rows = [titles, *([_text(item.get(title)) for title in titles] for item in items)]
            return Sheet(name, rows, list(range(len(rows))), is_records=True)
        case [*items] if items and not any(isinstance(item, list | dict) for item in items):
            return Sheet(name, [[_text(item)] for item in items], list(range(1, len(items) + 1)))
        case [*items] if items and all(isinstance(item, list) for item in items):
            rows = [[_text(cell) for cell in item] for item in items]
            return Sheet(name, rows, list(range(1, len(rows) + 1)))
        case {"columns": [*titles], "data": [*items]} if all(isinstance(item, list) for item in items):
            rows = [[_text(title) for title in titles], *([_text(cell) for cell in item] for item in items)]
            return Sheet(name, rows, list(range(len(rows))), is_records=True)
        case dict():
            return _from_object(name, document)
    raise InputError(name, "is JSON of a shape that is no table", _SHAPES)


def _from_object(name: str, document: dict[str, Any]) -> Sheet:
    lists = {key: value for key, value in document.items() if isinstance(value, list)}
    lengths = {len(value) for value in lists.values()}
    if len(lists) > 1 and len(lengths) == 1 and len(lists) == len(document):
        return _sheet(name, [dict(zip(lists, cells, strict=True)) for cells in zip(*lists.values(), strict=True)])
    tables = {key: value for key, value in lists.items() if value and isinstance(value[0], dict)}
    inside = tables or lists
    if len(inside) == 1:
        key, value = next(iter(inside.items()))
        sheet = _sheet(name, value)
        sheet.notes.append(f"read its list {key[:40]!r}")
        return sheet
    if len(inside) > 1:
        raise InputError(name, f"holds several lists: {_listed(list(inside))}", "give one of them alone")
    if document and not any(isinstance(value, list | dict) for value in document.values()):
        if any(key.strip().casefold() in ("ticker", "symbol", "isin") for key in document):
            return _sheet(name, [document])
        return _sheet(name, [{"ticker": key, "weight": value} for key, value in document.items()])
    raise InputError(name, "is JSON of a shape that is no table", _SHAPES)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(key[:40]) for key in names[:10])


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case float() if value != value:
            return ""
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case list() | dict():
            return ""
        case _:
            return str(value).strip()
