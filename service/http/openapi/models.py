"""Shapes of requests and replies: the schemas of the OpenAPI document. Replies are not validated while serving."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from scoring.changes.result import Changes
from scoring.columns import (
    BASKET,
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
from scoring.lookup.company import Company
from scoring.lookup.threat import Threat
from scoring.portfolio.result import PortfolioScore
from scoring.receipt import Receipt
from scoring.risk.detail import RiskDetail
from scoring.timeseries.history import History

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
