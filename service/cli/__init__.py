"""The command `exposure`.

Exit status: 0 done; 1 an error of ours; 2 bad input, named with its fix; 3 some queries did not resolve;
130 interrupted.
"""

from __future__ import annotations

import sys
from typing import Annotated, Any, Final, cast

import typer

from scoring.errors import ExposureError
from service.cli import explain, key, methodology, release, score, serve

EXIT_BAD_INPUT: Final = 2
EXIT_INTERRUPTED: Final = 130

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

        from scoring.methodology import DEFAULT_METHODOLOGY
        from scoring.reference.release import list_releases

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
app.add_typer(release.app, name="release")
app.add_typer(methodology.app, name="methodology")
app.command(add_help_option=False, context_settings=serve.PASS_ON)(serve.serve)
app.add_typer(key.app, name="key")


def main() -> None:
    """Run the command; every foreseen mistake is one line on standard error."""
    try:
        sys.exit(app(standalone_mode=False))
    except ExposureError as error:
        _fail(f"error: {error}", EXIT_BAD_INPUT)
    except (typer.Abort, KeyboardInterrupt):
        _fail("interrupted; nothing half-written", EXIT_INTERRUPTED)
    except typer.TyperException as error:  # a wrong option or argument; Typer words these itself
        cast(Any, error).show()
        sys.exit(EXIT_BAD_INPUT)
    except BrokenPipeError:  # the reader of a pipe, such as head, has seen enough
        sys.stdout = None
        sys.exit(0)


def _fail(message: str, status: int) -> None:
    print(message, file=sys.stderr)
    sys.exit(status)
