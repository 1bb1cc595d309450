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
    from scoring.reference.overlay import lay_over
    from scoring.reference.release import open_release

    try:
        laid = lay_over(open_release(release), folder)
    except ReferenceInvalidError as error:
        for offence in error.offences[1:]:
            typer.echo(offence, err=True)
        raise
    for table, rows in laid.counts().items():
        replaced = rows - (laid.table(table).num_rows - _rows(laid.base, table))
        typer.echo(f"{table}: {rows} rows, of which {replaced} replace rows of the release")
    typer.echo(f"{laid.version}; sha256 {laid.sha256}")


def _rows(release: object, table: str) -> int:
    from scoring.reference.release import Release

    assert isinstance(release, Release)  # noqa: S101 (for the type checker)
    return release.table(table).num_rows if table in release.names else 0
