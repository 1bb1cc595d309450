"""Rows of a text file: a table, whatever parts its columns, or one ticker per line, or a list with commas."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from typing import Final

from scoring.errors import InputError
from service.books.header import LINES_SEARCHED, find_header
from service.books.reading import Reading, Sheet, check_size
from service.books.words import plain, read_title

_DELIMITERS: Final = ",;\t|"
_SEP: Final = re.compile(r"\"?sep=(.)\"?", re.IGNORECASE)
_ERROR_OF_EXCEL: Final = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|NV|SPILL!)", re.IGNORECASE)
_CODE: Final = re.compile(r"[A-Z0-9]{1,12}([.\-/][A-Z0-9]{1,6})?")
_LISTED_CODE: Final = re.compile(r"[A-Z0-9_]{2,20}:[^\s,:]{1,20}")
_SECTION: Final = "###"
_EXCEL_TEXT: Final = re.compile(r'="([^"]*)"')
_APOSTROPHE: Final = re.compile(r"'(?=[0-9])")


def read_text(name: str, text: str, reading: Reading, *, is_list: bool = False) -> Sheet:
    """Rows of a text.

    Parameters
    ----------
    name : str
        Of the file, for messages.
    text : str
        Its content.
    reading : Reading
        What the user says about it.
    is_list : bool
        Whether the file says by its ending that it has one ticker or name per line: a comma belongs to a name then,
        unless the first lines have a header.

    Returns
    -------
    Sheet
        Comments left out; cells such as ``="005930"`` are what they show.

    Raises
    ------
    InputError
        A quotation mark that is never closed; too many rows.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    check_size(name, len(lines), 0)
    notes: list[str] = []
    said = _take_sep(lines)
    comments = _blank_comments(lines)
    if comments:
        notes.append(f"left out {comments} comment line{'s' if comments > 1 else ''}")
    if said is None and (codes := _codes_with_commas(lines)) is not None:
        return Sheet(name, [[code] for _, code in codes], [number for number, _ in codes], notes=notes)
    delimiter = said or _delimiter(lines, reading)
    if delimiter is None:
        at = reading.header_row
        first = lines[at - 1 : at] if at else [line for line in lines if line.strip()][:1]
        delimiter = next(iter(() if is_list else _present(first)), None)
    if delimiter is None:
        rows = [[_cell(line)] for line in lines]
        return Sheet(name, rows, list(range(1, len(lines) + 1)), notes=notes)
    rows, numbers = _table(name, lines, delimiter)
    check_size(name, 1, sum(map(len, rows)))
    return Sheet(name, rows, numbers, delimiter, notes=notes)


def _take_sep(lines: list[str]) -> str | None:
    """Delimiter that a first line for Excel names, which is emptied."""
    found = _SEP.fullmatch(lines[0].strip("\ufeff ")) if lines else None
    if found is None:
        return None
    lines[0] = ""
    return found[1]


def _blank_comments(lines: list[str]) -> int:
    """Empty the lines that are comments, and count them; a header behind a mark is uncovered."""
    comments = 0
    for index, line in enumerate(lines):
        if not line.startswith("#") or line.startswith(_SECTION) or _ERROR_OF_EXCEL.match(line):
            continue
        inside = line.lstrip("#").strip()
        is_header = any(find_header([_split(inside, d)]) is not None for d in _DELIMITERS if d in inside)
        if is_header and not any(other.strip() for other in lines[:index]):
            if read_title(_split(line, ",")[0]).role is None:  # `#` alone may be the column of row numbers
                lines[index] = inside if not line.startswith("#,") else line
            continue
        if is_header or line[1:2] in _DELIMITERS:
            continue
        lines[index] = ""
        comments += 1
    return comments


def _codes_with_commas(lines: Sequence[str]) -> list[tuple[int, str]] | None:
    """Codes of a list in the form of a TradingView watch list, or of one line of codes; None if it is neither."""
    filled = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    pieces = [
        (number, piece.strip().strip('"'))
        for number, line in filled
        for piece in line.split(",")
        if piece.strip() and not piece.strip().startswith(_SECTION)
    ]
    has_comma = any("," in line for _, line in filled)
    if not pieces or not (has_comma or any(_SECTION in line for _, line in filled)):
        return None
    if all(_LISTED_CODE.fullmatch(piece) for _, piece in pieces):
        return pieces
    is_one_line = len(filled) == 1 and len(pieces) > 1
    if is_one_line and all(_CODE.fullmatch(piece) or _LISTED_CODE.fullmatch(piece) for _, piece in pieces):
        return None if find_header([[piece for _, piece in pieces]]) is not None else pieces
    return None


def _delimiter(lines: Sequence[str], reading: Reading) -> str | None:
    """Delimiter under which the first lines have a header, the one with most known words; None if none has."""
    sample = [line for line in lines[: 10 * LINES_SEARCHED] if line.strip()][:LINES_SEARCHED]
    best: tuple[int, int, str] | None = None
    for delimiter in _present(sample):
        rows = [_split(line, delimiter) for line in sample]
        header = find_header(rows, reading.ticker_column)
        if header is None or len(rows[header]) < 2:
            continue
        known = sum(read_title(cell).role is not None for cell in rows[header])
        if reading.ticker_column is not None:
            known += 100 * (plain(reading.ticker_column) in map(plain, rows[header]))
        rank = (known, len(rows[header]), delimiter)
        best = max(best, rank, key=lambda r: r[:2]) if best else rank
    return best[2] if best else None


def _present(lines: Iterable[str]) -> list[str]:
    """Delimiters in some lines, the most frequent one first."""
    sample = list(lines)
    count = {d: max((line.count(d) for line in sample), default=0) for d in _DELIMITERS}
    return sorted((d for d in _DELIMITERS if count[d]), key=lambda d: -count[d])


def _split(line: str, delimiter: str) -> list[str]:
    try:
        cells = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        cells = line.split(delimiter)
    return [_cell(cell) for cell in cells]


def _table(name: str, lines: list[str], delimiter: str) -> tuple[list[list[str]], list[int]]:
    reader = csv.reader([f"{line}\n" for line in lines], delimiter=delimiter, skipinitialspace=True, strict=True)
    rows: list[list[str]] = []
    numbers: list[int] = []
    begin = 1
    try:
        for row in reader:
            rows.append([_cell(cell) for cell in row])
            numbers.append(begin)
            begin = reader.line_num + 1
    except csv.Error as error:
        raise InputError(
            name,
            f"is not a valid CSV at line {reader.line_num}: {error}",
            "look there for a quotation mark that is never closed",
        ) from None
    return rows, numbers


def _cell(cell: str) -> str:
    text = cell.strip()
    if text.startswith("=") and (shown := _EXCEL_TEXT.fullmatch(text)):
        return shown[1].strip()
    return text[1:] if text.startswith("'") and _APOSTROPHE.match(text) else text
