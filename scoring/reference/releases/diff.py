"""Difference between the tables of two releases, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from scoring.reference.releases.release import Release

Change = Literal["added", "removed", "changed"]
Values = dict[str, tuple[Any, Any]]
"""Old and new value by column; None = empty, or no such row or column."""


@dataclass(frozen=True)
class FactChange:
    """One row of a table that differs.

    Attributes
    ----------
    table : str
    key : dict of str to value
        Primary key of the row.
    change : {"added", "removed", "changed"}
    values : dict of str to (old, new)
        The columns that differ; for a row that was added or removed all columns that are not empty.
    """

    table: str
    key: dict[str, Any]
    change: Change
    values: Values


def fact_changes(old: Release, new: Release) -> list[FactChange]:
    """Rows of any table that differ between two releases, by table and key."""
    changes = []
    for table in dict.fromkeys((*new.names, *old.names)):
        key = _key(new if table in new.names else old, table)
        before, after = _rows(old, table, key), _rows(new, table, key)
        for position in dict.fromkeys((*after, *before)):
            was, now = before.get(position, {}), after.get(position, {})
            values = {
                column: (was.get(column), now.get(column))
                for column in dict.fromkeys((*now, *was))
                if was.get(column) != now.get(column) and not (column in key and not (was and now))
            }
            if was and now and not values:
                continue
            change: Change = "changed" if was and now else "added" if now else "removed"
            changes.append(FactChange(table, dict(zip(key, position, strict=True)), change, values))
    return changes


def _key(release: Release, table: str) -> list[str]:
    resource = next(one for one in release.descriptor["resources"] if one["name"] == table)
    return resource["schema"]["primaryKey"]


def _rows(release: Release, table: str, key: list[str]) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Rows of a table by key; none where the release has no such table."""
    if table not in release.names:
        return {}
    return {tuple(row.get(column) for column in key): row for row in release.table(table).to_pylist()}
