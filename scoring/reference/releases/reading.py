"""Read one working table: CSV text to a typed frame, with the line of every row and every cell that cannot be read."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pandas as pd

from scoring.reference.tables import Table

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_INTEGER: Final = re.compile(r"[+-]?\d{1,18}")


@dataclass(frozen=True, order=True)
class Offence:
    """One mistake in the working tables, printed as ``file:line: column: problem; fix``."""

    file: str
    line: int
    column: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.column}: {self.problem}"


@dataclass
class Reading:
    """One table as read.

    Attributes
    ----------
    frame : DataFrame
        Typed rows; a cell that could not be read is empty.
    lines : list of int
        Physical line on which each row starts.
    offences : list of Offence
    unread : set of (int, str)
        Row and column of the cells that could not be read.
    readable : bool
        False where there are no columns to check: the file is missing, empty or without its header.
    """

    frame: pd.DataFrame
    lines: list[int] = field(default_factory=list)
    offences: list[Offence] = field(default_factory=list)
    unread: set[tuple[int, str]] = field(default_factory=set)
    readable: bool = True


def read_table(path: Path, table: Table, assumed: Mapping[str, Any] | None = None) -> Reading:
    """Read `path` as `table`; never raises for what the file holds.

    Parameters
    ----------
    path : Path
    table : Table
    assumed : mapping of str to value, optional
        Columns that the file may lack beside those that the table says, with the value of their cells.
    """
    assumed = dict.fromkeys(table.may_lack) | dict(assumed or {})

    def unreadable(line: int, column: str, problem: str) -> Reading:
        return Reading(pd.DataFrame(), offences=[Offence(path.name, line, column, problem)], readable=False)

    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        if table.optional:
            return _typed(path.name, [], list(table.columns), table, [])
        return unreadable(1, "file", "is missing; restore it")
    except OSError as error:
        return unreadable(1, "file", f"cannot be read ({error.strerror}); check its permissions")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return unreadable(line, "file", "is not UTF-8; save it as UTF-8")
    if text.startswith("\ufeff"):
        return unreadable(1, "file", "starts with a byte order mark; save it as UTF-8 without one")
    rows, offences = _rows(path.name, text)
    if not rows:
        return (
            unreadable(1, "file", "is empty; restore it")
            if not offences
            else Reading(pd.DataFrame(), offences=offences, readable=False)
        )
    header = rows.pop(0)[1]
    expected = [column for column in table.columns if column in header or column not in assumed]
    wrong = _header(path.name, header, expected)
    if wrong:
        return Reading(pd.DataFrame(), offences=[*offences, *wrong], readable=False)
    if not rows and not offences:
        offences.append(Offence(path.name, 1, "file", "has no rows; restore them"))
    reading = _typed(path.name, rows, header, table, offences)
    for column in [column for column in table.columns if column not in header]:
        cells = pd.array([assumed[column]] * len(reading.frame), dtype=table.dtype(column))
        reading.frame.insert(list(table.columns).index(column), column, cells)
    return reading


def _rows(name: str, text: str) -> tuple[list[tuple[int, list[str]]], list[Offence]]:
    """Rows with the physical line each starts on: a quoted cell may span lines."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    offences: list[Offence] = []
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return rows, offences
        except csv.Error as error:
            offences.append(Offence(name, line, "row", f"is not CSV ({error}); check its quotes"))
            return rows, offences
        rows.append((line, cells))


def _header(name: str, header: list[str], expected: list[str]) -> list[Offence]:
    wrong = [(column, "is missing; add the column") for column in expected if column not in header]
    wrong += [
        (column, "is not in the data dictionary; remove the column") for column in header if column not in expected
    ]
    wrong += [(column, "stands twice; remove one") for column in sorted({c for c in header if header.count(c) > 1})]
    if not wrong and header != expected:
        wrong = [("header", f"is out of order; write {','.join(expected)}")]
    return [Offence(name, 1, column, problem) for column, problem in wrong]


def _typed(
    name: str, rows: list[tuple[int, list[str]]], header: list[str], table: Table, offences: list[Offence]
) -> Reading:
    width = len(header)
    kept = []
    for line, cells in rows:
        if len(cells) == width:
            kept.append((line, cells))
        else:
            count = f"has {len(cells)} cells, not {width}" if cells else "is blank"
            offences.append(Offence(name, line, "row", f"{count}; check its commas and quotes"))
    lines = [line for line, _ in kept]
    unread: set[tuple[int, str]] = set()
    values: dict[str, Any] = {}
    for position, column in enumerate(header):
        parse, problem = _PARSERS[table.kind(column)]
        parsed: list[Any] = []
        for row, (line, cells) in enumerate(kept):
            cell = cells[position]
            value = parse(cell) if cell else None
            if cell and (value is None or cell != cell.strip()):
                reason = problem if cell == cell.strip() else "has space around it; remove it"
                offences.append(Offence(name, line, column, f"{cell.strip() or 'a blank'} {reason}"))
                unread.add((row, column))
                value = None
            parsed.append(value)
        values[column] = pd.array(parsed, dtype=table.dtype(column))
    frame = pd.DataFrame(values, columns=header, index=pd.RangeIndex(len(kept)))
    return Reading(frame, lines, offences, unread)


def _text(cell: str) -> str:
    return cell


def _number(cell: str) -> float | None:
    value = float(cell) if _NUMBER.fullmatch(cell) else math.nan
    return value if math.isfinite(value) else None


def _integer(cell: str) -> int | None:
    return int(cell) if _INTEGER.fullmatch(cell) else None


def _date(cell: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(cell) if _DATE.fullmatch(cell) else None
    except ValueError:
        return None


def _flag(cell: str) -> bool | None:
    return {"true": True, "false": False}.get(cell)


_PARSERS: Final[dict[str, tuple[Callable[[str], Any], str]]] = {
    "string": (_text, ""),
    "number": (_number, "is no number; write it with a decimal point and no separators"),
    "integer": (_integer, "is no whole number; write digits only"),
    "date": (_date, "is no date; write it as YYYY-MM-DD"),
    "boolean": (_flag, "is neither true nor false; write one of the two"),
}
