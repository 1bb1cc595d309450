"""Facts in words, each with the date it became known, its evidence and its source."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from scoring.cited import Fact, Source
from scoring.facts.evidence import OF_SOURCE
from scoring.facts.facts import Assumption, Facts
from scoring.facts.sales.wording import SHARE_OF
from scoring.reference.clock import CLOCK, begins, hidden_ends
from scoring.reference.releases.release import Release

Row = Mapping[str, Any]

TableRow = tuple[str, int]
"""A table, and a row of it."""


@dataclass(frozen=True)
class _Wording:
    """How a table's rows are cited."""

    statement: Callable[[Row], str]
    value: str | None = None
    published: str | None = None
    evidence: str | None = None
    """Evidence of a table with neither a column nor a source for it."""


def _percent(share: float | None) -> str:
    return "unknown" if share is None else f"{share:.1%}"


def _share(row: Row) -> str:
    scope = {"mainland": "mainland China", "unspecified": "China (scope not stated)"}.get(
        row["china_scope"], f"China ({row['china_scope']})"
    )
    basis = "" if row["basis"] == "unspecified" else f", by {row['basis']}"
    return (
        f"{_percent(row['china_share'])} {SHARE_OF[row['share_of']]} from {scope} in {row['fiscal_year']}, "
        f"period to {row['period_end']}{basis}"
    )


def _segment(row: Row) -> str:
    china = "" if row["china_share"] is None else f", {_percent(row['china_share'])} of it in China"
    return f"{row['segment']} is {_percent(row['revenue_share'])} of revenue in {row['fiscal_year']}{china}"


def _customer(row: Row) -> str:
    period = f"in {row['fiscal_year']}" if row["fiscal_year"] else "in a period that is not stated"
    return f"{row['customer']} is {_percent(row['share'])} of revenue {period}"


_CALIBRATED: Final[Mapping[str, str]] = {"caught": "catches", "loss": "took away"}


def _scope(row: Row) -> str:
    """What of its subject a measure reaches, where that is not everything."""
    if row["fraction"] == 1:
        return ""
    return (
        f", of which it reaches {_percent(row['fraction'])} (range {_percent(row['fraction_low'])} to "
        f"{_percent(row['fraction_high'])}: {row['scope_note']})"
    )


def _dates(row: Row) -> str:
    end = f", ends {row['effective_to']} (known {row['end_announced']})" if row["effective_to"] else ""
    return f"announced {row['announced']}, in force from {row['effective_from']}{end}"


def _legal(row: Row) -> str:
    text = row["legal_ref"] or ""
    return f"; {re.sub('^none', 'no legal text', text)}" if text else ""


_WORDING: Final[Mapping[str, _Wording]] = {
    "revenue": _Wording(_share, "china_share", "published"),
    "segments": _Wording(_segment, "revenue_share", "published"),
    "industry_priors": _Wording(
        lambda row: (
            f"companies that disclose no China share, {row['region']} / {row['sector']} / {row['group']}: "
            f"{_percent(row['mean'])} of revenue on average, {_percent(row['p10'])} to {_percent(row['p90'])}; "
            f"{row['basis']}"
        ),
        "mean",
    ),
    "business_mix": _Wording(
        lambda row: (
            f"about {_percent(row['share'])} of the business is {row['product_family']} "
            f"(structural mix from {row['valid_from']})"
        ),
        "share",
    ),
    "rules": _Wording(
        lambda row: f"{row['imposed_by']}: {row['title']} ({row['measure']}, {_dates(row)}{_legal(row)})",
        published="announced",
    ),
    "family_rules": _Wording(
        lambda row: (
            f"{_CALIBRATED[row['calibration']]} {_percent(row['fraction'])} of {row['product_family']} sales to China "
            f"(range {_percent(row['fraction_low'])} to {_percent(row['fraction_high'])})"
        ),
        "fraction",
    ),
    "rule_entities": _Wording(lambda row: f"{row['rule_id']} names {row['entity']}"),
    "customers": _Wording(_customer, "share", "published"),
    "entity_parents": _Wording(
        lambda row: (
            f"{row['entity']} is a {row['relation']} of {row['company_id']}, counted at {_percent(row['weight'])} "
            f"(range {_percent(row['low'])} to {_percent(row['high'])})"
        ),
        "weight",
    ),
    "producers": _Wording(lambda row: f"{row['company_id']} produces {row['mineral']} itself"),
    "family_minerals": _Wording(
        lambda row: (
            f"{row['product_family']} depends on {row['mineral']} ({row['stage']}): criticality "
            f"{row['criticality']:g}, substitutability {row['substitutability']:g}"
        ),
        "criticality",
    ),
    "minerals": _Wording(
        lambda row: (
            f"China supplies {_percent(_chokepoint(row))} of the world's {row['mineral']} "
            f"(mined {_percent(row['china_mine_share'])}, refined {_percent(row['china_refined_share'])})"
        ),
    ),
    "mineral_imports": _Wording(
        lambda row: (
            f"{_percent(row['china_import_share'])} of {row['importer']} imports under HS {row['hs6']} "
            f"came from China in {row['year']}"
        ),
        "china_import_share",
        evidence="derived",
    ),
    "mineral_facts": _Wording(  # of this table only the US import shares enter scores
        lambda row: f"{_percent(row['value'])} of US imports of {row['mineral']} came from China (up to {row['year']})",
        "value",
    ),
    "countermeasures": _Wording(
        lambda row: (
            f"China toward {row['target']}: {row['measure']} on {row['subject']}{_scope(row)} "
            f"({_dates(row)}{_legal(row)})"
        ),
        published="announced",
    ),
    "coercion_events": _Wording(
        lambda row: (
            f"{row['date']} {row['kind']} toward {row['target_country']}: "
            f"{row['subject'] or row['target_company'] or row['trigger'] or row['event_id']}"
        ),
        published="date",
    ),
}


