"""The commands of `exposure`, put together."""

from __future__ import annotations

from typing import Annotated

import typer

from scoring.vocabulary import DEFAULT_METHODOLOGY
from service.cli.commands.books import coverage, portfolio, screen
from service.cli.commands.datasets import dataset
from service.cli.commands.names import estimate, explain, history, risk, score, verify
from service.cli.commands.reference import data, methodology, overlay, publish, release
from service.cli.commands.serving import key, serve
from service.cli.commands.what_if import changes, event, scenario, study

app = typer.Typer(
    name="exposure",
    help="Explainable, point-in-time scores of corporate exposure to the US-allies-China technology conflict.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        from scoring.reference.releases.release import list_releases

        releases = ", ".join(list_releases()) or "none"
        typer.echo(
            f"exposure-risk {version('exposure-risk')} (releases: {releases}; methodology: {DEFAULT_METHODOLOGY})"
        )
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print versions and exit."),
    ] = False,
) -> None:
    """Explainable, point-in-time scores of corporate exposure to the US-allies-China technology conflict."""


app.command()(score.score)
app.command()(explain.explain)
app.command()(risk.risk)
app.command()(verify.verify)
app.command()(history.history)
app.command()(dataset.panel)
app.command()(dataset.sweep)
app.command()(dataset.intervals)
app.command()(event.event)
app.command()(event.events)
app.command()(study.study)
app.command()(changes.changes)
app.command()(portfolio.portfolio)
app.command()(coverage.coverage)
app.command()(screen.screen)
app.add_typer(estimate.app, name="estimate")
app.add_typer(scenario.app, name="scenario")
for command in (publish.publish, publish.promote, publish.rollback, publish.retire, publish.notes, publish.key):
    release.app.command()(command)
app.add_typer(release.app, name="release")
app.add_typer(methodology.app, name="methodology")
app.command(add_help_option=False, context_settings=serve.PASS_ON)(serve.serve)
app.add_typer(key.app, name="key")
app.add_typer(data.app, name="data")
app.add_typer(overlay.app, name="overlay")
