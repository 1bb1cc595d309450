"""Scenarios: the library, one of it, and what any scenario does to a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import Field

from service.formats.encode import encode
from service.http.bundled import located
from service.http.exchange import BATCH, TOTAL, Exchange, asking
from service.http.openapi.document import documented
from service.http.options import FORMAT_TEXT, MOST_SCENARIOS, Format, NoOptions, TableOptions, Tickers, Versions, WhatIf
from service.http.parameters import in_body, in_path
from service.http.queries import check_tickers

if TYPE_CHECKING:
    from scoring.scorer import Scorer

router = APIRouter(tags=["scenarios"])

_PATH = {"scenario_id": ("Name in the library.", "jp-matches-us-servicing-ban")}


_SEVERAL = Field(max_length=MOST_SCENARIOS, fail_fast=True)


class ScenarioRequest(Versions):
    """A scenario, of the library or made up, and the names to score without and with it."""

    scenario: str | dict[str, Any] | Annotated[list[str | dict[str, Any]], _SEVERAL] = Field(
        description="Name in the library, a scenario document, or several of these, applied in order."
    )
    tickers: Tickers
    format: Format | None = Field(None, description=FORMAT_TEXT)


@router.get("/v1/scenarios", **documented("scenarios", "ScenarioEntry", reply="list"), summary="List the scenarios")
async def library(exchange: Annotated[Exchange[NoOptions], Depends(asking(NoOptions))]) -> Response:
    """What-ifs that come with the package."""
    from scoring.scenario import list_scenarios, load_scenario

    loaded = [load_scenario(name) for name in list_scenarios()]
    entries = [
        {"scenario_id": one.scenario_id, "title": one.title, "description": one.description, "sha256": one.sha256}
        for one in loaded
    ]
    exchange.extra[TOTAL] = str(len(entries))
    return exchange.plain(orjson.dumps(entries))


@router.post(
    "/v1/scenarios/evaluate",
    **documented("evaluate_scenario", "ImpactRow", body=ScenarioRequest, reply="table"),
    summary="What a scenario does to a list",
)
async def evaluate(body: Annotated[ScenarioRequest, in_body(ScenarioRequest)], request: Request) -> Response:
    """Scores without and with the scenario, one row per ticker, in order."""
    given = body.scenario if isinstance(body.scenario, list) else [body.scenario]
    exchange = await Exchange.of(request, _asked(body))
    check_tickers(exchange, body.tickers)
    await exchange.spend(len(body.tickers))

    def write(scorer: Scorer) -> bytes:
        from scoring.changes.impact import impact
        from scoring.score.snapshot import Snapshot

        after = Snapshot(scorer.release, scorer.as_of, scorer.methodology, [located(one) for one in given])
        return encode(impact(scorer, after, body.tickers), exchange.format)

    return await exchange.reply(write, BATCH)


@router.get(
    "/v1/scenarios/{scenario_id}",
    **documented("scenario", "ScenarioDocument", path=_PATH),
    summary="Show a scenario",
)
async def scenario(
    scenario_id: Annotated[str, in_path("scenario_id")],
    exchange: Annotated[Exchange[NoOptions], Depends(asking(NoOptions))],
) -> Response:
    """The document that makes the scenario, and its hash."""
    from scoring.scenario import load_scenario

    scenario = load_scenario(located(scenario_id))
    return exchange.plain(orjson.dumps({"sha256": scenario.sha256, "document": scenario.document()}))


def _asked(body: ScenarioRequest) -> WhatIf:
    """The options of the base: the scenario of the body is not one of them."""
    return TableOptions(
        as_of=body.as_of, release=body.release, methodology=body.methodology, format=body.format, scenario=None
    )
