"""Points of a history: the score of a day with the China share it rests on, and where that share changes its basis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from scoring.arrays import number_or_none
from scoring.cards.words import short_period
from scoring.facts.sales.wording import SHARE_OF, kinds, periods
from scoring.facts.selection import period_months
from scoring.score.evaluation import Exposures
from scoring.timeseries.panel import PanelJob
from scoring.timeseries.result import Break, Point


class Day(NamedTuple):
    """A company on a day.

    Attributes
    ----------
    point : Point
    mix : dict of (str, int) to float
        Part of the business in each product family, goods (0) and services (1) apart; sums to 1.
    is_of_peers : bool
        Whether the mix is that of its peers.
    """

    point: Point
    mix: dict[tuple[str, int], float]
    is_of_peers: bool

    @property
    def families(self) -> set[str]:
        """Product families of the mix."""
        return {family for family, _ in self.mix}


def days_of(job: PanelJob) -> list[Day]:
    """The first asset of a job on each day."""
    found = []
    for days, exposures, place in job.blocks():
        columns, company = job.columns_of(exposures, days, place), int(place[0])
        rests_on, mix = _figure(exposures, company), _mix(exposures, company)
        for i, day in enumerate(days):
            numbers = {name: number_or_none(values[i, 0]) for name, values in columns.items()}
            found.append(Day(Point(date=day, **numbers, **rests_on), *mix))
    return found


def points_of(job: PanelJob) -> list[Point]:
    """Points of the first asset of a job, one per day."""
    return [day.point for day in days_of(job)]


def _mix(exposures: Exposures, company: int) -> tuple[dict[tuple[str, int], float], bool]:
    segments, families = exposures.facts.segments, exposures.facts.families
    mine = segments.company == company
    cells = zip(segments.family[mine].tolist(), segments.service[mine].tolist(), strict=True)
    shares = segments.share[mine].tolist()
    mix = {(families[family], service): share for (family, service), share in zip(cells, shares, strict=True)}
    return mix, bool(segments.inferred[mine].any())


def _figure(exposures: Exposures, company: int) -> dict[str, str | None]:
    """Period, scope, basis and base of the figure that the China share of a company rests on."""
    china, revenue = exposures.facts.china, exposures.facts.release.columns("revenue")
    row = int(china.row[company])
    return {
        "china_share_period": periods(china, revenue)[company],
        "china_share_scope": kinds(revenue["china_scope"], china)[company],
        "china_share_basis": kinds(revenue["basis"], china)[company],
        "china_share_of": None if row < 0 else str(revenue["share_of"][row]),
    }


_MONTHS: Final[Mapping[int, str]] = {12: "a year", 6: "a half-year alone", 3: "a quarter alone"}


def breaks(points: Sequence[Point]) -> list[Break]:
    """Days on which the basis of the China share is another than on the day before."""
    found = []
    for was, now in pairwise(points):
        if was.china_share is None or now.china_share is None:
            continue
        if (was.china_share_period is None) != (now.china_share_period is None):
            told = ["known instead of estimated" if now.china_share_period else "estimated instead of known"]
        else:
            told = [f"{new} (before {old})" for old, new in zip(_basis(was), _basis(now), strict=True) if old != new]
        if told:
            found.append(Break(date=now.date, before=was.china_share, after=now.china_share, statement=", ".join(told)))
    return found


def _basis(point: Point) -> tuple[str, ...]:
    if point.china_share_period is None:
        return ("estimated",)
    whole = ".." in point.china_share_period
    months = _MONTHS[12 if whole else period_months(point.china_share_period)]
    # Of what a series mixes the latest figure comes first, and it alone is the share of the day.
    basis, scope = ((word or "").partition(";")[0] for word in (point.china_share_basis, point.china_share_scope))
    by = f"by {basis}" if basis != "unspecified" else "by what is not stated"
    scope = f"{scope} China" if scope != "unspecified" else "a China not defined"
    return f"of {months}", scope, by, SHARE_OF[point.china_share_of or "revenue"]


def share_moved(was: Point, now: Point) -> str:
    """Why the China share is another than on the day before although no figure became known; empty if it is not."""
    if was.china_share == now.china_share:
        return ""
    before, after = _told(was), _told(now)
    if was.china_share_period and not now.china_share_period:
        instead = f"; in its place it is {after}" if now.china_share is not None else ""
        return f"the China share of {before} is too old to count from this day on{instead}"
    if was.china_share is None:
        return f"the China share is {after}"
    if now.china_share is None:
        return f"the China share, {before}, is no longer known"
    return f"the China share is {after}, before {before}"


def _told(point: Point) -> str:
    share = "" if point.china_share is None else f"{point.china_share:.1%}"
    period = short_period(point.china_share_period)
    return f"{share} in {period}" if period else f"estimated at {share}"


def peers_moved(was: Day, now: Day) -> str:
    """What is another of an inferred product mix than on the day before; empty where nothing is."""
    if was.mix == now.mix and was.is_of_peers == now.is_of_peers:
        return ""
    if now.is_of_peers:
        return (
            "the mean product mix of its peers is another"
            if was.is_of_peers
            else "the product mix is that of its peers"
        )
    return "the product mix is its own, before that of its peers" if was.is_of_peers else ""
