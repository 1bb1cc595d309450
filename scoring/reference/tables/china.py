"""What China does: measures on its exports and its market, coercive acts; and what-ifs."""

from __future__ import annotations

import json
from typing import Final, get_args

import pandas as pd
import pandera.pandas as pa

from scoring.reference.tables import kinds
from scoring.reference.tables.controls import DATE_RULES, REACHES, STATUSES, dates
from scoring.reference.tables.countries import COUNTRIES, TARGETS
from scoring.reference.tables.model import Reference, Rule, Table, ordered
from scoring.vocabulary import AccessMeasure, Severity, SupplyMeasure

SIDES: Final = ("supply", "access")
SUBJECT_KINDS: Final = ("mineral", "product_family", "company", "country")
EVENT_KINDS: Final = (
    "blocking-order",
    "coercion",
    "export-ban",
    "export-control",
    "import-ban",
    "informal-embargo",
    "investigation",
    "listing",
    "procurement-ban",
    "sanction",
    "tariff",
    "threat",
)
_MEASURES = {"supply": get_args(SupplyMeasure), "access": get_args(AccessMeasure)}
_SOURCE = Reference("source_id", "sources", "source_id")


def _measure_fits_side(frame: pd.DataFrame) -> pd.Series[bool]:
    measure = frame["measure"]
    supply = (frame["side"] == "supply") & ~measure.isin(_MEASURES["supply"])
    access = (frame["side"] == "access") & ~measure.isin(_MEASURES["access"])
    return measure.isna() | ~(supply | access)


def _is_changes(cell: str) -> bool:
    try:
        changes = json.loads(cell)
    except ValueError:
        return False
    return isinstance(changes, list) and all(isinstance(change, dict) and "op" in change for change in changes)


def _changes() -> pa.Column:
    column = kinds.text('Changes as a JSON list of objects with an "op"')
    error = 'is no JSON list of changes; write [{"op": …}, …]'
    column.checks = [pa.Check(lambda cells: cells.map(_is_changes), name="changes", error=error)]
    return column


COUNTERMEASURES = Table(
    "countermeasures",
    "China's measures on its exports (supply) and on sales into its market (access)",
    {
        "measure_id": kinds.identifier("Identifier of the measure"),
        "side": kinds.word("supply: what China withholds; access: what may be sold to China", SIDES),
        "subject_kind": kinds.word("What the measure is about", SUBJECT_KINDS),
        "subject": kinds.text(
            "Mineral, product family, company or country; a company may lie outside `companies`",
            pattern=f"{kinds.SLUG}|[A-Z]{{2}}",
            what="an identifier or a country code",
        ),
        "target": kinds.code("Whom it is aimed at", TARGETS),
        **dates(),
        "measure": kinds.word(
            "How strict it is; the words allowed depend on the side",
            sorted({*_MEASURES["supply"], *_MEASURES["access"]}),
        ),
        "reach": kinds.word("Whether it binds China's own exporters, or those of other countries too", REACHES),
        "status": kinds.word("Only confirmed measures count; scheduled ones are announced to take effect", STATUSES),
        "legal_ref": kinds.text("Citation of the legal text, or how it was made known"),
        "source_id": kinds.source(),
        "note": kinds.note(),
        "fraction": kinds.share(
            "Part of the subject's China sales (access) or need (supply) that the measure reaches; 1 = all of it"
        ),
        "fraction_low": kinds.share("Lower end of its plausible range"),
        "fraction_high": kinds.share("Upper end of its plausible range"),
        "scope_note": kinds.text("What it reaches where that is not everything", nullable=True),
    },
    key=("measure_id",),
    references=(
        Reference("subject", "minerals", "mineral", where=("subject_kind", "mineral")),
        Reference("subject", "product_families", "product_family", where=("subject_kind", "product_family")),
        _SOURCE,
    ),
    rules=(
        *DATE_RULES,
        ordered("fraction_low", "fraction", "is below fraction_low; a range holds its value"),
        ordered("fraction", "fraction_high", "is below fraction; a range holds its value"),
        Rule(
            "scope-said",
            ("scope_note", "fraction"),
            lambda frame: (frame["fraction"] >= 1.0) | frame["scope_note"].notna(),
            "does not say what a measure reaches that reaches a part; write it",
        ),
        Rule(
            "measure-of-side",
            ("measure", "side"),
            _measure_fits_side,
            "is not a measure of that side; use one of its words",
        ),
        Rule(
            "subject-country",
            ("subject", "subject_kind"),
            lambda frame: (frame["subject_kind"] == "country") == frame["subject"].isin(COUNTRIES),
            "does not fit its kind; countries, and only they, are ISO 3166-1 alpha-2 codes",
        ),
    ),
)

COERCION_EVENTS = Table(
    "coercion_events",
    "Dated acts and threats toward a country, which feed the latent threat",
    {
        "event_id": kinds.identifier("Identifier of the event"),
        "date": kinds.day("Day of the act"),
        "target_country": kinds.code("Whom it was aimed at", TARGETS),
        "target_company": kinds.text("Companies it was aimed at, by name", nullable=True),
        "kind": kinds.word("Kind of act in the words of the source", EVENT_KINDS),
        "severity_kind": kinds.word("Kind that sets its severity", Severity),
        "subject": kinds.text("What the act was about"),
        "trigger": kinds.text("What it answered", nullable=True),
        "source_id": kinds.source(),
        "note": kinds.note(),
    },
    key=("event_id",),
    references=(_SOURCE,),
)

SCENARIOS = Table(
    "scenarios",
    "What-ifs in plain words, with the report they come from",
    {
        "scenario_id": kinds.identifier("Identifier of the scenario"),
        "title": kinds.text("Name for readers"),
        "description": kinds.text("What happens"),
        "changes": _changes(),
        "source_id": kinds.source(),
        "note": kinds.note(),
    },
    key=("scenario_id",),
    references=(_SOURCE,),
)

TABLES: Final = (COUNTERMEASURES, COERCION_EVENTS, SCENARIOS)
