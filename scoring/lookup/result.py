"""The documents that a company and the threat to a country are."""

from __future__ import annotations

import datetime as dt
from typing import Any

from scoring.answers import Answer
from scoring.cited import Source


class CompanyFact(Answer):
    """One row about a company."""

    table: str
    """Table of the release that the row is in."""
    known_from: dt.date
    """Day from which it may be used: the clock of knowledge."""
    holds_for: str | None
    """Fiscal period or day that it describes: the clock of facts."""
    row: dict[str, Any]
    """All its columns."""
    source: Source | None
    """None only for judgement."""


class Company(Answer):
    """A company and every fact about it that was known by a date."""

    company_id: str
    name: str
    country: str
    sector: str
    industry: str | None
    """None where it is not known."""
    fiscal_year_end_month: int | None
    """Month in which its fiscal year ends, 1 to 12; None where it is not known."""
    lei: str | None
    """Legal Entity Identifier; None where it is not known."""
    note: str | None
    """The researcher's."""
    listings: list[dict[str, Any]]
    """Where it is traded."""
    as_of: dt.date
    release: str
    methodology: str
    facts: list[CompanyFact]
    """By table, the latest known first."""


class CoerciveAct(Answer):
    """A coercive act and its decayed weight in the latent threat."""

    event_id: str
    """Key of the act."""
    date: dt.date
    """Day of the act."""
    kind: str
    """In the words of the source."""
    subject: str
    """What it was about."""
    weight: float
    """Decayed weight in the latent threat."""


class ThreatenedCompany(Answer):
    """A company that the latent threat touches: share of revenue (0..1), and points of its score if it has one."""

    company_id: str
    name: str
    sector: str
    exposure: float
    """Share of revenue, 0 to 1."""
    points: float | None
    """Points of its score, if it has one."""


class Threat(Answer):
    """Latent threat toward a country, the acts behind it, and whom it touches."""

    country: str
    """ISO 3166 code."""
    value: float
    """0 to below the methodology's maximum."""
    as_of: dt.date
    release: str
    methodology: str
    events: list[CoerciveAct]
    """Heaviest first."""
    companies: list[ThreatenedCompany]
    """Companies at home in the country, most touched first."""
