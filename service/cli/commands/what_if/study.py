"""`exposure study`: the acts of a release tested on a user's returns."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scoring.errors import InputError
from scoring.vocabulary import DEFAULT_METHODOLOGY
from service.cli.options import AsJson, EstimatesOption, MethodologyName, OverlayFolder, ReleaseName, open_with_overlay
from service.files import write_output


def study(
    returns: Annotated[
        Path, typer.Argument(metavar="RETURNS", help="CSV or Parquet: date, ticker, and return or close.")
    ],
    benchmark: Annotated[
        str | None,
        typer.Option("--benchmark", metavar="TICKER", help="In the file, as the market. Default: the mean of names."),
    ] = None,
    events: Annotated[
        Path | None,
        typer.Option("--events", metavar="FILE", help="CSV: act, and date if not the announcement. Default: all acts."),
    ] = None,
    window: Annotated[
        str, typer.Option("--window", metavar="FIRST,LAST", help="Trading days that are summed, from the event.")
    ] = "0,1",
    seed: Annotated[int, typer.Option("--seed", help="Of the resampling and the random days.")] = 2026,
    release: ReleaseName = None,
    overlay: OverlayFolder = None,
    methodology: MethodologyName = DEFAULT_METHODOLOGY,
    estimates: EstimatesOption = "include",
    picture: Annotated[Path | None, typer.Option("--png", metavar="FILE", help="Write a forest plot.")] = None,
    as_json: AsJson = False,
) -> None:
    """Test on returns whether whom an act hits more lost more, beside what the China share alone says.

    Market model by ordinary least squares on trading days -250 to -30; rank correlation by event; mean over events with
    an interval by clusters, a paired difference, a partial given beta and random days for comparison. No score rests on
    it.
    """
    from scoring.studies.event_study import event_study
    from service.books.returns import read_events, read_returns

    given = read_returns(returns, benchmark)
    acts = None if events is None else read_events(events)
    found = event_study(
        open_with_overlay(release, overlay),
        given.table,
        given.market,
        acts,
        window=_window(window),
        methodology=methodology,
        seed=seed,
        estimates=estimates,
    )
    if picture is not None:
        from scoring.charts.drawing import to_png
        from scoring.studies.forest import forest_plot

        write_output(picture, to_png(forest_plot(found)), "--png")
    if as_json:
        typer.echo(found.model_dump_json(indent=1))
    else:
        from service.cli.render.acts.study import print_study

        print_study(found)
    for note in given.notes:
        typer.echo(f"note: {note}", err=True)


def _window(text: str) -> tuple[int, int]:
    try:
        first, last = (int(part) for part in text.split(","))
    except ValueError:
        raise InputError("--window", f"{text[:50]!r} is none", "give FIRST,LAST, such as 0,1") from None
    return first, last
