"""`exposure release`: which releases exist, what is in them, how to build one, and how two differ."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scoring.data import data_directory
from scoring.errors import OutputError, ReferenceInvalidError, ReleaseCorruptError
from scoring.reference.releases.release import (
    Release,
    list_releases,
    open_release,
    version_key,
)
from service.cli.commands.reference import publish
from service.cli.options import AsJson
from service.clock import today

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scoring.reference.releases.build import Maker

app = typer.Typer(help="Versioned reference data: list, show, verify, build, compare.", no_args_is_help=True)

Store = Annotated[
    str | None,
    typer.Option("--store", metavar="FOLDER", help="Folder or URL of the releases. Default: the bundled ones."),
]
Version = Annotated[str | None, typer.Argument(help="Version, or folder or URL of one release. Default: the newest.")]


@app.command("list")
def list_(store: Store = None, as_json: AsJson = False) -> None:
    """List the releases of a store, oldest first; one that does not verify is named with its problem."""
    releases = [_entry(version, store) for version in list_releases(store)]
    if as_json:
        typer.echo(json.dumps(releases, indent=2))
        return
    from service.cli.render.release import print_releases

    print_releases(releases)


@app.command()
def show(version: Version = None, store: Store = None, as_json: AsJson = False) -> None:
    """Show the tables of a release, with rows, size and origin."""
    release = open_release(version, store)
    if as_json:
        typer.echo(json.dumps({**_summary(release), "descriptor": release.descriptor}, indent=2, ensure_ascii=False))
        return
    from service.cli.render.freshness import print_freshness
    from service.cli.render.release import print_release
    from service.ingest.freshness import as_document, scorer_on

    print_release(release)
    print_freshness(as_document(scorer_on(release, today()), today()))


@app.command()
def verify(version: Version = None, store: Store = None) -> None:
    """Compare every byte of a release with its hashes; exit 2 where one differs."""
    release = open_release(version, store)
    from service.cli.render.console import console

    console().print(f"{release.version}: {len(release.names)} tables match their hashes; sha256 {release.sha256}")


@app.command()
def build(
    source: Annotated[Path, typer.Option(help="Folder of the working tables.")] = Path("data/reference"),
    store: Store = None,
    version: Annotated[str | None, typer.Option(help="Version YYYY.MM.N. Default: the next of this month.")] = None,
    parent: Annotated[str | None, typer.Option(help="Version it follows. Default: the newest in the store.")] = None,
    estimates: Annotated[
        bool, typer.Option("--estimates/--no-estimates", help="Train the estimates of undisclosed China shares.")
    ] = True,
) -> None:
    """Check the working tables and freeze them as a release; every offence is named with file and line.

    The estimates are learnt from these tables alone, one vintage for each quarter: the same tables give the same bytes.
    """
    if store is not None and "://" in store:
        raise OutputError("store", f"{store} is no local folder", "build into a folder and copy the release from there")
    from scoring.reference.releases.build import build_release

    folder = Path(store) if store is not None else data_directory() / "releases"
    known = list_releases(folder)
    created = today()
    try:
        with _progress() as on_table:
            release = build_release(
                source,
                folder,
                version or _next(known, created.year, created.month),
                created,
                parent or (known[-1] if known else None),
                on_table,
                _makers() if estimates else None,
            )
    except ReferenceInvalidError as error:
        for offence in error.offences:
            typer.echo(offence, err=True)
        raise
    typer.echo(f"built {release.version} in {folder}; sha256 {release.sha256}")


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="Earlier version, or folder or URL of one release.")],
    new: Annotated[str, typer.Argument(help="Later version, or folder or URL of one release.")],
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="Day on which both are scored. Default: the last both support."),
    ] = None,
    table: Annotated[
        str | None,
        typer.Option(
            "--table", metavar="NAME", help="Compare the rows of one table, such as estimates. Default: all others."
        ),
    ] = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Name the facts that differ between two releases, and the scores that moved with them.

    Estimates are learnt again from whatever fact changed: how many differ is one line, --table estimates lists them.
    """
    from scoring.changes.releases import diff_releases

    difference = diff_releases(open_release(old, store), open_release(new, store), as_of, table)
    if as_json:
        typer.echo(json.dumps(difference.as_dict(), indent=2, ensure_ascii=False))
        return
    from service.cli.render.release import print_diff

    print_diff(difference)


for command in (publish.publish, publish.promote, publish.rollback, publish.retire, publish.notes, publish.key):
    app.command()(command)


def _summary(release: Release) -> dict[str, Any]:
    return {
        "version": release.version,
        "created": release.created.isoformat(),
        "last_as_of": release.last_as_of.isoformat(),
        "parent": release.parent,
        "tables": len(release.names),
        "rows": sum(resource["rows"] for resource in release.descriptor["resources"]),
        "sha256": release.sha256,
    }


def _entry(version: str, store: str | None) -> dict[str, Any]:
    try:
        return {**_summary(open_release(version, store)), "problem": None}
    except ReleaseCorruptError as error:
        return {"version": version, "problem": error.problem}


def _next(known: list[str], year: int, month: int) -> str:
    """Version after the last of the month."""
    taken = [version_key(version)[2] for version in known if version_key(version)[:2] == (year, month)]
    return f"{year}.{month:02}.{max(taken, default=-1) + 1}"


def _makers() -> Mapping[str, Maker]:
    """What makes the tables that no one writes."""
    from scoring.estimate.vintages import vintage_tables

    return {"estimates": vintage_tables}


@contextmanager
def _progress() -> Iterator[Callable[[str], None] | None]:
    """Progress bar on a terminal, none in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import Progress

    from scoring.reference.tables import REQUIRED
    from service.cli.render.console import console

    with Progress(console=console(stderr=True), transient=True) as bar:
        task = bar.add_task("checking", total=len(REQUIRED))
        yield lambda table: bar.update(task, advance=1, description=table)
