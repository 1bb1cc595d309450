"""`exposure event`: what one act adds to companies; `exposure events`: every act that ever moved one."""

from __future__ import annotations

from typing import Annotated

import typer

from scoring.vocabulary import DEFAULT_METHODOLOGY
from service.cli.options import (
    EstimatesOption,
    MethodologyName,
    OverlayFolder,
    ReleaseName,
    UncertaintyOption,
    open_with_overlay,
)
from service.cli.output import FormatOption, OutputOption, check_format, emit
from service.cli.queries import (
    CompanyOption,
    EncodingOption,
    HeaderRow,
    SheetOption,
    TickerColumn,
    exit_unresolved,
    read_queries,
    reading_of,
)


def event(
    act: Annotated[
        str,
        typer.Argument(
            metavar="RULE|MEASURE|SCENARIO",
            help="rule_id, measure_id or scenario; several rules or measures announced together, comma-separated.",
        ),
    ],
    tickers: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE|TICKERS]", help="Whom it is asked for. Default: all that it touches, hardest hit first."
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="DATE",
            help="Day whose knowledge counts, YYYY-MM-DD. Default: the day before the announcement; of a scenario the "
            "last day of the release.",
        ),
    ] = None,
    release: ReleaseName = None,
    methodology: MethodologyName = DEFAULT_METHODOLOGY,
    estimates: EstimatesOption = "include",
    uncertainty: UncertaintyOption = False,
    top: Annotated[
        int,
        typer.Option("--top", min=1, help="Rows of the table for people, where no list is given; files have all."),
    ] = 25,
    overlay: OverlayFolder = None,
    ticker_column: TickerColumn = None,
    sheet: SheetOption = None,
    header_row: HeaderRow = None,
    encoding: EncodingOption = None,
    output: OutputOption = None,
    format_: FormatOption = None,
) -> None:
    """Show what a rule, measure or scenario adds to companies, as known the day before.

    Exit status: 0 done, 2 bad input, 3 some queries did not resolve (all rows are still given).
    """
    from scoring.acts.event import added_by, event_columns
    from scoring.reference.identifiers.resolver import Resolver

    check_format(output, format_)
    queries = read_queries(tickers, reading_of(ticker_column, sheet, header_row, encoding)) if tickers else None
    name: str | list[str] = [part.strip() for part in act.split(",")] if "," in act else act
    opened = open_with_overlay(release, overlay)
    added = added_by(opened, name, as_of, methodology, estimates)
    matches = None if queries is None else Resolver(opened).resolve_many(queries)
    columns = event_columns(added, matches, uncertainty=uncertainty, estimates=estimates)

    def print_table() -> None:
        from service.cli.render.acts.event import print_event

        print_event(added.states, columns, top if matches is None else None)

    emit(columns, output, format_, print_table)
    for note in added.states.notes:
        typer.echo(f"note: {note}", err=True)
    exit_unresolved(columns["status"])


def events(
    company: CompanyOption,
    release: ReleaseName = None,
    methodology: MethodologyName = DEFAULT_METHODOLOGY,
    estimates: EstimatesOption = "include",
    overlay: OverlayFolder = None,
    output: OutputOption = None,
    format_: FormatOption = None,
) -> None:
    """List every rule and measure that ever moved a company, each as known the day before, oldest first."""
    from scoring.acts.history import events_of

    check_format(output, format_)
    columns = events_of(open_with_overlay(release, overlay), company, methodology, estimates)

    def print_table() -> None:
        from service.cli.render.acts.event import print_events

        print_events(company, columns)

    emit(columns, output, format_, print_table)
