"""Rows that are no positions: totals, subtotals, headings and the small print below a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Final, NamedTuple

from service.books.numbers import loose_number
from service.books.table import Table, filled
from service.books.words import IDENTIFIERS, begins_total, is_total, kind_of

_SIZES: Final = ("weight", "value", "quantity")
_PROSE_WORDS: Final = 5
_PROSE_LETTERS: Final = 40
_SHOWN: Final = 3


class _Line(NamedTuple):
    """What there is in a row: its identifiers, its first text, and its size."""

    identifiers: list[str]
    label: str
    amount: float | None
    cells: int


def without_totals(table: Table) -> tuple[Table, list[str]]:
    """Leave out the rows that are no positions.

    A row is a total if it says so and names no company, and its size is missing, is the sum of rows beside it, or it
    stands at the end; or if it names nothing, and its size is that sum. What fits none of this is kept: a holding
    must not be lost.

    Returns
    -------
    table : Table
        The other rows.
    notes : list of str
        What was left out, by kind, row and text.
    """
    naming = [place for role in IDENTIFIERS for place in table.columns.get(role, [])]
    sizes = [place for role in _SIZES for place in table.columns.get(role, [])]
    lines = [_line(row, naming, sizes) for row in table.rows]
    has_sizes = bool(sizes)
    left_out: dict[int, str] = _small_print(table, lines, has_sizes)
    if has_sizes:
        sums = _Sums(lines, _unit(table))
        for index, line in enumerate(lines):
            if index not in left_out and (kind := _kind(index, line, sums, len(lines) - len(left_out))):
                left_out[index] = kind
    if not left_out or len(left_out) == len(lines):
        return table, []
    kept = [index for index in range(len(lines)) if index not in left_out]
    rest = replace(table, rows=[table.rows[index] for index in kept], numbers=[table.numbers[index] for index in kept])
    return rest, _notes(table, lines, left_out)


def _line(row: list[str], naming: list[int], sizes: list[int]) -> _Line:
    identifiers = [cell for place in naming if (cell := filled(row, place))]
    label = next((cell for cell in row if cell not in ("", "-", "--") and loose_number(cell) is None), "")
    amounts = (loose_number(row[place]) for place in sizes if place < len(row) and row[place])
    amount = next((amount for amount in amounts if amount is not None), None)
    return _Line(identifiers, label, amount, sum(map(bool, row)))


def _kind(index: int, line: _Line, sums: _Sums, count: int) -> str | None:
    """What a row is that is no position, or None."""
    label = line.label
    says_total = is_total(label)
    names_company = any(not is_total(text) and not begins_total(text) for text in line.identifiers)
    if names_company:
        is_heading = line.amount is None and line.cells == 1 and kind_of(label) is not None
        return "heading" if is_heading else None
    if says_total and (line.amount is None or sums.fits(index) or sums.ends_at(index)):
        return "total"
    if line.amount is None:
        return "heading" if label and not line.identifiers and line.cells == 1 else None
    if sums.fits(index):
        if label:
            return "total" if says_total or begins_total(label) else "subtotal"
        return "total" if sums.ends_at(index) and sums.summed(index) > 1 else None
    return "total" if begins_total(label) and sums.ends_at(index) and not line.identifiers else None


class _Sums:
    """Sums of the sizes of the positions around a row."""

    def __init__(self, lines: Sequence[_Line], unit: float) -> None:
        self._unit = unit
        named = [bool(line.identifiers) and not is_total(line.label) for line in lines]
        sizes = [line.amount or 0.0 if is_named else 0.0 for line, is_named in zip(lines, named, strict=True)]
        self._amounts = [line.amount for line in lines]
        self._to = [0.0, *accumulate(sizes)]
        self._count = [0, *accumulate(map(int, named))]
        last = max((index for index, is_named in enumerate(named) if is_named), default=-1)
        self._last = last
        self._before, self._after = list(range(len(lines))), [0] * len(lines)
        begin = 0
        for index, is_named in enumerate(named):
            self._before[index] = begin
            if not is_named:
                begin = index + 1
        end = len(lines)
        for index in reversed(range(len(lines))):
            self._after[index] = end
            if not named[index]:
                end = index

    def ends_at(self, index: int) -> bool:
        """Whether no position comes after a row."""
        return index > self._last or (index == self._last and index == len(self._amounts) - 1)

    def summed(self, index: int) -> int:
        """Number of positions before a row."""
        return self._count[index]

    def fits(self, index: int) -> bool:
        """Whether the size of a row is the sum of the run before it, of the run after it, or of all before it."""
        amount = self._amounts[index]
        if amount is None:
            return False
        before, after = (self._before[index], index), (index + 1, self._after[index])
        for begin, end in (before, after, (0, index), (index + 1, len(self._to) - 1)):
            count = self._count[end] - self._count[begin]
            slack = self._unit * 0.51 * (count + 1) + 1e-9 * abs(amount)
            if count and abs(self._to[end] - self._to[begin] - amount) <= slack:
                return True
        return False


def _unit(table: Table) -> float:
    """Last decimal of the sizes: by half of it each may be rounded."""
    decimals = 0
    for role in _SIZES:
        for place in table.columns.get(role, [])[:1]:
            for cell in table.column(place)[:200]:
                if loose_number(cell) is not None:
                    digits = cell.rstrip("% )").replace(",", ".").rpartition(".")
                    decimals = max(decimals, len(digits[2]) if digits[1] and len(digits[2]) != 3 else 0)
            if decimals:
                return float(10.0**-decimals)
    return 0.0


def _small_print(table: Table, lines: Sequence[_Line], has_sizes: bool) -> dict[int, str]:
    """Rows at the end that are sentences."""
    found: dict[int, str] = {}
    if len(table.titles) < 2:
        return found
    for index in reversed(range(len(lines))):
        line = lines[index]
        if line.cells != 1 or line.amount is not None or not _is_prose(line.label, has_sizes):
            break
        found[index] = "small print"
    return found


def _is_prose(text: str, has_sizes: bool) -> bool:
    if not text:
        return False
    is_long = len(text.split()) >= _PROSE_WORDS or len(text) > _PROSE_LETTERS
    return is_long or (has_sizes and text.startswith(("*", "©", "†", "(", "[")))


def _notes(table: Table, lines: Sequence[_Line], left_out: dict[int, str]) -> list[str]:
    notes = []
    for kind in dict.fromkeys(left_out[index] for index in sorted(left_out)):
        rows = [index for index in sorted(left_out) if left_out[index] == kind]
        shown = "; ".join(f"row {table.numbers[i]} {lines[i].label[:40]!r}" for i in rows[:_SHOWN])
        more = f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
        notes.append(f"left out as {kind}: {shown}{more}")
    return notes
