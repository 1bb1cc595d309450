"""`exposure changes`: what moved between two dates, releases or methodologies, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from scoring.errors import InputError
from scoring.vocabulary import DEFAULT_METHODOLOGY
from service.cli.compared import End, scored_ends
from service.cli.options import AsJson, EstimatesOption, MethodologyName, OverlayFolder, ReleaseName
from service.cli.output import FormatOption, OutputOption, check_format, emit
from service.cli.queries import (
    EncodingOption,
    HeaderRow,
    SheetOption,
    TickerColumn,
    exit_unresolved,
    read_queries,
    reading_of,
)

if TYPE_CHECKING:
    from scoring.changes.result import Changes

EXIT_CROSSED: Final = 4

TickersArgument = Annotated[
    list[str] | None,
    typer.Argument(help="Tickers, or files of them, as in `exposure score`. Default: every company that moved."),
]
FromEnd = Annotated[str | None, typer.Option("--from", metavar="DATE|VERSION", help="Date or release to start from.")]
ToEnd = Annotated[
    str | None,
    typer.Option(
        "--to",
        metavar="DATE|VERSION",
        help="Date or release to go to. Default: today, or the last day the release supports; the newest release.",
    ),
]
EndRelease = Annotated[str | None, typer.Option(metavar="VERSION", help="Release of this end, beside dates.")]
EndMethodology = Annotated[str | None, typer.Option(metavar="VERSION", help="Methodology of this end.")]
EndScenarios = Annotated[list[str] | None, typer.Option(metavar="NAME", help="Scenario of this end; several in order.")]
EndOverlay = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Private tables laid over the release of this end.")
]


def changes(
    tickers: TickersArgument = None,
    start: FromEnd = None,
    end: ToEnd = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="Day of both ends, where no dates are compared."),
    ] = None,
    release: ReleaseName = None,
    from_release: EndRelease = None,
    to_release: EndRelease = None,
    methodology: MethodologyName = DEFAULT_METHODOLOGY,
    from_methodology: EndMethodology = None,
    to_methodology: EndMethodology = None,
    from_scenario: EndScenarios = None,
    to_scenario: EndScenarios = None,
    overlay: OverlayFolder = None,
    estimates: EstimatesOption = "include",
    from_overlay: EndOverlay = None,
    to_overlay: EndOverlay = None,
    threshold: Annotated[
        float | None,
        typer.Option("--threshold", metavar="POINTS", help="End with status 4 if a score moved by so much or more."),
    ] = None,
    top: Annotated[int, typer.Option("--top", min=1, help="Show so many movers, and so many causes.")] = 20,
    ticker_column: TickerColumn = None,
    sheet: SheetOption = None,
    header_row: HeaderRow = None,
    encoding: EncodingOption = None,
    as_json: AsJson = False,
    output: OutputOption = None,
    format_: FormatOption = None,
) -> None:
    """Say what moved between two dates, releases or methodologies, and why; the causes add up to the move.

    With -o or --format there is one row per name and cause; with --json the whole result.

    Exit status: 0 done, 2 bad input, 3 some queries did not resolve (all rows are still given), 4 a score moved by
    the threshold or more (whether or not all queries resolved).
    """
    from scoring.changes.compare import what_changed
    from scoring.changes.table import change_columns
    from service.from_to import read_ends

    if as_json and (output is not None or format_ is not None):
        raise InputError("--json", "prints the whole result, and -o and --format write a table", "give one of them")
    check_format(output, format_)
    methods = from_methodology or methodology, to_methodology or methodology
    scenarios = from_scenario or None, to_scenario or None
    overlays = from_overlay or overlay, to_overlay or overlay
    ends = read_ends(
        start,
        end,
        release_from=from_release,
        release_to=to_release,
        as_of=as_of,
        differ=any(before != after for before, after in (methods, scenarios, overlays)),
    )
    queries = None if not tickers else read_queries(tickers, reading_of(ticker_column, sheet, header_row, encoding))
    each = [End(*parts) for parts in zip(methods, scenarios, overlays, strict=True)]
    before, after = scored_ends(ends, release, each, estimates)
    result = what_changed(before, after, queries, threshold)
    if as_json:
        typer.echo(result.model_dump_json(indent=2, by_alias=True))
    else:
        from service.cli.render.changes import print_changes

        emit(change_columns(result), output, format_, lambda: print_changes(result, top, all_rows=queries is not None))
    _exit(result)


def _exit(result: Changes) -> None:
    if result.crossed:
        raise typer.Exit(EXIT_CROSSED)
    exit_unresolved(row.status for row in result.rows)
