"""Changes as a table: one row per name and cause."""

from __future__ import annotations

from typing import Any, Final

from scoring.changes.result import Attribution, Cause, ChangeRow, Changes

_ROW: Final = (
    "query",
    "status",
    "status_from",
    "status_to",
    "company_id",
    "name",
    "ticker",
    "mic",
    "country",
    "sector",
    "score_from",
    "score_to",
    "delta",
    "delta_market",
    "delta_control",
    "delta_retaliation",
    "floor_from",
    "floor_to",
    "floor_delta",
    "rank_from",
    "rank_to",
    "reason",
    "candidates",
)
_CAUSE: Final = (
    "kind",
    "change",
    "label",
    "statement",
    "value_from",
    "value_to",
    "known_from",
    "evidence",
    "origin",
)
_ENDS: Final = ("as_of", "release", "methodology", "scenario")

CHANGE_COLUMNS: Final = (
    *_ROW,
    "cause",
    "points",
    *_CAUSE,
    "source_title",
    "source_url",
    *(f"{name}_{end}" for end in ("from", "to") for name in _ENDS),
)
"""Columns of the table of changes. The points of a name sum to its delta, or without a score to ``floor_delta``; a
name that nothing moved has one row without a cause, and so has one that became known or unknown, with the cause but
without points."""


def change_columns(changes: Changes) -> dict[str, Any]:
    """One row per name and cause, with the columns `CHANGE_COLUMNS`; no name is left out."""
    ends = {
        f"{name}_{end}": getattr(compared, name)
        for end, compared in (("from", changes.start), ("to", changes.end))
        for name in _ENDS
    }
    rows = [
        {name: getattr(row, name) for name in _ROW} | told | ends
        for row in changes.rows
        for told in _told(changes, row)
    ]
    return {name: [row.get(name) for row in rows] for name in CHANGE_COLUMNS}


def _told(changes: Changes, row: ChangeRow) -> list[dict[str, Any]]:
    without = [name for name in row.status_causes if name not in {one.cause for one in row.attributions}]
    told = [_cells(changes.causes[one.cause], one) for one in row.attributions]
    return told + [_cells(changes.causes[name], None) for name in without] or [{}]


def _cells(cause: Cause, attribution: Attribution | None) -> dict[str, Any]:
    return {
        "cause": cause.id,
        "points": None if attribution is None else attribution.points,
        **{name: getattr(cause, name) for name in _CAUSE},
        "source_title": cause.source.title if cause.source else None,
        "source_url": cause.source.url if cause.source else None,
    }
