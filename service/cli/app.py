"""The commands of `exposure`, put together."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated, Any, Final

import typer

from scoring.vocabulary import DEFAULT_METHODOLOGY
from service.cli.commands.serving.serve import PASS_ON

COMMANDS: Final = {
    "score": "names.score",
    "explain": "names.explain",
    "risk": "names.risk",
    "verify": "names.verify",
    "history": "names.history",
    "estimate": "names.estimate",
    "portfolio": "books.portfolio",
    "workbook": "books.workbook",
    "coverage": "books.coverage",
    "screen": "books.screen",
    "report": "books.report",
    "event": "what_if.event",
    "events": "what_if.event",
    "study": "what_if.study",
    "changes": "what_if.changes",
    "alert": "what_if.alert",
    "scenario": "what_if.scenario",
    "panel": "datasets.dataset",
    "sweep": "datasets.dataset",
    "intervals": "datasets.dataset",
    "release": "reference.release",
    "methodology": "reference.methodology",
    "data": "reference.data",
    "overlay": "reference.overlay",
    "serve": "serving.serve",
    "mcp": "serving.mcp",
    "key": "serving.key",
}
"""Command -> module that has it; a module with an `app` has a group of commands."""

_ROOMS: Final = {
    "names": "Companies",
    "books": "Books and screens",
    "what_if": "What if, and what changed",
    "datasets": "Datasets",
    "reference": "Data and methodology",
    "serving": "Service",
}
"""Room of a command -> heading above it in the help text."""

_FIRST_STEPS: Final = (
    "First steps: `exposure score 8035.T ASML` scores companies, `exposure explain 8035.T` says why, and "
    "`exposure portfolio book.csv` scores a book, whose file has a column of weights, values or quantities. "
    "A score is of an as-of date: only what was known that day counts. `est.` beside a China share: the company "
    "discloses none, and it is estimated."
)


def make_app(only: str | None = None) -> typer.Typer:
    """The command line.

    Parameters
    ----------
    only : str, optional
        Have this command alone, which is up sooner because no other is imported; all where it is none of `COMMANDS`.
    """
    app = typer.Typer(
        name="exposure",
        help="Explainable, point-in-time scores of corporate exposure to the US-allies-China technology conflict.",
        epilog=_FIRST_STEPS,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    for name in [only] if only in COMMANDS else COMMANDS:
        module: Any = import_module(f"service.cli.commands.{COMMANDS[name]}")
        panel = _ROOMS[COMMANDS[name].partition(".")[0]]
        if hasattr(module, "app"):
            app.add_typer(module.app, name=name, rich_help_panel=panel)
        elif name == "serve":  # it passes its options on, those of its help included
            app.command(add_help_option=False, context_settings=PASS_ON, rich_help_panel=panel)(module.serve)
        else:
            app.command(rich_help_panel=panel)(getattr(module, name))
    return app


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        from scoring.methodology import list_methodologies
        from scoring.reference.releases.release import list_releases

        releases, methodologies = ", ".join(list_releases()) or "none", ", ".join(list_methodologies())
        typer.echo(
            f"exposure-risk {version('exposure-risk')} (releases: {releases}; methodologies: {methodologies}, of which "
            f"{DEFAULT_METHODOLOGY} is the default)"
        )
        raise typer.Exit


def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print versions and exit."),
    ] = False,
) -> None:
    """Explainable, point-in-time scores of corporate exposure to the US-allies-China technology conflict."""
