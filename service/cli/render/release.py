"""Releases for people: those of a store, the tables of one, and how two differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import typer

from scoring.reference.releases.release import DESCRIPTOR
from service.cli.render.console import console, plain_table

if TYPE_CHECKING:
    from scoring.changes.releases import ReleaseDiff
    from scoring.reference.releases.diff import FactChange
    from scoring.reference.releases.release import Release

_SHOWN: Final = 30
"""Rows of a difference that are printed before the rest is only counted; --json has them all."""


def print_releases(releases: list[dict[str, Any]]) -> None:
    """Print the releases of a store, one row each."""
    table = plain_table("version", "created", "facts up to", "parent", "facts", "sha256")
    for release in releases:
        if release["problem"]:
            table.add_row(release["version"], "", "", "", "", f"not usable: {release['problem']}")
        else:
            days = release["created"], release["last_as_of"]
            rows, sha256 = f"{release['rows']:,}", f"{release['sha256'][:12]}…"
            table.add_row(release["version"], *days, release["parent"] or "", rows, sha256)
    console().print(table if releases else "no releases; build one with `exposure release build`")


def print_release(release: Release) -> None:
    """Print the tables of a release."""
    table = plain_table(
        title=f"Release {release.version} · created {release.created} · facts up to {release.last_as_of}",
        caption=f"sha256 of {DESCRIPTOR}: {release.sha256}",
    )
    for heading in ("table", "rows", "bytes", "what it holds", "origin"):
        table.add_column(heading, justify="right" if heading in {"rows", "bytes"} else "left", overflow="fold")
    for resource in release.descriptor["resources"]:
        table.add_row(
            resource["name"],
            f"{resource['rows']:,}",
            f"{resource['bytes']:,}",
            resource.get("title", ""),
            resource.get("origin", ""),
        )
    console().print(table)


def print_diff(diff: ReleaseDiff) -> None:
    """Print the facts that differ, and the scores that moved with them."""
    _print_facts(diff)
    _print_scores(diff)


def _print_facts(diff: ReleaseDiff) -> None:
    out = console()
    if not diff.facts:
        out.print(f"{diff.old} and {diff.new} hold the same facts")
        return
    counts = plain_table("table", "added", "removed", "changed", title=f"Facts, {diff.old} to {diff.new}")
    for name, count in diff.counts().items():
        counts.add_row(name, str(count["added"]), str(count["removed"]), str(count["changed"]))
    out.print(counts)
    for fact in diff.facts[:_SHOWN]:
        out.print(_line(fact), markup=False, soft_wrap=True)
    _print_rest(len(diff.facts))


def _print_scores(diff: ReleaseDiff) -> None:
    out = console()
    out.print(f"\nscores that moved as of {diff.as_of}: {len(diff.scores)}")
    if not diff.scores:
        return
    table = plain_table("company", "status", "score", "exposures that moved")
    for change in diff.scores[:_SHOWN]:
        moved = ", ".join(f"{name} {_arrow(pair, '.4f')}" for name, pair in change.exposures.items())
        same = change.status[0] == change.status[1]
        status = str(change.status[1]) if same else _arrow(change.status)
        table.add_row(change.company_id, status, _arrow(change.score, ".2f"), moved)
    out.print(table)
    _print_rest(len(diff.scores))


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
