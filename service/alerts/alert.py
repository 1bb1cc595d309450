"""What an alert says: the changes of the names that moved, or whose score came or went."""

from __future__ import annotations

from scoring.changes.compare import narrowed
from scoring.changes.result import Changes


def alert_on(changes: Changes) -> Changes | None:
    """The changes of the names to tell of, with the sums over these alone; None without such names.

    A name in several rows, such as the lots of a book, is told once.

    Parameters
    ----------
    changes : Changes
        With a threshold.
    """
    told = {
        row.company_id: row
        for row in reversed(changes.rows)  # of several rows the first stays
        if row.company_id in changes.crossed or (row.score_from is None) != (row.score_to is None)
    }
    return narrowed(changes, [*told.values()][::-1]) if told else None
