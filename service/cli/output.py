"""Where a table goes: to the terminal, to a file, or in a format to standard output."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from scoring.errors import OutputError
from service.cli.words import many
from service.files import STANDARD_OUTPUT

if TYPE_CHECKING:
    from scoring.score.snapshot import Columns

OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="Write here, in the format of the suffix; - is standard output."
    ),
]
FormatOption = Annotated[
    str | None,
    typer.Option(
        "--format", metavar="FORMAT", help="table, csv, json, ndjson, parquet, arrow or xlsx. Default: table."
    ),
]
_STREAMED: Final = ("csv", "ndjson")


def check_format(output: Path | None, format_: str | None) -> str | None:
    """Format to write, None for a table on the terminal; checked before any work is done.

    Raises
    ------
    OutputError
        No such format, or the suffix of the file names none.
    """
    from service.formats.encode import FORMATS, format_from_path

    if format_ is not None and format_ not in ("table", *FORMATS):
        raise OutputError("--format", f"{format_!r} is not known", f"use one of table, {', '.join(FORMATS)}")
    if output is not None and format_ in (None, "table"):
        return format_from_path(output)
    return None if format_ == "table" else format_


def emit(columns: Columns, output: Path | None, format_: str | None, print_table: Callable[[], None]) -> None:
    """Write result columns as the options say; `print_table` shows them to people."""
    from service.formats.encode import encode, stream, write

    chosen = check_format(output, format_)
    if output is not None and str(output) != STANDARD_OUTPUT:
        write(columns, output, chosen)
        typer.echo(f"{many(len(next(iter(columns.values()))), 'row')} written to {output}", err=True)
    elif chosen is None:
        print_table()
    else:
        for part in stream(columns, chosen) if chosen in _STREAMED else [encode(columns, chosen)]:
            sys.stdout.buffer.write(part)
        sys.stdout.buffer.flush()
