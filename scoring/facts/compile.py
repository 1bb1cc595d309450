"""Compile: what a release knew on a day, as blocks of arrays on given axes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, Final, NamedTuple

import numpy as np

from scoring.facts import selection
from scoring.facts.acts import Acts
from scoring.facts.axes import Axes, index, positions
from scoring.facts.blocks import Measures, Rules
from scoring.facts.mix import ProductMix
from scoring.facts.revenue import Revenue
from scoring.facts.supply import Supply
from scoring.reference.jurisdictions import EU_MEMBERS
from scoring.reference.releases.release import Release
from scoring.vocabulary import Timing

BLOCKS: Final = ("rules", "measures", "china", "segments", "mineral", "events")
"""What changes over time, as `scoring.facts.change_points` names it; measures are the blocks supply and access."""


class Tables:
    """Tables of a release on axes: a day is a selection of their rows.

    Parameters
    ----------
    release : Release
    axes : Axes

    Attributes
    ----------
    country : ndarray of int, shape (n,)
        Home of each company.
    groups : ndarray of str, shape (f,)
        Group of each product family, None for one that the release does not have.
    """

    def __init__(self, release: Release, axes: Axes) -> None:
        self._release = release
        companies, families = release.columns("companies"), release.columns("product_families")
        row = positions(np.array(axes.company_ids, dtype=object), index(companies["company_id"]))
        group = dict(zip(families["product_family"], families["group"], strict=True))
        self.country = positions(companies["country"][row], axes.position["country"])
        self.groups = np.array([group.get(family) for family in axes.families], dtype=object)
        self._acts, self._revenue, self._mix = Acts(release, axes), Revenue(release, axes), ProductMix(release, axes)
        self._supply = Supply(release, axes, self.country)

    def rules(self, active: np.ndarray, day: np.datetime64) -> Rules:
        """Packages of export controls in some rows of `rules`; allies are those of rules announced by the day."""
        return self._acts.rules(active, selection.ruling_countries(self._release.columns("rules"), day))

    def measures(self, active: np.ndarray, side: str) -> Measures:
        """Measures of one side in some rows of `countermeasures`."""
        return self._acts.measures(active, side)

    def at(self, day: np.datetime64, timing: Timing, blocks: Collection[str] = BLOCKS) -> dict[str, Any]:
        """Blocks of what was known on a day, by name."""

        def active(table: str) -> np.ndarray:
            return selection.in_force(table, self._release.columns(table), day, timing)

        found: dict[str, Any] = {}
        if "rules" in blocks:
            found["rules"] = self.rules(active("rules"), day)
        if "measures" in blocks:
            found |= {side: self.measures(active("countermeasures"), side) for side in ("supply", "access")}
        for block, table in (("china", self._revenue), ("segments", self._mix), ("mineral", self._supply)):
            if block in blocks:
                found[block] = table.at(day)
        if "events" in blocks:
            found["events"] = self._acts.events(day)
        return found


class Compiled(NamedTuple):
    """What a release knew on a day: its axes, its tables on them, and the blocks of the day."""

    axes: Axes
    tables: Tables
    blocks: dict[str, Any]


def compile_facts(
    release: Release, day: dt.date, timing: Timing, also: frozenset[str] = frozenset(), axes: Axes | None = None
) -> Compiled:
    """Compile what a release knew on a day.

    Parameters
    ----------
    release : Release
    day : datetime.date
    timing : {"announced", "effective"}
    also : frozenset of str
        Countries to have on the country axis besides those that companies and rules name.
    axes : Axes, optional
        Axes to compile on. Companies that are not on them are left out; of families and minerals they have all that
        the release has, and those of others are there without effect. Default: all that the release has.
    """
    when = np.datetime64(day, "D")
    if axes is None:
        companies = release.columns("companies")
        ruling = selection.ruling_countries(release.columns("rules"), when)
        axes = Axes(
            company_ids=companies["company_id"].tolist(),
            countries=sorted({*companies["country"], *EU_MEMBERS, *ruling, *also}),
            families=release.columns("product_families")["product_family"].tolist(),
            minerals=release.columns("minerals")["mineral"].tolist(),
        )
    tables = Tables(release, axes)
    return Compiled(axes, tables, tables.at(when, timing))
