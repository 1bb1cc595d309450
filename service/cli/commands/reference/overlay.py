"""`exposure overlay`: private tables laid over a release."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.cli.options import ReleaseName

app = typer.Typer(help="Private tables laid over a release.", no_args_is_help=True)


@app.callback()
def _commands() -> None:
    """Private tables laid over a release."""


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder with <table>.csv files.")],
    release: ReleaseName = None,
) -> None:
    """Check private tables against the data dictionary and a release; every offence is named with file and line."""
    from scoring.errors import ReferenceInvalidError
    from scoring.reference.releases.overlay import lay_over
    from scoring.reference.releases.release import open_release
    from service.cli.render.console import console

    try:
        laid = lay_over(open_release(release), folder)
    except ReferenceInvalidError as error:
        for offence in error.offences[1:]:
            typer.echo(offence, err=True)
        raise
    for table, counts in laid.laid.items():
        removed = f", {counts.removed} of the release removed with their block" if counts.removed else ""
        typer.echo(f"{table}: {counts.added} added, {counts.replaced} replaced{removed}")
    console().print(f"{laid.version}; sha256 {laid.sha256}")
