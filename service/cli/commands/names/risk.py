"""`exposure risk`: revenue at risk of a book, or of one company taken apart."""

from __future__ import annotations

from typing import Annotated

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
    EncodingOption,
    HeaderRow,
    SheetOption,
    TickerColumn,
    TickersArgument,
    exit_unresolved,
    read_queries,
    reading_of,
)


def risk(
    tickers: TickersArgument,
    as_of: AsOf = None,
    release: ReleaseName = None,
    methodology: MethodologyName = DEFAULT_METHODOLOGY,
    scenario: ScenarioNames = None,
    overlay: OverlayFolder = None,
    estimates: EstimatesOption = "include",
    uncertainty: Annotated[
        bool, typer.Option("--uncertainty", help="Add percentiles 5, 50 and 95 over all assumptions.")
    ] = False,
    detail: Annotated[bool, typer.Option("--detail", help="Take one company apart, with sources.")] = False,
    as_json: AsJson = False,
    ticker_column: TickerColumn = None,
    sheet: SheetOption = None,
    header_row: HeaderRow = None,
    encoding: EncodingOption = None,
    output: OutputOption = None,
    format_: FormatOption = None,
) -> None:
    """Revenue at risk from what came since each fiscal period, and from a scenario; in money and with its range.

    Exit status: 0 done, 2 bad input, 3 some queries did not resolve (all rows are still given).
    """
    check_format(output, format_)
    queries = read_queries(tickers, reading_of(ticker_column, sheet, header_row, encoding))
    scorer = make_scorer(as_of, release, methodology, scenario, overlay, estimates)
    if detail:
        if uncertainty:
            raise InputError("--detail", "has no interval", "leave out --detail or --uncertainty")
        if len(queries) != 1:
            raise InputError("--detail", f"there are {len(queries)} queries", "name one company")
        document = scorer.revenue_at_risk_detail(scorer.resolver.company_ids[scorer.resolver.one(queries[0]).company])
        if as_json:
            typer.echo(document.model_dump_json(indent=2))
        else:
            from service.cli.render.risk import print_risk_detail

            print_risk_detail(document)
        return
    columns = scorer.risk_columns(scorer.wanted(queries), uncertainty=uncertainty)

    def print_table() -> None:
        from service.cli.render.risk import print_risk

        print_risk(scorer, columns)

    emit(columns, output, "json" if as_json and format_ is None else format_, print_table)
    exit_unresolved(columns["status"])
