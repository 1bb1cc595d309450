"""An explanation as a document: the tree of a score, the threat behind it, how far it could move, the facts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel

from scoring.facts.citation import Fact

if TYPE_CHECKING:
    from scoring.uncertainty import Importance, Intervals


class Node(BaseModel):
    """One node of the tree.

    Attributes
    ----------
    label : str
        What it is, in words.
    kind : str
        score, market, control, retaliation, segment, supply, mineral, access, or the kind of a leaf.
    points : float or None
        Points of the score; children add up to their parent. None where the company has no score.
    exposure : float or None
        Share of revenue, 0..1; None = unknown.
    certainty : float or None
        Of a leaf: certainty of its weakest fact, 0..1.
    facts : list of str
        Of a leaf: ids in `Explanation.facts`.
    children : list of Node
        Largest first.
    """

    label: str
    kind: str
    points: float | None = None
    exposure: float | None = None
    certainty: float | None = None
    facts: list[str] = []
    children: list[Node] = []


class ThreatEvent(BaseModel):
    """A past coercive act and its decayed weight in the latent threat at the as-of date."""

    fact: str
    weight: float


class LatentThreat(BaseModel):
    """Latent threat toward the company's home country, and the acts behind it, heaviest first.

    Attributes
    ----------
    country : str
        ISO 3166 code.
    value : float
        0 to below the methodology's maximum.
    events : list of ThreatEvent
    """

    country: str
    value: float
    events: list[ThreatEvent]


class Interval(BaseModel):
    """How far a score could move, and what moves it.

    Attributes
    ----------
    draws, seed : int
    score, rank : list of float
        5th, 50th and 95th percentile.
    importance : dict of str to float
        Total-order Sobol' index of each group of assumptions, greatest first: the part of the variance that would
        remain if all but the group were known.
    pillars : dict of str to float
        The same of everything that the market, control and retaliation exposure rest on.
    """

    draws: int
    seed: int
    score: list[float]
    rank: list[float]
    importance: dict[str, float]
    pillars: dict[str, float]

    @classmethod
    def of(cls, intervals: Intervals, importance: Importance, company: int) -> Interval:
        """Interval of one company that has a score."""

        def indices(names: tuple[str, ...], total: np.ndarray) -> dict[str, float]:
            known = {name: float(index) for name, index in zip(names, total[:, company], strict=True) if index == index}
            return dict(sorted(known.items(), key=lambda item: -item[1]))

        return cls(
            draws=intervals.draws,
            seed=intervals.seed,
            score=intervals.score[:, company].tolist(),
            rank=intervals.rank[:, company].tolist(),
            importance=indices(importance.groups, importance.total),
            pillars=indices(importance.pillars, importance.pillar_total),
        )


class Explanation(BaseModel):
    """Why a company has its score.

    Attributes
    ----------
    query, company_id, name, country : str
    status : {"ok", "partial", "no-data"}
    score, score_floor, confidence : float or None
    band, confidence_grade : str or None
    as_of : date
    release, release_sha256, methodology, methodology_sha256 : str
        What the numbers were computed from.
    scenario, scenario_sha256 : str or None
        What is assumed, see `scoring.scenario`.
    interval : Interval or None
        Where it was asked for, and there is a score.
    tree : Node
        Root; its leaves sum to the score.
    threat : LatentThreat
    unknown : list of str
        What is not known and how the score treats it.
    facts : dict of str to Fact
        Every fact that a leaf or the threat names.
    """

    query: str
    company_id: str
    name: str
    country: str
    status: str
    score: float | None
    score_floor: float | None
    band: str | None
    confidence: float | None
    confidence_grade: str | None
    as_of: dt.date
    release: str
    release_sha256: str
    methodology: str
    methodology_sha256: str
    scenario: str | None = None
    scenario_sha256: str | None = None
    interval: Interval | None = None
    tree: Node
    threat: LatentThreat
    unknown: list[str]
    facts: dict[str, Fact]
