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
    DESCRIPTOR,
    Release,
    list_releases,
    open_release,
    version_key,
)
from service.cli.options import AsJson
from service.clock import today

if TYPE_CHECKING:
    from collections.abc import Callable

    from scoring.changes.releases import ReleaseDiff
    from scoring.reference.releases.diff import FactChange

app = typer.Typer(help="Versioned reference data: list, show, verify, build, compare.", no_args_is_help=True)

Store = Annotated[
    str | None,
    typer.Option("--store", metavar="FOLDER", help="Folder or URL of the releases. Default: the bundled ones."),
]
Version = Annotated[str | None, typer.Argument(help="Version, or folder or URL of one release. Default: the newest.")]

_SHOWN = 30
"""Rows of a difference that are printed before the rest is only counted; --json has them all."""


@app.command("list")
def list_(store: Store = None, as_json: AsJson = False) -> None:
    """List the releases of a store, oldest first; one that does not verify is named with its problem."""
    releases = [_entry(version, store) for version in list_releases(store)]
    if as_json:
        typer.echo(json.dumps(releases, indent=2))
        return
    from rich.table import Table

    from service.cli.render.scores import console

    table = Table("version", "created", "facts up to", "parent", "facts", "sha256", box=None, pad_edge=False)
    for one in releases:
        if one["problem"]:
            table.add_row(one["version"], "", "", "", "", f"not usable: {one['problem']}")
        else:
            rows, sha256 = f"{one['rows']:,}", f"{one['sha256'][:12]}…"
            table.add_row(one["version"], one["created"], one["last_as_of"], one["parent"] or "", rows, sha256)
    console().print(table if releases else "no releases; build one with `exposure release build`")


@app.command()
def show(version: Version = None, store: Store = None, as_json: AsJson = False) -> None:
    """Show the tables of a release, with rows, size and origin."""
    release = open_release(version, store)
    if as_json:
        typer.echo(json.dumps({**_summary(release), "descriptor": release.descriptor}, indent=2, ensure_ascii=False))
        return
    from rich.table import Table

    from service.cli.render.scores import console

    table = Table(
        title=f"Release {release.version} · created {release.created} · facts up to {release.last_as_of}",
        caption=f"sha256 of {DESCRIPTOR}: {release.sha256}",
        title_justify="left",
        caption_justify="left",
        box=None,
        pad_edge=False,
    )
    for heading in ("table", "rows", "bytes", "what it holds", "origin"):
        table.add_column(heading, justify="right" if heading in {"rows", "bytes"} else "left", overflow="fold")
    for one in release.descriptor["resources"]:
        table.add_row(one["name"], f"{one['rows']:,}", f"{one['bytes']:,}", one.get("title", ""), one.get("origin", ""))
    console().print(table)


@app.command()
def verify(version: Version = None, store: Store = None) -> None:
    """Compare every byte of a release with its hashes; exit 2 where one differs."""
    release = open_release(version, store)
    typer.echo(f"{release.version}: {len(release.names)} tables match their hashes; sha256 {release.sha256}")


@app.command()
def build(
    source: Annotated[Path, typer.Option(help="Folder of the working tables.")] = Path("data/reference"),
    store: Store = None,
    version: Annotated[str | None, typer.Option(help="Version YYYY.MM.N. Default: the next of this month.")] = None,
    parent: Annotated[str | None, typer.Option(help="Version it follows. Default: the newest in the store.")] = None,
) -> None:
    """Check the working tables and freeze them as a release; every offence is named with file and line."""
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
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Name the facts that differ between two releases, and the scores that moved with them."""
    from scoring.changes.releases import diff_releases

    found = diff_releases(open_release(old, store), open_release(new, store), as_of)
    if as_json:
        typer.echo(json.dumps(found.as_dict(), indent=2, ensure_ascii=False))
        return
    _print_facts(found)
    _print_scores(found)


def _summary(release: Release) -> dict[str, Any]:
    return {
        "version": release.version,
        "created": release.created.isoformat(),
        "last_as_of": release.last_as_of.isoformat(),
        "parent": release.parent,
        "tables": len(release.names),
        "rows": sum(one["rows"] for one in release.descriptor["resources"]),
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


@contextmanager
def _progress() -> Iterator[Callable[[str], None] | None]:
    """Progress bar on a terminal, none in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import Progress

    from scoring.reference.tables import TABLES
    from service.cli.render.scores import console

    with Progress(console=console(stderr=True), transient=True) as bar:
        task = bar.add_task("checking", total=len(TABLES))
        yield lambda table: bar.update(task, advance=1, description=table)


def _print_facts(found: ReleaseDiff) -> None:
    from rich.table import Table

    from service.cli.render.scores import console

    out = console()
    if not found.facts:
        out.print(f"{found.old} and {found.new} hold the same facts")
        return
    counts = Table("table", "added", "removed", "changed", box=None, pad_edge=False)
    counts.title, counts.title_justify = f"Facts, {found.old} to {found.new}", "left"
    for name, count in found.counts().items():
        counts.add_row(name, str(count["added"]), str(count["removed"]), str(count["changed"]))
    out.print(counts)
    for fact in found.facts[:_SHOWN]:
        out.print(_line(fact), markup=False, soft_wrap=True)
    _print_rest(len(found.facts))


def _print_scores(found: ReleaseDiff) -> None:
    from rich.table import Table

    from service.cli.render.scores import console

    out = console()
    out.print(f"\nscores that moved as of {found.as_of}: {len(found.scores)}")
    if not found.scores:
        return
    table = Table("company", "status", "score", "exposures that moved", box=None, pad_edge=False)
    for change in found.scores[:_SHOWN]:
        moved = ", ".join(f"{name} {_arrow(pair, '.4f')}" for name, pair in change.exposures.items())
        same = change.status[0] == change.status[1]
        status = str(change.status[1]) if same else _arrow(change.status)
        table.add_row(change.company_id, status, _arrow(change.score, ".2f"), moved)
    out.print(table)
    _print_rest(len(found.scores))


def _print_rest(count: int) -> None:
    if count > _SHOWN:
        typer.echo(f"and {count - _SHOWN} more; --json lists them all")


def _line(fact: FactChange) -> str:
    key = ", ".join(str(value) for value in fact.key.values())
    values = "; ".join(f"{column}: {_arrow(pair)}" for column, pair in fact.values.items())
    return f"{fact.table} ({key}) {fact.change}" + (f": {values}" if fact.change == "changed" else "")


def _arrow(pair: tuple[Any, Any], form: str = "") -> str:
    old, new = ("empty" if value is None else format(value, form) for value in pair)
    return f"{old} → {new}"
