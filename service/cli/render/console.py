"""What all output for people shares: the console, plain tables, rows, numbers, progress."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from scoring.score.snapshot import Columns

BAND_STYLE: Final = {
    "minimal": "green",
    "low": "cyan",
    "moderate": "yellow",
    "high": "dark_orange",
    "severe": "bold red",
}
_PIPE_WIDTH: Final = 150


def console(*, stderr: bool = False) -> Console:
    """Console as wide as the terminal; into a pipe or file wide enough not to cut names."""
    out = Console(stderr=stderr, highlight=False)
    if not out.is_terminal and "COLUMNS" not in os.environ:
        out.width = _PIPE_WIDTH
    return out


def plain_table(*headings: str, title: str | None = None, caption: str | None = None) -> Table:
    """Table without lines; its title and caption stand at the left."""
    return Table(
        *headings,
        title=title,
        caption=caption,
        title_justify="left",
        caption_justify="left",
        box=None,
        pad_edge=False,
    )


def rows_of(columns: Columns) -> list[dict[str, Any]]:
    """Rows of result columns, by name."""
    return [dict(zip(columns, row, strict=True)) for row in zip(*(c.tolist() for c in columns.values()), strict=True)]


def number(value: float | None, form: str) -> str:
    """Formatted number, empty when missing."""
    return "" if value is None or value != value else format(value, form)


def tracked(items: Iterable[Any], what: str, total: int | None = None) -> Iterable[Any]:
    """The same items, with a progress bar on a terminal."""
    from rich.progress import track  # imported here: most commands wait for nothing

    out = console(stderr=True)
    return track(items, what, total=total, console=out, transient=True, disable=not out.is_terminal)
