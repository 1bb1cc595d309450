"""Companies: who they are, where they are traded, under which names; and the documents that facts were read in."""

from __future__ import annotations

from typing import Final

import pandas as pd

from scoring.reference.tables import kinds
from scoring.reference.tables.countries import COUNTRIES
from scoring.reference.tables.model import Reference, Rule, Table, ordered

SECTORS: Final = (
    "Communication Services",
    "Consumer Discretionary",
    "Consumer Staples",
    "Energy",
    "Financials",
    "Health Care",
    "Industrials",
    "Information Technology",
    "Materials",
    "Real Estate",
    "Utilities",
)
SOURCE_KINDS: Final = (
    "analysis",
    "annual-report",
    "database",
    "dataset",
    "filing",
    "government",
    "law-firm",
    "news",
    "regulation",
    "results",
    "transcript",
    "web",
)
SIZE_CLASSES: Final = ("mega", "large", "mid", "small", "micro", "nano")
COVERAGES: Final = ("researched", "listed")
ISIN_EVIDENCE: Final = ("source", "derived")
NAME_KINDS: Final = ("native", "legal", "former", "former-ticker")
CONFIDENCES: Final = ("low", "medium", "high")

_COMPANY = Reference("company_id", "companies", "company_id")


def _one_primary(frame: pd.DataFrame) -> pd.Series[bool]:
    company = frame["company_id"].where(frame["primary"].fillna(False))
    return company.isna() | ~company.duplicated()


def _of_one_company(column: str, what: str) -> Rule:
    """An identifier is that of one company, on however many lines that is traded."""

    def holds(frame: pd.DataFrame) -> pd.Series[bool]:
        first = frame.groupby(column, dropna=True)["company_id"].transform("first")
        return frame[column].isna() | (first == frame["company_id"])

    return Rule(
        f"{column}-one-company",
        (column, "company_id"),
        holds,
        f"is the {what} of another company above; correct one of the two",
    )


SOURCES = Table(
    "sources",
    "Documents that facts were read in",
    {
        "source_id": kinds.identifier("Identifier of the document"),
        "title": kinds.text("Title of the document"),
        "url": kinds.text(
            "Where it was read; empty for filings cited by title",
            nullable=True,
            pattern=r"https?://\S+",
            what="a web address without spaces",
            such_as="https://www.example.com/report.pdf",
        ),
        "kind": kinds.word("Kind of document", SOURCE_KINDS),
    },
    key=("source_id",),
)

COMPANIES = Table(
    "companies",
    "Companies of the universe",
    {
        "company_id": kinds.identifier("Identifier of the company"),
        "name": kinds.text("Name in common use"),
        "country": kinds.code("Country whose law binds the company's home exports", COUNTRIES),
        "sector": kinds.word("Sector", SECTORS),
        "industry_group": kinds.text("Group of industries within the sector, empty where not known", nullable=True),
        "industry": kinds.text("Industry within the sector, empty where not known", nullable=True),
        "industry_detail": kinds.text("Finer label of the industry, empty where not known", nullable=True),
        "size_class": kinds.word("Size by market value, mostly of 2021 and 2022", SIZE_CLASSES, nullable=True),
        "coverage": kinds.word(
            "researched: has a judged or disclosed product mix; listed: known by this row and its listings only",
            COVERAGES,
        ),
        "prior_region": kinds.text("Region of its cell in industry_priors, empty where it has none", nullable=True),
        "prior_sector": kinds.text("Sector of its cell in industry_priors", nullable=True),
        "prior_group": kinds.text("Group of its cell in industry_priors", nullable=True),
        "fiscal_year_end_month": kinds.integer(
            "Month in which the fiscal year ends, empty where not known", 1, 12, nullable=True
        ),
        "website": kinds.text(
            "Domain of its web site", nullable=True, pattern=r"\S+", what="a domain", such_as="example.com"
        ),
        "lei": kinds.lei(),
        "note": kinds.note(),
    },
    key=("company_id",),
    references=(
        Reference(("prior_region", "prior_sector", "prior_group"), "industry_priors", ("region", "sector", "group")),
    ),
    rules=(
        Rule(
            "prior-cell",
            ("prior_region", "prior_sector", "prior_group"),
            lambda frame: frame[["prior_region", "prior_sector", "prior_group"]].isna().sum(axis=1).isin([0, 3]),
            "is part of a cell only; give region, sector and group, or none",
        ),
        _of_one_company("lei", "LEI"),
    ),
    may_lack=("lei",),
)

