"""Changes as a table: one row per name and cause."""

from __future__ import annotations

from typing import Any, Final

from scoring.changes.result import Attribution, Cause, ChangeRow, Changes
from scoring.columns import CAUSE, CHANGE, CHANGED_NAME, VERSIONS
from scoring.methodology.parameters import PILLARS

_POINTS: Final = ("points", *(f"points_{pillar}" for pillar in PILLARS))


def change_columns(changes: Changes) -> dict[str, Any]:
    """One row per name and cause, with the columns `CHANGE`; no name is left out."""
    ends = {
        f"{name}_{end}": getattr(compared, name)
        for end, compared in (("from", changes.start), ("to", changes.end))
        for name in VERSIONS
    }
    rows = [
        {name: getattr(row, name) for name in CHANGED_NAME} | told | ends
        for row in changes.rows
        for told in _told(changes, row)
    ]
    return {name: [row.get(name) for row in rows] for name in CHANGE}


def _told(changes: Changes, row: ChangeRow) -> list[dict[str, Any]]:
    without = [name for name in row.status_causes if name not in {one.cause for one in row.attributions}]
    told = [_cells(changes.causes[one.cause], one) for one in row.attributions]
    return told + [_cells(changes.causes[name], None) for name in without] or [{}]


def _cells(cause: Cause, attribution: Attribution | None) -> dict[str, Any]:
    return {
        "cause": cause.id,
        **{name: None if attribution is None else getattr(attribution, name) for name in _POINTS},
        **{name: getattr(cause, name) for name in CAUSE},
        "source_title": cause.source.title if cause.source else None,
        "source_url": cause.source.url if cause.source else None,
    }
