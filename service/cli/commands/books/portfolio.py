"""`exposure portfolio`: a book of positions scored as one, taken apart, and set against a benchmark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from scoring.errors import InputError
from scoring.vocabulary import DEFAULT_METHODOLOGY
from service.cli.options import (
    AsJson,
    AsOf,
    EstimatesOption,
    MethodologyName,
    OverlayFolder,
    ReleaseName,
    ScenarioNames,
    make_scorer,
)
from service.cli.output import FormatOption, OutputOption, check_format, emit
from service.cli.queries import (
    ByOption,
    EncodingOption,
    HeaderRow,
    MatchesOption,
    SheetOption,
    TickerColumn,
    ValueColumn,
    WeightColumn,
    exit_unresolved,
    reading_of,
    say,
    write_matches,
)

if TYPE_CHECKING:
    from scoring.portfolio.result import PortfolioScore


def portfolio(
    book: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="Book with tickers and weights, market values, or quantities and prices, in any format of "
            "docs/files.md; - for standard input. Negative is short.",
        ),
    ],
    benchmark: Annotated[
        str | None, typer.Option("--benchmark", metavar="FILE", help="Book to compare with; columns as in the book.")
    ] = None,
    by: ByOption = None,
    long_only: Annotated[bool, typer.Option("--long-only", help="Refuse short positions.")] = False,
    as_of: AsOf = None,
    release: ReleaseName = None,
    methodology: MethodologyName = DEFAULT_METHODOLOGY,
    scenario: ScenarioNames = None,
    overlay: OverlayFolder = None,
    estimates: EstimatesOption = "include",
    ticker_column: TickerColumn = None,
    weight_column: WeightColumn = None,
    value_column: ValueColumn = None,
    sheet: SheetOption = None,
    header_row: HeaderRow = None,
    encoding: EncodingOption = None,
    matches: MatchesOption = None,
    top: Annotated[int, typer.Option("--top", min=1, help="Show this many of each list.")] = 8,
    as_json: AsJson = False,
    output: OutputOption = None,
    format_: FormatOption = None,
) -> None:
    """Score a book: its exposure long, short and net, what drives it, and what could not be scored.

    With -o or --format the positions are written as a table; with --json the whole result.

    Exit status: 0 scored, 2 bad input, 3 some positions did not resolve (all are still given).
    """
    from scoring.portfolio.score import score_portfolio
    from service.books.holdings import read_holdings

    if as_json and (output is not None or format_ is not None):
        raise InputError("--json", "prints the whole result, and -o and --format write positions", "give one of them")
    check_format(output, format_)
    reading = reading_of(
        ticker_column, sheet, header_row, encoding, weight_column=weight_column, value_column=value_column
    )
    holdings = read_holdings(book, reading, by)
    compared = None if benchmark is None else read_holdings(benchmark, reading, by)
    say(holdings.notes + (() if compared is None else compared.notes))
    scorer = make_scorer(as_of, release, methodology, scenario, overlay, estimates)
    result = score_portfolio(scorer, holdings, compared, long_only=long_only, drivers=max(top, 20))
    if matches is not None:
        write_matches(scorer.resolver, holdings.tickers, matches)
    if as_json:
        typer.echo(result.model_dump_json(indent=2))
    else:
        from service.cli.render.portfolio import print_portfolio

        emit(position_columns(result), output, format_, lambda: print_portfolio(result, top))
    exit_unresolved(part.status for part in result.coverage)


def position_columns(result: PortfolioScore) -> dict[str, Any]:
    """Positions as columns, with what they were scored from."""
    from scoring.columns import POSITION, VERSIONS

    rows = result.positions
    return {
        name: [getattr(result, name)] * len(rows) if name in VERSIONS else [getattr(row, name) for row in rows]
        for name in POSITION
    }
