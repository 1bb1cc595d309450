"""Facts: what was known at a date, compiled into arrays.

Nothing behind this module can see a later fact: scoring code takes a `Facts` and never a release.
"""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from scoring.errors import AsOfError
from scoring.layout import Layout, lay_out
from scoring.reference import selection
from scoring.reference.blocks import ChinaShares, Events, Measures, Minerals, Rules, Segments
from scoring.reference.evidence import DERIVED, MODELLED, evidence_codes, source_codes
from scoring.reference.jurisdictions import EU_MEMBERS, WORLDWIDE, members, split
from scoring.reference.release import Release
from scoring.vocabulary import Timing

_DAYS_PER_YEAR: Final = 365.25

_BLOCKS: Final = frozenset({"china", "segments", "rules", "supply", "access", "mineral", "events", "assumptions"})


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
        self.company_ids: list[str] = companies["company_id"].tolist()
        self.families: list[str] = release.columns("product_families")["product_family"].tolist()
        self.groups = release.columns("product_families")["group"]
        self.minerals: list[str] = release.columns("minerals")["mineral"].tolist()
        self.countries = sorted({*companies["country"], *EU_MEMBERS, *self._ruling_countries(), *also})
        sources = release.columns("sources")
        self._source_kinds = dict(zip(sources["source_id"], sources["kind"], strict=True))
        self._masks: dict[frozenset[str], np.ndarray] = {}
        self._company = _index(self.company_ids)
        self._family = _index(self.families)
        self._mineral = _index(self.minerals)
        self._country = _index(self.countries)
        self.country = _codes(companies["country"], self._country)
        self.china = self._china_shares()
        self.segments = self._segments()
        self.assumptions: tuple[Assumption, ...] = ()
        self.rules = self.rules_of(selection.in_force(release.columns("rules"), self._day, timing))
        active = selection.in_force(release.columns("countermeasures"), self._day, timing)
        self.supply, self.access = self.measures_of(active, "supply"), self.measures_of(active, "access")
        self.mineral = self._minerals()
        self.events = self._events(self._day)

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

    def _ruling_countries(self) -> frozenset[str]:
        """Countries that impose a rule, or are named as bound by one, in rules announced by the date."""
        rules = self.release.columns("rules")
        named: set[str] = set()
        for row in np.flatnonzero(rules["announced"] <= self._day):
            named |= members(rules["imposed_by"][row]) | split(rules["bound_countries"][row])
        return frozenset(named)

    def _years_since(self, days: np.ndarray, until: np.datetime64 | None = None) -> np.ndarray:
        days_since = ((self._day if until is None else until) - days.astype("datetime64[D]")).astype(float)
        years: np.ndarray = np.maximum(days_since / _DAYS_PER_YEAR, 0.0)
        return years

    def _sourced(self, table: selection.Table, rows: Sequence[int] | np.ndarray) -> np.ndarray:
        """Evidence of rows of a table that has no column for it, by the kind of their sources."""
        codes: np.ndarray = source_codes(self._source_kinds, table["source_id"][rows])
        return codes

    def _mask(self, countries: frozenset[str]) -> np.ndarray:
        if countries not in self._masks:
            mask = np.array([country in countries for country in self.countries])
            mask.setflags(write=False)
            self._masks[countries] = mask
        return self._masks[countries]

    def _china_shares(self) -> ChinaShares:
        revenue = self.release.columns("revenue")
        chosen = selection.china_share_rows(revenue, self._day)
        rows = [chosen.get(company, []) for company in self.company_ids]
        row = np.array([r[-1] if r else -1 for r in rows])
        share = revenue["china_share"]
        years = [[i for i in r if len(revenue["fiscal_year"][i]) == 4][-3:] for r in rows]
        return ChinaShares(
            latest=np.where(row >= 0, share[row], np.nan),
            structural=np.array([_median(share[r].tolist()) for r in years]),
            row=row,
            years=years,
            evidence=evidence_codes(revenue["evidence"])[row],
            age=self._years_since(revenue["known_by"][row]),
        )

    def _segments(self) -> Segments:
        reported, judged = self.release.columns("segments"), self.release.columns("business_mix")
        from_segments = selection.segment_blocks(reported, self._day)
        from_mix = selection.business_mix_blocks(judged, self._day)
        parts: list[tuple[int, bool, int]] = []
        for index, company_id in enumerate(self.company_ids):
            disclosed = company_id in from_segments
            rows = (from_segments if disclosed else from_mix).get(company_id, [])
            parts += [(index, disclosed, row) for row in rows]
        company, is_reported, row = np.array(parts, dtype=int).reshape(-1, 3).T
        is_reported = is_reported.astype(bool)

        def pick(column: str, other: str | None = None) -> np.ndarray:
            first, second = reported[column][row * is_reported], judged[other or column][row * ~is_reported]
            picked: np.ndarray = np.where(is_reported, first, second)
            return picked

        owners, starts = np.unique(company, return_index=True)
        share = pick("revenue_share", "share")
        if share.size:
            share = share / np.repeat(np.add.reduceat(share, starts), np.diff([*starts, share.size]))
        return Segments(
            company=company,
            family=_codes(pick("product_family"), self._family),
            service=pick("is_service").astype(int),
            share=share,
            china=np.where(is_reported, reported["china_share"][row * is_reported], np.nan),
            disclosed=is_reported,
            row=row,
            evidence=evidence_codes(pick("evidence")),
            # The business mix is structural: it says what kind of business this is and does not age.
            age=np.where(is_reported, self._years_since(reported["known_by"][row * is_reported]), 0.0),
            starts=starts,
            owners=owners,
        )

    def rules_of(self, active: np.ndarray) -> Rules:
        """Packages of export controls in some rows of `rules`, compiled on the axes of these facts."""
        rules, fractions = self.release.columns("rules"), self.release.columns("family_rules")
        everyone = frozenset(self.countries)
        binds = []
        for row in active:
            home, bound = members(rules["imposed_by"][row]), split(rules["bound_countries"][row])
            if rules["reach"][row] == "home-exports":
                binds.append(self._mask(home | bound))
            else:
                binds.append(self._mask(bound or everyone - home - split(rules["exempt_countries"][row])))
        imposers = sorted(set(rules["imposed_by"][active]))
        position = _index(rules["rule_id"][active])
        entries = np.array([r for r, rule in enumerate(fractions["rule_id"]) if rule in position], dtype=int)
        return Rules(
            row=active,
            imposers=imposers,
            imposer=_codes(rules["imposed_by"][active], _index(imposers)),
            binds=np.array(binds, dtype=bool).reshape(active.size, len(self.countries)),
            servicing=rules["covers_servicing"][active].astype(bool),
            measure=rules["measure"][active],
            evidence=self._sourced(rules, active),
            entry_rule=_codes(fractions["rule_id"][entries], position),
            entry_family=_codes(fractions["product_family"][entries], self._family),
            entry_fraction=fractions["fraction"][entries],
            entry_low=fractions["fraction_low"][entries],
            entry_high=fractions["fraction_high"][entries],
            entry_row=entries,
            entry_evidence=evidence_codes(fractions["evidence"][entries]),
            allied=self._mask(self._ruling_countries()),
        )

    def measures_of(self, active: np.ndarray, side: str) -> Measures:
        """Measures of one side in some rows of `countermeasures`, compiled on the axes of these facts."""
        table = self.release.columns("countermeasures")
        row = active[table["side"][active] == side]
        axis = {
            "mineral": self._mineral,
            "product_family": self._family,
            "company": self._company,
            "country": self._country,
        }
        kind, subject, target = table["subject_kind"][row], table["subject"][row], table["target"][row]
        return Measures(
            row=row,
            kind=kind,
            subject=np.array([axis[k].get(s, -1) for k, s in zip(kind, subject, strict=True)], dtype=int),
            names=np.array([self._mask(members(t)) for t in target], dtype=bool).reshape(row.size, len(self.countries)),
            worldwide=np.array(target == WORLDWIDE, dtype=bool),
            measure=table["measure"][row],
            evidence=self._sourced(table, row),
        )

    def _minerals(self) -> Minerals:
        release = self.release
        minerals, needs = release.columns("minerals"), release.columns("family_minerals")
        imports, survey = release.columns("mineral_imports"), release.columns("mineral_facts")
        shares = selection.ImportShares(imports, release.columns("mineral_codes"), survey, self._day)
        shape = (len(self.minerals), len(self.countries))
        import_share, import_known = np.full(shape, np.nan), np.full(shape, self._day)
        evidence = np.full(shape, MODELLED)
        import_rows = {}
        for j in np.unique(self.country):
            for m, mineral in enumerate(self.minerals):
                value, table, rows = shares.find(mineral, self.countries[j])
                if rows:
                    import_share[m, j] = value
                    import_rows[m, int(j)] = (table, list(rows))
                    of_year = int(release.columns(table)["year"][rows[0]])
                    import_known[m, j] = selection.figure_known_from(table, of_year)
                    evidence[m, j] = DERIVED if table == "mineral_imports" else self._sourced(survey, list(rows))[0]
        cell = _codes(needs["product_family"], self._family), _codes(needs["mineral"], self._mineral)
        criticality, substitutability = np.zeros((2, len(self.families), len(self.minerals)))
        criticality[cell], substitutability[cell] = needs["criticality"], needs["substitutability"]
        dependence_row = np.full(criticality.shape, -1)
        dependence_row[cell] = np.arange(needs["mineral"].size)
        year = minerals["latest_year"]
        year_end = np.where(np.isnan(year), 1970, year).astype(int) - 1969
        return Minerals(
            supply_share=np.fmax(minerals["china_mine_share"], minerals["china_refined_share"]),
            supply_evidence=self._sourced(minerals, np.arange(minerals["mineral"].size)),
            supply_age=self._years_since(year_end.astype("datetime64[Y]")),
            import_share=import_share,
            import_evidence=evidence,
            import_age=self._years_since(import_known),
            import_rows=import_rows,
            criticality=criticality,
            substitutability=substitutability,
            dependence_row=dependence_row,
            dependence_evidence=evidence_codes(needs["evidence"])[dependence_row],
        )

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
        tables = self.release
        if "rules" in blocks:
            moved.rules = moved.rules_of(selection.in_force(tables.columns("rules"), moved._day, self.timing))
        if "measures" in blocks:
            active = selection.in_force(tables.columns("countermeasures"), moved._day, self.timing)
            moved.supply, moved.access = moved.measures_of(active, "supply"), moved.measures_of(active, "access")
        if "china" in blocks:
            moved.china = moved._china_shares()
        if "segments" in blocks:
            moved.segments = moved._segments()
        if "mineral" in blocks:
            needs = dataclasses.replace(moved._minerals(), dependence_row=self.mineral.dependence_row)
            moved.mineral = needs  # what depends on what is structural, and the layout rests on it
        if "segments" in blocks:
            moved.__dict__.pop("layout", None)
        if "events" in blocks:
            moved.events = moved._events(moved._day)
        return moved

    def acts_at(self, day: np.datetime64) -> Facts:
        """These facts with the rules, measures and events of an earlier day, as they were known on that day."""
        active = selection.in_force(self.release.columns("countermeasures"), day, self.timing)
        return self.replace(
            rules=self.rules_of(selection.in_force(self.release.columns("rules"), day, self.timing)),
            supply=self.measures_of(active, "supply"),
            access=self.measures_of(active, "access"),
            events=self._events(day),
        )

    def _events(self, day: np.datetime64) -> Events:
        table = self.release.columns("coercion_events")
        row = np.flatnonzero(table["date"] <= day)
        target = table["target_country"][row]
        return Events(
            row=row,
            names=np.array([self._mask(members(t)) for t in target]).reshape(row.size, len(self.countries)),
            worldwide=target == WORLDWIDE,
            severity=table["severity_kind"][row],
            age=self._years_since(table["date"][row], day),
        )


def _median(values: list[float]) -> float:
    """Median, NaN of none; NumPy's takes a hundred times longer for so few."""
    if not values:
        return float("nan")
    ordered, middle = sorted(values), len(values) // 2
    return ordered[middle] if len(values) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _index(values: Iterable[str]) -> dict[str, int]:
    return {value: i for i, value in enumerate(values)}


def _codes(values: np.ndarray, index: dict[str, int]) -> np.ndarray:
    return np.array([index[value] for value in values], dtype=int)
