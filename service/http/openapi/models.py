"""Shapes of requests and replies: the schemas of the OpenAPI document. Replies are not validated while serving."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from scoring.answers import Answer
from scoring.changes.result import Changes
from scoring.columns import (
    BASKET,
    EVENT,
    IMPACT,
    INTERVAL,
    NEUTRAL,
    RESULT,
    RISK,
    Column,
    Kind,
    Table,
)
from scoring.explanation.document import Explanation
from scoring.lookup.result import Company, Threat
from scoring.portfolio.knowledge import CoverageReport
from scoring.portfolio.result import PortfolioScore
from scoring.receipt.document import Receipt
from scoring.risk.result import RiskDetail
from scoring.timeseries.result import History

__all__ = [
    "BasketRow",
    "Changes",
    "Company",
    "CoverageReport",
    "EventRow",
    "ExplainedRow",
    "Explanation",
    "Health",
    "History",
    "ImpactRow",
    "JobState",
    "Leverage",
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


class Problem(Answer):
    """RFC 9457 problem document."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="Stable kind, /problems/<code>.")
    title: str
    """The kind in words."""
    status: int
    """Status of the reply."""
    detail: str = Field(description="What is wrong, with the value.")
    field: str = Field(description="What is wrong: a parameter, a member of the body, a header.")
    fix: str = Field(description="The next step.")
    instance: str
    """Path of the request."""
    request_id: str
    """What to look for in the logs."""


_ROUNDING: Final = 1e-6
"""Shares and points are sums: those of a company that is exposed in full are 1 and 100 only up to rounding."""
_TYPES: Final[Mapping[Kind, Any]] = {"text": str, "number": float, "integer": int, "date": dt.date, "truth": bool}


def _row(name: str, text: str, table: Table, *, base: type[BaseModel] | None = None, **more: Any) -> Any:
    """Model of a row: a member for each column, with its text and range, and more members than these."""
    members: dict[str, Any] = {column.name: _member(column) for column in table.values()}
    config = None if base else ConfigDict(extra="forbid")
    return create_model(name, __doc__=text, __base__=base, __config__=config, __module__=__name__, **members, **more)


def _member(column: Column, default: Any = ...) -> tuple[Any, Any]:
    kind: Any = Literal[column.words] if column.words else _TYPES[column.kind]
    value = kind if column.always else kind | None
    if column.range is not None:
        low, high = column.range
        value = Annotated[value, Field(ge=low, le=high + _ROUNDING)]
    return value, Field(default, description=column.text)


ScoreRow = _row("ScoreRow", "One result row; its members are the columns of every format and surface.", RESULT)
ScreenRow = _row("ScreenRow", "Result row with the neutral ranks of its score.", NEUTRAL, base=ScoreRow)
BasketRow = _row("BasketRow", "One position of a basket.", BASKET)
ImpactRow = _row("ImpactRow", "Scores of one query without and with a change.", IMPACT)
EventRow = _row("EventRow", "What one act adds to one query, from the state known the day before.", EVENT)
RiskRow = _row(
    "RiskRow", "Revenue at risk of one query; money is in units of the currency, of the fiscal period.", RISK
)
ExplainedRow = _row(
    "ExplainedRow",
    "Result row with its interval and its explanation, where these were asked for.",
    {},
    base=ScoreRow,
    **{column.name: _member(column, None) for column in INTERVAL.values()},
    explanation=(Explanation | None, Field(None, description="Why the score is what it is.")),
)


class ScenarioEntry(Answer):
    """A scenario of the library."""

    scenario_id: str
    """Name in the library."""
    title: str
    """In a line."""
    description: str
    """What is assumed, and why."""
    sha256: str
    """Hash of what it does."""


class ScenarioDocument(Answer):
    """A scenario and the hash of what it does."""

    sha256: str
    """Hash of what it does."""
    document: dict[str, Any]
    """As it is written."""


class Touched(Answer):
    """A company that something touches."""

    company_id: str
    name: str
    country: str
    sector: str
    exposure: float
    """Share of revenue, 0 to 1."""
    points: float | None
    """Points of the score; empty without a score."""
    weight: float | None = None
    """Of an event: its part in the latent threat."""


