"""What an event study found, as a document."""

from __future__ import annotations

import datetime as dt
import math

from pydantic import field_serializer

from scoring.answers import Answer
from scoring.studies.rank_tests import Pooled


class LeftOut(Answer):
    """An event or a ticker that was not used, and why."""

    name: str
    """Act or ticker."""
    label: str = ""
    """What the act is called; empty of a ticker."""
    reason: str
    """Why it was not used."""


class EventRow(Answer):
    """Rank correlations of one event with abnormal returns; below zero: whom it hits more, lost more."""

    event: str
    """Act; several announced together are joined by +."""
    label: str
    """What the act is called."""
    announced: dt.date
    """Day of the announcement; the figures are those of the day before."""
    traded: dt.date
    """Trading day from which returns are summed."""
    cluster: int
    """Events of one cluster overlap in time, and are resampled together."""
    names: int
    """Names with a China share, a figure of the act and returns."""
    act: float
    """Of what the act itself puts at risk."""
    control: float
    """Of the control exposure."""
    retaliation: float
    """Of the retaliation exposure."""
    score: float
    """Of the score."""
    china_share: float
    """Of the China share alone: the baseline."""
    act_given_beta: float
    """Of what the act puts at risk, given the beta of the name."""

    @field_serializer("act", "control", "retaliation", "score", "china_share", "act_given_beta")
    def _known(self, value: float) -> float | None:
        return None if math.isnan(value) else value


class PooledRow(Answer):
    """A figure over all events."""

    figure: str
    """What is correlated with abnormal returns."""
    mean: float
    """Mean rank correlation over Fisher z; of a difference the mean difference in z."""
    low: float
    """Lower end of its 95 percent interval over clusters of events."""
    high: float
    """Upper end."""
    negative: float = math.nan
    """Share of events below zero, the expected sign."""
    events: int
    """Events behind it."""

    @classmethod
    def of(cls, figure: str, found: Pooled) -> PooledRow:
        """Row of what was pooled."""
        return cls(figure=figure, **found._asdict())

    @field_serializer("mean", "low", "high", "negative")
    def _known(self, value: float) -> float | None:
        return None if math.isnan(value) else value


class Study(Answer):
    """An event study on a user's returns. Nothing of it enters a score."""

    release: str
    """Version of the reference data."""
    methodology: str
    """Version of the methodology."""
    window: tuple[int, int]
    """Trading days that are summed, relative to the event."""
    market: str
    """What the market model takes as the market."""
    names: int
    """Names that were used."""
    first_day: dt.date
    """First day of the returns."""
    last_day: dt.date
    """Last day of the returns."""
    events: list[EventRow]
    """Every event that was used."""
    pooled: list[PooledRow]
    """Every figure over all events."""
    difference: PooledRow
    """Fisher z of the act's own figure less that of the China share, on the same names."""
    placebo: PooledRow
    """The acts' figures against returns on random days: the interval should hold zero."""
    skipped: list[LeftOut]
    """Events that were not used."""
    left_out: list[LeftOut]
    """Tickers that were not used."""
