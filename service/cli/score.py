"""`exposure score`: tickers, a file of tickers or standard input, to a table or a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from scoring.vocabulary import DEFAULT_METHODOLOGY
from service.cli.options import AsOf, MethodologyName, ReleaseName, make_scorer

if TYPE_CHECKING:
    from scoring.scorer import Columns, Scorer

EXIT_UNRESOLVED: Final = 3
_CHUNK: Final = 5_000
_STREAMED: Final = ("csv", "ndjson")


def score(
    tickers: Annotated[
        list[str],
        typer.Argument(
            help="Tickers (8035.T, '8035 JT Equity', ASML NA, AMAT), ISINs, FIGIs, company ids or names; "
            "files of them (CSV, TSV, TXT, XLSX); or - for standard input."
        ),
    ],
    as_of: AsOf = None,
    release: ReleaseName = None,
    methodology: MethodologyName = DEFAULT_METHODOLOGY,
    column: Annotated[
        str | None,
        typer.Option("--column", metavar="NAME", help="Ticker column of a file. Default: found by name."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write here; the format follows the suffix."),
    ] = None,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="FORMAT", help="table, csv, json, ndjson, parquet, arrow or xlsx. Default: table."
        ),
    ] = None,
) -> None:
    """Score companies, one row per query, in order; no query is dropped.

    Exit status: 0 scored, 2 bad input, 3 some queries did not resolve (all rows are still given).
    """
    from service.formats import FORMATS, encode, format_from_path, stream, write

    if format_ is not None and format_ not in ("table", *FORMATS):
        raise typer.BadParameter(f"{format_!r} is not one of table, {', '.join(FORMATS)}", param_hint="--format")
    if output is not None and format_ in (None, "table"):
        format_ = format_from_path(output)
    if column is not None and not any(_is_book(argument) for argument in tickers):
        raise typer.BadParameter("there is no file whose column it could be", param_hint="--column")
    queries = [query for argument in tickers for query in _queries(argument, column)]
    scorer = make_scorer(as_of, release, methodology)
    columns = _score(scorer, queries)
    if output is not None:
        write(columns, output, format_)
        typer.echo(f"{len(queries)} rows written to {output}", err=True)
    elif format_ in (None, "table"):
        from service.cli.tables import print_scores

        print_scores(scorer, columns)
    else:
        parts = stream(columns, format_) if format_ in _STREAMED else [encode(columns, format_)]
        for part in parts:
            sys.stdout.buffer.write(part)
        sys.stdout.buffer.flush()
    if {"unresolved", "ambiguous"} & set(columns["status"]):
        raise typer.Exit(EXIT_UNRESOLVED)


def _is_book(argument: str) -> bool:
    from service.book import BOOK_SUFFIXES

    return argument == "-" or Path(argument).suffix.lower() in BOOK_SUFFIXES


def _queries(argument: str, column: str | None) -> list[str]:
    from service.book import read_book

    return read_book(argument, column).tickers if _is_book(argument) else [argument]


def _score(scorer: Scorer, queries: list[str]) -> Columns:
    """Score in chunks, with a progress bar on a terminal when there is more than one."""
    chunks = [queries[start : start + _CHUNK] for start in range(0, len(queries), _CHUNK)] or [[]]
    if len(chunks) == 1:
        return scorer.columns(queries)
    import numpy as np
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    progress = track(chunks, "Scoring", console=console, transient=True, disable=not console.is_terminal)
    parts = [scorer.columns(chunk) for chunk in progress]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
