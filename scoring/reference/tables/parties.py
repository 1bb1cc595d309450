"""Named parties: whom rules list, what companies sell to them, and which listed company stands behind them."""

from __future__ import annotations

from typing import Final

from scoring.reference.tables import kinds
from scoring.reference.tables.countries import COUNTRIES
from scoring.reference.tables.model import Reference, Rule, Table, ordered
from scoring.reference.tables.sales import IN_ORDER, published

RELATIONS: Final = ("self", "unit", "subsidiary")
BOUNDS: Final = ("upper",)

_COMPANY = Reference("company_id", "companies", "company_id")
_SOURCE = Reference("source_id", "sources", "source_id")

ENTITIES = Table(
    "entities",
    "Chinese parties that rules list and companies name as customers",
    {
        "entity": kinds.identifier("Identifier of the party"),
        "name": kinds.text("Name for readers"),
        "country": kinds.code("Country of the party", COUNTRIES),
        "source_id": kinds.source(),
        "note": kinds.note(),
    },
    key=("entity",),
    references=(_SOURCE,),
)

RULE_ENTITIES = Table(
    "rule_entities",
    "Which package lists which party",
    {
        "rule_id": kinds.text("Package"),
        "entity": kinds.text("Party"),
    },
    key=("rule_id", "entity"),
    references=(Reference("rule_id", "rules", "rule_id"), Reference("entity", "entities", "entity")),
)

CUSTOMERS = Table(
    "customers",
    "What part of a company's revenue a named customer is",
    {
        "company_id": kinds.text("Company"),
        "customer": kinds.text("Party that buys"),
        "share": kinds.share("Customer's share of the company's revenue"),
        "bound": kinds.word(
            "upper where the source gives an upper bound only, which no score uses", BOUNDS, nullable=True
        ),
        "fiscal_year": kinds.text(
            "Fiscal year, quarter or half year, empty where not stated",
            nullable=True,
            pattern=kinds.PERIOD,
            what="a fiscal period",
        ),
        "period_end": kinds.day("Last day of the period, empty where not stated", nullable=True),
        **published(),
        "evidence": kinds.evidence(),
        "source_id": kinds.source(),
        "note": kinds.note(),
    },
    key=("company_id", "customer", "fiscal_year", "known_by"),
    references=(_COMPANY, Reference("customer", "entities", "entity"), _SOURCE),
    rules=(
        *IN_ORDER,
        ordered("period_end", "known_by", "is before the period ends; a figure cannot be known before that"),
    ),
)

ENTITY_PARENTS = Table(
    "entity_parents",
    "Which listed company a party that China's measures name belongs to",
    {
        "entity": kinds.identifier("Party, as countermeasures name it"),
        "company_id": kinds.text("Company it belongs to"),
        "relation": kinds.word("self: another name of the company itself", RELATIONS),
        "weight": kinds.share("Part of the company that the party is, as far as a measure reaches it"),
        "low": kinds.share("Lower end of its plausible range"),
        "high": kinds.share("Upper end of its plausible range"),
        "valid_from": kinds.day("First day it belongs to the company, empty = always", nullable=True),
        "valid_to": kinds.day("First day it no longer does, empty while it does", nullable=True),
        "evidence": kinds.evidence(),
        "note": kinds.note(),
    },
    key=("entity", "company_id"),
    references=(Reference("entity", "countermeasures", "subject"), _COMPANY),
    rules=(
        ordered("low", "weight", "is below low; a range holds its value"),
        ordered("weight", "high", "is below the weight; a range holds its value"),
        ordered("valid_from", "valid_to", "is before valid_from; swap or correct the dates"),
        Rule(
            "self-is-whole",
            ("weight", "relation"),
            lambda frame: (frame["relation"] != "self") | (frame["weight"] == 1.0),
            "is not 1 though the party is the company itself; write 1 or another relation",
        ),
    ),
)

TABLES: Final = (ENTITIES, RULE_ENTITIES, CUSTOMERS, ENTITY_PARENTS)
