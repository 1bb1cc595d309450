"""Releases for people: those of a store, the tables of one, and how two differ."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, get_args

from scoring.reference.releases.diff import Change
from scoring.reference.releases.release import DESCRIPTOR
from service.cli.render.console import console, paragraph
from service.cli.render.table import code, day, figure, note, print_table, text

if TYPE_CHECKING:
    from scoring.changes.releases import ReleaseDiff
    from scoring.reference.releases.diff import EstimateChanges, FactChange
    from scoring.reference.releases.release import Release

_SHOWN: Final = 30
"""Rows of a difference that are printed before the rest is only counted; --json has them all."""


def print_releases(releases: list[dict[str, Any]]) -> None:
    """Print the releases of a store, one row each."""
    out = console()
    if not releases:
        out.print("no releases; build one with `exposure release build`")
        return
    columns = [code("version"), day("created", 2), day("facts up to"), text("parent", 3), figure("facts", 1)]
    print_table(out, [*columns, note("sha256")], map(_listed, releases))


def _listed(release: dict[str, Any]) -> list[str]:
    if release["problem"]:
        return [release["version"], "", "", "", "", f"not usable: {release['problem']}"]
    days = release["created"], release["last_as_of"]
    return [release["version"], *days, release["parent"] or "", f"{release['rows']:,}", f"{release['sha256'][:12]}..."]


def print_release(release: Release) -> None:
    """Print the tables of a release."""
    out = console()
    out.print(
        f"Release {release.version} · created {release.created} · facts up to {release.last_as_of}", style="italic"
    )
    columns = [code("table"), figure("rows"), figure("bytes", 1), text("origin", 2), note("what it holds")]
    rows = [
        [
            resource["name"],
            f"{resource['rows']:,}",
            f"{resource['bytes']:,}",
            resource.get("origin", ""),
            resource.get("title", ""),
        ]
        for resource in release.descriptor["resources"]
    ]
    print_table(out, columns, rows)
    out.print(f"sha256 of {DESCRIPTOR}: {release.sha256}", style="dim")


def print_diff(diff: ReleaseDiff) -> None:
    """Print the facts that differ, and the scores that moved with them."""
    _print_facts(diff)
    _print_scores(diff)


def _print_facts(diff: ReleaseDiff) -> None:
    out = console()
    if not diff.facts and diff.estimates is None:
        out.print(f"{diff.old} and {diff.new} hold the same facts")
        return
    out.print(f"Facts, {diff.old} to {diff.new}", style="italic")
    changes = get_args(Change)
    counts = [[name, *(f"{count[change]:,}" for change in changes)] for name, count in diff.counts().items()]
    print_table(out, [code("table"), *(figure(change, 1 if change == "removed" else 0) for change in changes)], counts)
    if diff.estimates is not None:
        paragraph(out, _estimates(diff.estimates), 0, 4)
    each = max(_SHOWN // max(len({fact.table for fact in diff.facts}), 1), 1)
    told: Counter[str] = Counter()
    for fact in diff.facts:  # as many of each table, or the longest would be all that is seen
        told[fact.table] += 1
        if told[fact.table] <= each:
            paragraph(out, _line(fact), 0, 4)
    _print_rest(len(diff.facts), sum(min(count, each) for count in told.values()))


def _estimates(changes: EstimateChanges) -> str:
    days = changes.vintages
    spread = f"{days[0]} to {days[-1]}" if len(days) > 1 else str(days[0])
    moved = "" if changes.median_change is None else f"; median change {changes.median_change:.2%} of revenue"
    told = ", ".join(f"{count:,} {change}" for change, count in changes.counts.items() if count)
    return f"estimates, learnt again: {told}; vintages {spread}, {len(days)} in all{moved}"


def _print_scores(diff: ReleaseDiff) -> None:
    out = console()
    out.print(f"\nscores that moved as of {diff.as_of}: {len(diff.scores):,}")
    if not diff.scores:
        return
    rows = []
    for change in diff.scores[:_SHOWN]:
        moved = ", ".join(f"{name} {_arrow(pair, '.4f')}" for name, pair in change.exposures.items())
        same = change.status[0] == change.status[1]
        status = str(change.status[1]) if same else _arrow(change.status)
        rows.append([change.name, status, _arrow(change.score, ".2f"), moved])
    print_table(out, [text("company"), text("status", 1), text("score"), note("exposures that moved")], rows)
    _print_rest(len(diff.scores), len(rows))


def _print_rest(count: int, shown: int) -> None:
    if count > shown:
        console().print(f"and {count - shown:,} more; --json lists them all")


def _line(fact: FactChange) -> str:
    key = ", ".join(str(value) for value in fact.key.values())
    values = "; ".join(f"{column}: {_arrow(pair)}" for column, pair in fact.values.items())
    return f"{fact.table} ({key}) {fact.change}" + (f": {values}" if fact.change == "changed" else "")


def _arrow(pair: tuple[Any, Any], form: str = "") -> str:
    old, new = ("empty" if value is None else format(value, form) for value in pair)
    return f"{old} → {new}"
