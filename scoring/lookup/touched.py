"""Reference data as of a date, with the companies that each rule, measure, mineral, act or threat touches.

What touches a company, and by how much, is read off the leaves of its score (`scoring.score.leaves`); nothing is
computed here by a formula of its own. Tables have one array or list per column, as the rows of `Scorer.columns` do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from scoring.errors import ExposureError
from scoring.exposure.force import event_weights
from scoring.lookup.concentration import Concentration, concentrations
from scoring.reference.clock import CLOCK, hidden_ends, known_by
from scoring.score.leaves import ACCESS, CONTROL, SUPPLY

if TYPE_CHECKING:
    from scoring.reference.releases.release import Release
    from scoring.score.snapshot import Snapshot

Table = dict[str, Any]

_TABLE: Final[Mapping[str, str]] = {
    "rules": "rules",
    "countermeasures": "countermeasures",
    "minerals": "minerals",
    "events": "coercion_events",
}
"""Table of each kind."""

LISTS: Final = tuple(_TABLE)
"""Kinds of reference data that touch companies."""


class NotFoundError(ExposureError):
    """No such rule, measure, mineral, event, country or company, or none that was known by the date."""

    code = "not-found"


def listed(snapshot: Snapshot, kind: str) -> Table:
    """All rows of a kind that were known by the snapshot's date.

    Parameters
    ----------
    snapshot : Snapshot
    kind : {"rules", "countermeasures", "minerals", "events"}

    Returns
    -------
    dict of str to array
        The columns of the table, then ``active`` (rules and countermeasures: whether it counts in the score at the
        date), ``companies`` (how many it touches), ``exposure_max`` and ``points`` (sum over the companies),
        ``source_title`` and ``source_url``. An end that was not yet known is empty. Minerals of a release that says in
        which countries they are mined have the columns of `Concentration`, too.
    """
    table = _TABLE[kind]
    columns = snapshot.release.columns(table)
    day = np.datetime64(snapshot.as_of, "D")
    rows = np.flatnonzero(known_by(table, columns, day))
    out: Table = {name: column[rows] for name, column in columns.items()}
    if "end_announced" in out:
        unknown = hidden_ends(table, out, day)
        out["effective_to"] = np.where(unknown, np.datetime64("NaT", "D"), out["effective_to"])
        out["end_announced"] = np.where(unknown, np.datetime64("NaT", "D"), out["end_announced"])
        out["active"] = np.isin(rows, _active(snapshot, kind))
    touched = [companies_of(snapshot, _leaves_of(snapshot, kind, int(row))) for row in rows]
    out["companies"] = np.array([len(t["company_id"]) for t in touched], dtype=int)
    out["exposure_max"] = np.array([max(t["exposure"], default=np.nan) for t in touched], dtype=float)
    out["points"] = np.array([np.nansum(t["points"]) for t in touched], dtype=float)
    if kind == "minerals":
        out |= _concentrations(snapshot, out["mineral"].tolist())
    return out | _sources(snapshot.release, columns["source_id"][rows])


def _concentrations(snapshot: Snapshot, minerals: list[str]) -> Table:
    """Concentration of minerals, a column for each of its parts; none where nothing is known of any."""
    found = concentrations(snapshot.release, snapshot.as_of)
    if not found:
        return {}
    unknown = Concentration(*(np.nan,) * 5, "", "")
    parts = zip(*(found.get(mineral, unknown) for mineral in minerals), strict=True)
    return {
        name: np.array(part, dtype=object if name.endswith("source") else float)
        for name, part in zip(Concentration._fields, parts, strict=True)
    }


def touches(snapshot: Snapshot, kind: str, key: str) -> Table:
    """Companies that one rule, countermeasure, mineral or event touches at the snapshot's date, most first.

    Parameters
    ----------
    snapshot : Snapshot
    kind : {"rules", "countermeasures", "minerals", "events"}
    key : str
        Its identifier, such as a rule_id.

    Returns
    -------
    dict of str to array
        ``company_id``, ``name``, ``country``, ``sector``, ``exposure`` (share of revenue, 0..1) and ``points`` (of
        the company's score; missing where it has none). An event acts through the latent threat that it adds to:
        its companies are those at home in the countries it was aimed at, by what the whole latent threat does to
        them, with ``weight``, the event's decayed weight in that threat.

    Raises
    ------
    NotFoundError
        No such key, or not known by the snapshot's date.
    """
    table = _TABLE[kind]
    columns, (name,) = snapshot.release.columns(table), CLOCK[table].key
    found = np.flatnonzero((columns[name] == key) & known_by(table, columns, np.datetime64(snapshot.as_of, "D")))
    if not found.size:
        raise NotFoundError(
            name, f"{key[:100]!r} is not known on {snapshot.as_of}", f"see the list of {kind} for what is"
        )
    row = int(found[0])
    out = companies_of(snapshot, _leaves_of(snapshot, kind, row))
    if kind == "events":
        weight = event_weights(snapshot.evaluation.facts, snapshot.evaluation.parameters)[_event(snapshot, row)]
        country = snapshot.evaluation.facts.country[out["row"]]
        out["weight"] = weight[country]
    del out["row"]
    return out


def _active(snapshot: Snapshot, kind: str) -> np.ndarray:
    facts = snapshot.evaluation.facts
    return facts.rules.row if kind == "rules" else np.concatenate([facts.supply.row, facts.access.row])


def from_latent_threat(snapshot: Snapshot) -> np.ndarray:
    """Which leaves are the work of the latent threat alone, as a mask."""
    leaves = snapshot.leaves
    return np.isin(leaves.kind, (SUPPLY, ACCESS)) & (leaves.driver < 0)


def _event(snapshot: Snapshot, row: int) -> int:
    return int(np.flatnonzero(snapshot.evaluation.facts.events.row == row)[0])


def _leaves_of(snapshot: Snapshot, kind: str, row: int) -> np.ndarray:
    """Which leaves are the work of one row of a kind's table, as a mask."""
    return _LEAVES[kind](snapshot, row)


def _of_rule(snapshot: Snapshot, row: int) -> np.ndarray:
    leaves, rules = snapshot.leaves, snapshot.evaluation.facts.rules
    out: np.ndarray = leaves.kind == CONTROL
    out[out] = rules.row[rules.entry_rule[leaves.item[out]]] == row
    return out


def _of_measure(snapshot: Snapshot, row: int) -> np.ndarray:
    leaves, facts = snapshot.leaves, snapshot.evaluation.facts
    out = np.zeros(leaves.kind.size, dtype=bool)
    for kind, measures in ((SUPPLY, facts.supply), (ACCESS, facts.access)):
        driven = np.flatnonzero((leaves.kind == kind) & (leaves.driver >= 0))
        out[driven] = measures.row[leaves.driver[driven]] == row
    return out


def _of_mineral(snapshot: Snapshot, row: int) -> np.ndarray:
    leaves = snapshot.leaves
    return (leaves.kind == SUPPLY) & (leaves.item == row)


def _of_event(snapshot: Snapshot, row: int) -> np.ndarray:
    facts = snapshot.evaluation.facts
    v = _event(snapshot, row)
    aimed = facts.events.names[v] | facts.events.worldwide[v]
    return from_latent_threat(snapshot) & aimed[facts.country[snapshot.leaves.company]]


_LEAVES: Final[Mapping[str, Callable[[Snapshot, int], np.ndarray]]] = {
    "rules": _of_rule,
    "countermeasures": _of_measure,
    "minerals": _of_mineral,
    "events": _of_event,
}


def companies_of(snapshot: Snapshot, mask: np.ndarray) -> Table:
    """Companies of some leaves, most exposed first."""
    leaves, companies = snapshot.leaves, snapshot.release.columns("companies")
    n = companies["company_id"].size
    company = leaves.company[mask]
    exposure = np.bincount(company, leaves.exposure[mask], n)
    points = np.bincount(company, leaves.points[mask], n)
    rows = np.flatnonzero(np.bincount(company, minlength=n) > 0)
    rows = rows[np.lexsort((rows, -exposure[rows], -np.nan_to_num(points[rows])))]
    return {
        "row": rows,
        **{name: companies[name][rows] for name in ("company_id", "name", "country", "sector")},
        "exposure": exposure[rows],
        "points": points[rows],
    }


def _sources(release: Release, source_ids: np.ndarray) -> Table:
    sources = release.columns("sources")
    rows = [release.source_index[source] for source in source_ids]
    return {"source_title": sources["title"][rows], "source_url": sources["url"][rows]}
