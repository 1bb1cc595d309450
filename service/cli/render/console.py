"""What all output for people shares: the console, rows, numbers, sentences, progress."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.text import Text

from service.cli.wrapping import spans

if TYPE_CHECKING:
    from scoring.score.snapshot import Columns

BAND_STYLE: Final = {
    "minimal": "green",
    "low": "cyan",
    "moderate": "yellow",
    "high": "dark_orange",
    "severe": "bold red",
}
POINTS: Final = ("market pts", "control pts", "retal. pts")
"""Headings of the points of the three pillars; the bare words are the exposures."""

_PIPE_WIDTH: Final = 150


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the command as a whole: the reader has seen enough, which is no error."""
        raise BrokenPipeError(errno.EPIPE, "the reader is gone")


def console(*, stderr: bool = False) -> Console:
    """Console as wide as the terminal; into a pipe or file wide enough not to cut names."""
    out = _Console(stderr=stderr, highlight=False)
    if not out.is_terminal and "COLUMNS" not in os.environ:
        out.width = _PIPE_WIDTH
    return out


def paragraph(out: Console, text: str, first: int, rest: int, style: str = "") -> None:
    """Print a sentence whose first line and further lines have these indents."""
    room = max(out.width, rest + 20)
    lines = [text[start:end] for start, end in spans(text, room - first, room - rest)]
    out.print(Text(" " * first + f"\n{' ' * rest}".join(lines), style=style), soft_wrap=True)


def rows_of(columns: Columns) -> list[dict[str, Any]]:
    """Rows of result columns, by name."""
    return [dict(zip(columns, row, strict=True)) for row in zip(*(c.tolist() for c in columns.values()), strict=True)]


def number(value: float | None, form: str) -> str:
    """Formatted number, empty when missing; what rounds to zero has no minus."""
    if value is None or value != value:
        return ""
    shown = format(value, form)
    return format(0.0, form) if value < 0 and not shown.strip("-0.,%") else shown


def ends(low: float | None, high: float | None) -> str:
    """The two ends of a range of shares, empty when missing."""
    return f"{low:.1%} to {high:.1%}" if low is not None and high is not None and low == low and high == high else ""


def amount(value: float) -> str:
    """A sum of money or weights as it is written, never with an exponent: whole from a thousand on."""
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:,.4f}".rstrip("0").rstrip(".")


def tracked(items: Iterable[Any], what: str, total: int | None = None) -> Iterable[Any]:
    """The same items, with a progress bar on a terminal."""
    from rich.progress import track  # imported here: most commands wait for nothing

    out = console(stderr=True)
    return track(items, what, total=total, console=out, transient=True, disable=not out.is_terminal)
