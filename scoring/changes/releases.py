"""Difference between two releases: the facts that changed, and the scores that moved with them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any

from scoring.changes.pairs import Pairs, moved
from scoring.columns import EXPOSURES
from scoring.reference.releases.diff import (
    LEARNT,
    Counts,
    EstimateChanges,
    FactChange,
    Values,
    counts_of,
    estimate_changes,
    fact_changes,
)
from scoring.reference.releases.release import Release
from scoring.score.snapshot import Snapshot
from scoring.steps import step


@dataclass(frozen=True)
class ScoreChange:
    """One company whose score or status moved.

    Attributes
    ----------
    company_id, name : str
    status : (str or None, str or None)
        Old and new; None = not in that release.
    score : (float or None, float or None)
        Old and new, 0..100; None = no score.
    exposures : dict of str to (old, new)
        Exposures that moved, 0..1.
    """

    company_id: str
    name: str
    status: tuple[str | None, str | None]
    score: tuple[float | None, float | None]
    exposures: Values


@dataclass(frozen=True)
class ReleaseDiff:
    """Difference between two releases.

    Attributes
    ----------
    old, new : str
        Versions.
    as_of : datetime.date
        Date on which both were scored.
    facts : tuple of FactChange
        By table and key; without the estimates, unless these are what was asked for.
    estimates : EstimateChanges or None
        How the estimates differ; None where they do not, or another table was asked for.
    scores : tuple of ScoreChange
        Largest move first.
    """

    old: str
    new: str
    as_of: dt.date
    facts: tuple[FactChange, ...]
    estimates: EstimateChanges | None
    scores: tuple[ScoreChange, ...]

    def counts(self) -> dict[str, Counts]:
        """Number of rows added, removed and changed by table; tables without a difference are left out."""
        return counts_of(self.facts, self.estimates)

    def as_dict(self, offset: int = 0, limit: int | None = None) -> dict[str, Any]:
        """The difference as plain values, dates as ISO text, ready for JSON.

        Parameters
        ----------
        offset, limit : int
            Which facts and which scores are listed; ``counts`` are of all. Default: all.
        """
        part = slice(offset, None if limit is None else offset + limit)
        listed = dataclasses.replace(self, facts=self.facts[part], scores=self.scores[part])
        return _jsonable({**dataclasses.asdict(listed), "counts": self.counts()})


def diff_releases(
    old: Release, new: Release, as_of: str | dt.date | None = None, table: str | None = None
) -> ReleaseDiff:
    """Compare two releases.

    Parameters
    ----------
    old, new : Release
    as_of : str or datetime.date, optional
        Date on which both are scored. Default: the earlier of their last as-of dates.
    table : str, optional
        The one whose rows are compared, such as ``estimates``. Default: all, of the estimates only how many differ.

    Raises
    ------
    AsOfError
        `as_of` is not a date, or later than one of the releases supports.
    InputError
        Neither release has such a table.
    """
    # Both sides are scored at one date, or the passing of time would show as a change of facts.
    day = min(old.last_as_of, new.last_as_of) if as_of is None else as_of
    facts = tuple(fact_changes(old, new, table))
    estimates = estimate_changes(old, new) if table in (None, LEARNT) else None
    scored_on, scores = _score_changes(old, new, day)
    return ReleaseDiff(old.version, new.version, scored_on, facts, estimates, tuple(scores))


def _score_changes(old: Release, new: Release, as_of: str | dt.date) -> tuple[dt.date, list[ScoreChange]]:
    snapshots = Snapshot(old, as_of), Snapshot(new, as_of)
    pairs = Pairs(*snapshots)
    changes = []
    for company in pairs.company_ids:
        step()
        status, score = pairs.of(company, "status"), pairs.of(company, "score")
        exposures = {name: pair for name in EXPOSURES if moved(pair := pairs.of(company, name))}
        if status[0] != status[1] or moved(score) or exposures:
            old_name, new_name = pairs.of(company, "name")
            changes.append(ScoreChange(company, new_name or old_name, status, score, exposures))
    return snapshots[0].as_of, sorted(changes, key=_size, reverse=True)


def _size(change: ScoreChange) -> float:
    old, new = change.score
    return abs((new or 0.0) - (old or 0.0))


def _jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _jsonable(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(child) for child in value]
    return value.isoformat() if isinstance(value, dt.date) else value
