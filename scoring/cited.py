"""A fact and its document in words, as every answer cites them."""

from __future__ import annotations

import datetime as dt

from pydantic import ConfigDict

from scoring.answers import Answer


class Source(Answer):
    """A document that was read."""

    model_config = ConfigDict(frozen=True)

    source_id: str
    """Key of the source."""
    title: str
    """Title of the document."""
    url: str | None
    """Address of the document."""
    kind: str
    """Filing, regulation, news, dataset, ..."""


class Fact(Answer):
    """One row of reference data, in words."""

    model_config = ConfigDict(frozen=True)

    fact_id: str
    """Table and key, such as ``revenue/asml/2023``."""
    table: str
    """Table that the row is in."""
    statement: str
    """What the fact says."""
    value: float | None
    """The number that enters the score, where it is one."""
    known_from: dt.date | None
    """Day from which it may be used; None for structural facts, which describe no period."""
    published: dt.date | None
    """Date of the document that was read, which may repeat a figure known earlier."""
    evidence: str
    """How it came to be known."""
    note: str | None
    """The researcher's, written when the release was made: it may tell of later events."""
    source: Source | None
    """None only for expert judgement."""
    origin: str = "release"
    """``release``, or ``overlay NAME`` for a private fact laid over it."""
