"""How a file is to be read, as far as the user says so, and what was read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final

from scoring.errors import InputError

MOST_BYTES: Final = 100_000_000
"""Largest file that is read."""

MOST_UNPACKED: Final = 200_000_000
"""Most bytes that a packed file may unpack to."""

MOST_ROWS: Final = 1_048_576
"""Rows of the largest sheet that a spreadsheet program can hold."""

MOST_CELLS: Final = 8_000_000
"""Cells of a table, empty ones within its rows counted: what fits into some hundred megabytes of memory."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the user says about a file; what is None is found.

    Attributes
    ----------
    ticker_column, weight_column, value_column : str or None
        Names of columns.
    sheet : str or None
        Name or number (from 1) of a sheet of a workbook.
    header_row : int or None
        Number of the header in the file, from 1.
    encoding : str or None
        Of a text file.
    """

    ticker_column: str | None = None
    weight_column: str | None = None
    value_column: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    encoding: str | None = None

    @property
    def said(self) -> list[str]:
        """Options that were given, as on the command line."""
        names = {name: f"--{name.replace('_', '-')}" for name in self.__slots__}
        return [option for name, option in names.items() if getattr(self, name) is not None]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent, and is in memory only.

    Attributes
    ----------
    name : str
        As its sender calls it.
    data : bytes
    """

    name: str
    data: bytes

    def __str__(self) -> str:
        """What it is called in messages."""
        return self.name


File = str | PurePath | Upload
"""Where a list is read from: a path, ``-`` for standard input, or what was sent."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Cells of a file, before it is known what they mean.

    Attributes
    ----------
    name : str
        Of the file, for messages.
    rows : list of list of str
        Stripped cells; rows may be of unequal length and may be empty.
    numbers : list of int
        Line or row of each in the file, from 1.
    delimiter : str or None
        What parts the columns of a text file.
    is_records : bool
        Whether the first row names the columns for certain, as in JSON and Parquet.
    notes : list of str
        What was found out on the way, for the user.
    title : str
        Of the sheet in a workbook, else empty.
    """

    name: str
    rows: list[list[str]]
    numbers: list[int]
    delimiter: str | None = None
    is_records: bool = False
    notes: list[str] = field(default_factory=list)
    title: str = ""


def too_large(name: str, what: str) -> InputError:
    """Error of a file that is beyond a limit."""
    return InputError(name, f"is too large: {what}", "give the list alone, or in parts")


def check_size(name: str, rows: int, columns: int) -> None:
    """Refuse a table that would not fit into memory.

    Raises
    ------
    InputError
        More than `MOST_ROWS` rows or `MOST_CELLS` cells.
    """
    if rows > MOST_ROWS:
        raise too_large(name, f"it has more than {MOST_ROWS:,} rows")
    if rows * columns > MOST_CELLS:
        raise too_large(name, f"it has more than {MOST_CELLS:,} cells")
