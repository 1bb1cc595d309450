"""Shapes of requests and replies: the schemas of the OpenAPI document. Replies are not validated while serving."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from scoring.changes.result import Changes
from scoring.explanation.document import Explanation
from scoring.lookup.company import Company
from scoring.lookup.threat import Threat
from scoring.portfolio.result import PortfolioScore
from scoring.receipt import Receipt
from scoring.risk.detail import RiskDetail
from scoring.timeseries.history import History
from scoring.vocabulary import Status

__all__ = [
    "BasketRow",
    "Changes",
    "Company",
    "ExplainedRow",
    "Explanation",
    "Health",
    "History",
    "ImpactRow",
    "MethodologyDocument",
    "PortfolioScore",
    "Problem",
    "Receipt",
    "ReferenceRow",
    "ReleaseDiffDocument",
    "ReleaseDocument",
    "ReleaseEntry",
    "Reload",
    "RiskDetail",
    "RiskRow",
    "ScenarioDocument",
    "ScenarioEntry",
    "ScoreRow",
    "ScreenRow",
    "Threat",
    "Touched",
]


class Problem(BaseModel):
    """RFC 9457 problem document."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="Stable kind, /problems/<code>.")
    title: str
    status: int
    detail: str = Field(description="What is wrong, with the value.")
    field: str = Field(description="What is wrong: a parameter, a member of the body, a header.")
    fix: str = Field(description="The next step.")
    instance: str
    request_id: str


Share = Annotated[float | None, Field(ge=0, le=1)]
Points = Annotated[float | None, Field(ge=0, le=100.000001)]


class ScoreRow(BaseModel):
    """One result row; its members are the columns of every format and surface."""

    model_config = ConfigDict(extra="forbid")

    query: str
    status: Status
    company_id: str | None
    name: str | None
    ticker: str | None
    mic: str | None
    country: str | None
    sector: str | None
    industry: str | None
    score: Points
    score_floor: Points
    band: str | None
    rank: int | None
    percentile: Points
    sector_percentile: Points
    market: Share
    control: float | None
    control_now: float | None
    alignment_gap: float | None
    retaliation: Share
    retaliation_supply: Share
    retaliation_access: float | None
    score_market: Points
    score_control: Points
    score_retaliation: Points
    confidence: float | None
    confidence_grade: str | None
    china_share: Share
    china_share_kind: Literal["reported", "derived", "modelled"] | None
    china_share_evidence: str | None
    china_share_scope: str | None
    china_share_basis: str | None
    china_share_period_end: dt.date | None
    china_share_structural: Share
    china_share_surge: float | None
    china_share_note: str | None
    product_mix: str | None
    product_mix_evidence: str | None
    matched_by: str | None
    candidates: str | None
    reason: str | None
    as_of: dt.date
    release: str
    methodology: str
    scenario: str | None


class ScreenRow(ScoreRow):
    """Result row with the neutral ranks of its score."""

    zscore: float | None
    sector_zscore: float | None
    country_percentile: Points
    country_zscore: float | None
    neutral_score: float | None
    neutral_percentile: Points
    neutral_zscore: float | None


class BasketRow(BaseModel):
    """One position of a basket."""

    model_config = ConfigDict(extra="forbid")

    ticker: str
    weight: float
    side: Literal["long", "short"]
    pair: int | None
    company_id: str
    name: str
    country: str
    sector: str
    industry: str
    score: Points
    sort: str
    sort_value: float
    as_of: dt.date
    release: str
    methodology: str
    scenario: str | None


class ExplainedRow(ScoreRow):
    """Result row with its explanation, where one was asked for."""

    score_p05: Points = None
    score_p50: Points = None
    score_p95: Points = None
    rank_p05: float | None = None
    rank_p50: float | None = None
    rank_p95: float | None = None
    explanation: Explanation | None = None


class ImpactRow(BaseModel):
    """Scores of one query without and with a change."""

    model_config = ConfigDict(extra="forbid")

    query: str
    status: Status
    company_id: str | None
    name: str | None
    ticker: str | None
    mic: str | None
    country: str | None
    sector: str | None
    industry: str | None
    score_before: Points
    score: Points
    delta: float | None
    delta_market: float | None
    delta_control: float | None
    delta_retaliation: float | None
    score_floor_before: Points
    score_floor: Points
    control_before: float | None
    control: float | None
    retaliation_before: Share
    retaliation: Share
    retaliation_supply_before: Share
    retaliation_supply: Share
    rank_before: int | None
    rank: int | None
    reason: str | None
    candidates: str | None
    as_of: dt.date
    release: str
    methodology: str
    scenario: str | None


class RiskRow(BaseModel):
    """Revenue at risk of one query; money is in units of the currency, of the fiscal period."""

    model_config = ConfigDict(extra="forbid")

    query: str
    status: Status
    company_id: str | None
    name: str | None
    ticker: str | None
    mic: str | None
    country: str | None
    sector: str | None
    fiscal_period: str | None
    period_end: dt.date | None
    base_date: dt.date | None
    share_at_risk: Share
    share_at_risk_low: Share
    share_at_risk_high: Share
    control_loss: Share
    retaliation_loss: Share
    currency: str | None
    revenue: float | None
    revenue_at_risk: float | None
    revenue_at_risk_low: float | None
    revenue_at_risk_high: float | None
    usd_rate: float | None
    revenue_at_risk_usd: float | None
    revenue_at_risk_usd_low: float | None
    revenue_at_risk_usd_high: float | None
    risk_note: str | None
    candidates: str | None
    as_of: dt.date
    release: str
    methodology: str
    scenario: str | None


class ScenarioEntry(BaseModel):
    """A scenario of the library."""

    scenario_id: str
    title: str
    description: str
    sha256: str


class ScenarioDocument(BaseModel):
    """A scenario and the hash of what it does."""

    sha256: str
    document: dict[str, Any]


class Touched(BaseModel):
    """A company that something touches."""

    company_id: str
    name: str
    country: str
    sector: str
    exposure: float
    points: float | None
    weight: float | None = None


class ReferenceRow(BaseModel):
    """A row of reference data: the columns of its table, and how many companies it touches."""

    model_config = ConfigDict(extra="allow")

    source_id: str
    source_title: str
    source_url: str | None
    companies: int
    exposure_max: float | None
    points: float


class ReleaseEntry(BaseModel):
    """A release in the store."""

    version: str
    is_current: bool


class ReleaseDocument(BaseModel):
    """A release: when it was built, up to when its facts reach, and the hash of each table."""

    version: str
    created: dt.date
    last_as_of: dt.date
    parent: str | None
    sha256: str
    descriptor: dict[str, Any]


class ReleaseDiffDocument(BaseModel):
    """Difference between two releases; pairs are old and new."""

    old: str
    new: str
    as_of: dt.date
    facts: list[dict[str, Any]]
    scores: list[dict[str, Any]]
    counts: dict[str, dict[str, int]]


class MethodologyDocument(BaseModel):
    """A methodology and its hash."""

    sha256: str
    document: dict[str, Any]


class Health(BaseModel):
    """Whether the process runs, and what it serves."""

    status: Literal["ok", "ready", "degraded"]
    release: str | None = None
    problem: str | None = None


class Reload(BaseModel):
    """What a reload did."""

    release: str
    changed: bool
    problem: str | None
