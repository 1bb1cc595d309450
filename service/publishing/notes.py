"""Release notes: what differs from the release before, fact by table and score by cause."""

from __future__ import annotations

from typing import Final

from scoring.errors import SchemaMismatchError
from scoring.reference.releases.release import Release

NOTES: Final = "notes.md"
_SHOWN: Final = 20


def release_notes(release: Release, parent: Release | None) -> str:
    """Notes of a release, as Markdown.

    Parameters
    ----------
    release : Release
    parent : Release or None
        The one it follows; None where it is the first, or is not at hand.
    """
    head = [
        f"# Release {release.version}",
        "",
        f"Built on {release.created}, facts up to {release.last_as_of}; sha256 {release.sha256}.",
        "",
    ]
    if parent is None:
        lines = ["No earlier release is at hand to compare it with.", "", "| table | rows |", "|---|---|"]
        lines += [f"| {resource['name']} | {resource['rows']:,} |" for resource in release.descriptor["resources"]]
    else:
        lines = [*_facts(release, parent), "", *_scores(release, parent)]
    return "\n".join([*head, *lines, ""])


def _facts(release: Release, parent: Release) -> list[str]:
    from scoring.reference.releases.diff import counts_of, estimate_changes, fact_changes

    counts = counts_of(fact_changes(parent, release), estimate_changes(parent, release))
    if not counts:
        return [f"The facts are those of {parent.version}."]
    rows = [f"| {table} | {n['added']} | {n['removed']} | {n['changed']} |" for table, n in counts.items()]
    return [
        f"## Facts, against {parent.version}",
        "",
        "| table | added | removed | changed |",
        "|---|---|---|---|",
        *rows,
    ]


def _scores(release: Release, parent: Release) -> list[str]:
    from scoring.changes.compare import what_changed
    from scoring.scorer import Scorer

    day = min(release.last_as_of, parent.last_as_of)
    try:
        changes = what_changed(Scorer(parent, day), Scorer(release, day))
    except SchemaMismatchError as error:
        return ["## Scores", "", f"They cannot be compared: {error.problem}."]
    moved = [row for row in changes.rows if row.delta or row.status_from != row.status_to]
    lines = [f"## Scores, as of {day}", "", f"{len(moved)} moved. The ones that moved most, and why:", ""]
    for row in moved[:_SHOWN]:
        causes = sorted(row.attributions, key=lambda one: -abs(one.points))[:3]
        why = "; ".join(f"{changes.causes[one.cause].statement} ({one.points:+.2f})" for one in causes)
        delta = f"{row.delta:+.2f}" if row.delta is not None else f"{row.status_from} → {row.status_to}"
        lines.append(f"- {row.name or row.company_id or row.query}: {delta}" + (f": {why}" if why else ""))
    return lines if moved else [*lines[:2], f"No score as of {day} moved."]
