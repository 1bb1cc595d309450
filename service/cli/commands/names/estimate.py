"""`exposure estimate`: on what an estimated China share rests."""

from __future__ import annotations

import typer

from service.cli.options import AsJson, AsOf, OverlayFolder, ReleaseName, open_with_overlay
from service.cli.queries import TickerArgument

app = typer.Typer(help="Estimated China shares of companies that disclose none.", no_args_is_help=True)


@app.command()
def show(
    ticker: TickerArgument,
    as_of: AsOf = None,
    release: ReleaseName = None,
    overlay: OverlayFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show an estimate: prior cell with its sources, nearest disclosing companies, interval, error of the model.

    The model is learnt again from the release, as its build did, so this takes some seconds.
    """
    from scoring.estimate.basis import estimate_basis
    from service.clock import default_as_of

    opened = open_with_overlay(release, overlay)
    basis = estimate_basis(opened, ticker, default_as_of(opened) if as_of is None else as_of)
    if as_json:
        typer.echo(basis.model_dump_json(indent=2))
        return
    from service.cli.render.estimate import print_estimate

    print_estimate(basis)
