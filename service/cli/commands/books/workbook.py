"""`exposure workbook`: a scored book as a workbook to send on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scoring.errors import InputError
from scoring.vocabulary import DEFAULT_METHODOLOGY
from service.cli.options import (
    AsOf,
    EstimatesOption,
    MethodologyName,
    OverlayFolder,
    ReleaseName,
    ScenarioNames,
    make_scorer,
)
from service.cli.queries import (
    ByOption,
    EncodingOption,
    HeaderRow,
    SheetOption,
    TickerColumn,
    ValueColumn,
    WeightColumn,
    exit_unresolved,
    reading_of,
    say,
)
from service.cli.words import many


def workbook(
    book: Annotated[
        str, typer.Argument(metavar="FILE", help="Book, as for `exposure portfolio`; - for standard input.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Write here, such as report.xlsx.")],
    by: ByOption = None,
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
) -> None:
    """Write a book as a workbook: summary with a scenario to choose, positions, drivers, groups, acts, sources, charts.

    Exit status: 0 written, 2 bad input, 3 some positions did not resolve (all are in the workbook).
    """
    if output.suffix.lower() != ".xlsx":
        raise InputError("--output", f"{output.name!r} is no name of a workbook", "end it with .xlsx")
    from scoring.portfolio.score import score_portfolio
    from service.books.holdings import read_holdings
    from service.files import write_output
    from service.formats.portfolio import portfolio_workbook
    from service.formats.what_if import WhatIf

    reading = reading_of(
        ticker_column, sheet, header_row, encoding, weight_column=weight_column, value_column=value_column
    )
    holdings = read_holdings(book, reading, by)
    say(holdings.notes)
    scorer = make_scorer(as_of, release, methodology, scenario, overlay, estimates)
    result = score_portfolio(scorer, holdings)
    write_output(output, portfolio_workbook(scorer, result, WhatIf.of(scorer, holdings, result)), "-o")
    typer.echo(f"{many(len(result.positions), 'position')} written to {output}", err=True)
    exit_unresolved(part.status for part in result.coverage)
