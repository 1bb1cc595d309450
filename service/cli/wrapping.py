"""Lines of a text by cells of the terminal, of which a Japanese letter takes two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rich.cells import cell_len, chop_cells

_ADDRESS: Final = re.compile(r"\w+://")


def spans(text: str, first: int, rest: int | None = None) -> list[tuple[int, int]]:
    """Where the lines of a text begin and end.

    Lines break at spaces; a word that is wider than a line also after its hyphens and slashes, else anywhere. An
    address of the web is never broken, for what is left could not be opened: it reaches over the edge.

    Parameters
    ----------
    text : str
        Its own line ends are kept.
    first, rest : int
        Cells of the first line and of all further ones; these by default the same.
    """
    found: list[tuple[int, int]] = []
    room, rest = first, first if rest is None else rest
    offset = 0
    for line in text.split("\n"):
        begin = end = offset
        for start, stop in _pieces(line, min(first, rest)):
            if end > begin and cell_len(text[begin : offset + stop]) > room:
                found.append((begin, end))
                begin, room = offset + start, rest
            end = offset + stop
        found.append((begin, end))
        offset, room = offset + len(line) + 1, rest
    return found


def _pieces(line: str, width: int) -> Iterator[tuple[int, int]]:
    """Begin and end of what may stand on a line of its own: words, and the parts of a word that is too wide."""
    for word in re.finditer(r"^\s*\S+|\S+", line):
        parts = [word.group()]
        if cell_len(parts[0].lstrip()) > width and not _ADDRESS.search(parts[0]):
            parts = [cut for part in re.findall(r"[^-/]*[-/]+|[^-/]+", parts[0]) for cut in chop_cells(part, width)]
        begin = word.start()
        for part in parts:
            yield begin, begin + len(part)
            begin += len(part)
