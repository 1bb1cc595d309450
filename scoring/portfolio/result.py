"""The document that a scored portfolio is."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal

from scoring.answers import Answer
from scoring.columns import POSITION, Table
from scoring.portfolio.knowledge import Knowledge
from scoring.vocabulary import Status


class Points(Answer):
    """A number of points and the three pillars that sum to it; empty where nothing is scored."""

    score: float | None
    """0..100 for a mean of scores; a difference or a net may be negative."""
    score_market: float | None
    """Of these points, the market's."""
    score_control: float | None
    """Of these points, the export controls'."""
    score_retaliation: float | None
    """Of these points, the retaliation's."""


class Leg(Points):
    """Weighted mean score of one side of the book, or of both."""

    weight: float
    """Share of the gross weight of the book, 0..1."""
    coverage: float | None
    """Share of the leg's weight that is scored, 0..1; empty for a leg that holds nothing."""


class Sums(Answer):
    """Sums of the amounts as given, in their own unit; cash is in neither side."""

    gross: float
    """long - short, and the cash of each position without its sign."""
    long: float
    """Sum of the long positions."""
    short: float
    """Sum of the short positions, not positive."""
    cash: float
    """Sum of the positions in cash, negative if overdrawn."""
    net: float
    """long + short + cash."""


class Coverage(Answer):
    """Share of the gross weight, and number of positions, by what became of them."""

    status: Status
    weight: float
    """Share of the gross weight, 0..1; they sum to 1."""
    positions: int
    """Number of positions."""


class Position(Points):
    """One position, in the order of the book; the points are those of the company."""

    columns: ClassVar[Table] = POSITION

    query: str
    status: Status
    company_id: str | None
    name: str | None
    country: str | None
    sector: str | None
    amount: float
    weight: float
    score_floor: float | None
    contribution: float | None
    contribution_net: float | None
    china_share: float | None
    china_share_p05: float | None
    china_share_p95: float | None
    china_share_period: str | None
    china_share_caution: str | None
    share_at_risk: float | None
    revenue_at_risk_usd: float | None
    candidates: str | None
    reason: str | None


class RiskEnds(Answer):
    """A share at risk and its range, 0..1 for a mean; a net may be negative. Empty where nothing is known."""

    share_at_risk: float | None
    """Mean share at risk."""
    share_at_risk_low: float | None
    """The same at the low end of its range."""
    share_at_risk_high: float | None
    """The same at the high end of its range."""


class LookThrough(Answer):
    """Revenue at risk of the companies, looked at through the book: weight times share of revenue at risk."""

    coverage: float
    """Share of the gross weight whose share at risk is known, 0..1; the rest is in no mean."""
    gross: RiskEnds
    """Mean share at risk of both sides."""
    long: RiskEnds
    """Mean share at risk of the long side."""
    short: RiskEnds
    """Mean share at risk of the short side."""
    net: RiskEnds
    """With short positions counted negative, per gross weight whose share is known."""
    value_at_risk: float | None
    """Sum of amount times share at risk, in the unit of the book, both sides counted."""
    value_at_risk_net: float | None
    """The same with short positions counted negative."""


class Driver(Answer):
    """What moves the score most: one company and one cause."""

    company_id: str
    name: str
    kind: Literal["market", "control", "alignment", "supply", "access"]
    """Which part of the score it is."""
    cause: str
    """A rule_id, mineral, country, measure_id, or a word."""
    label: str
    """Company and cause in words."""
    points: float
    """Of the portfolio's score."""
    points_net: float
    """Of its net points."""


class Group(Answer):
    """Companies that have something in common."""

    key: str
    """What the companies have in common."""
    label: str
    """The same in words."""
    companies: int
    """Number of companies."""
    weight: float
    """Share of the scored gross weight that is in these companies."""
    weight_net: float
    """The same with short positions counted negative."""
    points: float
    """Points of the portfolio's score that come from here."""
    points_net: float
    """Points of its net points that come from here."""
    share: float | None
    """Share of the portfolio's score, 0..1."""