LISTINGS = Table(
    "listings",
    "Where the companies are traded",
    {
        "company_id": kinds.text("Company"),
        "mic": kinds.text("Market, ISO 10383 code", pattern="[A-Z0-9]{4}", what="a market identifier code"),
        "ticker": kinds.text("Ticker on that market, without suffix"),
        "isin": kinds.isin(),
        "isin_evidence": kinds.word(
            "source: as a source gives it; derived: computed from the exchange code by the national numbering rule",
            ISIN_EVIDENCE,
            nullable=True,
        ),
        "figi": kinds.figi(),
        "primary": kinds.flag("Whether this is the company's main listing; at most one is"),
        "listed_to": kinds.day("Last day of trading, empty while listed", nullable=True),
    },
    key=("mic", "ticker"),
    references=(_COMPANY,),
    rules=(
        Rule(
            "one-primary",
            ("primary", "company_id"),
            _one_primary,
            "is the second main listing of the company; mark one as primary",
        ),
        Rule(
            "isin-evidence",
            ("isin_evidence", "isin"),
            lambda frame: frame["isin"].notna() | frame["isin_evidence"].isna(),
            "stands without an ISIN; give the ISIN or empty it",
        ),
        _of_one_company("isin", "ISIN"),
        _of_one_company("figi", "FIGI"),
    ),
)

COMPANY_NAMES = Table(
    "company_names",
    "Other names of companies: in their own script, as registered, and former names and tickers",
    {
        "company_id": kinds.text("Company"),
        "name": kinds.text("Name or ticker"),
        "language": kinds.text(
            "Language, ISO 639-1; empty for a ticker", nullable=True, pattern="[a-z]{2}", what="a language code"
        ),
        "kind": kinds.word(
            "native: in its own script; legal: as registered; former, former-ticker: until a day", NAME_KINDS
        ),
        "until": kinds.day("Last day of a former name or ticker", nullable=True),
        "evidence": kinds.evidence(),
    },
    key=("company_id", "name", "kind"),
    references=(_COMPANY,),
    rules=(
        Rule(
            "former-until",
            ("until", "kind"),
            lambda frame: frame["kind"].isin(["native", "legal"]) == frame["until"].isna(),
            "does not go with the kind; a former name or ticker has the day until which it held, others have none",
        ),
    ),
)

INDUSTRY_PRIORS = Table(
    "industry_priors",
    "China share of companies that do not disclose one, judged from published aggregates",
    {
        "region": kinds.text("Region of the head office"),
        "sector": kinds.text("Sector, or what stands for one in a region with few cells"),
        "group": kinds.text("Industries of the cell"),
        "mean": kinds.share("Mean China share of revenue"),
        "p10": kinds.share("Tenth percentile of the companies"),
        "p90": kinds.share("Ninetieth percentile of the companies"),
        "p_zero": kinds.share("Chance of next to nothing"),
        "n_direct": kinds.integer("Published aggregates of China itself behind the cell", 0, 1000),
        "n_bound": kinds.integer("Published aggregates that only bound it, such as all foreign sales", 0, 1000),
        "confidence": kinds.word("How far the cell can be trusted", CONFIDENCES),
        "evidence": kinds.evidence(),
        "basis": kinds.text("What it rests on, in words"),
    },
    key=("region", "sector", "group"),
    rules=(
        ordered("p10", "mean", "is below p10; a range holds its mean"),
        ordered("mean", "p90", "is below the mean; a range holds its mean"),
    ),
)

TABLES: Final = (SOURCES, COMPANIES, LISTINGS, COMPANY_NAMES, INDUSTRY_PRIORS)
