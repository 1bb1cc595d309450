"""Reading a list of tickers from a file or from standard input.

A file is a workbook (first sheet) or text: UTF-8, or UTF-16/32 that begins with a byte-order mark. Text is a
table whose delimiter (comma, semicolon, tab or bar) is found from its first line, or one ticker per line.

Blank lines are left out wherever they are. A row that has other cells but no ticker is kept as an empty query,
which comes back unresolved, so that no holding is lost.
"""

from __future__ import annotations

import csv
import re
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from scoring.errors import InputError
from service.text import decode
from service.workbook import WORKBOOK_SUFFIXES, read_workbook

BOOK_SUFFIXES: Final = frozenset({".csv", ".tsv", ".txt", *WORKBOOK_SUFFIXES})
"""Endings of the files that can be read."""

TICKER_COLUMNS: Final = (
    "query",
    "ticker",
    "tickers",
    "symbol",
    "symbols",
    "ric",
    "rics",
    "bloombergticker",
    "bloomberg",
    "bbgticker",
    "bbg",
    "isin",
    "isins",
    "compositefigi",
    "figi",
    "lei",
    "companyid",
    "identifier",
    "id",
    "security",
    "instrument",
    "company",
    "companyname",
    "name",
)
"""Names by which the ticker column is found, without case, spaces, hyphens or underscores; the first one in the
file wins. `query` leads so that a result can be scored again as it was asked for; codes and numbers come before
names, which are the least certain."""

_DELIMITERS: Final = ",;\t|"
_NO_DELIMITER: Final = "\x1f"  # the unit separator: a character that no list of tickers has
_IGNORED_IN_HEADER: Final = re.compile(r"[\s_\-]+")


@dataclass(frozen=True, slots=True)
class Book:
    """Tickers of one file.

    Attributes
    ----------
    tickers : list of str
        In the order of the file, duplicates kept; empty where a row has none.
    column : str or None
        Name of the column they were in; None for a plain list.
    path : str
        Where they were read from; ``-`` is standard input.
    """

    tickers: list[str]
    column: str | None
    path: str


def read_book(path: str | PurePath, column: str | None = None) -> Book:
    """Read the tickers of a file.

    Parameters
    ----------
    path : str or Path
        A CSV, TSV, TXT or XLSX file, or ``-`` for text on standard input.
    column : str, optional
        Ticker column. Default: found by its name, see `TICKER_COLUMNS`.

    Returns
    -------
    Book
        Tickers in the order of the file.

    Raises
    ------
    InputError
        The file cannot be read, is empty, or has no (or no single) ticker column.
    """
    name = "standard input" if str(path) == "-" else str(path)
    rows = [row for row in _rows(name, _bytes(str(path)), column) if any(row)]
    if not rows:
        raise InputError(name, "is empty", "give a file with one ticker per line or a ticker column")
    header = rows[0]
    place = _place(name, header, column)
    if place is None:
        filled = {i for row in rows for i, cell in enumerate(row) if cell}
        if len(filled) > 1:
            raise InputError(
                name,
                f"has no column with a known name; its first line is {_listed(header)}",
                "name the ticker column with --column, or head it `ticker`",
            )
        only = filled.pop()
        return Book([row[only] for row in rows], None, str(path))
    if len(rows) == 1:
        raise InputError(name, "has a header and no rows", "add one row per ticker")
    return Book([row[place] if place < len(row) else "" for row in rows[1:]], header[place], str(path))


def _bytes(path: str) -> bytes:
    if path == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        raise InputError(path, "does not exist", "check the name and the folder") from None
    except OSError as error:
        raise InputError(path, f"cannot be read: {error.strerror}", "give a file that you may read") from None
    except ValueError:  # a NUL in the name
        raise InputError(repr(path), "is not a file name", "check the name") from None


def _rows(name: str, data: bytes, column: str | None) -> list[list[str]]:
    """Cells of a file, stripped."""
    suffix = PurePath(name).suffix.lower()
    if suffix in WORKBOOK_SUFFIXES and data:
        return read_workbook(name, data)
    lines = decode(name, data).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = next((line for line in lines if line.strip()), "")
    if suffix == ".txt" and "\t" not in first:  # tickers or names, one per line: a comma belongs to the name
        return [[line.strip()] for line in lines]
    reader = csv.reader(
        [f"{line}\n" for line in lines],
        delimiter=_delimiter(first, column),
        skipinitialspace=True,
        strict=True,
    )
    try:
        return [[cell.strip() for cell in row] for row in reader]
    except csv.Error as error:
        raise InputError(
            name,
            f"is not a valid CSV at line {reader.line_num}: {error}",
            "look there for a quotation mark that is never closed",
        ) from None


def _delimiter(first: str, column: str | None) -> str:
    """Delimiter of a table by its first line: one that shows a ticker column, else the most frequent one."""
    present = sorted((d for d in _DELIMITERS if d in first), key=lambda d: -first.count(d))
    wanted = {_plain(column)} if column is not None else set(TICKER_COLUMNS)
    for delimiter in present:
        header = next(csv.reader([first], delimiter=delimiter, skipinitialspace=True))
        if wanted & {_plain(cell) for cell in header}:
            return delimiter
    return present[0] if present else _NO_DELIMITER


def _place(name: str, header: list[str], column: str | None) -> int | None:
    """Position of the ticker column, or None if no column has a known name."""
    plain = [_plain(cell) for cell in header]
    if column is not None:
        wanted: str | None = _plain(column)
        if wanted not in plain:
            raise InputError(name, f"has no column {column!r}", f"choose one of its columns: {_listed(header)}")
    else:
        wanted = next((known for known in TICKER_COLUMNS if known in plain), None)
    if wanted is None:
        return None
    if column in header and header.count(column) == 1:
        return header.index(column)
    if plain.count(wanted) > 1:
        raise InputError(
            name,
            f"has {plain.count(wanted)} columns named {header[plain.index(wanted)]!r}",
            "rename all but one of them, or name another one with --column",
        )
    return plain.index(wanted)


def _plain(cell: str) -> str:
    return _IGNORED_IN_HEADER.sub("", unicodedata.normalize("NFKC", cell).casefold())


def _listed(header: list[str]) -> str:
    shown = ", ".join(repr(cell[:40]) for cell in header[:20])
    return shown + (", …" if len(header) > 20 else "")
