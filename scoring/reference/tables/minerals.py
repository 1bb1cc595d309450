"""Critical minerals: China's share of them, who imports them, and which products need them."""

from __future__ import annotations

from typing import Final

import pandera.pandas as pa

from scoring.reference.tables import kinds
from scoring.reference.tables.countries import IMPORTERS
from scoring.reference.tables.model import Reference, Rule, Table

_MINERAL = Reference("mineral", "minerals", "mineral")
_SOURCE = Reference("source_id", "sources", "source_id")


def _hs6() -> pa.Column:
    return kinds.text("Trade code, HS 1992, six digits", pattern=r"\d{6}", what="a six-digit trade code")


MINERALS = Table(
    "minerals",
    "Critical minerals and China's share of their supply",
    {
        "mineral": kinds.identifier("Identifier of the mineral"),
        "label": kinds.text("Name for readers"),
        "symbol": kinds.text("Chemical symbols"),
        "group": kinds.identifier("Group of minerals"),
        "eol_rir": kinds.share("End-of-life recycling input rate, empty where unknown", nullable=True),
        "china_mine_share": kinds.share("China's share of world mine output, empty where unknown", nullable=True),
        "china_refined_share": kinds.share(
            "China's share of world refined output, at times a bound or a proxy (see note)", nullable=True
        ),
        "latest_year": kinds.integer("Year the shares describe", 1990, 2100, nullable=True),
        "us_critical_list": kinds.flag("On the United States list of critical minerals"),
        "eu_crm_2023": kinds.flag("On the European Union list of critical raw materials of 2023"),
        "jp_critical": kinds.flag("On Japan's list of critical minerals"),
        "source_id": kinds.source(),
        "note": kinds.note(),
        "import_share_default": kinds.share(
            "China's share of imports where none is measured, for metals that China buys rather than sells; empty = "
            "half of its share of supply",
            nullable=True,
        ),
    },
    key=("mineral",),
    references=(_SOURCE,),
)

MINERAL_IMPORTS = Table(
    "mineral_imports",
    "China's share of imports by trade code",
    {
        "hs6": _hs6(),
        "year": kinds.integer("Trade year", 1990, 2100),
        "importer": kinds.code("Importing country", IMPORTERS),
        "china_import_share": kinds.share("China's share of the imports by value"),
        "china_import_share_q": kinds.share("China's share of the imports by quantity", nullable=True),
        "hk_import_share": kinds.share("Hong Kong's share of the imports by value"),
        "import_value_kusd": kinds.number("Imports, thousand US dollars", minimum=0),
        "import_quantity_t": kinds.number("Imports, metric tons", nullable=True, minimum=0),
        "n_partners": kinds.integer("Countries imported from", 1, 300),
        "hhi": kinds.share("Herfindahl-Hirschman index of the partners' shares by value"),
        "quantity_known_value_share": kinds.share("Share of the value whose quantity is known"),
        "source_id": kinds.source(),
    },
    key=("hs6", "year", "importer"),
    references=(_SOURCE,),
)

MINERAL_CODES = Table(
    "mineral_codes",
    "Which trade codes stand for a mineral",
    {
        "mineral": kinds.text("Mineral"),
        "hs6": _hs6(),
        "form": kinds.identifier("Form that is traded under the code"),
        "usable": kinds.flag("Whether the code measures dependence on China; codes of ore do not"),
        "note": kinds.note(),
    },
    key=("mineral", "hs6"),
    references=(_MINERAL,),
)

MINERAL_FACTS = Table(
    "mineral_facts",
    "Further sourced figures per mineral",
    {
        "mineral": kinds.text("Mineral, or a group of them such as rare-earths"),
        "fact": kinds.text(
            "What the figure is", pattern="[a-z0-9]+(_[a-z0-9]+)*", what="a name in lower case with underscores"
        ),
        "value": kinds.share("A share, or 1 and 0 for yes and no"),
        "year": kinds.integer(
            "Year the figure describes, empty where the source names none", 1990, 2100, nullable=True
        ),
        "source_id": kinds.source(),
    },
    key=("mineral", "fact", "year", "source_id"),
    references=(_MINERAL, _SOURCE),
)

FAMILY_MINERALS = Table(
    "family_minerals",
    "How much a product family depends on a mineral",
    {
        "product_family": kinds.text("Family"),
        "mineral": kinds.text("Mineral"),
        "criticality": kinds.share("Part of the family's sales that stops without the mineral"),
        "substitutability": kinds.share("Part of that need which other materials can meet"),
        "stage": kinds.text("Where in the product or its making the mineral is used"),
        "evidence": kinds.evidence(),
        "source_id": kinds.source(nullable=True),
        "note": kinds.note(),
    },
    key=("product_family", "mineral"),
    references=(Reference("product_family", "product_families", "product_family"), _MINERAL, _SOURCE),
    rules=(
        Rule(
            "judged-or-cited",
            ("source_id", "evidence"),
            lambda frame: frame["source_id"].notna() | (frame["evidence"] == "expert-judgement"),
            "has no source and is no expert judgement; cite the source",
        ),
    ),
)

COMPANY_MINERALS = Table(
    "company_minerals",
    "What companies themselves say about their dependence on minerals",
    {
        "company_id": kinds.text("Company"),
        "mineral": kinds.text("Mineral"),
        "dependence_note": kinds.text("The dependence as disclosed or reported"),
        "mitigation": kinds.text("What the company does about it", nullable=True),
        "published": kinds.day("Date of the document, empty where not visible", nullable=True),
        "source_id": kinds.source(),
    },
    key=("company_id", "mineral", "source_id"),
    references=(Reference("company_id", "companies", "company_id"), _MINERAL, _SOURCE),
)

PRODUCERS = Table(
    "producers",
    "Companies that make a mineral themselves, and so do not depend on China for it",
    {
        "company_id": kinds.text("Company"),
        "mineral": kinds.text("Mineral that it makes"),
        "evidence": kinds.evidence(),
        "note": kinds.note(),
    },
    key=("company_id", "mineral"),
    references=(Reference("company_id", "companies", "company_id"), _MINERAL),
)

TABLES: Final = (
    MINERALS,
    MINERAL_IMPORTS,
    MINERAL_CODES,
    MINERAL_FACTS,
    FAMILY_MINERALS,
    COMPANY_MINERALS,
    PRODUCERS,
)
