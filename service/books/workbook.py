"""Cells of one sheet of a workbook, as text: Excel's .xlsx and .xls, and OpenDocument's .ods.

openpyxl reads .xlsx, because only it tells number formats: 5930 shown as 005930 is Samsung, and 5930 is another
company. calamine reads the others.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple, TypeVar

from scoring.errors import InputError
from service.books.header import find_header
from service.books.reading import MOST_UNPACKED, Reading, Sheet, check_size, too_large

_ALL_ZEROS: Final = re.compile(r"0+")
_T = TypeVar("_T")
_FIX: Final = "save it as .xlsx without a password, or as CSV"


class _Page(NamedTuple):
    title: str
    is_visible: bool
    rows: Callable[[], list[list[str]]]


def read_workbook(name: str, data: bytes, reading: Reading) -> Sheet:
    """Rows of a sheet.

    Parameters
    ----------
    name : str
        Name of the file, for the message.
    data : bytes
        Its content.
    reading : Reading
        A sheet, by name or number, and a column that its header has, if the user names them. Default: the first
        visible sheet with a header, else the first visible one that holds anything.

    Returns
    -------
    Sheet
        Text as it is shown: the number 8035 is ``8035``, and 5930 in the number format ``000000`` is ``005930``.

    Raises
    ------
    InputError
        It is not a workbook that can be read, is beyond the limits, has no such sheet, or the package that reads
        workbooks is not installed.
    """
    if reading.encoding is not None:
        raise InputError("--encoding", f"is of text, and {name} is a workbook", "leave --encoding out")
    _check_unpacked(name, data)
    pages = _pages(name, data)
    if reading.sheet is not None:
        page = _asked(name, pages, reading.sheet)
        return _sheet(name, page.title, page.rows(), said=False)
    visible = [page for page in pages if page.is_visible]
    filled: tuple[str, list[list[str]]] | None = None
    for page in visible:
        rows = page.rows()
        if find_header(rows, reading.ticker_column) is not None:
            return _sheet(name, page.title, rows, said=len(pages) > 1)
        if filled is None and any(map(any, rows)):
            filled = page.title, rows
    if filled is None and len(visible) < len(pages):
        raise InputError(name, "has no visible sheet that holds anything", "name a hidden one with --sheet")
    title, rows = filled or ("", [])
    return _sheet(name, title, rows, said=len(pages) > 1)


def _sheet(name: str, title: str, rows: list[list[str]], *, said: bool) -> Sheet:
    notes = [f"read sheet {title[:40]!r}"] if said and title else []
    return Sheet(name, rows, list(range(1, len(rows) + 1)), notes=notes, title=title)


def _asked(name: str, pages: list[_Page], asked: str) -> _Page:
    same = [page for page in pages if page.title == asked]
    same = same or [page for page in pages if page.title.strip().casefold() == asked.strip().casefold()]
    if not same and asked.isascii() and asked.isdigit() and 1 <= int(asked) <= len(pages):
        return pages[int(asked) - 1]
    if not same:
        titles = ", ".join(repr(page.title[:40]) for page in pages[:20])
        raise InputError("--sheet", f"{name} has no sheet {asked[:40]!r}", f"choose one of {titles}")
    return same[0]


def _check_unpacked(name: str, data: bytes) -> None:
    if not data.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise InputError(name, "is not a workbook that can be read", _FIX) from None
    if unpacked > MOST_UNPACKED:
        raise too_large(name, f"it unpacks to more than {MOST_UNPACKED:,} bytes")


def _pages(name: str, data: bytes) -> list[_Page]:
    try:
        if data.startswith(b"PK") and b"xl/workbook.xml" in data:
            return _by_openpyxl(name, data)
        return _by_calamine(name, data)
    except ImportError:
        raise InputError(name, "needs a package that is not installed", 'pip install "exposure-risk[excel]"') from None


def _by_openpyxl(name: str, data: bytes) -> list[_Page]:
    import openpyxl

    workbook = _guarded(name, lambda: openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True))

    def rows_of(sheet: Any) -> Callable[[], list[list[str]]]:
        def rows() -> list[list[str]]:
            sheet.reset_dimensions()  # some programs write dimensions that are too small
            return _bounded(name, ([_shown(cell) for cell in row] for row in sheet.iter_rows()))

        return lambda: _guarded(name, rows)

    return [_Page(sheet.title, sheet.sheet_state == "visible", rows_of(sheet)) for sheet in workbook.worksheets]


def _by_calamine(name: str, data: bytes) -> list[_Page]:
    import python_calamine

    workbook = _guarded(name, lambda: python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)))

    def rows_of(title: str) -> Callable[[], list[list[str]]]:
        def rows() -> list[list[str]]:
            sheet = workbook.get_sheet_by_name(title)
            check_size(name, sheet.total_height, sheet.total_width)
            cells = sheet.to_python(skip_empty_area=False)
            return _bounded(name, ([_text(value) for value in row] for row in cells))

        return lambda: _guarded(name, rows)

    sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet]
    visible = python_calamine.SheetVisibleEnum.Visible
    return [_Page(sheet.name, sheet.visible == visible, rows_of(sheet.name)) for sheet in sheets]


def _guarded(name: str, read: Callable[[], _T]) -> _T:
    try:
        return read()
    except (InputError, ImportError, MemoryError):
        raise
    except Exception:  # what the readers raise for a broken file depends on where it is broken
        raise InputError(name, "is not a workbook that can be read", _FIX) from None


def _bounded(name: str, rows: Iterable[list[str]]) -> list[list[str]]:
    """Rows without what is empty at their ends, as long as they are within the limits."""
    kept: list[list[str]] = []
    cells = 0
    for row in rows:
        while row and not row[-1]:
            row.pop()
        kept.append(row)
        cells += len(row)
        if not len(kept) % 1000:
            check_size(name, len(kept), 0)
            check_size(name, 1, cells)
    check_size(name, len(kept), 0)
    check_size(name, 1, cells)
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _shown(cell: Any) -> str:
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool) and _ALL_ZEROS.fullmatch(cell.number_format):
        return f"{value:.0f}".zfill(len(cell.number_format))
    return _text(value)


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():  # Excel takes the ticker TRUE for a truth value
            return str(value).upper()
        case int() | float() if float(value).is_integer():
            return str(int(value))
        case dt.datetime() | dt.date():
            return value.isoformat()[:10]
        case _:
            return str(value).strip()
