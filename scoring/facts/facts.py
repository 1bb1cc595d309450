"""Facts: what was known at a date, compiled into arrays.

Nothing behind this module can see a later fact: scoring code takes a `Facts` and never a release.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from scoring.errors import AsOfError
from scoring.facts import selection
from scoring.facts.acts import Acts
from scoring.facts.axes import Axes, positions
from scoring.facts.blocks import Measures, Rules
from scoring.facts.layout import Layout, lay_out
from scoring.facts.mix import ProductMix
from scoring.facts.revenue import Revenue
from scoring.facts.supply import Supply
from scoring.reference.jurisdictions import EU_MEMBERS
from scoring.reference.releases.release import Release
from scoring.vocabulary import Timing

_BLOCKS: Final = frozenset({"china", "segments", "rules", "supply", "access", "mineral", "events", "assumptions"})

_COMPILED: Final = ("rules", "measures", "china", "segments", "mineral", "events")
"""What a release holds, by the names under which it changes over time."""


def parse_as_of(as_of: str | dt.date | np.datetime64, release: Release) -> dt.date:
    """Check an as-of date.

    Raises
    ------
    AsOfError
        Not an ISO date, or later than the release supports.
    """
    day = _date(as_of)
    if day is None:
        raise AsOfError("as_of", f"{as_of!r} is not a date", "write it as YYYY-MM-DD, such as 2024-09-02")
    if day > release.last_as_of:
        raise AsOfError(
            "as_of",
            f"{day} is later than release {release.version} supports: its facts end on {release.last_as_of}",
            f"use {release.last_as_of} or earlier, or a newer release",
        )
    return day


def _date(value: object) -> dt.date | None:
    """Date of a date, a point in time or an ISO text; None for anything else, and for NaT."""
    if isinstance(value, np.datetime64):
        value = value.astype("datetime64[D]").item()
    if isinstance(value, str):
        try:
            parsed = dt.date.fromisoformat(value)
        except ValueError:
            return None
        return parsed if parsed.isoformat() == value else None
    if isinstance(value, dt.datetime):
        value = value.date()
    # The date of pandas' NaT is NaT itself, which is not equal to itself.
    return value if isinstance(value, dt.date) and value == value else None


@dataclass(frozen=True)
class Assumption:
    """What a scenario adds to the facts: no fact, and cited as none.

    Attributes
    ----------
    scenario_id : str
    number : int
        Position of the change in the scenario.
    statement : str
    row : mapping of str to value
        Cells that a row of the table would have, as far as they are shown.
    source_id : str or None
        Document that describes the scenario.
    """

    scenario_id: str
    number: int
    statement: str
    row: Mapping[str, Any]
    source_id: str | None


class Facts:
    """What was known at a date, compiled into arrays.

    Parameters
    ----------
    release : Release
    as_of : str, datetime.date or numpy.datetime64
        ISO date, at most ``release.last_as_of``.
    timing : {"announced", "effective"}
        Whether a control counts from its announcement or only once it is in force. A control that was
        announced after it took effect is never seen before its announcement.
    also : frozenset of str
        Countries to have on the country axis besides those that companies and rules name.

    Attributes
    ----------
    axes : Axes
    company_ids, countries, families, minerals : list of str
        What the axes n, j, f and m of the arrays stand for.
    groups : ndarray of str, shape (f,)
        Group of each product family.
    country : ndarray of int, shape (n,)
        Home jurisdiction of each company.
    china, segments, rules, supply, access, mineral, events
        The compiled blocks.
    assumptions : tuple of Assumption
        What a scenario assumes; a negative row of a block, ``~row``, is a position in it.

    Raises
    ------
    AsOfError
        Malformed or unsupported date.
    """

    rules: Rules
    supply: Measures
    access: Measures

    def __init__(
        self,
        release: Release,
        as_of: str | dt.date | np.datetime64,
        timing: Timing = "announced",
        also: frozenset[str] = frozenset(),
    ) -> None:
        self.release = release
        self.as_of = parse_as_of(as_of, release)
        self.timing = timing
        self._day = np.datetime64(self.as_of, "D")
        companies = release.columns("companies")
        ruling = selection.ruling_countries(release.columns("rules"), self._day)
        self.axes = axes = Axes(
            company_ids=companies["company_id"].tolist(),
            countries=sorted({*companies["country"], *EU_MEMBERS, *ruling, *also}),
            families=release.columns("product_families")["product_family"].tolist(),
            minerals=release.columns("minerals")["mineral"].tolist(),
        )
        self.company_ids, self.countries = axes.company_ids, axes.countries
        self.families, self.minerals = axes.families, axes.minerals
        self.groups = release.columns("product_families")["group"]
        self.country = positions(companies["country"], axes.position["country"])
        self._acts, self._revenue, self._mix = Acts(release, axes), Revenue(release, axes), ProductMix(release, axes)
        self._supply = Supply(release, axes, self.country)
        self.assumptions: tuple[Assumption, ...] = ()
        self._compile(_COMPILED)

    def replace(self, **blocks: Any) -> Facts:
        """The same facts with other blocks, such as ``rules`` or ``events``; nothing else is copied.

        Raises
        ------
        TypeError
            No such block.
        """
        unknown = sorted(set(blocks) - _BLOCKS)
        if unknown:
            raise TypeError(f"{unknown[0]} is no block of facts; the blocks are {', '.join(sorted(_BLOCKS))}")
        changed = copy.copy(self)
        changed.__dict__.update(blocks)
        segments, before = changed.segments, self.segments
        same_segments = all(
            getattr(segments, axis) is getattr(before, axis) for axis in ("company", "family", "service")
        )
        if not same_segments or changed.mineral.dependence_row is not self.mineral.dependence_row:
            changed.__dict__.pop("layout", None)
        elif segments is not before and "layout" in changed.__dict__:
            changed.__dict__["layout"] = self.layout.with_shares(segments.share)
        return changed

    @cached_property
    def layout(self) -> Layout:
        """Where every segment and mineral need looks in the tables of controls, forces and leverage."""
        return lay_out(self.segments, self.mineral, self.country, len(self.countries))

    def cells(self, table: str, row: int) -> Mapping[str, Any]:
        """Cells of a row of a block: of the table, or what a scenario assumes."""
        return self.assumptions[~row].row if row < 0 else self.release.row(table, row)

    def rules_of(self, active: np.ndarray) -> Rules:
        """Packages of export controls in some rows of `rules`, compiled on the axes of these facts."""
        return self._acts.rules(active, selection.ruling_countries(self.release.columns("rules"), self._day))

    def measures_of(self, active: np.ndarray, side: str) -> Measures:
        """Measures of one side in some rows of `countermeasures`, compiled on the axes of these facts."""
        return self._acts.measures(active, side)

    def on(self, day: dt.date, blocks: Collection[str]) -> Facts:
        """These facts on another day of the same release, with only some blocks compiled again.

        Ages of the other blocks are left as they were, so confidence may not be computed from the result. The
        countries must include all that rules name by that day, see `also`.

        Parameters
        ----------
        day : datetime.date
        blocks : collection of str
            Of ``rules``, ``measures``, ``china``, ``segments``, ``mineral`` and ``events``: what changed since.
        """
        moved = copy.copy(self)
        moved.as_of, moved._day = day, np.datetime64(day, "D")
        moved._compile(blocks)
        if "segments" in blocks:
            moved.__dict__.pop("layout", None)
        return moved

    def _compile(self, blocks: Collection[str]) -> None:
        """Take from the tables what was known on the day; a block that comes out the same stays the same object."""
        day = self._day
        if "rules" in blocks:
            self._take("rules", self.rules_of(self._in_force("rules", day)))
        if "measures" in blocks:
            active = self._in_force("countermeasures", day)
            for side in ("supply", "access"):
                self._take(side, self.measures_of(active, side))
        if "china" in blocks:
            self.china = self._revenue.at(day)
        if "segments" in blocks:
            self.segments = self._mix.at(day)
        if "mineral" in blocks:
            self.mineral = self._supply.at(day)
        if "events" in blocks:
            self.events = self._acts.events(day)

    def _take(self, block: str, found: Rules | Measures) -> None:
        before = self.__dict__.get(block)
        if before is None or not _same_rows(before, found):
            self.__dict__[block] = found

    def _in_force(self, table: str, day: np.datetime64) -> np.ndarray:
        return selection.in_force(table, self.release.columns(table), day, self.timing)

    def acts_at(self, day: np.datetime64) -> Facts:
        """These facts with the rules, measures and events of an earlier day, as they were known on that day."""
        active = self._in_force("countermeasures", day)
        return self.replace(
            rules=self.rules_of(self._in_force("rules", day)),
            supply=self.measures_of(active, "supply"),
            access=self.measures_of(active, "access"),
            events=self._acts.events(day),
        )


def _same_rows(one: Any, other: Any) -> bool:
    """Whether two blocks, of the same table and axes, hold the same."""
    same = np.array_equal(one.row, other.row)
    return same and (not isinstance(one, Rules) or np.array_equal(one.allied, other.allied))
