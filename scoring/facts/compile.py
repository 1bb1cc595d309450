"""Compile: what a release knew on a day, as blocks of arrays on given axes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import numpy as np

from scoring.facts import selection
from scoring.facts.acts import Acts
from scoring.facts.axes import Axes, index, positions
from scoring.facts.blocks import Measures, Rules, Segments
from scoring.facts.choices import FactChoices
from scoring.facts.mix import ProductMix, peer_groups
from scoring.facts.sales.customers import NamedCustomers
from scoring.facts.sales.estimated import Estimates
from scoring.facts.sales.revenue import Revenue
from scoring.facts.supply import Supply
from scoring.reference.jurisdictions import EU_MEMBERS
from scoring.reference.releases.release import Release
from scoring.vocabulary import Timing

BLOCKS: Final = ("rules", "measures", "china", "customers", "segments", "mineral", "events")
"""What changes over time, as `scoring.facts.change_points` names it; measures are the blocks supply and access."""


class Tables:
    """Tables of a release on axes: a day is a selection of their rows.

    Parameters
    ----------
    release : Release
    axes : Axes
        Companies that are not on them are left out; of families and minerals they have all that the release has, and
        those of others are there without effect.
    choices : FactChoices

    Attributes
    ----------
    country : ndarray of int, shape (n,)
        Home of each company.
    groups : ndarray of str, shape (f,)
        Group of each product family, None for one that the release does not have.
    """

    def __init__(self, release: Release, axes: Axes, choices: FactChoices) -> None:
        self._release = release
        companies, families = release.columns("companies"), release.columns("product_families")
        row = positions(np.array(axes.company_ids, dtype=object), index(companies["company_id"]))
        group = dict(zip(families["product_family"], families["group"], strict=True))
        self.country = positions(companies["country"][row], axes.position["country"])
        self.groups = np.array([group.get(family) for family in axes.families], dtype=object)
        self._acts, self._mix = Acts(release, axes), ProductMix(release, axes)
        self._estimates = Estimates(release, axes) if choices.estimates else None
        self._revenue, self._customers = Revenue(release, axes, choices), NamedCustomers(release, axes, choices)
        self._supply = Supply(release, axes, self.country, choices)
        self._rule_cells: dict[int, Mapping[str, Any]] = {}

    def rule_cells(self, row: int) -> Mapping[str, Any]:
        """Cells of a row of `rules`; kept, for the scenarios of a sweep ask for the same ones."""
        if row not in self._rule_cells:
            self._rule_cells[row] = self._release.row("rules", row)
        return self._rule_cells[row]

    @property
    def every_rule(self) -> Rules:
        """Every package of export controls of the release."""
        return self._acts.every_rule

    def peers(self, segments: Segments, company_ids: Sequence[str], day: np.datetime64) -> np.ndarray:
        """Name of the group of peers behind each product mix inferred on a day, None = another or none, shape (n,)."""
        rows = positions(np.array(company_ids, dtype=object), index(self._release.columns("companies")["company_id"]))
        return peer_groups(self._mix, segments, rows, day)

    def rules(self, active: np.ndarray, day: np.datetime64) -> Rules:
        """Packages of export controls in some rows of `rules`; allies are those of rules announced by the day."""
        return self._acts.rules(active, selection.ruling_countries(self._release.columns("rules"), day))

    def measures(self, active: np.ndarray, side: str, day: np.datetime64) -> Measures:
        """Measures of one side in some rows of `countermeasures`, also on the parents of their subjects on a day."""
        return self._acts.measures(active, side, day)

    def at(self, day: np.datetime64, timing: Timing, blocks: Collection[str] = BLOCKS) -> dict[str, Any]:
        """Blocks of what was known on a day, by name."""

        def active(table: str) -> np.ndarray:
            return selection.in_force(table, self._release.columns(table), day, timing)

        found: dict[str, Any] = {}
        if "rules" in blocks:
            found["rules"] = self.rules(active("rules"), day)
        if "measures" in blocks:
            found |= {side: self.measures(active("countermeasures"), side, day) for side in ("supply", "access")}
        estimates = self._estimates if self._estimates is not None and self._estimates.counts(day) else None
        if "china" in blocks:
            known = self._revenue.at(day)
            found["china"] = known if estimates is None else estimates.fill(known, day)
        if "segments" in blocks:
            found["segments"] = self._mix.at(day, inferred=estimates is not None)
        if "mineral" in blocks:
            found["mineral"] = self._supply.at(day)
        if "china" in blocks or "customers" in blocks:
            described = found["china"] if "china" in found else self._revenue.at(day)
            found["customers"] = self._customers.at(day, described.period_end)
        if "events" in blocks:
            found["events"] = self._acts.events(day)
        return found


def axes_of(
    release: Release, day: dt.date, also: frozenset[str] = frozenset(), companies: Sequence[str] | None = None
) -> Axes:
    """Axes of all that a release has, or of some of its companies with everything else.

    What the facts say of a company is the same on both, to the last bit.

    Parameters
    ----------
    release : Release
    day : datetime.date
        Countries are those of companies, of rules announced by then, and of the EU.
    also : frozenset of str
        Countries to have besides.
    companies : sequence of str, optional
        Identifiers of the companies to have. Default: all.
    """
    every = release.columns("companies")
    ruling = selection.ruling_countries(release.columns("rules"), np.datetime64(day, "D"))
    return Axes(
        company_ids=every["company_id"].tolist() if companies is None else list(companies),
        countries=sorted({*every["country"], *EU_MEMBERS, *ruling, *also}),
        families=release.columns("product_families")["product_family"].tolist(),
        minerals=release.columns("minerals")["mineral"].tolist(),
    )
