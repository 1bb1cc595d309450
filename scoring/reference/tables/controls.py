"""Export controls of the United States and its allies, and what companies said about them."""

from __future__ import annotations

from typing import Final

import pandera.pandas as pa

from scoring.reference.tables import kinds
from scoring.reference.tables.countries import IMPOSERS, TARGETS
from scoring.reference.tables.model import Reference, Rule, Table, ordered
from scoring.vocabulary import Calibration, ControlMeasure

REACHES: Final = ("home-exports", "extraterritorial")
ITEM_REACHES: Final = (*REACHES, "fdpr", "de-minimis-0", "end-use")
STATUSES: Final = ("confirmed", "scheduled")
REGIMES: Final = ("EAR", "NL-2023", "NL-2024", "NL-2025", "JP-METI-2023", "UK", "EU", "CN")

_SOURCE = Reference("source_id", "sources", "source_id")
_RULE = Reference("rule_id", "rules", "rule_id")
_CODE = "Entry of a control list, such as an ECCN"

# `announced` may be later than `effective_from`: licensing letters are often made public after they bind.
DATE_RULES: Final = (
    ordered("effective_from", "effective_to", "is before effective_from; swap or correct the dates"),
    Rule(
        "end-known",
        ("end_announced", "effective_to"),
        lambda frame: frame["end_announced"].isna() | frame["effective_to"].notna(),
        "announces an end that is not given; fill effective_to or empty end_announced",
    ),
)


def dates() -> dict[str, pa.Column]:
    """Columns of the life of a control: when it holds, and when that became known."""
    return {
        "announced": kinds.day("Day it became public"),
        "effective_from": kinds.day("First day in force"),
        "effective_to": kinds.day(
            "First day no longer in force, empty while open; effective_from itself if suspended before that",
            nullable=True,
        ),
        "end_announced": kinds.day("Day its end became public, empty = effective_to itself", nullable=True),
    }


RULES = Table(
    "rules",
    "Packages of export controls",
    {
        "rule_id": kinds.identifier("Identifier of the package"),
        "imposed_by": kinds.code("Who imposes it", IMPOSERS),
        "target": kinds.code("Whom it is aimed at", TARGETS),
        "title": kinds.text("Name for readers"),
        **dates(),
        "measure": kinds.word("Review policy toward the target", ControlMeasure),
        "reach": kinds.word("Whether it binds exporters of the imposer, or those of other countries", REACHES),
        "bound_countries": kinds.code(
            "Countries it binds besides, or for extraterritorial packages instead of all",
            IMPOSERS,
            nullable=True,
            several=True,
        ),
        "exempt_countries": kinds.code(
            "Countries an extraterritorial package leaves out", IMPOSERS, nullable=True, several=True
        ),
        "covers_servicing": kinds.flag("Whether it touches service revenue"),
        "status": kinds.word("Only confirmed packages count; scheduled ones are announced to take effect", STATUSES),
        "legal_ref": kinds.text("Citation of the legal text"),
        "source_id": kinds.source(),
        "note": kinds.note(),
    },
    key=("rule_id",),
    references=(_SOURCE,),
    rules=DATE_RULES,
)

RULE_ITEMS = Table(
    "rule_items",
    "List entries in a package",
    {
        "rule_id": kinds.text("Package"),
        "code": kinds.text(_CODE),
        "measure": kinds.word("Review policy for this entry", ControlMeasure),
        "reach": kinds.word("Reach of the entry as the source states it", ITEM_REACHES),
        "source_id": kinds.source(),
        "note": kinds.note(),
    },
    key=("rule_id", "code"),
    references=(_RULE, Reference("code", "classifications", "code"), _SOURCE),
)

CLASSIFICATIONS = Table(
    "classifications",
    "Entries of control lists",
    {
        "regime": kinds.word("Control list", REGIMES),
        "code": kinds.text(_CODE),
        "title": kinds.text("What the entry covers"),
        "parent": kinds.text("Entry it belongs to, in any regime", nullable=True),
        "source_id": kinds.source(),
        "note": kinds.note(),
    },
    key=("regime", "code"),
    references=(Reference("parent", "classifications", "code"), _SOURCE),
)

FAMILY_RULES = Table(
    "family_rules",
    "How much of a family's China sales a package newly caught",
    {
        "product_family": kinds.text("Family"),
        "rule_id": kinds.text("Package"),
        "fraction": kinds.share("Fraction of the family's China sales that the package newly caught, or that was lost"),
        "fraction_low": kinds.share("Lower end of its plausible range"),
        "fraction_high": kinds.share("Upper end of its plausible range"),
        "calibration": kinds.word(
            "caught: needs a licence or is banned; loss: was lost, from a company's own statement", Calibration
        ),
        "evidence": kinds.evidence(),
        "source_id": kinds.source(),
        "note": kinds.note(),
    },
    key=("product_family", "rule_id"),
    references=(Reference("product_family", "product_families", "product_family"), _RULE, _SOURCE),
    rules=(
        ordered("fraction_low", "fraction", "is below fraction_low; a range holds its value"),
        ordered("fraction", "fraction_high", "is below fraction; a range holds its value"),
    ),
)

IMPACT_STATEMENTS = Table(
    "impact_statements",
    "What companies said a control would cost them, for validation and never an input",
    {
        # Not a reference: statements of companies outside the universe are kept for comparison.
        "company_id": kinds.identifier("Company, which may lie outside `companies`"),
        "date": kinds.day("Day of the statement"),
        "control_id_hint": kinds.text("Controls it speaks of, in the words of the collection"),
        "statement_kind": kinds.identifier("Kind of statement"),
        "amount": kinds.number("Amount stated, in unit; negative for a fall", nullable=True),
        "currency": kinds.text("Currency, ISO 4217", nullable=True, pattern="[A-Z]{3}", what="a currency code"),
        "unit": kinds.word("Unit of the amount", ("1", "million", "billion", "fraction", "aircraft"), nullable=True),
        "period": kinds.text("Period it speaks of, in the words of the source", nullable=True),
        "share_of_revenue": kinds.share("Amount as a share of the company's revenue", nullable=True),
        "source_id": kinds.source(),
        "note": kinds.note(),
    },
    key=("company_id", "date", "control_id_hint", "statement_kind", "period"),
    references=(_SOURCE,),
)

TABLES: Final = (RULES, RULE_ITEMS, CLASSIFICATIONS, FAMILY_RULES, IMPACT_STATEMENTS)
