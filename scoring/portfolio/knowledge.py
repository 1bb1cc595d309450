"""The document that says how well a book is known."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal

from scoring.answers import Answer
from scoring.columns import COVERAGE, Table

Known = Literal["known", "old", "estimated", "partial", "no-data", "unresolved", "ambiguous", "cash", "not-a-share"]
"""How well a name is known: `old` is known from a period that ended more than two years before the date."""


class Part(Answer):
    """What of a book is known in one way."""

    known: Known
    """How well it is known."""
    weight: float
    """Share of the gross weight of the book, 0..1."""
    positions: int
    """Number of positions."""


class CoveredGroup(Answer):
    """How well the positions of one sector or country are known."""

    label: str | None
    """The sector, or the country; empty for positions that name no company."""
    weight: float
    """Share of the gross weight of the book, 0..1."""
    parts: list[Part]
    """They sum to the weight."""


class Estimate(Answer):
    """A name whose estimate moves the score of the book."""

    query: str
    company_id: str | None
    name: str | None
    weight: float
    """Share of the gross weight of the book, of all its positions together, negative where they are short."""
    score: float | None
    moves: float
    """Points by which the score of the book would be lower without the name."""


class Missing(Answer):
    """A name that is in no mean, because it is not known or not whole."""

    query: str
    name: str | None
    known: Known
    """How well it is known."""
    weight: float
    """Share of the gross weight of the book, of all its positions together, negative where they are short."""
    reason: str | None


class Knowledge(Answer):
    """How well a book is known."""

    parts: list[Part]
    """By how well it is known; what does not occur is left out."""
    sectors: list[CoveredGroup]
    """By sector, the heaviest first."""
    countries: list[CoveredGroup]
    """By home country, the heaviest first."""
    estimates: list[Estimate]
    """Ten names whose estimates move the score of the book most: figures of these would help most."""
    missing: list[Missing]
    """The ten heaviest names that are in no mean."""


class CoveredName(Answer):
    """How well one position is known."""

    columns: ClassVar[Table] = COVERAGE

    query: str
    known: Known
    company_id: str | None
    name: str | None
    country: str | None
    sector: str | None
    weight: float
    score: float | None
    china_share: float | None
    china_share_p05: float | None
    china_share_p95: float | None
    china_share_period: str | None
    china_share_caution: str | None
    china_share_period_end: dt.date | None
    matched_by: str | None
    candidates: str | None
    reason: str | None


class CoverageReport(Knowledge):
    """How well a list or a book is known, name by name."""

    names: list[CoveredName]
    """Every row, in order."""
    as_of: dt.date
    release: str
    methodology: str
    scenario: str | None