def prior_rows(known: Facts, company: int) -> list[TableRow]:
    """The prior cell of a company, as a table and row; nothing if it has none."""
    release = known.release
    companies, priors = release.columns("companies"), release.columns("industry_priors")
    at = np.flatnonzero(companies["company_id"] == known.company_ids[company])
    same = [priors[part] == companies[f"prior_{part}"][at[0]] for part in ("region", "sector", "group")]
    return [("industry_priors", row) for row in np.flatnonzero(np.logical_and.reduce(same)).tolist()]


def china_rows(known: Facts, company: int) -> list[TableRow]:
    """Rows behind a company's China share, latest first.

    Of an estimate its prior cell, and the company's own figure if it is too old to count.
    """
    china = known.china
    if not china.estimated[company]:
        return [("revenue", row) for row in reversed(china.rows[company])]
    own = int(china.last_known[company])
    return [*prior_rows(known, company), *([("revenue", own)] if own >= 0 else [])]


def mix_rows(known: Facts, segment: int) -> list[TableRow]:
    """The row behind a segment of the product mix; none behind one that is inferred from peers."""
    segments = known.segments
    if segments.inferred[segment]:
        return []
    return [("segments" if segments.disclosed[segment] else "business_mix", int(segments.row[segment]))]


def need_rows(known: Facts, families: Iterable[int], mineral: int, country: int) -> list[TableRow]:
    """Rows behind the need that product families have of a mineral in a country."""
    measured = known.mineral.imports.get((mineral, country))
    return [
        *(("family_minerals", int(known.mineral.dependence_row[family, mineral])) for family in families),
        ("minerals", mineral),
        *([(measured.table, row) for row in measured.rows] if measured else []),
    ]


def _chokepoint(row: Row) -> float | None:
    shares = [share for share in (row["china_mine_share"], row["china_refined_share"]) if share is not None]
    return max(shares, default=None)


class Citations:
    """Facts that one answer cites, each once, in the order in which they are first cited.

    Parameters
    ----------
    known : Facts
        What was known at the date of the answer, with the assumptions of a scenario.

    Attributes
    ----------
    facts : dict of str to Fact
        By `Fact.fact_id`.
    """

    def __init__(self, known: Facts) -> None:
        self._known = known
        self.facts: dict[str, Fact] = {}

    def cite(self, table: str, row: int) -> str:
        """Id of the fact in a row of a table; a negative row is an assumption."""
        known = self._known
        if row < 0:
            fact = cite_assumption(known.release, known.assumptions[~row])
        else:
            fact = cite(known.release, table, int(row), known.as_of)
        self.facts[fact.fact_id] = fact
        return fact.fact_id


class _Cells(dict[str, Any]):
    """Cells of one row, each read when it is asked for: a row has many that say nothing of its days."""

    def __init__(self, columns: Mapping[str, Any], index: int) -> None:
        super().__init__()
        self._columns, self._index = columns, index

    def __missing__(self, name: str) -> Any:
        return self._columns[name][self._index]


def cite(release: Release, table: str, index: int, as_of: dt.date) -> Fact:
    """Fact of row `index` of `table`, worded as it could be on `as_of`.

    An end that was announced later is left out. The note is the researcher's, written when the release was made,
    and may tell of later events.

    Raises
    ------
    KeyError
        The table is not one that enters scores.
    """
    wording, row = _WORDING[table], release.row(table, index)
    clock, columns = CLOCK[table], release.columns(table)
    cells = _Cells(columns, index)
    if clock.end_known is not None and hidden_ends(table, cells, np.datetime64(as_of, "D")):
        row |= {"effective_to": None, "end_announced": None}
    source = cite_source(release, row.get("source_id"))
    evidence = row.get("evidence") or wording.evidence or (OF_SOURCE[source.kind] if source else "expert-judgement")
    return Fact(
        fact_id="/".join((table, *(str(row[column]) for column in clock.key))),
        table=table,
        statement=wording.statement(release.labels.named(row)),
        value=row[wording.value] if wording.value else None,
        known_from=begins(table, cells).item() if clock.known else None,
        published=row[wording.published] if wording.published else None,
        evidence=evidence,
        note=row.get("note"),
        source=source,
        origin=release.origin(table, index),
    )


def cite_assumption(release: Release, assumption: Assumption) -> Fact:
    """What a scenario assumes, in the form of a fact: the evidence is judgement, and the table is ``scenario``."""
    return Fact(
        fact_id=f"scenario/{assumption.scenario_id}/{assumption.number}/{assumption.statement}",
        table="scenario",
        statement=assumption.statement,
        value=None,
        known_from=None,
        published=None,
        evidence="expert-judgement",
        note=None,
        source=cite_source(release, assumption.source_id),
    )


def cite_source(release: Release, source_id: str | None) -> Source | None:
    """Document of a source_id; None for a fact that has none."""
    if source_id is None or source_id not in release.source_index:
        return None
    row = release.row("sources", release.source_index[source_id])
    return Source(source_id=source_id, title=row["title"], url=row["url"], kind=row["kind"])
