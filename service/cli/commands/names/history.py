"""`exposure history`: one score over time, and the facts that moved it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scoring.errors import InputError
from scoring.vocabulary import DEFAULT_METHODOLOGY
from service.cli.commands.datasets.dataset import EndOption, FreqOption, StartOption
from service.cli.options import (
    AsJson,
    EstimatesOption,
    MethodologyName,
    OverlayFolder,
    ReleaseName,
    ScenarioNames,
    open_with_overlay,
)
from service.cli.output import FormatOption, OutputOption, check_format, emit
from service.cli.queries import TickerArgument
from service.files import write_output

if TYPE_CHECKING:
    from scoring.timeseries.result import History


def history(
    ticker: TickerArgument,
    start: StartOption,
    end: EndOption = None,
    freq: FreqOption = "M",
    release: ReleaseName = None,
    methodology: MethodologyName = DEFAULT_METHODOLOGY,
    scenario: ScenarioNames = None,
    overlay: OverlayFolder = None,
    estimates: EstimatesOption = "include",
    as_json: AsJson = False,
    png: Annotated[Path | None, typer.Option("--png", metavar="FILE", help="Draw it into this file.")] = None,
    output: OutputOption = None,
    format_: FormatOption = None,
) -> None:
    """Show a score over time, as it was known on each day, and what moved it; --json has the sources.

    With -o or --format the points are written as a table.
    """
    from scoring.timeseries.history import history as compute

    if as_json and (output is not None or format_ is not None):
        raise InputError("--json", "prints the whole history, and -o and --format write its points", "give one of them")
    check_format(output, format_)
    result = compute(open_with_overlay(release, overlay), ticker, start, end, freq, methodology, scenario, estimates)
    if png is not None:
        from scoring.charts.drawing import to_png
        from scoring.charts.history import history_chart

        write_output(png, to_png(history_chart(result, methodology)), "--png")
        typer.echo(f"drawn into {png}", err=True)
    if as_json:
        typer.echo(result.model_dump_json(indent=2))
        return

    def print_table() -> None:
        from service.cli.render.history import print_history

        if png is None:
            print_history(result)

    emit(_columns(result), output, format_, print_table)


def _columns(result: History) -> dict[str, Any]:
    """Points as columns, with whose they are and what they were computed from."""
    from scoring.columns import VERSIONS

    same = {name: getattr(result, name) for name in ("query", "company_id", "name", *VERSIONS) if hasattr(result, name)}
    names = list(type(result.points[0]).model_fields) if result.points else []
    points = {name: [getattr(point, name) for point in result.points] for name in names}
    return {name: [value] * len(result.points) for name, value in same.items()} | points