class Concentration(Answer):
    """Where the score comes from, along one dimension."""

    by: Literal["company", "country", "sector", "rule", "mineral"]
    """Companies, countries and sectors hold the whole score; rules and minerals the part that is theirs."""
    points: float
    """Points that all groups hold together."""
    hhi_points: float | None
    """Herfindahl-Hirschman index, sum of squared shares of those points: 1 is one group, 1/n is n equal ones."""
    hhi_weight: float | None
    """The same of weights; for rules and minerals empty, since one company may be in several groups."""
    groups: list[Group]
    """Most points first."""


class ActiveName(Answer):
    """One company against the benchmark, or one text that names none."""

    company_id: str | None
    """Empty where the name did not resolve."""
    name: str
    """Of the company, or the text as given."""
    country: str | None
    """Empty where the name did not resolve."""
    sector: str | None
    """Empty where the name did not resolve."""
    weight: float
    """Net share of the gross weight of the portfolio."""
    benchmark_weight: float
    """Net share of the gross weight of the benchmark."""
    active_weight: float
    """The difference of the two."""
    score: float | None
    active: float | None
    """Points that it adds to the active score; empty without a score."""
    active_market: float | None
    """Of these points, the market's."""
    active_control: float | None
    """Of these points, the export controls'."""
    active_retaliation: float | None
    """Of these points, the retaliation's."""
    active_net: float | None
    """Points that it adds to the active net points."""


class Comparison(Answer):
    """Portfolio against a benchmark."""

    benchmark: Leg
    """Score of the benchmark, both sides counted."""
    benchmark_net: Points
    """Points of the benchmark with short positions counted negative."""
    active: Points
    """Score of the portfolio minus that of the benchmark."""
    active_net: Points
    """Net points of the portfolio minus those of the benchmark."""
    active_share: float
    """Half of the sum of absolute active weights: 0 is the benchmark itself, 1 a long-only book with no name of it."""
    coverage: list[Coverage]
    """Of the benchmark."""
    names: list[ActiveName]
    """Every name of either book, the largest active points first; they sum to the active score."""


class PortfolioScore(Answer):
    """Score of a portfolio and what it is made of."""

    card = "portfolio"

    basis: Literal["weight", "value", "quantity"]
    """Which sizes the book was given in."""
    currency: str | None
    """Of these sizes, where it is known."""
    notes: list[str]
    """How the book was read, where that is not obvious, and which rows of its file are no positions."""
    given: Sums
    """As given; weights are these divided by the gross."""
    gross: Leg
    """Both sides: the score of the portfolio, its pillars and its coverage."""
    long: Leg
    """Mean score of the long side, by its weights; cash is in neither side."""
    short: Leg
    """Mean score of the short side, by its weights."""
    cash: Leg
    """What is held in cash: exposed to nothing, so its score is 0; it is in the score of both sides and in net."""
    spread: Points
    """Long minus short: how much more exposed the names held are than the names sold."""
    net: Points
    """Points with short positions counted negative, per scored gross weight; of a long-only book the score itself."""
    score_floor: float | None
    """Mean over the scored names, and the partial ones with what is unknown of them at zero."""
    band: str | None
    confidence: float | None
    """Mean confidence of the scores, weighted by contribution, 0..1."""
    confidence_grade: str | None
    coverage: list[Coverage]
    """What became of the positions."""
    knowledge: Knowledge
    """How well the book is known: disclosed, old, estimated or missing, and whose figures would help most."""
    drivers: list[Driver]
    """Largest first."""
    concentration: list[Concentration]
    """Where the score comes from."""
    revenue_at_risk: LookThrough
    """Of what came since the fiscal period of each company, and with the scenario."""
    comparison: Comparison | None
    """Where a benchmark is given."""
    positions: list[Position]
    """Every row of the book, in order."""
    as_of: dt.date
    release: str
    methodology: str
    scenario: str | None
