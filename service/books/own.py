"""A user's own workbook, whose list is scored and which is written again with scores beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from scoring.errors import InputError, OutputError
from scoring.reference.identifiers.row import Row
from service.books.book import read_positions, rows_of
from service.books.reading import Reading
from service.files import write_output
from service.formats.beside import SUFFIXES, Place, add_beside
from service.formats.cells import plain

_ADDED: Final = (
    *("name", "status", "score", "score_p05", "score_p95", "band"),
    *("score_market", "score_control", "score_retaliation"),
    *("china_share", "china_share_kind", "confidence_grade", "reason", "candidates"),
    *("as_of", "release", "methodology", "scenario"),
)
"""Columns of a result that are added, where it has them."""


@dataclass(frozen=True)
class Workbook:
    """A workbook with a list.

    Attributes
    ----------
    rows : list of Row
        The list.
    """

    rows: list[Row]
    _data: bytes
    _place: Place
    _notes: list[str]

    def write(self, columns: Mapping[str, Any], output: Path) -> list[str]:
        """Write the workbook with columns of a result beside its list.

        Returns
        -------
        list of str
            How it was read and what its user should know.

        Raises
        ------
        InputError, OutputError
            As of `service.formats.beside.add_beside`, or the file cannot be written.
        """
        added = plain({name: columns[name] for name in _ADDED if name in columns})
        data, notes = add_beside(self._data, self._place, added)
        write_output(output, data, "-o")
        return [*self._notes, *notes]


def read_own(path: str, output: Path, reading: Reading) -> Workbook:
    """Read a workbook that is to be written again.

    Raises
    ------
    InputError
        It cannot be read as a list, is no workbook of Excel, or its list has no header.
    OutputError
        The file to write has another ending.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(path, "is no workbook that columns can be added to", f"save it as {SUFFIXES[0]}")
    if output.suffix.lower() != suffix:
        raise OutputError("-o", f"{output} does not end as the workbook does", f"give a file that ends in {suffix}")
    table, notes = read_positions(path, reading)
    if not table.sheet:
        raise InputError(path, "is no workbook of Excel, whatever its ending says", f"save it as {SUFFIXES[0]}")
    if not table.header:
        raise InputError(path, "has no header to put the new columns in", "head the column of names, such as `ticker`")
    place = Place(path, table.sheet, table.header, table.titles, table.lead, table.numbers)
    return Workbook(rows_of(table), Path(path).read_bytes(), place, notes)
