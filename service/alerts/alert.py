"""What an alert says: the changes of the names that moved, or whose score came or went."""

from __future__ import annotations

from collections.abc import Sequence

from scoring.changes import Changes, what_changed
from scoring.reference.identifiers.row import Query
from scoring.score.snapshot import Snapshot


def alert_on(changes: Changes, before: Snapshot, after: Snapshot, queries: Sequence[Query]) -> Changes | None:
    """The changes of the names to tell of, None without such names.

    Parameters
    ----------
    changes : Changes
        Of `queries` between the ends, with a threshold.
    before, after : Snapshot
    queries : sequence of str or Query

    Returns
    -------
    Changes or None
        As for these names alone, so that its sums are theirs.
    """
    told = [
        query
        for query, row in zip(queries, changes.rows, strict=True)
        if row.company_id in changes.crossed or (row.score_from is None) != (row.score_to is None)
    ]
    return what_changed(before, after, told, changes.threshold) if told else None
