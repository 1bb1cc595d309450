"""The document that a comparison is."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal

from pydantic import Field

from scoring.answers import Answer
from scoring.cited import Source
from scoring.columns import CHANGED_NAME, Table
from scoring.vocabulary import Status

Kind = Literal[
    "company",
    "revenue",
    "mix",
    "rule",
    "fraction",
    "countermeasure",
    "event",
    "scenario",
    "decay",
    "mineral",
    "import",
    "criticality",
    "family",
    "timing",
    "parameter",
]
"""What may change a score: the home, China share or product mix of the company; a package of controls, or a fraction
it catches; a measure or act of China; what a scenario assumes; the time that acts are past; China's share of world
supply or of imports; a dependence; the group of a product family; a choice of the methodology."""

Change = Literal["added", "removed", "changed"]


class ComparedEnd(Answer):
    """What one end was scored from."""

    as_of: dt.date
    release: str
    methodology: str
    scenario: str | None


class Cause(Answer):
    """One thing that differs between the ends, and what it did to the names."""

    id: str
    """Table and key, such as ``rules/us-2024-12-02-sme-home``; ``methodology/...`` for its choices, ``decay``."""
    kind: Kind
    """Kind of thing that differs."""
    label: str
    """Short name."""
    change: Change
    """Whether it was added, removed or changed."""
    company_id: str | None = None
    """Of the company whose own fact it is; None for what is shared."""
    statement: str
    """What the fact says, as worded at the later of the two dates."""
    value_from: float | None = None
    """The number that changed, at the first end; None where it is none, or not known there."""
    value_to: float | None = None
    """The same at the second end."""
    known_from: dt.date | None = None
    """Day from which the fact may be used."""
    evidence: str | None = None
    """How it came to be known."""
    source: Source | None = None
    """Document that was read."""
    origin: str = "release"
    """``release``, or ``overlay NAME`` for a private fact laid over it."""
    points: float = 0.0
    """Sum over the scored names."""
    companies: int = 0
    """Scored names that it moved."""
    floors: int = 0
    """Names without a score whose floor it moved."""


class Attribution(Answer):
    """Points that one cause gave one name."""

    cause: str
    """Key in `Changes.causes`."""
    kind: Kind
    """Kind of the cause."""
    label: str
    """Label of the cause."""
    points: float
    """Of the score, or of the floor of a name without one."""
    points_market: float
    """Points of these that are the market's; the three sum to `points`."""
    points_control: float
    """Points that are the export controls'."""
    points_retaliation: float
    """Points that are the retaliation's."""


class ChangeRow(Answer):
    """What became of one query."""

    columns: ClassVar[Table] = CHANGED_NAME

    query: str
    status: Status
    """Of the query at the second end; of a company that is only in the first release, there."""
    status_from: Status | None
    """At the first end; None = not in that release."""
    status_to: Status | None
    """At the second end; None = not in that release."""
    company_id: str | None
    name: str | None
    ticker: str | None
    mic: str | None
    country: str | None
    sector: str | None
    score_from: float | None
    score_to: float | None
    delta: float | None
    """Points; None unless both ends have a score. Sum of the deltas of the pillars, and of the attributions."""
    delta_market: float | None
    delta_control: float | None
    delta_retaliation: float | None
    floor_from: float | None
    floor_to: float | None
    floor_delta: float | None
    """Of a company without a score at both ends, what is known of which has not changed in kind: sum of its
    attributions.
    """
    rank_from: int | None
    rank_to: int | None
    reason: str | None
    candidates: str | None
    status_causes: list[str] = Field(default_factory=list)
    """Keys in `Changes.causes`: what made the score, or an exposure, known or unknown."""
    attributions: list[Attribution] = Field(default_factory=list)
    """Most points first."""


class Changes(Answer):
    """What moved between two ends, and why."""

    start: ComparedEnd = Field(serialization_alias="from", validation_alias="from")
    """The first end, in the order given: ``from`` in JSON."""
    end: ComparedEnd = Field(serialization_alias="to", validation_alias="to")
    """The second end: ``to`` in JSON."""
    rows: list[ChangeRow]
    """One per query in order; without queries the movers, largest first."""
    causes: dict[str, Cause]
    """By id, most points over the names first."""
    by_kind: dict[str, float]
    """Points over the scored names, by kind of cause; they sum to the sum of the deltas."""
    threshold: float | None = None
    """Points from which a name is in `crossed`, where one was given."""
    crossed: list[str] = Field(default_factory=list)
    """Company_id of the names whose score moved by at least the threshold."""
