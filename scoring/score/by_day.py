"""Exposures over time: many days of the same companies evaluated at once.

Facts are compiled again only where they change. Between two change points only the latent threat decays; where rules
or acts change, only their small tables are made again, and what companies feel of them is computed for many days at
once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from scoring.exposure.control import Control, control_exposure, restrictions
from scoring.exposure.force import boycott, latent_threat, measure_force, pressure_of
from scoring.exposure.market import market_exposure, segment_china_shares
from scoring.exposure.measures import AccessSide, SupplySide, access_side, supply_side
from scoring.exposure.retaliation import retaliation_exposure, widest
from scoring.facts.axes import years_until
from scoring.facts.change_points import change_points
from scoring.facts.compile import axes_of
from scoring.facts.facts import Facts
from scoring.facts.selection import ruling_countries
from scoring.methodology import Methodology
from scoring.reference.releases.release import Release
from scoring.score.evaluation import Exposures, score
from scoring.steps import step

if TYPE_CHECKING:
    from scoring.scenario import Scenario

_MOST_CELLS: Final = 1 << 18
"""Uses of minerals times days that are evaluated at once: more gain nothing, and memory stays bounded."""


class Span(NamedTuple):
    """Days on which the same facts count, but for the age of the events."""

    facts: Facts
    days: list[dt.date]


def exposures_by_day(
    release: Release,
    days: Sequence[dt.date],
    methodology: Methodology,
    scenario: Scenario | None = None,
    companies: Sequence[str] | None = None,
) -> Iterator[tuple[list[dt.date], Exposures]]:
    """Exposures of companies on many days, each as an evaluation of that day gives them (within 1e-12).

    Parameters
    ----------
    release : Release
    days : sequence of datetime.date
        In order, each once.
    methodology : Methodology
    scenario : Scenario, optional
    companies : sequence of str, optional
        Identifiers of the companies that the exposures have, in their order. Default: all of the release.

    Yields
    ------
    days : list of datetime.date
    exposures : Exposures
        Arrays have a leading axis of these days, or none where no day differs.
    """
    work = _Work(methodology, scenario)
    block: list[Span] = []
    for span in _spans(release, days, methodology, companies):
        facts = block[0].facts if block else span.facts
        most = max(_MOST_CELLS // max(widest(facts, work.numbers), 1), 1)
        room = most - sum(len(taken.days) for taken in block)
        if block and (not _same_companies(facts, span.facts) or room <= 0):
            yield work.evaluate(block)
            block, room = [], most
        rest = span.days
        while len(rest) > room:
            yield work.evaluate([*block, Span(span.facts, rest[:room])])
            block, rest, room = [], rest[room:], most
        block.append(Span(span.facts, rest))
    if block:
        yield work.evaluate(block)


def _spans(
    release: Release, days: Sequence[dt.date], methodology: Methodology, companies: Sequence[str] | None
) -> Iterator[Span]:
    """Days between change points; what changed on several days is compiled once, for the next day that is asked."""
    first, last = days[0], days[-1]
    ruling = ruling_countries(release.columns("rules"), np.datetime64(last, "D"))
    facts = methodology.facts(release, first, axes=axes_of(release, first, ruling, companies))
    changes = change_points(release, first, last, methodology.fact_choices)
    starts = [first, *changes]
    position = np.searchsorted(np.array(days, dtype="datetime64[D]"), np.array(starts, dtype="datetime64[D]"))
    pending: set[str] = set()
    for start, begin, stop in zip(starts, position, [*position[1:], len(days)], strict=True):
        pending |= changes.get(start, set())
        if begin == stop:
            continue
        if pending:
            facts, pending = facts.on(start, pending), set()
        _ = facts.layout  # compiled on these facts, it is shared by those of every later day
        yield Span(facts, list(days[begin:stop]))


def _same_companies(one: Facts, other: Facts) -> bool:
    return one.china is other.china and one.segments is other.segments and one.mineral is other.mineral


class _Work:
    """What is carried from one block of days to the next."""

    def __init__(self, methodology: Methodology, scenario: Scenario | None) -> None:
        self.methodology, self.numbers, self.scenario = methodology, methodology.parameters, scenario
        self._assumes = False
        self._company: tuple[Facts, np.ndarray, np.ndarray] | None = None
        self._control: tuple[Facts, np.ndarray, Control] | None = None
        self._supply: tuple[Facts, SupplySide, np.ndarray] | None = None
        self._access: tuple[Facts, AccessSide] | None = None

    def evaluate(self, block: list[Span]) -> tuple[list[dt.date], Exposures]:
        """Exposures on the days of spans with the same companies, segments and minerals."""
        step()
        days = [day for span in block for day in span.days]
        counts = [len(span.days) for span in block]
        known = [self._assumed(span.facts) for span in block]
        facts = known[0]
        market, china_revenue = self._china(facts)
        control = _joined([self._controls(one, china_revenue, market) for one in known], counts)
        assumed = zip(known, block, strict=True)
        latent = np.array([latent_threat(_aged(one, day), self.numbers) for one, span in assumed for day in span.days])
        supply, measured = zip(*map(self._supply_side, known), strict=True)
        access = [self._access_side(one) for one in known]
        families = _stacked([side.family.value for side in access], counts, 2)
        pressed = pressure_of(
            facts,
            latent,
            boycott(facts, self.numbers, latent),
            measured=_stacked(measured, counts),
            families=families,
            supplied=_stacked([side.single for side in supply], counts),
            admitted=_stacked([side.single for side in access], counts),
            adds=self.numbers.adds,
        )
        retaliation = retaliation_exposure(facts, self.numbers, pressed, china_revenue)
        return days, Exposures(
            facts=facts,
            parameters=self.numbers,
            market=market,
            control=control,
            retaliation=retaliation,
            score=score(market, control.total, retaliation.total, self.numbers),
        )

    def _assumed(self, facts: Facts) -> Facts:
        """The facts with what the scenario assumes."""
        if self.scenario is None:
            return facts
        from scoring.scenario import apply

        applied = apply(self.scenario, facts, self.methodology)
        if not self._assumes:  # the numbers that a scenario sets are the same on every day
            self._assumes, self.numbers = True, applied.methodology.parameters
        return applied.facts

    def _china(self, facts: Facts) -> tuple[np.ndarray, np.ndarray]:
        """Market exposure of companies, and the share of revenue that each segment earns in China."""
        known = self._company
        if known is None or known[0].china is not facts.china or known[0].segments is not facts.segments:
            market = market_exposure(facts, self.methodology)
            shares = segment_china_shares(facts, market)
            self._company = facts, market, facts.segments.share * shares
        _, market, china_revenue = self._company  # type: ignore[misc]
        return market, china_revenue

    def _controls(self, facts: Facts, china_revenue: np.ndarray, market: np.ndarray) -> Control:
        known = self._control
        same = known is not None and all(
            getattr(known[0], block) is getattr(facts, block) for block in ("rules", "customers")
        )
        if known is None or not same or known[1] is not china_revenue:
            control = control_exposure(facts, self.numbers, restrictions(facts, self.numbers), china_revenue, market)
            self._control = known = facts, china_revenue, control
        return known[2]

    def _supply_side(self, facts: Facts) -> tuple[SupplySide, np.ndarray]:
        """Force of the supply measures, and what of it is felt at each need."""
        known = self._supply
        if known is None or known[0].supply is not facts.supply or known[0].layout is not facts.layout:
            side = supply_side(facts, self.numbers)
            self._supply = known = facts, side, measure_force(facts, side)
        return known[1:]

    def _access_side(self, facts: Facts) -> AccessSide:
        known = self._access
        if known is None or known[0].access is not facts.access:
            self._access = known = facts, access_side(facts, self.numbers)
        return known[1]


def _aged(facts: Facts, day: dt.date) -> Facts:
    """The facts with the ages of the events on a day: each day is added up alone, as an evaluation of it would."""
    date = facts.release.columns("coercion_events")["date"][facts.events.row]
    return facts.replace(events=replace(facts.events, age=years_until(day, date)))


def _joined(controls: list[Control], counts: list[int]) -> Control:
    return Control(
        **{field.name: _stacked([getattr(one, field.name) for one in controls], counts) for field in fields(Control)}
    )


def _stacked(arrays: Sequence[np.ndarray], counts: list[int], axes: int = 1) -> np.ndarray:
    """Arrays of several days each along one axis of days, before their own `axes`.

    One without an axis of days is that of all its days; where all are the same, it is given back as it is.
    """
    first = arrays[0]
    if all(array is first for array in arrays):
        return first
    days = [np.broadcast_to(array, (n, *array.shape[-axes:])) for array, n in zip(arrays, counts, strict=True)]
    return np.concatenate(days)
