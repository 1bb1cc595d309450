"""An explanation as a document: the tree of a score, the threat behind it, how far it could move, the facts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from pydantic import Field

from scoring.answers import Answer
from scoring.cited import Fact

if TYPE_CHECKING:
    import numpy as np

    from scoring.uncertainty import Importance, Intervals


class Node(Answer):
    """One node of the tree."""

    label: str
    """What it is, in words."""
    kind: str
    """One of score, market, control, retaliation, segment, supply, mineral, access, or the kind of a leaf."""
    points: float | None = None
    """Points of the score; children add up to their parent. None where the company has no score."""
    exposure: float | None = None
    """Share of revenue, 0..1; None = unknown."""
    certainty: float | None = None
    """Of a leaf: certainty of its weakest fact, 0..1."""
    facts: list[str] = Field([])
    """Of a leaf: ids in `Explanation.facts`."""
    children: list[Node] = Field([])
    """Largest first."""


class ThreatEvent(Answer):
    """A past coercive act and its decayed weight in the latent threat at the as-of date."""

    fact: str
    """Id in `Explanation.facts`."""
    weight: float
    """Decayed weight in the latent threat."""


class LatentThreat(Answer):
    """Latent threat toward the company's home country, and the acts behind it, heaviest first."""

    country: str
    """ISO 3166 code."""
    value: float
    """0 to below the methodology's maximum."""
    events: list[ThreatEvent]
    """Heaviest first."""


class Interval(Answer):
    """How far a score could move, and what moves it."""

    draws: int
    """Points that were drawn."""
    seed: int
    """Of the draws."""
    score: list[float]
    """5th, 50th and 95th percentile of the score."""
    rank: list[float]
    """5th, 50th and 95th percentile of the rank."""
    importance: dict[str, float]
    """Total-order Sobol' index of each group of assumptions, greatest first: the part of the variance that would
    remain if all but the group were known.
    """
    pillars: dict[str, float]
    """The same of everything that the market, control and retaliation exposure rest on."""

    @classmethod
    def of(cls, intervals: Intervals, importance: Importance, company: int) -> Interval:
        """Interval of one company that has a score, and the importance of that company alone."""

        def indices(names: tuple[str, ...], total: np.ndarray) -> dict[str, float]:
            known = {name: float(index) for name, index in zip(names, total[:, 0], strict=True) if index == index}
            return dict(sorted(known.items(), key=lambda item: -item[1]))

        score, rank = intervals.of(company)
        return cls(
            draws=intervals.draws,
            seed=intervals.seed,
            score=score,
            rank=rank,
            importance=indices(importance.groups, importance.total),
            pillars=indices(importance.pillars, importance.pillar_total),
        )


class Explanation(Answer):
    """Why a company has its score."""

    card = "explanation"

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
    """Hash of the release."""
    methodology: str
    methodology_sha256: str
    """Hash of the methodology."""
    scenario: str | None = None
    scenario_sha256: str | None = None
    """Hash of what is assumed."""
    interval: Interval | None = None
    """Where it was asked for, and there is a score."""
    tree: Node
    """Root; its leaves sum to the score."""
    threat: LatentThreat
    """Latent threat toward its home country."""
    unknown: list[str]
    """What is not known and how the score treats it."""
    facts: dict[str, Fact]
    """Every fact that a leaf or the threat names."""
