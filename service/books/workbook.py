"""Cells of the first sheet of a workbook, as text."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import Any, Final

from scoring.errors import InputError

WORKBOOK_SUFFIXES: Final = frozenset({".xlsx", ".xlsm"})

_ALL_ZEROS: Final = re.compile(r"0+")


def read_workbook(name: str, data: bytes) -> list[list[str]]:
    """Rows of the first sheet.

    Parameters
    ----------
    name : str
        Name of the file, for the message.
    data : bytes
        Its content.

    Returns
    -------
    list of list of str
        Text as it is shown: the number 8035 is ``8035``, and 5930 in the number format ``000000`` is ``005930``.

    Raises
    ------
    InputError
        It is not a workbook that can be read, or the package that reads them is not installed.
    """
    try:
        import openpyxl
    except ImportError:
        raise InputError(name, "needs a package that is not installed", 'pip install "exposure-risk[excel]"') from None
    try:
        workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = workbook.worksheets[0]
        sheet.reset_dimensions()  # some programs write dimensions that are too small
        return [[_text(cell) for cell in row] for row in sheet.iter_rows()]
    # What openpyxl raises for a broken file depends on where it is broken.
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, IndexError, AttributeError, SyntaxError, OSError):
        raise InputError(
            name, "is not a workbook that can be read", "save it as .xlsx without a password, or as CSV"
        ) from None


def _text(cell: Any) -> str:
    value = cell.value
    match value:
        case None:
            return ""
        case bool():  # Excel takes the ticker TRUE for a truth value
            return str(value).upper()
        case int() | float() if float(value).is_integer():
            digits = str(int(value))
            return digits.zfill(len(cell.number_format)) if _ALL_ZEROS.fullmatch(cell.number_format) else digits
        case dt.datetime() | dt.date():
            return value.isoformat()[:10]
        case _:
            return str(value).strip()
