"""The tools: each is one operation of the HTTP API, with the API's own parameters, and an answer that is kept short."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from scoring.errors import InputError
from service.http.openapi.document import parameters_of
from service.http.routes import (
    changes,
    companies,
    events,
    portfolios,
    reference,
    risk,
    scenarios,
    scores,
    screens,
    threat,
)
from service.mcp.asking import Service
from service.mcp.shorten import document, paging, table

_ROUTES: Final = {
    route.operation_id: route
    for module in (scores, risk, changes, scenarios, companies, events, reference, threat, portfolios, screens)
    for route in module.router.routes
    if isinstance(route, APIRoute)
}
_ELSEWHERE: Final = ("format", "explain")
"""Parameters of the API that are no arguments here: answers are JSON, and explanations have a tool of their own."""

_LONGEST_PAGE: Final = 200

_WHO: Final = ("query", "status", "company_id", "name", "country", "reason", "candidates")
_SCORE: Final = (
    *_WHO,
    *("score", "score_floor", "band", "rank", "score_market", "score_control", "score_retaliation"),
    *(
        "confidence_grade",
        "china_share",
        "china_share_p05",
        "china_share_p95",
        "china_share_kind",
        "china_share_evidence",
        "product_mix_evidence",
    ),
    *("score_p05", "score_p95"),
)
_CHANGE: Final = ("score_before", "score", "delta", "delta_market", "delta_control", "delta_retaliation")
_AT_RISK: Final = ("share_at_risk", "share_at_risk_low", "share_at_risk_high", "revenue_at_risk_usd")
_ACT: Final = ("title", "announced", "effective_from", "effective_to", "measure", "active", "companies", "source_url")
_RULE: Final = ("rule_id", "imposed_by", *_ACT)
_MEASURE: Final = ("measure_id", "side", "subject", "target", *_ACT)
_MINERAL: Final = (
    "mineral",
    "label",
    "china_mine_share",
    "china_refined_share",
    "latest_year",
    "companies",
    "source_url",
)


class Tool(NamedTuple):
    """One tool.

    Attributes
    ----------
    name, title, text : str
        What the assistant reads.
    operation : str
        Operation of the API that answers.
    columns : tuple of str
        Columns of a row that every answer has; empty: the answer is a document.
    page : int
        Rows, or items of every list, that an answer has if nothing is said.
    """

    name: str
    title: str
    text: str
    operation: str
    columns: tuple[str, ...] = ()
    page: int = 20


TOOLS: Final = {
    tool.name: tool
    for tool in (
        Tool(
            "resolve",
            "Which companies are meant",
            "Which company each ticker, ISIN, FIGI or name means; what is ambiguous or unknown has candidates.",
            "score_batch",
            (*_WHO, "ticker", "mic", "matched_by"),
        ),
        Tool(
            "search_companies",
            "Search companies",
            "Companies that a text may mean, best first, by country and sector if wanted.",
            "companies",
            ("company_id", "name", "ticker", "mic", "country", "sector", "status", "score", "band"),
        ),
        Tool(
            "score",
            "Scores of a list",
            "Score of each name, 0 to 100, by pillar, one row a name.",
            "score_batch",
            _SCORE,
        ),
        Tool(
            "explain",
            "Why a score is what it is",
            "The score as a tree down to facts and their sources.",
            "explain",
            page=3,
        ),
        Tool("screen", "Screen the universe", "Companies that filters leave, sorted by any column.", "screen", _SCORE),
        Tool(
            "portfolio",
            "Score of a book",
            "A book of positions scored as one: sides, drivers, gaps.",
            "score_portfolio",
            page=10,
        ),
        Tool(
            "event",
            "What one act added",
            "What one rule, measure or scenario added to companies, as known the day before it was announced.",
            "event_impact",
            (*_WHO, *_CHANGE, *_AT_RISK, "act", "announced", "hit_rank"),
        ),
        Tool(
            "scenarios",
            "What-ifs",
            "The scenarios that can be assumed.",
            "scenarios",
            ("scenario_id", "title", "description"),
        ),
        Tool(
            "what_if",
            "What a scenario does",
            "Scores of a list without and with a scenario: a name of `scenarios`, or a document.",
            "evaluate_scenario",
            (*_WHO, *_CHANGE),
        ),
        Tool(
            "revenue_at_risk",
            "Revenue at risk of a list",
            "Share of revenue and money at risk of each name, with its range.",
            "revenue_at_risk_batch",
            (*_WHO, *_AT_RISK, "revenue_at_risk", "currency", "fiscal_period", "risk_note"),
        ),
        Tool(
            "revenue_at_risk_detail",
            "Revenue at risk taken apart",
            "By segment and rule, by mineral and by market closed, with facts and sources.",
            "revenue_at_risk",
            page=5,
        ),
        Tool(
            "changes",
            "What moved, and why",
            "Moves of scores between two dates or releases, by cause.",
            "changes_of_book",
            page=5,
        ),
        Tool("history", "A score over time", "Points as known on each day, and what moved them.", "history", page=12),
        Tool("coverage", "How well a list is known", "What is disclosed, old, estimated or missing.", "coverage"),
        Tool(
            "company", "All facts about a company", "Every fact known by the date, with its source.", "company", page=5
        ),
        Tool(
            "threat",
            "Latent threat toward a country",
            "Its level, the acts behind it, whom it touches.",
            "threat",
            page=10,
        ),
        Tool(
            "minerals",
            "Critical minerals",
            "What China dominates, and how many companies each touches.",
            "minerals",
            _MINERAL,
        ),
        Tool("rules", "Export controls", "Packages of controls, and how many companies each touches.", "rules", _RULE),
        Tool(
            "measures",
            "Measures of China",
            "China's measures, and how many companies each touches.",
            "countermeasures",
            _MEASURE,
        ),
    )
}
"""Every tool by its name."""


@lru_cache
def arguments_of(name: str) -> type[BaseModel]:
    """Arguments of a tool: the path, query string and body of its operation, and what part of the answer to give."""
    tool = TOOLS[name]
    read = parameters_of(tool.operation)
    fields: dict[str, Any] = {part: (str, Field(description=about)) for part, (about, _) in read.path.items()}
    for model in (read.options, read.body):
        for given, field in model.model_fields.items() if model else ():
            if given not in _ELSEWHERE:
                fields[given] = (field.annotation, field)
    fields["limit"] = (int, Field(tool.page, ge=1, le=_LONGEST_PAGE, description="Most rows, or items of each list."))
    fields["offset"] = (int, Field(0, ge=0, description="Rows left out at the beginning; next_offset leads on."))
    if tool.columns:
        columns = Field((), description="More columns of each row, by name; `all` for every one.")
        fields["columns"] = (tuple[str, ...], columns)
    else:
        of = Field(None, description="One list of the answer, to be paged through with offset.")
        fields["list"] = (str | None, of)
    return create_model(name, __config__=ConfigDict(extra="forbid", protected_namespaces=()), **fields)


def schema_of(name: str) -> dict[str, Any]:
    """JSON Schema of the arguments of a tool, without titles that only repeat names: an assistant reads it all."""
    schema: dict[str, Any] = arguments_of(name).model_json_schema()
    for shape in (schema, *schema.get("$defs", {}).values()):
        shape.pop("title", None)
        for about in shape.get("properties", {}).values():
            about.pop("title", None)
    return schema


async def call(service: Service, name: str, arguments: Mapping[str, Any], asker: Mapping[str, str]) -> dict[str, Any]:
    """Answer of a tool: ``versions``, and the rows or the document.

    Raises
    ------
    InputError
        An argument is unknown, missing or wrong.
    RefusalError
        The service refuses.
    """
    tool = TOOLS[name]
    asked = _checked(name, arguments)
    sent = asked.model_dump(mode="json", by_alias=True, exclude_unset=True)
    limit, offset = asked.limit, asked.offset  # type: ignore[attr-defined]
    wanted = sent.pop("columns", ()), sent.pop("list", None)
    route, own = _ROUTES[tool.operation], parameters_of(tool.operation)
    is_paged = "offset" in own.options.model_fields
    for part in ("limit", "offset"):
        sent.pop(part, None)
    if is_paged:
        sent |= {"limit": limit, "offset": offset}
    path = route.path_format.replace(":path", "")
    for part in own.path:
        path = path.replace(f"{{{part}}}", quote(sent.pop(part), safe=""))
    reply = await service.ask(min(route.methods or ()), path, sent, asker)
    assumed = {word: sent[word] for word in ("scenario", "estimates") if word in sent}
    answer: dict[str, Any] = {"versions": reply.versions | assumed} if reply.versions else {}
    if not tool.columns:
        return answer | document(reply.document, limit, wanted[1], offset)
    if not is_paged:
        return answer | table(reply.document, tool.columns, wanted[0], (offset, limit))
    rows = table(reply.document, tool.columns, wanted[0], (0, limit))["rows"]
    if reply.total is not None:
        return answer | {"rows": rows, **paging(reply.total, offset, len(rows))}
    # A search does not count what it has not read: behind a full page there may be another.
    return answer | {"rows": rows, "offset": offset, "next_offset": offset + limit if len(rows) == limit else None}


def _checked(name: str, arguments: Mapping[str, Any]) -> BaseModel:
    try:
        return arguments_of(name).model_validate(arguments)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(map(str, first["loc"])) or "arguments"
        known = ", ".join(arguments_of(name).model_json_schema()["properties"])
        fix = f"the arguments of {name} are: {known}" if first["type"] == "extra_forbidden" else "correct it"
        raise InputError(field, first["msg"], fix) from None
