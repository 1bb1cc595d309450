"""Acts: every rule, countermeasure and coercive act of a release, compiled once; a day is a selection of their rows."""

from __future__ import annotations

from dataclasses import replace
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
        every = self.every_rule
        imposers, imposer = np.unique(every.imposer[active], return_inverse=True)
        return replace(
            every.take(active),
            imposers=[every.imposers[i] for i in imposers.tolist()],
            imposer=imposer,
            allied=self._axes.mask(allied),
        )

    def measures(self, active: np.ndarray, side: str, day: np.datetime64) -> Measures:
        """Measures of one side in some rows of `countermeasures`, also on the parents of their subjects on a day."""
        every, first, end = self._measures
        table = self._release.columns("countermeasures")
        chosen = np.zeros(table["side"].size, dtype=bool)
        chosen[active] = table["side"][active] == side
        return every.only(chosen[every.row] & ~(first > day) & ~(end <= day))

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
    def every_rule(self) -> Rules:
        """Every package of export controls of the release."""
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
        ids, parties = index(rules["rule_id"]), self._release.columns("rule_entities")
        rule = positions(fractions["rule_id"], ids, absent=-1)
        entry = np.flatnonzero(rule >= 0)
        listed_rule = positions(parties["rule_id"], ids, absent=-1)
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
            entry_lost=np.array(fractions["calibration"][entry] == "loss", dtype=bool),
            entry_row=entry,
            entry_evidence=evidence_codes(fractions["evidence"][entry]),
            listed_rule=listed_rule[listed_rule >= 0],
            listed_entity=parties["entity"][listed_rule >= 0],
            listed_row=np.flatnonzero(listed_rule >= 0),
            allied=np.zeros(len(self._axes.countries), dtype=bool),
        )

    @cached_property
    def _measures(self) -> tuple[Measures, np.ndarray, np.ndarray]:
        """Every measure on its subject, and once more on each parent of it with the days from and before which."""
        table, position = self._release.columns("countermeasures"), self._axes.position
        named = zip(table["subject_kind"], table["subject"], strict=True)
        subject = np.array([position[kind].get(name, -1) for kind, name in named], dtype=int)
        parents = self._release.columns("entity_parents")
        link, row = np.nonzero(parents["entity"][:, None] == table["subject"][None, :])
        of_company = table["subject_kind"][row] == "company"
        link, row = link[of_company], row[of_company]
        rows = np.concatenate([np.arange(subject.size), row])
        order = np.argsort(rows, kind="stable")
        parent = positions(parents["company_id"][link], position["company"], absent=-1)
        fraction = {f"scope{end}": table[f"fraction{end}"][rows] for end in ("", "_low", "_high")}
        own, always = np.ones(subject.size), np.full(subject.size, np.datetime64("NaT", "D"))
        for name, weight in (("scope", "weight"), ("scope_low", "low"), ("scope_high", "high")):
            fraction[name] = (fraction[name] * np.concatenate([own, parents[weight][link]]))[order]
        rows = rows[order]
        measures = Measures(
            row=rows,
            kind=table["subject_kind"][rows],
            subject=np.concatenate([subject, parent])[order],
            names=self._axes.masks(members(name) for name in table["target"])[rows],
            worldwide=np.array(table["target"] == WORLDWIDE, dtype=bool)[rows],
            measure=table["measure"][rows],
            **fraction,
            evidence=self._sourced(table)[rows],
        )
        first, end = (np.concatenate([always, parents[name][link]])[order] for name in ("valid_from", "valid_to"))
        return measures, first, end

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
