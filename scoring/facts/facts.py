"""Facts: what was known at a date, compiled into arrays.

Nothing behind this module can see a later fact: scoring code takes a `Facts` and never a release.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from scoring.errors import AsOfError
from scoring.facts.axes import Axes
from scoring.facts.blocks import (
    Customers,
    Disclosing,
    Events,
    Measures,
    Minerals,
    Rules,
    Segments,
    disclosing,
)
from scoring.facts.choices import AS_BEFORE, FactChoices
from scoring.facts.compile import Tables, axes_of
from scoring.facts.layout import Layout, lay_out
from scoring.facts.sales.shares import ChinaShares
from scoring.facts.sales.unsold import unsold
from scoring.reference.releases.release import Release
from scoring.vocabulary import Timing


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


_MADE_FROM: Final = frozenset({"tables", "choices", "country", "china", "segments", "mineral"})
"""Parts of facts from which the others that are made when they are asked for follow."""


@dataclass(frozen=True, init=False, eq=False, repr=False)
class Facts:
    """What was known at a date, compiled into arrays: a value, of which `replace` makes another.

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
    axes : Axes, optional
        Axes to compile on, see `scoring.facts.compile.Tables`; default: all that the release has.
    choices : FactChoices
        Which facts count where a methodology may choose, see `Methodology.fact_choices`.

    Attributes
    ----------
    axes : Axes
    company_ids, countries, families, minerals : list of str
        What the axes n, j, f and m of the arrays stand for.
    groups : ndarray of str, shape (f,)
        Group of each product family.
    country : ndarray of int, shape (n,)
        Home jurisdiction of each company.
    china, customers, segments, rules, supply, access, mineral, events
        The compiled blocks.
    assumptions : tuple of Assumption
        What a scenario assumes; a negative row of a block, ``~row``, is a position in it.

    Raises
    ------
    AsOfError
        Malformed or unsupported date.
    """

    release: Release
    as_of: dt.date
    timing: Timing
    choices: FactChoices
    tables: Tables
    axes: Axes
    groups: np.ndarray
    country: np.ndarray
    china: ChinaShares
    customers: Customers
    segments: Segments
    rules: Rules
    supply: Measures
    access: Measures
    mineral: Minerals
    events: Events
    assumptions: tuple[Assumption, ...]

    def __init__(
        self,
        release: Release,
        as_of: str | dt.date | np.datetime64,
        timing: Timing = "announced",
        also: frozenset[str] = frozenset(),
        axes: Axes | None = None,
        choices: FactChoices = AS_BEFORE,
    ) -> None:
        day = parse_as_of(as_of, release)
        axes = axes or axes_of(release, day, also)
        tables = Tables(release, axes, choices)
        vars(self).update(
            release=release,
            as_of=day,
            timing=timing,
            choices=choices,
            axes=axes,
            tables=tables,
            groups=tables.groups,
            country=tables.country,
            assumptions=(),
            **tables.at(np.datetime64(day, "D"), timing),
        )

    def replace(self, **values: Any) -> Facts:
        """The same facts with other values, such as ``rules`` or ``events``; nothing else is copied.

        Raises
        ------
        TypeError
            No such attribute.
        """
        names = self.__dataclass_fields__.keys()
        unknown = sorted(values.keys() - names)
        if unknown:
            raise TypeError(f"{unknown[0]} is no part of facts; the parts are {', '.join(sorted(names))}")
        changed = object.__new__(Facts)
        vars(changed).update(vars(self) | values)
        if not values.keys() & _MADE_FROM:
            return changed
        laid_out = vars(changed).pop("layout", None)
        segments, before = changed.segments, self.segments
        same_places = changed.country is self.country and all(
            getattr(segments, axis) is getattr(before, axis) for axis in ("company", "family", "service")
        )
        same_needs = all(
            getattr(changed.mineral, name) is getattr(self.mineral, name)
            for name in ("dependence_row", "producer_company")
        )
        if laid_out and same_places and same_needs:
            layout = laid_out if segments is before else laid_out.with_shares(segments)
            vars(changed).update(layout=layout)
        vars(changed).pop("estimated", None)
        same_sales = changed.china.period_end is self.china.period_end and changed.tables is self.tables
        same_unsold = same_places and same_sales and changed.choices == self.choices
        if not same_unsold:
            vars(changed).pop("unsold", None)
        if not (same_unsold and segments.china is before.china):
            vars(changed).pop("disclosing", None)
        return changed

    @property
    def company_ids(self) -> list[str]:
        """Companies of the axis n."""
        return self.axes.company_ids

    @property
    def countries(self) -> list[str]:
        """Countries of the axis j."""
        return self.axes.countries

    @property
    def families(self) -> list[str]:
        """Product families of the axis f."""
        return self.axes.families

    @property
    def minerals(self) -> list[str]:
        """Minerals of the axis m."""
        return self.axes.minerals

    @cached_property
    def layout(self) -> Layout:
        """Where every segment and mineral need looks in the tables of controls, forces and leverage."""
        return lay_out(self.segments, self.mineral, self.country, len(self.countries))

    @cached_property
    def estimated(self) -> np.ndarray:
        """Companies of which the China share or the product mix is estimated and not known, shape (n,)."""
        found = self.china.estimated.copy()
        found[self.segments.company[self.segments.inferred]] = True
        return found

    @property
    def peers(self) -> np.ndarray:
        """Name of the group of peers behind each inferred product mix, None = another or none, shape (n,)."""
        return self.tables.peers(self.segments, self.company_ids, np.datetime64(self.as_of, "D"))

    @cached_property
    def unsold(self) -> np.ndarray:
        """Segments that could sell nothing to China in the period of the China share, shape (k,)."""
        return unsold(
            self.segments,
            self.china.midpoint,
            self.tables.every_rule,
            self.release.columns("rules"),
            country=self.country,
            timing=self.timing,
            choices=self.choices,
        )

    @cached_property
    def disclosing(self) -> Disclosing:
        """Segments of the companies of which the China share of one is known: disclosed, or 0 for want of sales."""
        segments = self.segments
        known = np.where(self.unsold & np.isnan(segments.china), 0.0, segments.china)
        return disclosing(segments.company, known)

    def cells(self, table: str, row: int) -> Mapping[str, Any]:
        """Cells of a row of a block: of the table, or what a scenario assumes."""
        return self.assumptions[~row].row if row < 0 else self.release.row(table, row)

    def rules_of(self, active: np.ndarray) -> Rules:
        """Packages of export controls in some rows of `rules`, compiled on the axes of these facts."""
        return self.tables.rules(active, np.datetime64(self.as_of, "D"))

    def measures_of(self, active: np.ndarray, side: str) -> Measures:
        """Measures of one side in some rows of `countermeasures`, compiled on the axes of these facts."""
        return self.tables.measures(active, side, np.datetime64(self.as_of, "D"))

    def on(self, day: dt.date, blocks: Collection[str]) -> Facts:
        """These facts on another day of the same release, with only some blocks compiled again.

        Ages of the other blocks are left as they were, so confidence may not be computed from the result. The
        countries must include all that rules name by that day, see `also`. Acts that are the same stay one object.

        Parameters
        ----------
        day : datetime.date
        blocks : collection of str
            Of `scoring.facts.compile.BLOCKS`: what changed since.
        """
        known = self.tables.at(np.datetime64(day, "D"), self.timing, blocks)
        new = {
            name: block
            for name, block in known.items()
            if not (isinstance(block, Rules | Measures) and _same_rows(getattr(self, name), block))
        }
        return self.replace(as_of=day, **new)

    def acts_at(self, day: np.datetime64) -> Facts:
        """These facts with the rules, measures and events of an earlier day, as they were known on that day.

        Allies stay those of the date of these facts.
        """
        known = self.tables.at(day, self.timing, ("rules", "measures", "events"))
        return self.replace(**known | {"rules": self.rules_of(known["rules"].row)})


def _same_rows(one: Any, other: Any) -> bool:
    """Whether two blocks, of the same table and axes, hold the same."""
    beside = ("allied",) if isinstance(one, Rules) else ("subject", "scope")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("row", *beside))
