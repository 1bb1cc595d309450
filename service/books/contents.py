"""Cells of a file of any kind. What it is, its first bytes say; its ending is a hint only."""

from __future__ import annotations

import stat
import sys
from pathlib import Path, PurePath
from typing import BinaryIO, Final

from scoring.errors import InputError
from service.books.encoding import decode
from service.books.header import find_header
from service.books.reading import MOST_BYTES, File, Reading, Sheet, Upload, too_large

_TABLES: Final = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods", ".json", ".ndjson", ".jsonl")
SUFFIXES: Final = frozenset({*_TABLES, ".parquet", ".pq", ".arrow", ".arrows", ".feather"})
"""Endings that make an argument a file even if there is none of that name."""

_REFUSED: Final = (
    (b"%PDF", "is a PDF, not a table", "save the list as CSV or .xlsx"),
    (b"\x1f\x8b", "is packed with gzip", "unpack it first"),
    (b"7z\xbc\xaf", "is a 7-Zip archive", "unpack it first"),
    (b"BZh", "is packed with bzip2", "unpack it first"),
    (b"{\\rtf", "is a text document", "save the list as CSV or .xlsx"),
)
_MARKUP: Final = (b"<!doctype", b"<html", b"<table", b"<?xml", b"<head", b"<body", b"<meta", b"<style")
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_ARROW: Final = (b"ARROW1", b"\xff\xff\xff\xff")
_WORKBOOK_ENDINGS: Final = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
_TEXT_ENDINGS: Final = frozenset({".csv", ".tsv", ".txt"})


def read_contents(path: File, reading: Reading) -> Sheet:
    """Cells of a file.

    Parameters
    ----------
    path : str or Path
        A file or pipe, or ``-`` for standard input.
    reading : Reading
        What the user says about it.

    Raises
    ------
    InputError
        It does not exist, is a folder, too large, empty, or of a kind that cannot be read.
    """
    is_input = str(path) == "-"
    name = "standard input" if is_input else str(path)
    data = path.data if isinstance(path, Upload) else _bytes(str(path))
    if not data.strip():
        raise InputError(name, "is empty", "give a file with one ticker per line or a ticker column")
    for start, problem, fix in _REFUSED:
        if data.startswith(start):
            raise InputError(name, problem, fix)
    if data.startswith(_WORKBOOKS):
        from service.books.workbook import read_workbook

        return read_workbook(name, data, reading)
    if data.startswith((b"PAR1", *_ARROW)):
        return _columnar(name, data, reading)
    if data[:2000].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_MARKUP):
        problem = "is a web page or XML, not a table"
        raise InputError(name, problem, "open it in a spreadsheet program and save it as .xlsx")
    text, detected = decode(name, data, reading.encoding)
    if reading.sheet is not None:
        raise InputError("--sheet", f"is of a workbook, and {name} is none", "leave --sheet out")
    sheet = _of_text(name, text, reading)
    if detected is not None:
        sheet.notes.insert(0, f"read as {detected}, not UTF-8")
    return sheet


def _of_text(name: str, text: str, reading: Reading) -> Sheet:
    from service.books.text import read_text

    suffix = PurePath(name).suffix.lower()
    is_named_json = suffix in (".json", ".ndjson", ".jsonl")
    if is_named_json or (text.lstrip()[:1] in ("{", "[") and suffix not in _TEXT_ENDINGS):
        from service.books.records import read_json, refuse_text_options

        refuse_text_options(name, reading, "a table of text")
        return read_json(name, text)
    sheet = read_text(name, text, reading, is_list=suffix == ".txt")
    if suffix in _WORKBOOK_ENDINGS:
        if find_header(sheet.rows, reading.ticker_column) is None:
            raise InputError(
                name, "is not a workbook that can be read", "save it as .xlsx without a password, or as CSV"
            )
        sheet.notes.append("is text, although its ending is that of a workbook")
    return sheet


def _columnar(name: str, data: bytes, reading: Reading) -> Sheet:
    from service.books.records import read_arrow, read_parquet, refuse_text_options

    refuse_text_options(name, reading, "a file of text or a workbook")
    return read_parquet(name, data) if data.startswith(b"PAR1") else read_arrow(name, data)


def _bytes(path: str) -> bytes:
    if path == "-":
        return _bounded("standard input", sys.stdin.buffer)
    try:
        mode = Path(path).stat().st_mode
        if stat.S_ISDIR(mode):
            fix = "give a file; for a ticker of that name add its exchange, as in XNYS:T"
            raise InputError(path, "is a folder", fix)
        if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)):
            raise InputError(path, "is neither a file nor a pipe", "give a file")
        with Path(path).open("rb") as file:
            return _bounded(path, file)
    except FileNotFoundError:
        raise does_not_exist(path) from None
    except OSError as error:
        raise InputError(path, f"cannot be read: {error.strerror}", "give a file that you may read") from None
    except ValueError:  # a NUL in the name
        raise InputError(repr(path), "is not a file name", "check the name") from None


def does_not_exist(path: str | Path) -> InputError:
    """The error that there is no such file."""
    fix = "check the name and the folder"
    if Path(path).suffix.lower() not in SUFFIXES:
        fix += "; a file is wanted here, and `exposure score` takes tickers"
    return InputError(str(path), "does not exist", fix)


def _bounded(name: str, file: BinaryIO) -> bytes:
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise too_large(name, f"it has more than {MOST_BYTES:,} bytes")
    return data
