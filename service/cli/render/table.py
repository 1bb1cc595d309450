"""Tables that fit the terminal: no figure is ever cut, a note moves below its row, and what has no room is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Final

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from service.cli.wrapping import spans

_GAP: Final = 2
_EASY_TEXT: Final = 16
"""Width to which a text is narrowed before figures are hidden, in columns of the terminal."""
_LEAST_TEXT: Final = 9
"""Width below which a text is never narrowed."""
_LEAST_NOTE: Final = 40
_INDENT: Final = 4
ASKED: Final = -1
"""When a column gives way that an option asks for: the last of all."""
_SHARED: Final = 3
"""Rows that have the same note, from which on it is said once below the table."""

Cell = str | Text


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    heading : str
    is_text : bool
        Whether its cells may be broken over lines; a figure may not.
    is_left : bool
        Whether its cells stand at the left.
    hides : int
        When it gives way on a narrow terminal: the highest first, 0 never, `ASKED` where texts are at their narrowest.
    is_note : bool
        Whether it goes below its row where it has too little room beside it.
    most : int
        Longest line of a text.
    """

    heading: str
    is_text: bool = False
    is_left: bool = False
    hides: int = 0
    is_note: bool = False
    most: int = 60


def text(heading: str, hides: int = 0, most: int = 30) -> Column:
    """Column of names or words."""
    return Column(heading, is_text=True, is_left=True, hides=hides, most=most)


def code(heading: str) -> Column:
    """Column of identifiers to be copied, which are broken only where they are wider than the terminal."""
    return Column(heading, is_left=True)


def day(heading: str, hides: int = 0) -> Column:
    """Column of dates, which are never broken."""
    return Column(heading, is_left=True, hides=hides)


def figure(heading: str, hides: int = 0) -> Column:
    """Column of numbers, which stand at the right."""
    return Column(heading, hides=hides)


def note(heading: str = "note", most: int = 60) -> Column:
    """Column of sentences."""
    return Column(heading, is_text=True, is_left=True, is_note=True, most=most)


