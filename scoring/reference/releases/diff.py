"""Difference between the tables of two releases, row by row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from scoring.errors import InputError
from scoring.reference.releases.release import Release
from scoring.steps import step
from scoring.suggest import nearest

Change = Literal["added", "removed", "changed"]
Counts = dict[Change, int]
Values = dict[str, tuple[Any, Any]]
"""Old and new value by column; None = empty, or no such row or column."""


LEARNT: Final = "estimates"
"""Table that is learnt from the others: when one fact changes, so do thousands of its rows."""

_MIDDLE: Final = "china_share_p50"


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


@dataclass(frozen=True)
class EstimateChanges:
    """Estimates of China shares that differ, added up: they are learnt again from whatever fact changed.

    Attributes
    ----------
    counts : dict of str to int
        Rows added, removed and changed.
    vintages : tuple of datetime.date
        Those in which rows differ.
    median_change : float or None
        Median of how far the middle of the estimate moved, in share of revenue, among the rows that changed; None
        where none did.
    """

    counts: Counts
    vintages: tuple[dt.date, ...]
    median_change: float | None


def estimate_changes(old: Release, new: Release) -> EstimateChanges | None:
    """How the estimates of two releases differ; None where they do not."""
    counts: Counts = {"added": 0, "removed": 0, "changed": 0}
    parts = [{vintage: part for part, vintage in enumerate(one.parts(LEARNT, "vintage"))} for one in (old, new)]
    days, moves = [], [np.array([])]
    for day in sorted({*parts[0], *parts[1]}):
        step()
        before, after = (_vintage(one, of.get(day)) for one, of in zip((old, new), parts, strict=True))
        _, was, now = np.intersect1d(before["company_id"], after["company_id"], return_indices=True)
        differ = np.logical_or.reduce(
            [_unequal(before[name][was], after[name][now]) for name in before.keys() & after.keys()]
        )
        found: Counts = {
            "added": after["company_id"].size - now.size,
            "removed": before["company_id"].size - was.size,
            "changed": int(differ.sum()),
        }
        if any(found.values()):
            days.append(day)
            moves.append(np.abs(after[_MIDDLE][now] - before[_MIDDLE][was])[differ])
            counts = {change: counts[change] + count for change, count in found.items()}
    every = np.concatenate(moves)
    return EstimateChanges(counts, tuple(days), float(np.median(every)) if every.size else None) if days else None


def _vintage(release: Release, part: int | None) -> dict[str, np.ndarray]:
    if part is None:
        return {"company_id": np.array([], dtype=object), _MIDDLE: np.array([])}
    columns = release.part(LEARNT, part)
    return {name: columns[name] for name in columns}


def _unequal(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    unequal: np.ndarray = (one != other) & ~((one != one) & (other != other))
    return unequal


def counts_of(changes: Iterable[FactChange], estimates: EstimateChanges | None) -> dict[str, Counts]:
    """Rows added, removed and changed by table; tables without a difference are left out."""
    counts: dict[str, Counts] = {}
    for fact in changes:
        counts.setdefault(fact.table, {"added": 0, "removed": 0, "changed": 0})[fact.change] += 1
    return counts if estimates is None else counts | {LEARNT: estimates.counts}


def fact_changes(old: Release, new: Release, table: str | None = None) -> list[FactChange]:
    """Rows that differ between two releases, by table and key.

    Parameters
    ----------
    old, new : Release
    table : str, optional
        The one to compare. Default: every table but the estimates, see `estimate_changes`.

    Raises
    ------
    InputError
        Neither release has such a table.
    """
    names = list(dict.fromkeys((*new.names, *old.names)))
    if table is not None and table not in names:
        raise InputError(
            "table", f"{table[:50]!r} is in neither release", f"{nearest(table, names)}name one of a release"
        )
    compared = [name for name in names if name != LEARNT] if table is None else [table]
    return [change for name in compared for change in _of_table(old, new, name)]


def _of_table(old: Release, new: Release, table: str) -> list[FactChange]:
    changes = []
    key = _key(new if table in new.names else old, table)
    before, after = _rows(old, table, key), _rows(new, table, key)
    for position in dict.fromkeys((*after, *before)):
        step()
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
