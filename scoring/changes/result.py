"""The document that a comparison is."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, Field

from scoring.changes.items import Change, Kind
from scoring.facts.citation import Source
from scoring.vocabulary import Status


class ComparedEnd(BaseModel):
    """What one end was scored from."""

    as_of: dt.date
    release: str
    methodology: str
    scenario: str | None


class Cause(BaseModel):
    """One thing that differs between the ends, and what it did to the names.

    Attributes
    ----------
    id : str
        Table and key, such as ``rules/us-2024-12-02-sme-home``; ``methodology/...`` for its choices, ``decay``.
    kind, change : str
        See `scoring.changes.items`.
    company_id : str or None
        Of the company whose own fact it is; None for what is shared.
    label : str
        Short name.
    statement : str
        What the fact says, as worded at the later of the two dates.
    value_from, value_to : float or None
        The number that changed, where it is one; None = not known there.
    known_from : date or None
    evidence : str or None
    source : Source or None
    origin : str
        ``release``, or ``overlay NAME`` for a private fact laid over it.
    points : float
        Sum over the scored names.
    companies : int
        Scored names that it moved.
    floors : int
        Names without a score whose floor it moved.
    """

    id: str
    kind: Kind
    label: str
    change: Change
    company_id: str | None = None
    statement: str
    value_from: float | None = None
    value_to: float | None = None
    known_from: dt.date | None = None
    evidence: str | None = None
    source: Source | None = None
    origin: str = "release"
    points: float = 0.0
    companies: int = 0
    floors: int = 0


class Attribution(BaseModel):
    """Points that one cause gave one name.

    Attributes
    ----------
    cause : str
        Key in `Changes.causes`.
    kind, label : str
        Of the cause.
    points : float
        Of the score, or of the floor of a name without one.
    """

    cause: str
    kind: Kind
    label: str
    points: float


class ChangeRow(BaseModel):
    """What became of one query.

    Attributes
    ----------
    status : str
        Of the query at the second end; of a company that is only in the first release, there.
    status_from, status_to : str or None
        None = not in that release.
    delta : float or None
        Points; None unless both ends have a score. Sum of the deltas of the pillars, and of the attributions.
    floor_delta : float or None
        Of a company without a score at both ends, what is known of which has not changed in kind: sum of its
        attributions.
    status_causes : list of str
        Keys in `Changes.causes`: what made the score, or an exposure, known or unknown.
    attributions : list of Attribution
        Most points first.
    """

    query: str
    status: Status
    status_from: Status | None
    status_to: Status | None
    company_id: str | None
    name: str | None
    ticker: str | None
    mic: str | None
    country: str | None
    sector: str | None
    score_from: float | None
    score_to: float | None
    delta: float | None
    delta_market: float | None
    delta_control: float | None
    delta_retaliation: float | None
    floor_from: float | None
    floor_to: float | None
    floor_delta: float | None
    rank_from: int | None
    rank_to: int | None
    reason: str | None
    candidates: str | None
    status_causes: list[str] = Field(default_factory=list)
    attributions: list[Attribution] = Field(default_factory=list)


class Changes(BaseModel):
    """What moved between two ends, and why.

    Attributes
    ----------
    start, end : ComparedEnd
        The ends, in the order given: ``from`` and ``to`` in JSON.
    rows : list of ChangeRow
        One per query in order; without queries the movers, largest first.
    causes : dict of str to Cause
        By id, most points over the names first.
    by_kind : dict of str to float
        Points over the scored names, by kind of cause; they sum to the sum of the deltas.
    threshold : float or None
    crossed : list of str
        company_id of the names whose score moved by at least the threshold.
    """

    start: ComparedEnd = Field(serialization_alias="from", validation_alias="from")
    end: ComparedEnd = Field(serialization_alias="to", validation_alias="to")
    rows: list[ChangeRow]
    causes: dict[str, Cause]
    by_kind: dict[str, float]
    threshold: float | None = None
    crossed: list[str] = Field(default_factory=list)
