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
    "panel": "datasets.dataset",
    "sweep": "datasets.dataset",
    "intervals": "datasets.dataset",
    "event": "what_if.event",
    "events": "what_if.event",
    "study": "what_if.study",
    "changes": "what_if.changes",
    "alert": "what_if.alert",
    "portfolio": "books.portfolio",
    "workbook": "books.workbook",
    "coverage": "books.coverage",
    "screen": "books.screen",
    "report": "books.report",
    "estimate": "names.estimate",
    "scenario": "what_if.scenario",
    "release": "reference.release",
    "methodology": "reference.methodology",
    "serve": "serving.serve",
    "mcp": "serving.mcp",
    "key": "serving.key",
    "data": "reference.data",
    "overlay": "reference.overlay",
}
"""Command -> module that has it; a module with an `app` has a group of commands."""


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
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    for name in [only] if only in COMMANDS else COMMANDS:
        module: Any = import_module(f"service.cli.commands.{COMMANDS[name]}")
        if hasattr(module, "app"):
            app.add_typer(module.app, name=name)
        elif name == "serve":  # it passes its options on, those of its help included
            app.command(add_help_option=False, context_settings=PASS_ON)(module.serve)
        else:
            app.command()(getattr(module, name))
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
