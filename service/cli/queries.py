"""Tickers as a command takes them: themselves, files of them, or standard input."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from scoring.errors import InputError

if TYPE_CHECKING:
    from scoring.reference.identifiers.resolver import Resolver
    from scoring.reference.identifiers.row import Queries, Query
    from service.books.reading import Reading

EXIT_UNRESOLVED: Final = 3

TickersArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="TICKERS",
        help="Tickers (8035.T, '8035 JT Equity', ASML NA, AMAT), ISINs, FIGIs, company ids or names; "
        "files of them in any format of docs/files.md; or - for standard input.",
    ),
]

TickerColumn = Annotated[
    str | None,
    typer.Option("--ticker-column", "--column", metavar="NAME", help="Ticker column of a file. Default: by name."),
]
WeightColumn = Annotated[
    str | None,
    typer.Option("--weight-column", metavar="NAME", help="Column of weights, which are then used. Default: by name."),
]
ValueColumn = Annotated[
    str | None,
    typer.Option("--value-column", metavar="NAME", help="Column of values, which are then used. Default: by name."),
]
By = Literal["weight", "value", "quantity"]
ByOption = Annotated[
    By | None,
    typer.Option("--by", help="Which sizes count where the book has several. Default: weights, else values."),
]
SheetOption = Annotated[
    str | None,
    typer.Option("--sheet", metavar="NAME", help="Sheet of a workbook, by name or number. Default: the first visible."),
]
HeaderRow = Annotated[
    int | None,
    typer.Option("--header-row", metavar="N", min=1, help="Line of a file that has the header. Default: found."),
]
EncodingOption = Annotated[
    str | None,
    typer.Option("--encoding", metavar="NAME", help="Encoding of a text file, such as cp932. Default: detected."),
]

MatchesOption = Annotated[
    Path | None,
    typer.Option(
        "--matches",
        metavar="FILE",
        help="Also write which company each row was matched to, and by which evidence; - is standard output.",
    ),
]


def _no_file(argument: str) -> str:
    """Refuse a file where one company is meant.

    Raises
    ------
    InputError
        The argument is a file, a folder or standard input.
    """
    if is_book(argument):
        fix = "give its ticker; `exposure score` and `exposure portfolio` take files"
        raise InputError(argument, "is a file, and this command is of one company", fix)
    return argument


TickerArgument = Annotated[
    str, typer.Argument(metavar="TICKER", help="Ticker, ISIN, FIGI, company id or name.", callback=_no_file)
]
CompanyOption = Annotated[
    str,
    typer.Option("--company", metavar="TICKER", help="Ticker, ISIN, FIGI, company id or name.", callback=_no_file),
]


def reading_of(
    ticker_column: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    encoding: str | None = None,
    *,
    weight_column: str | None = None,
    value_column: str | None = None,
) -> Reading:
    """How files are to be read, as the options say."""
    from service.books.reading import Reading

    return Reading(ticker_column, weight_column, value_column, sheet, header_row, encoding)


def read_queries(tickers: list[str], reading: Reading) -> list[Query]:
    """Queries of the arguments, in order: texts, and rows of files.

    Raises
    ------
    InputError
        A file cannot be read; or an option of a file is given, and there is no file.
    """
    if reading.said and not any(is_book(argument) for argument in tickers):
        raise InputError(
            reading.said[0], "is of a file, and no file is given", "give the file, or leave the option out"
        )
    return [query for argument in tickers for query in _queries(argument, reading)]


def is_book(argument: str) -> bool:
    """Whether an argument names a file or standard input: what exists as a path is never a ticker."""
    if argument == "-":
        return True
    from service.books.contents import SUFFIXES

    try:
        return Path(argument).suffix.lower() in SUFFIXES or Path(argument).exists()
    except (OSError, ValueError):  # too long for a name, or with a NUL
        return False


def say(notes: Iterable[str]) -> None:
    """Say on standard error how a file was read."""
    for note in notes:
        typer.echo(f"note: {note}", err=True)


def write_matches(resolver: Resolver, queries: Queries, path: Path) -> None:
    """Write which company each query was matched to, and by which evidence."""
    from scoring.reference.identifiers.match_table import match_columns
    from service.formats.encode import write

    write(match_columns(resolver, queries), path)


def exit_unresolved(statuses: Iterable[str]) -> None:
    """End with the status that says so if some queries did not resolve."""
    if {"unresolved", "ambiguous"} & set(statuses):
        raise typer.Exit(EXIT_UNRESOLVED)


def _queries(argument: str, reading: Reading) -> list[Query]:
    if not is_book(argument):
        return [argument]
    from service.books.book import read_book

    book = read_book(argument, reading)
    say(book.notes)
    return list(book.rows)
