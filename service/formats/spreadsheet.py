"""A result table as an Excel workbook."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from typing import Any, Final

from scoring.columns import Kind
from scoring.errors import OutputError
from service.formats.cells import defused

MAX_ROWS: Final = 1_048_575
"""Rows of a worksheet below its header."""

MAX_TEXT: Final = 32_767
"""Characters in one cell; a longer text is cut, since Excel refuses the file otherwise."""

_SHARE: Final = "0.0%"
_NUMBER_FORMATS: Final[Mapping[str, str]] = {
    "china_share": _SHARE,
    "china_share_structural": _SHARE,
    "china_share_surge": _SHARE,
}
_WIDE: Final = 28
_NARROW: Final = 13
_WIDE_COLUMNS: Final = frozenset({"query", "name", "industry", "sector", "candidates"})


def new_workbook(buffer: io.BytesIO, **options: bool) -> Any:
    """Open a workbook to write: texts stay texts, and the same cells give the same bytes, whenever they are written.

    Raises
    ------
    OutputError
        The package that writes workbooks is not installed.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise OutputError(
            "format", "xlsx needs a package that is not installed", 'pip install "exposure-risk[excel]"'
        ) from None
    texts = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, {**texts, **options})
    book.set_properties({"created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001 (a workbook knows no time zone)
    return book


def workbook(columns: Mapping[str, tuple[Kind, list[Any]]]) -> bytes:
    """Workbook with one sheet: a bold, frozen header, and cells that keep their types.

    Parameters
    ----------
    columns : mapping of str to (kind, values)
        Plain columns, from `service.formats.cells.plain`.

    Raises
    ------
    OutputError
        Too many rows for a sheet, or the package that writes workbooks is not installed.
    """
    height = max((len(values) for _, values in columns.values()), default=0)
    if height > MAX_ROWS:
        raise OutputError("format", f"{height:,} rows do not fit a worksheet", "write csv or parquet")
    buffer = io.BytesIO()
    book = new_workbook(buffer, constant_memory=True)
    sheet = book.add_worksheet("exposure")
    bold = book.add_format({"bold": True})
    writers = []
    for place, (name, (kind, values)) in enumerate(columns.items()):
        sheet.set_column(place, place, _WIDE if name in _WIDE_COLUMNS else _NARROW)
        sheet.write_string(0, place, defused(name), bold)
        form = book.add_format({"num_format": number_format(name, kind)})
        writers.append((place, kind, values, form))
    for row in range(height):  # row by row, as constant memory demands
        for place, kind, values, form in writers:
            value = values[row]
            if value is None:
                continue
            if kind == "text":
                sheet.write_string(row + 1, place, defused(value)[:MAX_TEXT])
            elif kind == "date":
                sheet.write_datetime(row + 1, place, value, form)
            else:
                sheet.write_number(row + 1, place, value, form)
    sheet.freeze_panes(1, 0)
    if columns:
        sheet.autofilter(0, 0, height, len(columns) - 1)
    book.close()
    return buffer.getvalue()


def number_format(name: str, kind: Kind) -> str:
    """Excel number format of a column: points with one decimal, exposures with three."""
    match kind:
        case "number" if name in _NUMBER_FORMATS:
            return _NUMBER_FORMATS[name]
        case "number":
            return "0.0" if name.startswith("score") or name.endswith("percentile") else "0.000"
        case "integer":
            return "0"
        case "date":
            return "yyyy-mm-dd"
        case _:
            return "@"


def letters(column: int) -> str:
    """Letters of a column, from 0: ``A``, ``Z``, ``AA``."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found
