"""Where a table begins: the first lines of an export are often a title, a date or an account, not the header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from service.books.words import IDENTIFIERS, plain, read_title

LINES_SEARCHED: Final = 30
"""The header is looked for among so many lines that hold anything."""

_NUMBER: Final = re.compile(r"[-+(]?[$€£¥₩]?\d[\d.,'’\s]*[)%]?")


def find_header(rows: Sequence[Sequence[str]], wanted: str | None = None) -> int | None:
    """Position of the header among rows.

    Parameters
    ----------
    rows : sequence of sequence of str
        Stripped cells. The first `LINES_SEARCHED` that hold anything are looked at.
    wanted : str, optional
        A column that the header must have, where the user names one.

    Returns
    -------
    int or None
        The row with most known words, at least two, one of them a column that may name a company. Failing that, the
        first row that has one such word and more cells than any row above it. None if there is none.
    """
    known: dict[int, int] = {}
    lone: int | None = None
    widest = seen = 0
    for index, row in enumerate(rows):
        filled = [cell for cell in row if cell]
        if not filled:
            continue
        seen += 1
        if seen > LINES_SEARCHED:
            break
        count = _known_words(filled, wanted)
        if count >= 2 or (count and wanted is not None):
            known[index] = count
        elif count and lone is None and len(filled) > widest:
            lone = index
        widest = max(widest, len(filled))
    if known:
        return max(known, key=lambda index: (known[index], -index))
    return lone


def _known_words(filled: Sequence[str], wanted: str | None) -> int:
    """Number of known words in a row that may be a header; 0 if it cannot be one."""
    if any(_NUMBER.fullmatch(cell) for cell in filled):
        return 0
    if wanted is not None:
        return sum(plain(cell) == plain(wanted) for cell in filled) and 1 + _count(filled)
    roles = {read_title(cell).role for cell in filled[:_MOST_COLUMNS]}
    return _count(filled) if roles & _NAMING else 0


def _count(filled: Sequence[str]) -> int:
    return sum(read_title(cell).role is not None for cell in filled[:_MOST_COLUMNS])


_NAMING: Final = frozenset(IDENTIFIERS)
_MOST_COLUMNS: Final = 500
"""Cells of a row whose words are looked up: a sheet may be 16,384 columns wide."""
