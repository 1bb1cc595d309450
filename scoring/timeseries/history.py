"""History: one company's score over time, and the facts that moved it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from pydantic import BaseModel

from scoring.arrays import number_or_none
from scoring.facts.change_points import change_points
from scoring.facts.citation import Fact, cite
from scoring.facts.facts import parse_as_of
from scoring.methodology import Methodology
from scoring.reference.identifiers.resolver import Resolver
from scoring.reference.releases.release import Release
from scoring.timeseries.panel import PanelJob, business_days
from scoring.vocabulary import DEFAULT_METHODOLOGY

if TYPE_CHECKING:
    from scoring.scenario.library import ScenarioLike

_COLUMNS: Final = (
    "score",
    "score_floor",
    "score_market",
    "score_control",
    "score_retaliation",
    "market",
    "control",
    "retaliation",
)
_LEAST: Final = 0.05
"""Points below which a move is not told: the display rounds to a tenth."""

_DAY: Final = dt.timedelta(days=1)


class Point(BaseModel):
    """The score on a day; None where it is unknown."""

    date: dt.date
    score: float | None
    score_floor: float | None
    score_market: float | None
    score_control: float | None
    score_retaliation: float | None
    market: float | None
    control: float | None
    retaliation: float | None


class Move(BaseModel):
    """A day on which facts moved the score.

    Attributes
    ----------
    date : date
    before, after : float or None
        Score on the day before and on the day; None where it is unknown. A floor where `is_floor`.
    delta : float or None
        Points; None where one of the two is unknown.
    is_floor : bool
        Whether the company had no score, and the floor is told.
    note : str or None
        Yearly figures on imports that became known, which have too many rows to list.
    facts : list of Fact
        What became known or ended on the day and touches the company; together they moved it.
    """

    date: dt.date
    before: float | None
    after: float | None
    delta: float | None
    is_floor: bool
    note: str | None
    facts: list[Fact]


class History(BaseModel):
    """A company's score over time.

    Attributes
    ----------
    query, company_id, name : str
    release, methodology : str
    scenario : str or None
    points : list of Point
        In order of days.
    moves : list of Move
        Days on which facts moved the score by at least 0.05 points, in order.
    """

    query: str
    company_id: str
    name: str
    release: str
    methodology: str
    scenario: str | None
    points: list[Point]
    moves: list[Move]


def history(
    release: Release,
    ticker: str,
    start: str | dt.date,
    end: str | dt.date | None = None,
    freq: str = "W",
    methodology: str | Path | Methodology = DEFAULT_METHODOLOGY,
    scenario: ScenarioLike | Sequence[ScenarioLike] | None = None,
) -> History:
    """Score of one company over time, with the facts that moved it.

    Parameters
    ----------
    release : Release
    ticker : str
    start, end, freq
        Days of the points, as in `scoring.timeseries.panel.business_days`.
    methodology, scenario
        As in `scoring.Scorer`.

    Raises
    ------
    QueryError
        `ticker` does not name exactly one company; the message lists the nearest.
    AsOfError, InputError
        As in `scoring.timeseries.panel.business_days`.
    """
    match = Resolver(release).one(ticker)
    days = business_days(release, start, end, freq)
    job = PanelJob(release, [ticker], days, methodology, scenario, _COLUMNS)
    companies = release.columns("companies")
    first, last = parse_as_of(start, release), days[-1]
    return History(
        query=ticker,
        company_id=companies["company_id"][match.company],
        name=companies["name"][match.company],
        release=release.version,
        methodology=job.methodology.version,
        scenario=job.scenario.scenario_id if job.scenario else None,
        points=_points(job),
        moves=_moves(job, match.company, first, last),
    )


def _points(job: PanelJob) -> list[Point]:
    points = []
    for days, columns in job.parts():
        for i, day in enumerate(days):
            points.append(Point(date=day, **{name: number_or_none(columns[name][i, 0]) for name in _COLUMNS}))
    return points


def _moves(job: PanelJob, company: int, first: dt.date, last: dt.date) -> list[Move]:
    """The change points at which the score moved, each against the day before."""
    release = job.release
    blocks = change_points(release, first, last)
    changes = list(blocks)
    days = sorted({day for change in changes for day in (change - _DAY, change)})
    if not days:
        return []
    daily = PanelJob(release, job.assets, days, job.methodology, job.scenario, _COLUMNS)
    by_day = {point.date: point for point in _points(daily)}
    moves = []
    for day in changes:
        was, now = by_day[day - _DAY], by_day[day]
        is_floor = now.score is None and was.score is None
        before, after = (was.score_floor, now.score_floor) if is_floor else (was.score, now.score)
        delta = None if before is None or after is None else after - before
        appeared = (before is None) != (after is None)
        if appeared or abs(delta or 0.0) >= _LEAST:
            facts = _facts(release, company, day)
            note = "yearly figures on the imports of minerals became known" if "mineral" in blocks[day] else None
            moves.append(
                Move(date=day, before=before, after=after, delta=delta, is_floor=is_floor, note=note, facts=facts)
            )
    return moves


def _facts(release: Release, company: int, day: dt.date) -> list[Fact]:
    """Facts that became known or ended on a day and may touch a company."""
    when = np.datetime64(day, "D")
    companies = release.columns("companies")
    company_id, home = companies["company_id"][company], companies["country"][company]
    found: list[tuple[str, int]] = []
    for table, column in (("revenue", "known_by"), ("segments", "known_by"), ("business_mix", "valid_from")):
        columns = release.columns(table)
        mine = (columns["company_id"] == company_id) & (columns[column] == when)
        found += [(table, int(row)) for row in np.flatnonzero(mine)]
    families = _families(release, company_id)
    minerals = release.columns("family_minerals")
    needed = set(minerals["mineral"][np.isin(minerals["product_family"], list(families))])
    rules, fractions = release.columns("rules"), release.columns("family_rules")
    touching = set(fractions["rule_id"][np.isin(fractions["product_family"], list(families))])
    found += [("rules", row) for row in _changed(rules, when) if rules["rule_id"][row] in touching]
    measures = release.columns("countermeasures")
    subjects = needed | families | {company_id, home}
    found += [("countermeasures", row) for row in _changed(measures, when) if measures["subject"][row] in subjects]
    events = release.columns("coercion_events")
    aimed = np.isin(events["target_country"], [home, "WW", "EU"]) & (events["date"] == when)
    found += [("coercion_events", int(row)) for row in np.flatnonzero(aimed)]
    return [cite(release, table, row, day) for table, row in found]


def _families(release: Release, company_id: str) -> set[str]:
    names: set[str] = set()
    for table in ("segments", "business_mix"):
        columns = release.columns(table)
        names |= set(columns["product_family"][columns["company_id"] == company_id])
    return names


def _changed(table: object, when: np.datetime64) -> list[int]:
    columns: dict[str, np.ndarray] = table  # type: ignore[assignment]
    end_known = np.where(np.isnat(columns["end_announced"]), columns["effective_to"], columns["end_announced"])
    ends = np.maximum(end_known, columns["effective_to"])
    rows: list[int] = np.flatnonzero((columns["announced"] == when) | (ends == when) | (end_known == when)).tolist()
    return rows
