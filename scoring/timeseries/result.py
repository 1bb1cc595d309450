"""The document that a history is."""

from __future__ import annotations

import datetime as dt

from scoring.answers import Answer
from scoring.cited import Fact


class Point(Answer):
    """The score on a day; None where it is unknown."""

    date: dt.date
    """Day that the score was known on."""
    score: float | None
    score_floor: float | None
    score_market: float | None
    score_control: float | None
    score_retaliation: float | None
    market: float | None
    control: float | None
    retaliation: float | None
    china_share: float | None
    """Share of revenue from China, known or estimated; under a scenario what is assumed."""
    china_share_p05: float | None
    china_share_p95: float | None
    china_share_period: str | None
    """Fiscal period that the share describes, of a sum the first and the last; None where it is estimated."""
    china_share_scope: str | None
    china_share_basis: str | None
    china_share_of: str | None


class Break(Answer):
    """A day from which the China share is counted otherwise, so that it cannot be compared with the one before."""

    date: dt.date
    """First day on which it is counted otherwise."""
    before: float
    """Share of the day before, 0..1."""
    after: float
    """Share of the day, 0..1."""
    statement: str
    """What of it is otherwise."""


class Move(Answer):
    """A day on which facts moved the score."""

    date: dt.date
    """Day of the move."""
    before: float | None
    """Score on the day before, or the floor where `is_floor`; None where it is unknown."""
    after: float | None
    """The same on the day."""
    delta: float | None
    """Points; None where one of the two is unknown."""
    is_floor: bool
    """Whether the company had no score, and the floor is told."""
    note: str | None
    """What is no row of a table: a China share that is too old from the day on, or estimated anew; another mix of the
    peers of a company that has none of its own; yearly figures on imports, which have too many rows to list."""
    new: list[Fact]
    """What became known or came into force on the day and touches the company; with what ended it moved the score."""
    ended: list[Fact]
    """What ceased to be in force on the day and touches the company."""


class History(Answer):
    """A company's score over time."""

    card = "history"

    query: str
    company_id: str
    name: str
    release: str
    methodology: str
    scenario: str | None
    points: list[Point]
    """In order of days."""
    moves: list[Move]
    """Days on which facts moved the score by at least 0.05 points, in order."""
    breaks: list[Break]
    """Days from which the China share is of another scope, basis or base, or estimated instead of known."""
    steps: list[Point]
    """The score as it moves, whatever the days of the points: on the first day, on each day on which facts change
    and the day before it, and on the last, as far as it differs. Between two of them only past acts decay.
    """
