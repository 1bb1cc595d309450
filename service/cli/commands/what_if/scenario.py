"""`exposure scenario`: the library of what-ifs, and what one does to a book."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from scoring.vocabulary import DEFAULT_METHODOLOGY
from service.cli.options import AsJson, AsOf, EstimatesOption, MethodologyName, OverlayFolder, ReleaseName, make_scorer
from service.cli.output import FormatOption, OutputOption, emit
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

if TYPE_CHECKING:
    from pathlib import Path

    from scoring.score.snapshot import Columns
    from scoring.scorer import Scorer

app = typer.Typer(help="What-ifs: list, show, run on a book.", no_args_is_help=True)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the scenarios of the library."""
    from scoring.scenario import list_scenarios, load_scenario

    scenarios = [load_scenario(name) for name in list_scenarios()]
    if as_json:
        typer.echo(
            json.dumps([{"scenario_id": scenario.scenario_id, "title": scenario.title} for scenario in scenarios])
        )
        return
    from service.cli.render.console import console
    from service.cli.render.table import code, note, print_table

    rows = [[scenario.scenario_id, scenario.title] for scenario in scenarios]
    print_table(console(), [code(""), note("", most=90)], rows)


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name in the library, or path of a document.")],
    as_json: AsJson = False,
) -> None:
    """Show a scenario as the document that makes it: YAML, or JSON with --json."""
    from scoring.scenario import load_scenario
    from scoring.scenario.library import to_yaml

    scenario = load_scenario(name)
    typer.echo(json.dumps(scenario.document(), indent=2) if as_json else to_yaml(scenario).rstrip())


@app.command()
def run(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Scenarios, comma-separated; names or paths.")],
    tickers: TickersArgument,
    as_of: AsOf = None,
    release: ReleaseName = None,
    methodology: MethodologyName = DEFAULT_METHODOLOGY,
    overlay: OverlayFolder = None,
    estimates: EstimatesOption = "include",
    ticker_column: TickerColumn = None,
    sheet: SheetOption = None,
    header_row: HeaderRow = None,
    encoding: EncodingOption = None,
    output: OutputOption = None,
    format_: FormatOption = None,
) -> None:
    """Score a book without and with a scenario, one row per query, in order.

    Exit status: 0 done, 2 bad input, 3 some queries did not resolve (all rows are still given).
    """
    from scoring.changes.impact import impact
    from scoring.scorer import Scorer

    queries = read_queries(tickers, reading_of(ticker_column, sheet, header_row, encoding))
    before = make_scorer(as_of, release, methodology, None, overlay, estimates)
    scenarios = [part.strip() for part in name.split(",")]
    after = Scorer(before.release, before.as_of, before.methodology, scenarios, estimates)
    columns = impact(before, after, before.wanted(queries))
    _emit(after, columns, output, format_)
    for note in after.scenario_notes:
        typer.echo(f"note: {note}", err=True)
    exit_unresolved(columns["status"])


def _emit(scorer: Scorer, columns: Columns, output: Path | None, format_: str | None) -> None:
    def print_table() -> None:
        from service.cli.render.impact import print_impact

        print_impact(scorer, columns)

    emit(columns, output, format_, print_table)
