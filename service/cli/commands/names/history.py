"""`exposure history`: one score over time, and the facts that moved it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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
from service.files import write_output


def history(
    ticker: Annotated[str, typer.Argument(help="Ticker, ISIN, FIGI, company id or name.")],
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
) -> None:
    """Show a score over time, as it was known on each day, and what moved it; --json has the sources."""
    from scoring.timeseries.history import history as compute

    result = compute(open_with_overlay(release, overlay), ticker, start, end, freq, methodology, scenario, estimates)
    if png is not None:
        from scoring.charts.drawing import to_png
        from scoring.charts.history import history_chart

        write_output(png, to_png(history_chart(result, methodology)), "--png")
        typer.echo(f"drawn into {png}", err=True)
    if as_json:
        typer.echo(result.model_dump_json(indent=2))
    elif png is None:
        from service.cli.render.history import print_history

        print_history(result)
