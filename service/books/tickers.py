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
from service.books.encoding import decode
from service.books.workbook import WORKBOOK_SUFFIXES, read_workbook

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
    table = read_table(path, column)
    header = table.rows[0]
    if table.place is None:
        filled = {i for row in table.rows for i, cell in enumerate(row) if cell}
        if len(filled) > 1:
            raise no_known_column(table)
        only = filled.pop()
        return Book([row[only] for row in table.rows], None, str(path))
    return Book(table.column(table.place), header[table.place], str(path))


@dataclass(frozen=True, slots=True)
class Cells:
    """Rows of a file that hold anything, and where its tickers are.

    Attributes
    ----------
    name : str
        Of the file, for messages.
    rows : list of list of str
        Stripped cells; the first row is the header, if there is one. Rows may be of unequal length.
    numbers : list of int
        Number of each row in the file, from 1, blank ones counted.
    place : int or None
        Position of the ticker column; None if no column has a known name.
    delimiter : str or None
        What parts the columns of a text file.
    """

    name: str
    rows: list[list[str]]
    numbers: list[int]
    place: int | None
    delimiter: str | None

    def column(self, place: int) -> list[str]:
        """Cells of a column below the header; empty where a row is too short."""
        return [row[place] if place < len(row) else "" for row in self.rows[1:]]


def read_table(path: str | PurePath, column: str | None = None) -> Cells:
    """Read the rows of a file; parameters and errors as in `read_book`.

    Raises
    ------
    InputError
        The file cannot be read, is empty, or has no (or no single) column of that name, or a header and no rows.
    """
    name = "standard input" if str(path) == "-" else str(path)
    read, delimiter = _rows(name, _bytes(str(path)), column)
    found = [(i, row) for i, row in enumerate(read, 1) if any(row)]
    if not found:
        raise InputError(name, "is empty", "give a file with one ticker per line or a ticker column")
    rows = [row for _, row in found]
    place = _place(name, rows[0], column)
    if place is not None and len(rows) == 1:
        raise InputError(name, "has a header and no rows", "add one row per ticker")
    return Cells(name, rows, [number for number, _ in found], place, delimiter)


def no_known_column(table: Cells) -> InputError:
    """Error of a table in which no column can be told to hold the tickers."""
    return InputError(
        table.name,
        f"has no column with a known name; its first line is {listed(table.rows[0])}",
        "name the ticker column with --column, or head it `ticker`",
    )


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


def _rows(name: str, data: bytes, column: str | None) -> tuple[list[list[str]], str | None]:
    """Cells of a file, stripped, and what parts them."""
    suffix = PurePath(name).suffix.lower()
    if suffix in WORKBOOK_SUFFIXES and data:
        return read_workbook(name, data), None
    lines = decode(name, data).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = next((line for line in lines if line.strip()), "")
    if suffix == ".txt" and "\t" not in first:  # tickers or names, one per line: a comma belongs to the name
        return [[line.strip()] for line in lines], None
    delimiter = _delimiter(first, column)
    reader = csv.reader([f"{line}\n" for line in lines], delimiter=delimiter, skipinitialspace=True, strict=True)
    try:
        return [[cell.strip() for cell in row] for row in reader], delimiter
    except csv.Error as error:
        raise InputError(
            name,
            f"is not a valid CSV at line {reader.line_num}: {error}",
            "look there for a quotation mark that is never closed",
        ) from None


def _delimiter(first: str, column: str | None) -> str:
    """Delimiter of a table by its first line: one that shows a ticker column, else the most frequent one."""
    present = sorted((d for d in _DELIMITERS if d in first), key=lambda d: -first.count(d))
    wanted = {plain(column)} if column is not None else set(TICKER_COLUMNS)
    for delimiter in present:
        header = next(csv.reader([first], delimiter=delimiter, skipinitialspace=True))
        if wanted & {plain(cell) for cell in header}:
            return delimiter
    return present[0] if present else _NO_DELIMITER


def _place(name: str, header: list[str], column: str | None) -> int | None:
    """Position of the ticker column, or None if no column has a known name."""
    names = [plain(cell) for cell in header]
    if column is not None:
        wanted: str | None = plain(column)
        if wanted not in names:
            raise InputError(name, f"has no column {column!r}", f"choose one of its columns: {listed(header)}")
    else:
        wanted = next((known for known in TICKER_COLUMNS if known in names), None)
    if wanted is None:
        return None
    if column in header and header.count(column) == 1:
        return header.index(column)
    if names.count(wanted) > 1:
        raise InputError(
            name,
            f"has {names.count(wanted)} columns named {header[names.index(wanted)]!r}",
            "rename all but one of them, or name another one with --column",
        )
    return names.index(wanted)


def plain(cell: str) -> str:
    """Name of a column without what does not tell it from another: case, spaces, hyphens and underscores."""
    return _IGNORED_IN_HEADER.sub("", unicodedata.normalize("NFKC", cell).casefold())


def listed(header: list[str]) -> str:
    """Names of columns for a message."""
    shown = ", ".join(repr(cell[:40]) for cell in header[:20])
    return shown + (", …" if len(header) > 20 else "")
