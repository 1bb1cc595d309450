"""Tickers as a command takes them: themselves, files of them, or standard input."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final

import typer

EXIT_UNRESOLVED: Final = 3

TickersArgument = Annotated[
    list[str],
    typer.Argument(
        help="Tickers (8035.T, '8035 JT Equity', ASML NA, AMAT), ISINs, FIGIs, company ids or names; "
        "files of them (CSV, TSV, TXT, XLSX); or - for standard input."
    ),
]
ColumnOption = Annotated[
    str | None,
    typer.Option("--column", metavar="NAME", help="Ticker column of a file. Default: found by name."),
]


def read_queries(tickers: list[str], column: str | None) -> list[str]:
    """Queries of the arguments, in order.

    Raises
    ------
    typer.BadParameter
        A column is named, and there is no file.
    InputError
        A file cannot be read.
    """
    if column is not None and not any(is_book(argument) for argument in tickers):
        raise typer.BadParameter("there is no file whose column it could be", param_hint="--column")
    return [query for argument in tickers for query in _queries(argument, column)]


def is_book(argument: str) -> bool:
    """Whether an argument names a file of tickers or standard input."""
    from service.books.tickers import BOOK_SUFFIXES

    return argument == "-" or Path(argument).suffix.lower() in BOOK_SUFFIXES


def exit_unresolved(statuses: Iterable[str]) -> None:
    """End with the status that says so if some queries did not resolve."""
    if {"unresolved", "ambiguous"} & set(statuses):
        raise typer.Exit(EXIT_UNRESOLVED)


def _queries(argument: str, column: str | None) -> list[str]:
    from service.books.tickers import read_book

    return read_book(argument, column).tickers if is_book(argument) else [argument]
