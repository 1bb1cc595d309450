"""What companies sell, and how much of it in China."""

from __future__ import annotations

from typing import Final, get_args

import pandas as pd
import pandera.pandas as pa

from scoring.reference.tables import kinds
from scoring.reference.tables.model import Reference, Rule, Table, ordered, sums_to_one
from scoring.vocabulary import FamilyGroup, Scope, ShareOf

SCOPES: Final = get_args(Scope)
BASES: Final = (
    "ship-to",
    "shipment",
    "bill-to",
    "billing",
    "customer-location",
    "customer-hq",
    "end-market",
    "unspecified",
)
UNITS: Final = ("1", "thousand", "million", "billion")

IN_ORDER: Final = (
    ordered(
        "known_by", "published", "is before known_by; a document that was read earlier makes the fact known earlier"
    ),
)
_COMPANY = Reference("company_id", "companies", "company_id")
_FAMILY = Reference("product_family", "product_families", "product_family")
_SOURCE = Reference("source_id", "sources", "source_id")


def published() -> dict[str, pa.Column]:
    """Columns of when a figure became known."""
    return {
        "published": kinds.day("Date of the document that was read; the last plausible day where not visible"),
        "known_by": kinds.day(
            "Day from which point-in-time selection sees the fact: the earlier of `published` and the deadline of the "
            "filing that holds the figure"
        ),
    }


def _share_fits(frame: pd.DataFrame) -> pd.Series[bool]:
    stated = (frame["china_revenue"] / frame["total_revenue"] - frame["china_share"]).abs()
    return ~(stated.round(9) > 0.01)


PRODUCT_FAMILIES = Table(
    "product_families",
    "Product families, on which everything is joined",
    {
        "product_family": kinds.identifier("Identifier of the family"),
        "label": kinds.text("Name for readers"),
        "group": kinds.word("Group, which sets the vulnerability to boycotts", FamilyGroup),
    },
    key=("product_family",),
)

REVENUE = Table(
    "revenue",
    "Revenue and the part of it made in China",
    {
        "company_id": kinds.text("Company"),
        "fiscal_year": kinds.text("Fiscal year, quarter or half year", pattern=kinds.PERIOD, what="a fiscal period"),
        "period_end": kinds.day("Last day of the period"),
        "currency": kinds.text("Reporting currency, ISO 4217", pattern="[A-Z]{3}", what="a currency code"),
        "unit": kinds.word("Unit of the two amounts", UNITS, nullable=True),
        "total_revenue": kinds.number("Total revenue in currency units", nullable=True, minimum=0),
        "china_revenue": kinds.number("Revenue made in China, in currency units", nullable=True, minimum=0),
        "china_share": kinds.share("China revenue / total revenue, of whatever `share_of` names"),
        "share_of": kinds.word(
            "What the share is a share of: the company's revenue; a lesser base (systems, a segment, the parent "
            "company alone); or bound, an upper bound or customers by nationality, which is never the share",
            ShareOf,
        ),
        "china_scope": kinds.word("What counts as China; greater-china includes Taiwan", SCOPES),
        "basis": kinds.word("How a sale is assigned to a country", BASES),
        "evidence": kinds.evidence(),
        **published(),
        "source_id": kinds.source(),
        "locator": kinds.text("Place in the document"),
        "note": kinds.note(),
    },
    key=("company_id", "fiscal_year"),
    references=(_COMPANY, _SOURCE),
    rules=(
        *IN_ORDER,
        ordered("period_end", "known_by", "is before the period ends; a figure cannot be known before that"),
        ordered("china_revenue", "total_revenue", "is below China revenue; correct one of the two"),
        Rule(
            "share-fits",
            ("china_share", "china_revenue", "total_revenue"),
            _share_fits,
            "is off china_revenue / total_revenue by more than 0.01; correct one of the three",
        ),
        Rule(
            "unit-stated",
            ("unit", "total_revenue", "china_revenue"),
            lambda frame: frame["unit"].notna() | (frame["total_revenue"].isna() & frame["china_revenue"].isna()),
            "has amounts without a unit; state the unit",
        ),
    ),
)

SEGMENTS = Table(
    "segments",
    "Disclosed product mix",
    {
        "company_id": kinds.text("Company"),
        "fiscal_year": kinds.text("Fiscal year, quarter or half year", pattern=kinds.PERIOD, what="a fiscal period"),
        "segment": kinds.text("Segment as the company names it"),
        "product_family": kinds.text("Family that the segment's sales belong to"),
        "revenue_share": kinds.share("Segment's share of the company's revenue; a company-year sums to 1 ± 0.02"),
        "is_service": kinds.flag("Whether it is service revenue, which only packages that cover servicing touch"),
        "china_share": kinds.share("China share of the segment's revenue, empty where not disclosed", nullable=True),
        "for_mix": kinds.flag("False where the reported split hides the product families that matter"),
        "evidence": kinds.evidence(),
        **published(),
        "source_id": kinds.source(),
        "locator": kinds.text("Place in the document"),
        "note": kinds.note(),
    },
    key=("company_id", "fiscal_year", "segment", "product_family"),
    references=(_COMPANY, _FAMILY, _SOURCE),
    rules=(
        *IN_ORDER,
        sums_to_one(
            "revenue_share",
            ("company_id", "fiscal_year"),
            "is the sum of the company-year, not 1 ± 0.02; add the missing segment or correct the shares",
        ),
    ),
)

BUSINESS_MIX = Table(
    "business_mix",
    "Structural product mix of every company, used where no segments are known",
    {
        "company_id": kinds.text("Company"),
        "product_family": kinds.text("Family"),
        "share": kinds.share("Share of the company's revenue; a company and valid_from sum to 1 ± 0.02"),
        "is_service": kinds.flag("Whether it is service revenue"),
        "valid_from": kinds.day("Day from which the mix describes the company"),
        "evidence": kinds.evidence(),
        "note": kinds.note(),
    },
    key=("company_id", "product_family", "valid_from"),
    references=(_COMPANY, _FAMILY),
    rules=(
        sums_to_one(
            "share",
            ("company_id", "valid_from"),
            "is the sum of the block, not 1 ± 0.02; add the missing family or correct the shares",
        ),
    ),
)

TABLES: Final = (PRODUCT_FAMILIES, REVENUE, SEGMENTS, BUSINESS_MIX)