def print_table(out: Console, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> list[str]:
    """Print rows of cells; columns that hold nothing are left out, those without room are named below.

    A note that has no room beside its row, and that many rows have, is said once below the table.

    Returns
    -------
    list of str
        Headings of the columns that are shown.
    """
    body = [[cell if isinstance(cell, Text) else Text(cell) for cell in row] for row in rows]
    natural, filled = _filled(columns, body)
    shown, below, hidden = _fit(columns, natural, filled, out.width)
    shared = _share(columns, natural, body, below)
    if shared:
        natural, filled = _filled(columns, body)
        shown, below, hidden = _fit(columns, natural, filled, out.width)
    widths = _widths(columns, natural, shown, out.width)
    chosen = [columns[i] for i in shown]
    lines: list[Text] = []
    if any(column.heading for column in chosen):
        lines += _lines(chosen, widths, [Text(column.heading, style="bold") for column in chosen])
    for row in body:
        lines += _lines(chosen, widths, [row[i] for i in shown])
        for i in below:
            lines += _below(out, row[i])
    lines += [Text(note[start:end], style="dim") for note in shared for start, end in spans(note, out.width)]
    out.print(Text("\n").join(lines), soft_wrap=True)
    if hidden:
        names = ", ".join(columns[i].heading for i in hidden)
        wide = _room([_least(columns[i], natural[i], _EASY_TEXT) for i in (*shown, *hidden)])
        out.print(f"Not shown, for want of room: {names}; COLUMNS={wide} shows all", style="dim")
    return [column.heading for column in chosen]


def _filled(columns: Sequence[Column], body: Sequence[Sequence[Text]]) -> tuple[list[int], list[int]]:
    """Longest line of each column, and which columns hold something."""
    natural = [max((_longest(row[i]) for row in body), default=0) for i in range(len(columns))]
    return natural, [i for i, column in enumerate(columns) if natural[i] or not (column.is_text or column.hides)]


def _share(
    columns: Sequence[Column], natural: Sequence[int], body: list[list[Text]], notes: Sequence[int]
) -> list[str]:
    """Take a note that many rows have out of them, leave a mark at each, and give the notes with their marks."""
    names = [i for i, column in enumerate(columns) if column.is_left and not (column.is_note or column.hides)]
    names.sort(key=lambda i: -natural[i])  # the longest name has room for a mark, on a line of its own if need be
    shared: list[str] = []
    marks = iter(ascii_lowercase)
    for i in notes if names else ():
        times = Counter(row[i].plain for row in body if row[i].plain)
        for note, mark in zip([note for note, n in times.items() if n >= _SHARED], marks, strict=False):
            shared.append(f"({mark}) {note}")
            for row in body:
                if row[i].plain == note:
                    row[names[0]], row[i] = Text.assemble(row[names[0]], f" ({mark})"), Text()
    return shared


def _longest(cell: Text) -> int:
    return max((cell_len(line) for line in cell.plain.split("\n")), default=0)


def _fit(
    columns: Sequence[Column], natural: Sequence[int], filled: Sequence[int], room: int
) -> tuple[list[int], list[int], list[int]]:
    """Which columns are shown, which of the notes go below their rows, and which columns have no room."""
    shown, below, hidden = list(filled), [], []

    def too_wide(text: int = _EASY_TEXT) -> bool:
        return _room([_least(columns[i], natural[i], text) for i in shown]) > room

    for i in filled:
        if columns[i].is_note and too_wide():
            shown.remove(i)
            below.append(i)
    while too_wide():
        last = max(columns[i].hides for i in shown)
        if last <= 0:
            break  # texts are narrowed further, and figures reach over the edge rather than be cut
        going = [i for i in shown if columns[i].hides == last]  # what belongs together goes together
        shown = [i for i in shown if i not in going]
        hidden += going
    asked = [i for i in shown if columns[i].hides == ASKED]
    if too_wide(_LEAST_TEXT):
        shown, hidden = [i for i in shown if i not in asked], hidden + asked
    return shown, below, sorted(hidden)


def _room(widths: Sequence[int]) -> int:
    return sum(widths) + _GAP * (len(widths) - 1)


def _least(column: Column, natural: int, text: int) -> int:
    whole = max(natural, cell_len(column.heading))
    if not column.is_text:
        return whole
    return min(whole, max(_LEAST_NOTE if column.is_note else text, cell_len(column.heading)))


def _widths(columns: Sequence[Column], natural: Sequence[int], shown: Sequence[int], room: int) -> list[int]:
    """Width of each column: what is left over goes to the texts, the shortest first."""
    widths = {i: _least(columns[i], natural[i], _LEAST_TEXT) for i in shown}
    wants = {i: min(max(natural[i], widths[i]), columns[i].most) - widths[i] for i in shown if columns[i].is_text}
    left = max(room - _room(list(widths.values())), 0)
    for place, i in enumerate(sorted(wants, key=lambda i: wants[i])):
        more = max(min(wants[i], left // (len(wants) - place)), 0)
        widths[i] += more
        left -= more
    return [min(widths[i], room) if columns[i].is_left else widths[i] for i in shown]


def _lines(columns: Sequence[Column], widths: Sequence[int], cells: Sequence[Text]) -> Iterator[Text]:
    """Lines of one row, as many as its longest text needs."""
    folded = [_folded(cell, width) for width, cell in zip(widths, cells, strict=True)]
    for k in range(max(map(len, folded), default=0)):
        line = Text()
        for place, (column, width, parts) in enumerate(zip(columns, widths, folded, strict=True)):
            part = parts[k] if k < len(parts) else Text()
            room = " " * max(width - cell_len(part.plain), 0)
            line.append(" " * _GAP if place else "")
            line.append_text(Text.assemble(part, room) if column.is_left else Text.assemble(room, part))
        line.rstrip()
        yield line


def _below(out: Console, cell: Text) -> Iterator[Text]:
    if cell.plain:
        for line in _folded(cell, max(out.width - _INDENT, _LEAST_TEXT)):
            yield Text.assemble(" " * _INDENT, line, style="dim")


def _folded(cell: Text, width: int) -> list[Text]:
    whole = cell_len(cell.plain) <= width and "\n" not in cell.plain
    return [cell] if whole else [cell[start:end] for start, end in spans(cell.plain, width)]
