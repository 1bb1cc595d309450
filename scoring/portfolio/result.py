"""The document that a scored portfolio is."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel

from scoring.vocabulary import Status


class Points(BaseModel):
    """A number of points and the three pillars that sum to it; empty where nothing is scored.

    Attributes
    ----------
    score, score_market, score_control, score_retaliation : float or None
        0..100 for a mean of scores; a difference or a net may be negative.
    """

    score: float | None
    score_market: float | None
    score_control: float | None
    score_retaliation: float | None


class Leg(Points):
    """Weighted mean score of one side of the book, or of both.

    Attributes
    ----------
    weight : float
        Share of the gross weight of the book, 0..1.
    coverage : float or None
        Share of the leg's weight that is scored, 0..1; empty for a leg that holds nothing.
    """

    weight: float
    coverage: float | None


class Sums(BaseModel):
    """Sums of the amounts as given, in their own unit; `short` is not positive.

    Attributes
    ----------
    gross, long, short, net : float
        gross = long - short; net = long + short.
    """

    gross: float
    long: float
    short: float
    net: float


class Coverage(BaseModel):
    """Share of the gross weight, and number of positions, by what became of them.

    Attributes
    ----------
    status : str
    weight : float
        Share of the gross weight, 0..1; they sum to 1.
    positions : int
    """

    status: Status
    weight: float
    positions: int


class Position(Points):
    """One position, in the order of the book; the points are those of the company.

    Attributes
    ----------
    query : str
    status : {'ok', 'partial', 'no-data', 'unresolved', 'ambiguous'}
    company_id, name, country, sector : str or None
    amount : float
        As given (quantity times price, converted); negative is short.
    weight : float
        Share of the gross weight of the book, -1..1.
    score_floor : float or None
        Of a partial company: its score with the unknown at zero.
    contribution : float or None
        Points that the position adds to the score of the portfolio, both sides counted as they are; they sum to it.
    contribution_net : float or None
        The same with short positions counted negative; they sum to the net points.
    share_at_risk : float or None
        Share of the company's revenue at risk, 0..1.
    revenue_at_risk_usd : float or None
        The company's revenue at risk in US dollars, whatever the position holds of it.
    candidates, reason : str or None
        Of a position that did not resolve: the nearest companies, and why.
    """

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
    share_at_risk: float | None
    revenue_at_risk_usd: float | None
    candidates: str | None
    reason: str | None


class RiskEnds(BaseModel):
    """A share at risk and its range, 0..1 for a mean; a net may be negative. Empty where nothing is known.

    Attributes
    ----------
    share_at_risk, share_at_risk_low, share_at_risk_high : float or None
    """

    share_at_risk: float | None
    share_at_risk_low: float | None
    share_at_risk_high: float | None


class LookThrough(BaseModel):
    """Revenue at risk of the companies, looked at through the book: weight times share of revenue at risk.

    Attributes
    ----------
    coverage : float
        Share of the gross weight whose share at risk is known, 0..1; the rest is in no mean.
    gross, long, short : RiskEnds
        Mean share at risk of both sides and of each.
    net : RiskEnds
        With short positions counted negative, per gross weight whose share is known.
    value_at_risk, value_at_risk_net : float or None
        Sum of amount times share at risk, in the unit of the book; both sides counted, and short ones negative.
    """

    coverage: float
    gross: RiskEnds
    long: RiskEnds
    short: RiskEnds
    net: RiskEnds
    value_at_risk: float | None
    value_at_risk_net: float | None


class Driver(BaseModel):
    """What moves the score most: one company and one cause.

    Attributes
    ----------
    company_id, name : str
    kind : {'market', 'control', 'alignment', 'supply', 'access'}
    cause : str
        A rule_id, mineral, country, measure_id, or a word.
    label : str
        Company and cause in words.
    points, points_net : float
        Of the portfolio's score, and of its net points.
    """

    company_id: str
    name: str
    kind: Literal["market", "control", "alignment", "supply", "access"]
    cause: str
    label: str
    points: float
    points_net: float


class Group(BaseModel):
    """Companies that have something in common.

    Attributes
    ----------
    key, label : str
    companies : int
    weight, weight_net : float
        Share of the scored gross weight that is in these companies, and with short positions negative.
    points, points_net : float
        Points of the portfolio's score, and of its net points, that come from here.
    share : float or None
        Share of the portfolio's score, 0..1.
    """

    key: str
    label: str
    companies: int
    weight: float
    weight_net: float
    points: float
    points_net: float
    share: float | None


class Concentration(BaseModel):
    """Where the score comes from, along one dimension.

    Attributes
    ----------
    by : {'company', 'country', 'sector', 'rule', 'mineral'}
        Companies, countries and sectors hold the whole score; rules and minerals the part that is theirs.
    points : float
        Points that all groups hold together.
    hhi_points : float or None
        Herfindahl-Hirschman index, sum of squared shares of those points: 1 is one group, 1/n is n equal ones.
    hhi_weight : float or None
        The same of weights; for rules and minerals empty, since one company may be in several groups.
    groups : list of Group
        Most points first.
    """

    by: Literal["company", "country", "sector", "rule", "mineral"]
    points: float
    hhi_points: float | None
    hhi_weight: float | None
    groups: list[Group]


class ActiveName(BaseModel):
    """One company against the benchmark, or one text that names none.

    Attributes
    ----------
    company_id, country, sector : str or None
        Empty where the name did not resolve.
    name : str
        Of the company, or the text as given.
    weight, benchmark_weight, active_weight : float
        Net shares of the gross weight of each book, and their difference.
    score : float or None
    active, active_market, active_control, active_retaliation : float or None
        Points that it adds to the active score, and by pillar; empty without a score.
    active_net : float or None
        Points that it adds to the active net points.
    """

    company_id: str | None
    name: str
    country: str | None
    sector: str | None
    weight: float
    benchmark_weight: float
    active_weight: float
    score: float | None
    active: float | None
    active_market: float | None
    active_control: float | None
    active_retaliation: float | None
    active_net: float | None


class Comparison(BaseModel):
    """Portfolio against a benchmark.

    Attributes
    ----------
    benchmark : Leg
        Score of the benchmark, both sides counted.
    benchmark_net : Points
    active, active_net : Points
        Portfolio minus benchmark.
    active_share : float
        Half of the sum of absolute active weights: 0 is the benchmark itself, 1 a long-only book with no name of it.
    coverage : list of Coverage
        Of the benchmark.
    names : list of ActiveName
        Every name of either book, the largest active points first; they sum to the active score.
    """

    benchmark: Leg
    benchmark_net: Points
    active: Points
    active_net: Points
    active_share: float
    coverage: list[Coverage]
    names: list[ActiveName]


class PortfolioScore(BaseModel):
    """Score of a portfolio and what it is made of.

    Attributes
    ----------
    basis : {'weight', 'value', 'quantity'}
    currency : str or None
    given : Sums
        As given; weights are these divided by the gross.
    gross : Leg
        Both sides: the score of the portfolio, its pillars and its coverage.
    long, short : Leg
        Mean score of each side, by the weights of that side.
    spread : Points
        Long minus short: how much more exposed the names held are than the names sold.
    net : Points
        Points with short positions counted negative, per scored gross weight; of a long-only book the score itself.
    score_floor : float or None
        Mean over the scored names, and the partial ones with what is unknown of them at zero.
    confidence : float or None
        Mean confidence of the scores, weighted by contribution, 0..1.
    band, confidence_grade : str or None
    coverage : list of Coverage
    drivers : list of Driver
        Largest first.
    concentration : list of Concentration
    revenue_at_risk : LookThrough
        Of what came since the fiscal period of each company, and with the scenario.
    comparison : Comparison or None
        Where a benchmark is given.
    positions : list of Position
        Every row of the book, in order.
    as_of : date
    release, methodology : str
    scenario : str or None
    """

    basis: Literal["weight", "value", "quantity"]
    currency: str | None
    given: Sums
    gross: Leg
    long: Leg
    short: Leg
    spread: Points
    net: Points
    score_floor: float | None
    band: str | None
    confidence: float | None
    confidence_grade: str | None
    coverage: list[Coverage]
    drivers: list[Driver]
    concentration: list[Concentration]
    revenue_at_risk: LookThrough
    comparison: Comparison | None
    positions: list[Position]
    as_of: dt.date
    release: str
    methodology: str
    scenario: str | None
