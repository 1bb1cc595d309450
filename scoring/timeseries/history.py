"""History: one company's score over time, the facts that moved it, and where its China share changes its basis."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence, Set
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from scoring.cited import Fact
from scoring.columns import PILLAR_POINTS
from scoring.errors import InputError
from scoring.facts.change_points import change_points
from scoring.facts.citation import cite
from scoring.facts.facts import parse_as_of
from scoring.facts.selection import active
from scoring.methodology import Methodology
from scoring.reference.clock import CLOCK, begins
from scoring.reference.identifiers.resolver import Resolver
from scoring.reference.jurisdictions import EU, WORLDWIDE, members
from scoring.reference.releases.release import Release
from scoring.timeseries.calendar import business_days
from scoring.timeseries.panel import PanelJob
from scoring.timeseries.point import Day, breaks, days_of, peers_moved, points_of, share_moved
from scoring.timeseries.result import History, Move, Point
from scoring.vocabulary import DEFAULT_METHODOLOGY, Estimates, Timing

if TYPE_CHECKING:
    from scoring.scenario.library import ScenarioLike

_COLUMNS: Final = (
    "score",
    "score_floor",
    *PILLAR_POINTS,
    "market",
    "control",
    "retaliation",
    "china_share",
    "china_share_p05",
    "china_share_p95",
)
_LEAST: Final = 0.05
"""Points below which a move is not told: the display rounds to a tenth."""

_TABLES: Final = ("revenue", "segments", "business_mix", "customers", "rules", "countermeasures", "coercion_events")
"""Tables whose facts are told, in this order; yearly figures have too many rows."""

_MOST_POINTS: Final = 5_500
"""Points of a history, for 20 years of business days: each costs the scores of a day."""

_DAY: Final = dt.timedelta(days=1)


def history(
    release: Release,
    ticker: str,
    start: str | dt.date,
    end: str | dt.date | None = None,
    freq: str = "W",
    methodology: str | Path | Methodology = DEFAULT_METHODOLOGY,
    scenario: ScenarioLike | Sequence[ScenarioLike] | None = None,
    estimates: Estimates = "include",
) -> History:
    """Score of one company over time, with the facts that moved it.

    Parameters
    ----------
    release : Release
    ticker : str
    start, end, freq
        Days of the points, as in `scoring.timeseries.calendar.business_days`.
    methodology, scenario
        As in `scoring.Scorer`.
    estimates : {"include", "exclude", "only"}
        Whether days on which the company's figures are estimated have a score; ``only`` leaves all others empty.

    Raises
    ------
    QueryError
        `ticker` does not name exactly one company; the message lists the nearest.
    AsOfError, InputError
        As in `scoring.timeseries.calendar.business_days`, or there are more than 5,500 points.
    """
    match = Resolver(release).one(ticker)
    days = business_days(release, start, end, freq)
    if len(days) > _MOST_POINTS:
        raise InputError(
            "start", f"gives {len(days)} points, more than {_MOST_POINTS}", "start later, or use a longer step as freq"
        )
    job = PanelJob(release, [ticker], days, methodology, scenario, _COLUMNS, estimates)
    companies = release.columns("companies")
    first = parse_as_of(start, release)
    last = release.last_as_of if end is None else parse_as_of(end, release)
    blocks = change_points(release, first, last, job.methodology.fact_choices)
    around = sorted({first, last, *(day for change in blocks for day in (change - _DAY, change))})
    daily = days_of(PanelJob(release, job.assets, around, job.methodology, job.scenario, _COLUMNS, estimates))
    around_points = [each.point for each in daily]
    return History(
        query=ticker,
        company_id=companies["company_id"][match.company],
        name=companies["name"][match.company],
        release=release.version,
        methodology=job.methodology.version,
        scenario=job.scenario.scenario_id if job.scenario else None,
        points=points_of(job),
        moves=_moves(job, match.company, blocks, {each.point.date: each for each in daily}),
        breaks=breaks(around_points),
        steps=_steps(around_points),
    )


def _steps(points: list[Point]) -> list[Point]:
    """The first point, and each that differs from the one before it."""
    values = [point.model_dump(exclude={"date"}) for point in points]
    return [point for i, point in enumerate(points) if i == 0 or values[i] != values[i - 1]]


def _moves(
    job: PanelJob, company: int, blocks: Mapping[dt.date, set[str]], by_day: Mapping[dt.date, Day]
) -> list[Move]:
    """The change points at which the score moved, each against the day before."""
    moves = []
    for day, changed in blocks.items():
        earlier, later = by_day[day - _DAY], by_day[day]
        was, now = earlier.point, later.point
        is_floor = now.score is None and was.score is None
        before, after = (was.score_floor, now.score_floor) if is_floor else (was.score, now.score)
        delta = None if before is None or after is None else after - before
        appeared = (before is None) != (after is None)
        if appeared or abs(delta or 0.0) >= _LEAST:
            touching = _touching(job.release, company, earlier.families | later.families)
            new, ended = _facts(job.release, touching, day, job.methodology.timing)
            imports = "yearly figures on the imports of minerals became known" if "mineral" in changed else ""
            share = "" if any(fact.table == "revenue" for fact in new) else share_moved(was, now)
            note = "; ".join(filter(None, (share, peers_moved(earlier, later), imports))) or None
            moves.append(
                Move(
                    date=day,
                    before=before,
                    after=after,
                    delta=delta,
                    is_floor=is_floor,
                    note=note,
                    new=new,
                    ended=ended,
                )
            )
    return moves


def _facts(
    release: Release, touching: Mapping[str, set[str]], day: dt.date, timing: Timing
) -> tuple[list[Fact], list[Fact]]:
    """What became known or began to count on a day, and what ceased to, as far as it may touch a company."""
    when = np.datetime64(day, "D")
    new: list[tuple[str, int]] = []
    ended: list[tuple[str, int]] = []
    for table in _TABLES:
        clock, columns = CLOCK[table], release.columns(table)
        mine = np.isin(columns[clock.touches], list(touching[clock.touches]))
        news: np.ndarray = begins(table, columns) == when
        over = np.zeros(news.size, dtype=bool)
        if clock.ends is not None:
            was, now = (active(table, columns, each, timing) for each in (when - np.timedelta64(1, "D"), when))
            news, over = news | (now & ~was), was & ~now
        new += [(table, row) for row in np.flatnonzero(news & mine).tolist()]
        ended += [(table, row) for row in np.flatnonzero(over & mine & ~news).tolist()]
    return [cite(release, table, row, day) for table, row in new], [cite(release, *one, day) for one in ended]


def _touching(release: Release, company: int, families: Set[str]) -> dict[str, set[str]]:
    """Names that concern a company with such a product mix, by the column in which a table names whom it touches."""
    companies = release.columns("companies")
    company_id, home = companies["company_id"][company], companies["country"][company]
    needs, catches = release.columns("family_minerals"), release.columns("family_rules")
    minerals = set(needs["mineral"][np.isin(needs["product_family"], list(families))])
    return {
        "company_id": {company_id},
        "rule_id": set(catches["rule_id"][np.isin(catches["product_family"], list(families))]),
        "subject": {*minerals, *families, company_id, home},
        "target_country": {home, WORLDWIDE} | ({EU} if home in members(EU) else set()),
    }
