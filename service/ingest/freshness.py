"""How old the newest facts are, against how often they are published; and which old ones carry most of a score."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from scoring.reference.clock import CLOCK, begins
from scoring.reference.releases.release import Release

if TYPE_CHECKING:
    from scoring.scorer import Scorer

INTERVALS: Final = {
    "revenue": 92,
    "segments": 366,
    "business_mix": 366,
    "customers": 366,
    "rules": 31,
    "countermeasures": 31,
    "coercion_events": 31,
    "mineral_imports": 366,
    "mineral_facts": 366,
    "exchange_rates": 92,
    "mineral_output": 366,
    "governance": 366,
}
"""Days between two publications of what a table holds: quarterly filings and the rates of their periods, yearly reports
and editions, gazettes that are read monthly. Tables that are not here hold judgements and identifiers."""

_MAY_LACK: Final = ("mineral_output", "governance")

LONGEST_YEAR: Final = 366 + 121
"""Age in days of a period's end at which the next annual report was due: a year, and the longest deadline to file."""


class TableAge(NamedTuple):
    """Newest fact of a table.

    Attributes
    ----------
    table : str
    rows : int
    newest : datetime.date or None
        Day from which its newest row may be used, as far as it is known by the day asked for.
    age, interval : int or None
        Days since then, and between two publications.
    """

    table: str
    rows: int
    newest: dt.date | None
    age: int | None
    interval: int

    @property
    def is_late(self) -> bool:
        """Whether a publication was due since."""
        return self.age is None or self.age > self.interval


class OldFact(NamedTuple):
    """An old China share, and what rests on it.

    Attributes
    ----------
    company_id, name : str
    period_end : datetime.date
    age : int
        Days since the end of its period.
    points : float
        Points of the market pillar, which are this figure's alone; part of the others rests on it, too.
    """

    company_id: str
    name: str
    period_end: dt.date
    age: int
    points: float


def table_ages(release: Release, day: dt.date) -> list[TableAge]:
    """Age of the newest fact of every table that is published."""
    return [_age(release, table, interval, day) for table, interval in _intervals(release).items()]


def _intervals(release: Release) -> dict[str, int]:
    """Intervals of the tables that a release has; those that it may lack are left out if it does."""
    lacking = {table for table in _MAY_LACK if not len(release.columns(table)["source_id"])}
    return {table: interval for table, interval in INTERVALS.items() if table not in lacking}


class SourceAge(NamedTuple):
    """Newest fact of a kind of document, such as filings; its fields as in `TableAge`."""

    kind: str
    facts: int
    newest: dt.date | None
    age: int | None


def source_ages(release: Release, day: dt.date) -> list[SourceAge]:
    """Age of the newest fact that was read in each kind of document, the kind with most facts first."""
    sources = release.columns("sources")
    kind_of = dict(zip(sources["source_id"].tolist(), sources["kind"].tolist(), strict=True))
    days: dict[str, list[np.ndarray]] = {}
    for table in INTERVALS:
        columns = release.columns(table)
        if "source_id" in columns:
            kinds = np.array([kind_of.get(one) or "unknown" for one in columns["source_id"].tolist()])
            known = _days(table, columns)
            for kind in np.unique(kinds):
                days.setdefault(str(kind), []).append(known[kinds == kind])
    ages = []
    for kind, parts in days.items():
        newest = _newest(np.concatenate(parts), day)
        ages.append(SourceAge(kind, sum(map(len, parts)), newest, (day - newest).days if newest else None))
    return sorted(ages, key=lambda one: (-one.facts, one.kind))


def company_ages(release: Release, company_id: str, day: dt.date) -> list[TableAge]:
    """Age of the newest fact about one company, of every table that is published and is about companies."""
    return [
        _age(release, table, interval, day, company_id)
        for table, interval in INTERVALS.items()
        if "company_id" in release.columns(table)
    ]


def stalest(scorer: Scorer, day: dt.date, most: int = 10) -> tuple[list[OldFact], int, int]:
    """Figures whose successor was due, those first that carry most points.

    Parameters
    ----------
    scorer : Scorer
        As of a day on which the figures are known.
    day : datetime.date
        Day from which their age is counted.
    most : int

    Returns
    -------
    list of OldFact
        At most `most`.
    int, int
        Companies whose figure is late, and companies with a figure.
    """
    rows = scorer.columns(list(scorer.evaluation.facts.company_ids))
    ends, points = rows["china_share_period_end"], np.nan_to_num(np.asarray(rows["score_market"], dtype=float))
    known = [i for i, end in enumerate(ends.tolist()) if end is not None]
    facts = []
    for i in known:
        end = _date(ends[i])
        age = (day - end).days
        if age > LONGEST_YEAR:
            facts.append(OldFact(str(rows["company_id"][i]), str(rows["name"][i]), end, age, float(points[i])))
    ranked = sorted(facts, key=lambda fact: (-fact.points, -fact.age, fact.company_id))
    return ranked[:most], len(facts), len(known)


def as_document(scorer: Scorer, day: dt.date) -> dict[str, Any]:
    """Freshness on a day of what a scorer rests on, ready for JSON."""
    release = scorer.release
    old, late, known = stalest(scorer, day)
    return {
        "release": release.version,
        "day": day.isoformat(),
        "facts_up_to": release.last_as_of.isoformat(),
        "tables": [_with_late(one) for one in table_ages(release, day)],
        "sources": [
            {**one._asdict(), "newest": one.newest.isoformat() if one.newest else None}
            for one in source_ages(release, day)
        ],
        "companies": {"with_a_figure": known, "late": late},
        "stalest": [{**fact._asdict(), "period_end": fact.period_end.isoformat()} for fact in old],
    }


def company_document(scorer: Scorer, query: str, day: dt.date) -> dict[str, Any]:
    """Freshness on a day of what is known about one company, ready for JSON.

    Raises
    ------
    QueryError
        The query does not name exactly one company.
    """
    resolver = scorer.resolver
    company = resolver.one(query).company
    company_id = str(resolver.company_ids[company])
    return {
        "release": scorer.release.version,
        "day": day.isoformat(),
        "company_id": company_id,
        "name": str(scorer.release.columns("companies")["name"][company]),
        "tables": [_with_late(one) for one in company_ages(scorer.release, company_id, day)],
    }


def _with_late(one: TableAge) -> dict[str, Any]:
    return {**one._asdict(), "newest": one.newest.isoformat() if one.newest else None, "late": one.is_late}


def scorer_on(release: Release, day: dt.date) -> Scorer:
    """Scorer as of a day, or of the last that the release supports."""
    from scoring.scorer import Scorer  # imported here: ages of tables need no score

    return Scorer(release, min(day, release.last_as_of))


def _age(release: Release, table: str, interval: int, day: dt.date, company_id: str | None = None) -> TableAge:
    columns = release.columns(table)
    days = _days(table, columns)
    if company_id is not None:
        days = days[np.asarray(columns["company_id"]) == company_id]
    newest = _newest(days, day)
    return TableAge(table, len(days), newest, (day - newest).days if newest else None, interval)


def _days(table: str, columns: Mapping[str, Any]) -> np.ndarray:
    """Day from which each row may be used; rates are not scored, so that the clock of what is scored lacks them."""
    return np.asarray(begins(table, columns) if table in CLOCK else columns["date"], dtype="datetime64[D]")


def _newest(days: np.ndarray, day: dt.date) -> dt.date | None:
    past = days[~np.isnat(days) & (days <= np.datetime64(day))]
    return _date(past.max()) if len(past) else None


def _date(value: Any) -> dt.date:
    day: dt.date = np.datetime64(value, "D").item()
    return day
