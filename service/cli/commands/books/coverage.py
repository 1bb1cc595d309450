"""`exposure coverage`: how well a list or a book is known, and whose figures would help most."""

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
    SheetOption,
    TickerColumn,
    ValueColumn,
    WeightColumn,
    exit_unresolved,
    reading_of,
    say,
)

if TYPE_CHECKING:
    from scoring.portfolio.knowledge import CoverageReport


def coverage(
    book: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="List or book in any format of docs/files.md; - for standard input. Without sizes every name "
            "counts the same.",
        ),
    ],
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
    top: Annotated[int, typer.Option("--top", min=1, help="Show this many sectors and countries.")] = 8,
    as_json: AsJson = False,
    output: OutputOption = None,
    format_: FormatOption = None,
) -> None:
    """Say how well a book is known: disclosed, more than two years old, estimated, partial or not at all.

    With -o or --format the names are written as a table; with --json the whole report.

    Exit status: 0 said, 2 bad input, 3 some names did not resolve (all are still given).
    """
    from scoring.portfolio.coverage import coverage_report
    from service.books.holdings import read_names

    if as_json and (output is not None or format_ is not None):
        raise InputError("--json", "prints the whole report, and -o and --format write names", "give one of them")
    check_format(output, format_)
    reading = reading_of(
        ticker_column, sheet, header_row, encoding, weight_column=weight_column, value_column=value_column
    )
    holdings = read_names(book, reading, by)
    say(holdings.notes)
    result = coverage_report(make_scorer(as_of, release, methodology, scenario, overlay, estimates), holdings)
    if as_json:
        typer.echo(result.model_dump_json(indent=2))
    else:
        from service.cli.render.portfolio import print_coverage

        emit(_columns(result), output, format_, lambda: print_coverage(result, top))
    exit_unresolved(part.known for part in result.parts)


def _columns(result: CoverageReport) -> dict[str, Any]:
    """Names as columns, with what they were looked up in."""
    from scoring.columns import COVERAGE, VERSIONS

    return {
        name: [getattr(result, name)] * len(result.names)
        if name in VERSIONS
        else [getattr(row, name) for row in result.names]
        for name in COVERAGE
    }
