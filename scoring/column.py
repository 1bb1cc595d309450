"""A column of a table of results: its name, its kind, what it is; and how columns of each kind are written down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

Kind = Literal["text", "number", "integer", "date", "truth"]


class Column(NamedTuple):
    """A column of a table of results.

    Attributes
    ----------
    name : str
    kind : Kind
    text : str
        What it is, in a sentence.
    range : (float, float), optional
        Least and greatest value of a number.
    words : tuple of str
        The only values of a text that has so few.
    always : bool
        Whether it is never missing.
    """

    name: str
    kind: Kind
    text: str
    range: tuple[float, float] | None = None
    words: tuple[str, ...] = ()
    always: bool = False


Table = Mapping[str, Column]
"""Columns by name, in the order in which they are shown."""

SHARE: Final = (0.0, 1.0)
POINTS: Final = (0.0, 100.0)


def table(*columns: Column) -> dict[str, Column]:
    """Columns by name."""
    return {column.name: column for column in columns}


def text(name: str, text: str, *words: str) -> Column:
    """Text; with `words` one of these."""
    return Column(name, "text", text, words=words)


def share(name: str, text: str) -> Column:
    """Share, 0..1."""
    return Column(name, "number", text, SHARE)


def points(name: str, text: str) -> Column:
    """Points, 0..100."""
    return Column(name, "number", text, POINTS)


def number(name: str, text: str) -> Column:
    """Number of any size."""
    return Column(name, "number", text)


def whole(name: str, text: str) -> Column:
    """Whole number."""
    return Column(name, "integer", text)


def day(name: str, text: str) -> Column:
    """Calendar day."""
    return Column(name, "date", text)


def always(columns: Table, *but: str) -> dict[str, Column]:
    """The columns, never missing `but` for some."""
    return {name: column if name in but else column._replace(always=True) for name, column in columns.items()}