class Leverage(Answer):
    """China's leverage over a country through a mineral."""

    mineral: str
    """Identifier of the mineral."""
    label: str
    """Name of the mineral."""
    country: str
    """ISO 3166 code."""
    supply_share: float | None
    """China's share of world supply, 0 to 1; empty where it is not known."""
    import_share: float | None
    """China's share of what the country imports, 0 to 1; empty where it is not measured."""
    leverage: float | None
    """0 to 1; empty where the share of supply is not known."""
    force: float
    """Of the measures in force on the mineral, 0 to 1."""
    measure: str | None
    """Identifier of the measure that is felt; empty where there is none."""


class ReferenceRow(Answer):
    """A row of reference data: the columns of its table, and how many companies it touches."""

    model_config = ConfigDict(extra="allow")

    source_id: str
    """Key of the source."""
    source_title: str
    """Title of the document that was read."""
    source_url: str | None
    """Address of the document."""
    companies: int
    """How many companies it touches."""
    exposure_max: float | None
    """Of the company that it touches most: share of revenue, 0 to 1."""
    points: float
    """Points of all scores."""


class ReleaseEntry(Answer):
    """A release in the store."""

    version: str
    """Version of the release."""
    is_current: bool
    """Whether requests that name none get it."""


class ReleaseDocument(Answer):
    """A release: when it was built, up to when its facts reach, and the hash of each table."""

    version: str
    """Version of the release."""
    created: dt.date
    """Day on which it was built."""
    last_as_of: dt.date
    """Last as-of date that it supports."""
    parent: str | None
    """Version that it was built from."""
    sha256: str
    """Hash of all tables."""
    descriptor: dict[str, Any]
    """Its Data Package descriptor."""


class ReleaseDiffDocument(Answer):
    """Difference between two releases; pairs are old and new."""

    old: str
    """Version of the older release."""
    new: str
    """Version of the newer release."""
    as_of: dt.date
    facts: list[dict[str, Any]]
    """Facts added, removed or changed; estimates only where they are the table that was asked for."""
    estimates: dict[str, Any] | None
    """Estimates that differ: `counts`, `vintages`, and `median_change` of their middle in share of revenue."""
    scores: list[dict[str, Any]]
    """Scores that moved."""
    counts: dict[str, dict[str, int]]
    """Rows added, removed and changed, by table."""


class MethodologyDocument(Answer):
    """A methodology and its hash."""

    sha256: str
    """Hash of all its choices."""
    document: dict[str, Any]
    """Every parameter with its value, range and reason."""


class JobFailure(Answer):
    """Why a job ended without its result."""

    field: str
    """What was wrong."""
    problem: str
    """How."""
    fix: str
    """The next step."""


class JobState(Answer):
    """A job and how far it is."""

    job_id: str
    """Its name: the same body of the same key has the same."""
    kind: Literal["panel", "sweep", "intervals"]
    """What is computed."""
    state: Literal["running", "done", "failed", "stopped"]
    """Stopped: its worker ended; the same POST goes on with what is missing."""
    parts_written: int
    """Parts that are written, those of stages before the result included."""
    parts: int
    """Parts of the result, to be read from /parts/1 on; 0 until it is done."""
    release: str
    """Release that it rests on."""
    methodology: str
    """Methodology that it rests on."""
    unresolved: list[str]
    """Tickers that name no company; they are left out."""
    failure: JobFailure | None
    """Of a failed job: why."""


class Health(Answer):
    """Whether the process runs, and what it serves."""

    status: Literal["ok", "ready", "degraded", "busy"]
    """Whether it runs, is ready, or is degraded and still answers."""
    release: str | None = None
    """Version that is served."""
    problem: str | None = None
    """Why the store cannot give a newer one."""


class Reload(Answer):
    """What a reload did."""

    release: str
    """Version that is served now."""
    changed: bool
    """Whether it is another one than before."""
    problem: str | None
    """Why the store cannot give a newer one."""
