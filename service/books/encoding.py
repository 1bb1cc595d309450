"""Bytes of a file that should be text, decoded or refused with the fix."""

from __future__ import annotations

import codecs
from typing import Final

from scoring.errors import InputError

_SAVE_AS_UTF8: Final = "save it as UTF-8 (in Excel: CSV UTF-8), or as .xlsx"

# The mark of UTF-32 begins with that of UTF-16, so it is looked for first.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_NOT_TEXT: Final = (
    (b"PK\x03\x04", "is a workbook or an archive, not text", "if it is a workbook, give it the ending .xlsx"),
    (b"\xd0\xcf\x11\xe0", "is an old or a protected workbook", "save it as .xlsx without a password, or as CSV"),
    (b"%PDF", "is a PDF, not text", "save the list as CSV or .xlsx"),
    (b"PAR1", "is a Parquet file, not text", "save the list as CSV or .xlsx"),
)


def decode(name: str, data: bytes) -> str:
    """Text of a file.

    Parameters
    ----------
    name : str
        Name of the file, for the message.
    data : bytes
        Its content.

    Returns
    -------
    str
        Text without its byte-order mark.

    Raises
    ------
    InputError
        It is not text, or in an encoding that cannot be told for certain: guessing would misread names.
    """
    for start, problem, fix in _NOT_TEXT:
        if data.startswith(start):
            raise InputError(name, problem, fix)
    encoding = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(name, f"is not {encoding.upper()} text (line {line})", _SAVE_AS_UTF8) from None
    if "\0" in text:
        raise InputError(name, "is a binary file, or UTF-16 without a byte-order mark", _SAVE_AS_UTF8)
    return text
