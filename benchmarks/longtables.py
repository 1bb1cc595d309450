"""Facts as plain long tables: where every peer begins.

The selection of what was known and in force at the date is done. Whatever has an index in the facts has the same number
as its key here, so that no peer spends time on comparing text. A table is what a relational design would have.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from scoring.exposure.market import market_exposure
from scoring.facts.blocks import Measures
from scoring.facts.facts import Facts
from scoring.methodology import Methodology
from scoring.methodology.parameters import ACCESS_WORDS, CONTROL_WORDS, GROUPS, SEVERITY_WORDS, SUPPLY_WORDS, codes


@dataclass(frozen=True)
class LongTables:
    """Tables of facts and of codebooks, and the single numbers of the methodology.

    Attributes
    ----------
    tables : dict of str to pyarrow.Table
        ``companies`` (company, country, market), ``segments`` (segment, company, family, service, share, china),
        ``families`` (family, vulnerability), ``countries`` (country, eta, allied), ``rules`` (rule, imposer,
        servicing, stringency), ``binds`` (rule, country), ``fractions`` (rule, family, fraction, lost), ``parties``
        (rule, party), ``customers`` (company, party, share), ``minerals`` (mineral, supply_share), ``imports``
        (mineral, country, import_share), ``needs`` (family, mineral, criticality, substitutability), ``producers``
        (company, mineral), ``supply`` and ``access`` (measure, kind, subject, worldwide, stringency),
        ``supply_targets`` and ``access_targets`` (measure, country), ``events`` (event, severity, worldwide, age),
        ``event_targets`` (event, country). The market exposure and the product mix are those that count, estimates
        and means of peers included; ``china`` is 0 where a segment could sell nothing, and a ``stringency`` is times
        the part of its subject that a measure reaches. An unknown figure is null.
    numbers : dict of str to float
        Weights ``w_*``, half-points ``h_*``, ``beta``, and what the latent threat and unknown imports need.
    """

    tables: dict[str, pa.Table]
    numbers: dict[str, float]

    @property
    def nbytes(self) -> int:
        """Bytes of all tables."""
        return sum(table.nbytes for table in self.tables.values())


def long_tables(facts: Facts, methodology: Methodology) -> LongTables:
    """Tables of facts at their date, with the codebooks of a methodology looked up.

    Raises
    ------
    ValueError
        The peers compute by the rules of methodology 2026.2, and this one has others.
    """
    numbers, segments, mineral = methodology.parameters, facts.segments, facts.mineral
    if not (numbers.bottleneck and numbers.adds and numbers.control_loss is not None):
        raise ValueError(f"methodology {methodology.version} has other rules than 2026.2; the peers have no others")
    rules, events = facts.rules, facts.events
    need_family, need_mineral = np.nonzero(mineral.dependence_row >= 0)
    import_mineral, import_country = np.nonzero(~np.isnan(mineral.import_share))
    parties = sorted({*rules.listed_entity, *facts.customers.entity})
    severity = numbers.severity[codes(events.severity, SEVERITY_WORDS)]
    tables = {
        "companies": _table(
            company=_keys(facts.country), country=facts.country, market=market_exposure(facts, methodology)
        ),
        "segments": _table(
            segment=_keys(segments.company),
            company=segments.company,
            family=segments.family,
            service=segments.service,
            share=segments.share,
            china=np.where(facts.unsold & np.isnan(segments.china), 0.0, segments.china),
        ),
        "families": _table(
            family=_keys(facts.groups), vulnerability=numbers.vulnerability[codes(facts.groups, GROUPS)]
        ),
        "countries": _table(country=_keys(rules.allied), eta=numbers.alignment(facts.countries), allied=rules.allied),
        "rules": _table(
            rule=_keys(rules.row),
            imposer=rules.imposer,
            servicing=rules.servicing,
            stringency=numbers.control_stringency[codes(rules.measure, CONTROL_WORDS)],
        ),
        "binds": _pairs(rules.binds, "rule", "country"),
        "fractions": _table(
            rule=rules.entry_rule,
            family=rules.entry_family,
            fraction=rules.entry_fraction,
            lost=rules.entry_lost,
        ),
        "parties": _table(rule=rules.listed_rule, party=_numbered(rules.listed_entity, parties)),
        "customers": _table(
            company=facts.customers.company,
            party=_numbered(facts.customers.entity, parties),
            share=facts.customers.share,
        ),
        "minerals": _table(mineral=_keys(mineral.supply_share), supply_share=mineral.supply_share),
        "imports": _table(
            mineral=import_mineral,
            country=import_country,
            import_share=mineral.import_share[import_mineral, import_country],
        ),
        "needs": _table(
            family=need_family,
            mineral=need_mineral,
            criticality=mineral.criticality[need_family, need_mineral],
            substitutability=mineral.substitutability[need_family, need_mineral],
        ),
        "producers": _table(company=mineral.producer_company, mineral=mineral.producer_mineral),
        "events": _table(event=_keys(events.row), severity=severity, worldwide=events.worldwide, age=events.age),
        "event_targets": _pairs(events.names, "event", "country"),
        **dict(_measures("supply", facts.supply, numbers.supply_stringency, SUPPLY_WORDS)),
        **dict(_measures("access", facts.access, numbers.access_stringency, ACCESS_WORDS)),
    }
    single = {
        "beta": numbers.beta,
        "threat_maximum": numbers.threat_maximum,
        "threat_scale": numbers.threat_scale,
        "threat_half_life": numbers.threat_half_life,
        "worldwide_share": numbers.worldwide_share,
        "unknown_import_share": numbers.unknown_import_share,
    }
    pillars = ("market", "control", "retaliation")
    weights = {f"w_{pillar}": float(numbers.weights[p]) for p, pillar in enumerate(pillars)}
    half_points = {f"h_{pillar}": float(numbers.half_points[p]) for p, pillar in enumerate(pillars)}
    return LongTables(tables, {name: float(value[0]) for name, value in single.items()} | weights | half_points)


def _measures(side: str, measures: Measures, stringency: np.ndarray, words: tuple[str, ...]) -> Iterator[Any]:
    strength = stringency[codes(measures.measure, words)] * measures.scope
    yield (
        side,
        _table(
            measure=_keys(measures.row),
            kind=measures.kind,
            subject=measures.subject,
            worldwide=measures.worldwide,
            stringency=strength,
        ),
    )
    yield f"{side}_targets", _pairs(measures.names, "measure", "country")


def _pairs(table: np.ndarray, row: str, column: str) -> pa.Table:
    rows, columns = np.nonzero(table)
    return _table(**{row: rows, column: columns})


def _numbered(names: np.ndarray, every: list[str]) -> np.ndarray:
    return np.array([every.index(name) for name in names], dtype=int)


def _keys(axis: np.ndarray) -> np.ndarray:
    return np.arange(axis.size)


def _table(**columns: np.ndarray) -> pa.Table:
    arrays = {}
    for name, values in columns.items():
        values = np.asarray(values)
        if values.dtype.kind == "O":
            arrays[name] = pa.array(values.tolist(), pa.string())
        elif values.dtype.kind in "iu":
            arrays[name] = pa.array(values.astype(np.int32))
        else:
            arrays[name] = pa.array(values, mask=np.isnan(values) if values.dtype.kind == "f" else None)
    return pa.table(arrays)
