"""Acts: every rule, countermeasure and coercive act of a release, compiled once; a day is a selection of their rows."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from scoring.facts.axes import Axes, index, positions, years_until
from scoring.facts.blocks import Events, Measures, Rules
from scoring.facts.evidence import evidence_codes, source_codes
from scoring.facts.selection import Table
from scoring.reference.jurisdictions import WORLDWIDE, members, split
from scoring.reference.releases.release import Release


class Acts:
    """Rules, countermeasures and coercive acts on the axes of facts.

    Parameters
    ----------
    release : Release
    axes : Axes
    """

    def __init__(self, release: Release, axes: Axes) -> None:
        self._release, self._axes = release, axes
        sources = release.columns("sources")
        self._source_kinds = dict(zip(sources["source_id"], sources["kind"], strict=True))

    def rules(self, active: np.ndarray, allied: frozenset[str]) -> Rules:
        """Packages of export controls in some rows of `rules`.

        Parameters
        ----------
        active : ndarray of int
        allied : frozenset of str
            Countries whose treatment counts for the alignment gap.
        """
        every = self._rules
        position = np.full(every.row.size, -1)
        position[active] = np.arange(active.size)
        entry = np.flatnonzero(position[every.entry_rule] >= 0)
        imposers, imposer = np.unique(every.imposer[active], return_inverse=True)
        return Rules(
            row=active,
            imposers=[every.imposers[i] for i in imposers.tolist()],
            imposer=imposer,
            binds=every.binds[active],
            servicing=every.servicing[active],
            measure=every.measure[active],
            evidence=every.evidence[active],
            entry_rule=position[every.entry_rule[entry]],
            entry_family=every.entry_family[entry],
            entry_fraction=every.entry_fraction[entry],
            entry_low=every.entry_low[entry],
            entry_high=every.entry_high[entry],
            entry_row=every.entry_row[entry],
            entry_evidence=every.entry_evidence[entry],
            allied=self._axes.mask(allied),
        )

    def measures(self, active: np.ndarray, side: str) -> Measures:
        """Measures of one side in some rows of `countermeasures`."""
        return self._measures.only(active[self._release.columns("countermeasures")["side"][active] == side])

    def events(self, day: np.datetime64) -> Events:
        """Coercive acts up to a day."""
        every, date = self._events, self._release.columns("coercion_events")["date"]
        row = np.flatnonzero(date <= day)
        return Events(
            row=row,
            names=every.names[row],
            worldwide=every.worldwide[row],
            severity=every.severity[row],
            age=years_until(day, date[row]),
        )

    @cached_property
    def _rules(self) -> Rules:
        rules, fractions = self._release.columns("rules"), self._release.columns("family_rules")
        everyone = frozenset(self._axes.countries)
        bound = []
        for row, imposed_by in enumerate(rules["imposed_by"]):
            home, named = members(imposed_by), split(rules["bound_countries"][row])
            if rules["reach"][row] == "home-exports":
                bound.append(home | named)
            else:
                bound.append(named or everyone - home - split(rules["exempt_countries"][row]))
        imposers = sorted(set(rules["imposed_by"]))
        rule = positions(fractions["rule_id"], index(rules["rule_id"]), absent=-1)
        entry = np.flatnonzero(rule >= 0)
        return Rules(
            row=np.arange(len(bound)),
            imposers=imposers,
            imposer=positions(rules["imposed_by"], index(imposers)),
            binds=self._axes.masks(bound),
            servicing=rules["covers_servicing"].astype(bool),
            measure=rules["measure"],
            evidence=self._sourced(rules),
            entry_rule=rule[entry],
            entry_family=positions(fractions["product_family"][entry], self._axes.position["product_family"]),
            entry_fraction=fractions["fraction"][entry],
            entry_low=fractions["fraction_low"][entry],
            entry_high=fractions["fraction_high"][entry],
            entry_row=entry,
            entry_evidence=evidence_codes(fractions["evidence"][entry]),
            allied=np.zeros(len(self._axes.countries), dtype=bool),
        )

    @cached_property
    def _measures(self) -> Measures:
        table, position = self._release.columns("countermeasures"), self._axes.position
        kind, target = table["subject_kind"], table["target"]
        return Measures(
            row=np.arange(kind.size),
            kind=kind,
            subject=np.array(
                [position[k].get(name, -1) for k, name in zip(kind, table["subject"], strict=True)], dtype=int
            ),
            names=self._axes.masks(members(name) for name in target),
            worldwide=np.array(target == WORLDWIDE, dtype=bool),
            measure=table["measure"],
            evidence=self._sourced(table),
        )

    @cached_property
    def _events(self) -> Events:
        table = self._release.columns("coercion_events")
        target = table["target_country"]
        return Events(
            row=np.arange(target.size),
            names=self._axes.masks(members(name) for name in target),
            worldwide=np.array(target == WORLDWIDE, dtype=bool),
            severity=table["severity_kind"],
            age=np.zeros(target.size),
        )

    def _sourced(self, table: Table) -> np.ndarray:
        """Evidence of the rows of a table that has no column for it, by the kind of their sources."""
        return source_codes(self._source_kinds, table["source_id"])
