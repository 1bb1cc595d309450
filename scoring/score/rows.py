"""Result rows of resolved queries: of many as one array per column, of one cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, Self

import numpy as np

from scoring.columns import RESULT
from scoring.reference.identifiers.match import Match

Columns = dict[str, np.ndarray]

_SAID: Final[Mapping[str, Callable[[Match], Any]]] = {
    "query": lambda match: match.query,
    "matched_by": lambda match: match.matched_by,
    "candidates": lambda match: "; ".join(map(str, match.candidates)) or None,
    "reason": lambda match: match.reason or None,
}
"""What the match itself says."""


class Block(NamedTuple):
    """Some columns of all companies or listings, under one another: one look-up finds a row in all of them.

    Attributes
    ----------
    names : tuple of str
    cells : ndarray, shape (columns, n + 1)
        The last row is that of a query that names nothing, -1.
    """

    names: tuple[str, ...]
    cells: np.ndarray

    @classmethod
    def of(cls, columns: Mapping[str, np.ndarray], empty: float | None) -> Self:
        """Columns of n cells each, and what stands in the last row: None beside texts, NaN beside numbers."""
        length = len(next(iter(columns.values())))
        cells = np.full((len(columns), length + 1), empty, dtype=object if empty is None else float)
        for row, column in zip(cells, columns.values(), strict=True):
            row[:-1] = column
        return cls(tuple(columns), cells)


class Rows:
    """Rows of the columns `scoring.columns.RESULT`.

    Parameters
    ----------
    texts, numbers : Block
        Of companies; `status` is among the texts.
    listings : Block
    same : mapping of str to Any
        What every row says.
    """

    def __init__(self, texts: Block, numbers: Block, listings: Block, same: Mapping[str, Any]) -> None:
        self._texts, self._numbers, self._listings = texts, numbers, listings
        self._same = dict(same)

    def of_all(self, matches: Sequence[Match]) -> Columns:
        """Rows of many matches, one array per column."""
        company = np.array([match.company for match in matches], dtype=int)
        listing = np.array([match.listing for match in matches], dtype=int)
        columns: Columns = {}
        for block, rows in self._blocks(company, listing):
            columns.update(zip(block.names, block.cells.take(rows, axis=1), strict=True))
        columns["status"][company < 0] = [match.status for match in matches if match.company < 0]
        for name, say in _SAID.items():
            columns[name] = _objects([say(match) for match in matches])
        for name, value in self._same.items():
            columns[name] = _objects([value] * company.size)
        return {name: columns[name] for name in RESULT}

    def of_one(self, match: Match) -> dict[str, Any]:
        """Row of one match; a number that is missing is NaN."""
        row = dict(self._same)
        for block, place in self._blocks(match.company, match.listing):
            row.update(zip(block.names, block.cells[:, place].tolist(), strict=True))
        if match.company < 0:
            row["status"] = match.status
        for name, say in _SAID.items():
            row[name] = say(match)
        return {name: row[name] for name in RESULT}

    def _blocks(self, company: Any, listing: Any) -> Iterator[tuple[Block, Any]]:
        yield self._texts, company
        yield self._numbers, company
        yield self._listings, listing


def _objects(values: list[Any]) -> np.ndarray:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column
