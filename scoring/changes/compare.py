"""The comparison of two ends as a document: who moved, by how much, and why."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from scoring.changes.attribution import Attributions, attribute
from scoring.changes.items import CHOICES
from scoring.changes.pairs import Pairs, difference, moved
from scoring.changes.result import Attribution, Cause, ChangeRow, Changes, ComparedEnd, Kind
from scoring.changes.words import Words
from scoring.errors import InputError
from scoring.methodology.parameters import PILLARS
from scoring.reference.identifiers.resolver import Match
from scoring.reference.identifiers.row import Queries, Query, as_queries

if TYPE_CHECKING:
    from scoring.score.snapshot import Snapshot

_LEAST: Final = 1e-12
"""Points below which a cause did nothing: hundreds of them are still far below what a sum is exact to."""


def what_changed(
    before: Snapshot, after: Snapshot, tickers: Queries | None = None, threshold: float | None = None
) -> Changes:
    """Say what moved between two ends, and why.

    Parameters
    ----------
    before, after : Snapshot
        Of any release, date, methodology and scenario; the first may be the later one.
    tickers : iterable of str, optional
        Names to report, one row each in order. Default: every company that moved, largest move first.
    threshold : float, optional
        Points, above 0: which names moved by at least so much.

    Returns
    -------
    Changes
        The attributions of each name sum to its delta within 1e-9.

    Raises
    ------
    InputError
        The threshold is not above 0.
    SchemaMismatchError
        The releases differ in a column that enters scores.
    """
    if threshold is not None and not (math.isfinite(threshold) and threshold > 0):
        raise InputError("threshold", f"{threshold:g} is not above 0", "give points, such as 5")
    made = _Comparison(before, after, attribute(before, after))
    rows = made.movers() if tickers is None else made.rows(tickers)
    crossed = [
        row.company_id
        for row in rows
        if threshold is not None and row.company_id and row.delta is not None and abs(row.delta) >= threshold
    ]
    causes, by_kind = _sums(rows, made.causes)
    return Changes.model_validate(
        {
            "from": _end(before),
            "to": _end(after),
            "rows": rows,
            "causes": causes,
            "by_kind": by_kind,
            "threshold": threshold,
            "crossed": list(dict.fromkeys(crossed)),
        }
    )


def narrowed(changes: Changes, rows: Sequence[ChangeRow]) -> Changes:
    """The changes of some of their rows, with the sums over these."""
    causes, by_kind = _sums(rows, changes.causes)
    ids = {row.company_id for row in rows}
    crossed = [name for name in changes.crossed if name in ids]
    return changes.model_copy(update={"rows": [*rows], "causes": causes, "by_kind": by_kind, "crossed": crossed})


def _sums(rows: Sequence[ChangeRow], worded: Mapping[str, Cause]) -> tuple[dict[str, Cause], dict[str, float]]:
    """Causes over distinct names, most points first, and their points by kind."""
    by_kind: dict[str, float] = {}
    points: dict[str, float] = {}
    moved_by: dict[str, int] = {}
    floors: dict[str, int] = {}
    told = {row.company_id: row for row in rows if row.company_id}
    for row in told.values():
        for name in row.status_causes:
            points.setdefault(name, 0.0)
        for one in row.attributions:
            points.setdefault(one.cause, 0.0)
            if row.delta is None:
                floors[one.cause] = floors.get(one.cause, 0) + 1
                continue
            points[one.cause] += one.points
            moved_by[one.cause] = moved_by.get(one.cause, 0) + 1
            by_kind[one.kind] = by_kind.get(one.kind, 0.0) + one.points
    order = sorted(points, key=lambda name: (-abs(points[name]), -floors.get(name, 0), name))
    causes = {
        name: worded[name].model_copy(
            update={
                "points": points[name],
                "companies": moved_by.get(name, 0),
                "floors": floors.get(name, 0),
            }
        )
        for name in order
    }
    return causes, dict(sorted(by_kind.items(), key=lambda pair: -abs(pair[1])))


def _end(scorer: Snapshot) -> ComparedEnd:
    return ComparedEnd(**scorer.versions)


class _Comparison:
    def __init__(self, before: Snapshot, after: Snapshot, attributions: Attributions) -> None:
        self.before, self.after, self.attributions = before, after, attributions
        self.pairs = Pairs(before, after)
        self.words = Words(attributions)
        self._position = {name: i for i, name in enumerate(attributions.company_ids)}
        self._item = {(item.kind, item.key): at for at, item in enumerate(attributions.items)}
        self._known = [set(scorer.evaluation.facts.company_ids) for scorer in (before, after)]
        self.causes: dict[str, Cause] = {}
        self._done: dict[str | None, tuple[list[Attribution], bool]] = {}

    def movers(self) -> list[ChangeRow]:
        """Every company whose score, floor or status is another one, largest move first."""
        ids = [name for name in self.pairs.company_ids if self._has_moved(name)]
        rows = self._told([self._match(name) for name in ids])
        order = sorted(range(len(rows)), key=lambda i: (*_size(rows[i]), i))
        return [rows[i] for i in order]

    def rows(self, tickers: Queries) -> list[ChangeRow]:
        """One row per query, in order; a name that only the first release has is found there."""
        queries = as_queries(tickers)
        matches = self.after.resolver.resolve_many(queries)
        unknown = [query for query, match in zip(queries, matches, strict=True) if match.company < 0]
        gone: dict[Query, Match] = {}
        if unknown and self.before.release is not self.after.release:
            resolved = zip(unknown, self.before.resolver.resolve_many(unknown), strict=True)
            gone = {query: match for query, match in resolved if match.company >= 0}
        found = zip(queries, matches, strict=True)
        return self._told([(gone[query], self.before) if query in gone else (m, self.after) for query, m in found])

    def _has_moved(self, company_id: str) -> bool:
        status = self.pairs.of(company_id, "status")
        return status[0] != status[1] or any(moved(self.pairs.of(company_id, c)) for c in ("score", "score_floor"))

    def _match(self, company_id: str) -> tuple[Match, Snapshot]:
        scorer = self.after if company_id in self._known[1] else self.before
        return scorer.resolver.resolve(company_id), scorer

    def _told(self, found: list[tuple[Match, Snapshot]]) -> list[ChangeRow]:
        """Rows of resolved queries, each shown as the given scorer has it."""
        rows: list[ChangeRow | None] = [None] * len(found)
        for scorer in (self.after, self.before):
            places = [i for i, (_, shower) in enumerate(found) if shower is scorer]
            columns = scorer.columns_of([found[i][0] for i in places])
            shown = zip(*(columns[name].tolist() for name in _SHOWN), strict=True)
            for i, cells in zip(places, shown, strict=True):
                rows[i] = self._row(dict(zip(_SHOWN, cells, strict=True)))
            if self.before is self.after:
                break
        return [row for row in rows if row is not None]

    def _row(self, shown: dict[str, Any]) -> ChangeRow:
        company = shown["company_id"]
        pair = self._pair(company)
        score, floor = pair("score"), pair("score_floor")
        rank = pair("rank")
        attributions, is_floor = self._attributed(company)
        status = pair("status")
        reason = shown["reason"]
        if company and None in status:
            missing = self.before if status[0] is None else self.after
            reason = f"not in release {missing.release.version}"
        return ChangeRow(
            **shown | {"reason": reason},
            status_from=status[0],
            status_to=status[1],
            score_from=score[0],
            score_to=score[1],
            delta=difference(score),
            **{f"delta_{pillar}": difference(pair(f"score_{pillar}")) for pillar in PILLARS},
            floor_from=floor[0],
            floor_to=floor[1],
            floor_delta=difference(floor) if is_floor else None,
            rank_from=None if rank[0] is None else int(rank[0]),
            rank_to=None if rank[1] is None else int(rank[1]),
            status_causes=self._status_causes(company),
            attributions=attributions,
        )

    def _pair(self, company: str | None) -> Any:
        return lambda column: self.pairs.of(company, column) if company else (None, None)

    def _attributed(self, company: str | None) -> tuple[list[Attribution], bool]:
        if company not in self._done:
            self._done[company] = self._attributions(company)
        return self._done[company]

    def _attributions(self, company: str | None) -> tuple[list[Attribution], bool]:
        """What the causes gave a company, most points first, and whether to its floor."""
        i = self._position.get(company or "")
        if i is None or company is None:
            return [], False
        all_points = self.attributions.points[:, i]
        some = np.flatnonzero(np.abs(np.nan_to_num(all_points)) > _LEAST)
        some = some[np.argsort(-np.abs(all_points[some]), kind="stable")]
        found = []
        for at in some.tolist():
            cause = self._cause(at, company)
            pillars = zip(PILLARS, self.attributions.pillars[at, i].tolist(), strict=True)
            parts = {f"points_{pillar}": points for pillar, points in pillars}
            points = float(all_points[at])
            found.append(Attribution(cause=cause.id, kind=cause.kind, label=cause.label, points=points, **parts))
        return found, bool(self.attributions.is_floor[i])

    def _status_causes(self, company: str | None) -> list[str]:
        """What made the China share or the product mix of a company known or unknown: facts, or which of them count."""
        i = self._position.get(company or "")
        if i is None or company is None:
            return []
        one, other = self.attributions.ends
        a, b = one.known.choices, other.known.choices
        causes: set[tuple[Kind, str]] = set()
        own: tuple[tuple[Kind, str], ...] = (("revenue", ""), ("mix", ""))
        for n, key in enumerate(own):
            under_a, under_b = ([bool(end.knows[choices][i, n]) for end in (one, other)] for choices in (a, b))
            if under_a[0] == under_b[1]:
                continue
            if under_a[0] != under_a[1] or under_b[0] != under_b[1]:
                causes.add(key)
            if under_a != under_b:
                causes.add(CHOICES)
        return [self._cause(at, company).id for at in sorted(self._item[cause] for cause in causes)]

    def _cause(self, at: int, company: str) -> Cause:
        cause = self.words.cause(self.attributions.items[at], company)
        self.causes[cause.id] = cause
        return cause


_SHOWN: Final = (
    "query",
    "status",
    "company_id",
    "name",
    "ticker",
    "mic",
    "country",
    "sector",
    "reason",
    "candidates",
)


def _size(row: ChangeRow) -> tuple[int, float]:
    """Where a row stands among the movers: deltas by size, then floors by size, then what has neither."""
    if row.delta is not None:
        return 0, -abs(row.delta)
    return (1, -abs(row.floor_delta)) if row.floor_delta is not None else (2, 0.0)
