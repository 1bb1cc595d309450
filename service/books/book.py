"""Reading a list of companies from a file: one row per company, with everything that says which one is meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from scoring.reference.identifiers.row import Kind, Row
from service.books.kinds import row_kind
from service.books.reading import File, Reading
from service.books.table import Table, filled, read_table
from service.books.totals import without_totals
from service.books.words import IDENTIFIERS


@dataclass(frozen=True, slots=True)
class Book:
    """Rows of one file.

    Attributes
    ----------
    rows : list of Row
        In the order of the file, duplicates kept; the query is empty where a row names nothing.
    column : str or None
        Title of the column that leads; None for a plain list.
    notes : list of str
        How the file was read, where that is not obvious, and what was left out.
    """

    rows: list[Row]
    column: str | None
    notes: list[str]

    @property
    def queries(self) -> list[str]:
        """What each row is called."""
        return [row.query for row in self.rows]


def read_book(path: File, reading: Reading | None = None) -> Book:
    """Read the companies of a file.

    Parameters
    ----------
    path : str or Path
        A table or list in any format of `docs/files.md`, or ``-`` for text on standard input.
    reading : Reading, optional
        What the user says about the file.

    Raises
    ------
    InputError
        The file cannot be read, is empty, or has no (or no single) column that names companies.
    """
    table, notes = read_positions(path, reading or Reading())
    return Book(rows_of(table), table.titles[table.lead] if table.titles else None, notes)


def read_positions(path: File, reading: Reading) -> tuple[Table, list[str]]:
    """Table of a file without the rows that are no positions, and what is to be said about it."""
    table, left_out = without_totals(read_table(path, reading))
    return table, [f"{table.name}: {note}" for note in (*table.notes, *left_out)]


def rows_of(table: Table) -> list[Row]:
    """Rows of a table as queries."""
    codes = [(role, place) for role in IDENTIFIERS if role != "name" for place in table.columns.get(role, ())]
    names = table.columns.get("name", [])
    about = {role: table.columns.get(role, []) for role in ("exchange", "country", "kind")}
    currency = _own_currency(table)

    def row(index: int) -> Row:
        cells = table.rows[index]
        identifiers = tuple((role, cell) for role, place in codes if (cell := filled(cells, place)))
        name = _first(cells, names)
        identifiers = identifiers or ((("name", name),) if name else ())
        said = {role: _first(cells, places) for role, places in about.items()}
        kind = row_kind(
            said.pop("kind"), identifiers[0][1] if identifiers and identifiers[0][0] != "name" else "", name
        )
        query = identifiers[0][1] if identifiers else ""
        number = table.numbers[index]
        return Row(query, identifiers, name, **said, currency=currency[index], kind=cast(Kind, kind), number=number)

    return [row(index) for index in range(len(table.rows))]


def _first(cells: list[str], places: list[int]) -> str:
    """First cell of some columns that says something."""
    return next((cell for place in places if (cell := filled(cells, place))), "")


def _own_currency(table: Table) -> list[str]:
    """Currency that each row's share trades in, where a column says so.

    A column `currency` with one value throughout is more often that of the book, and says nothing of the rows.
    """
    for role in ("market currency", "currency"):
        for place in table.columns.get(role, ()):
            cells = [filled(row, place) for row in table.rows]
            if role == "market currency" or len(set(cells) - {""}) > 1:
                return cells
    return [""] * len(table.rows)
