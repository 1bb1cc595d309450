"""Jobs: work too long for one reply, begun by a POST, followed at an address, read as parts of Parquet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Final

import anyio.to_thread
import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import Field

from service.http.errors import RefusedError
from service.http.exchange import BATCH, Basis, Exchange, asking
from service.http.openapi.document import documented
from service.http.options import Day, NoOptions, Tickers, WhatIf
from service.http.parameters import in_body, in_path
from service.http.queries import check_tickers

if TYPE_CHECKING:
    from service.jobs.job import Job

router = APIRouter(tags=["jobs"])

_PATH = {"job_id": ("Name of the job, from the reply that began it.", "0123456789abcdef0123456789abcdef")}
_NUMBER = {"number": ("Number of the part, from 1.", "1")}
_MOST_DAYS: Final = 20_000
_MOST_SCENARIOS: Final = 2_000
_ROWS_OF_A_TICKER: Final = 1000
"""Days, or scenarios, of one ticker that cost a key as much as a row of a batch."""

Plain = Annotated[Exchange[NoOptions], Depends(asking(NoOptions))]
Scenarios = Annotated[list[str | dict[str, Any]], Field(min_length=1, max_length=_MOST_SCENARIOS, fail_fast=True)]


class PanelBody(WhatIf):
    """Scores of a list on every day of a range, each as it was known on that day; `as_of` is the last day."""

    tickers: Tickers
    start: Day = Field(description="First day, YYYY-MM-DD.")
    freq: str = Field("B", max_length=10, description="B, D, W, M or Q: how often there is a day.")


class SweepBody(WhatIf):
    """Scores of a list under each of many scenarios, each on its own."""

    tickers: Tickers
    scenarios: Scenarios = Field(description="Names in the library, or scenario documents.")


class IntervalsBody(WhatIf):
    """Intervals of score and rank of a list, over all assumptions."""

    tickers: Tickers
    draws: int = Field(1024, ge=2, le=65_536, description="Draws; a power of two is balanced.")


@router.post(
    "/v1/jobs/panel", **documented("begin_panel", "JobState", body=PanelBody, reply="begun"), summary="Begin a panel"
)
async def panel(body: Annotated[PanelBody, in_body(PanelBody)], request: Request) -> Response:
    """Begin it, or go on with it; Location is where to follow it."""

    def make(basis: Basis) -> Job:
        from scoring.timeseries.calendar import business_days
        from scoring.timeseries.panel import PanelJob
        from service.jobs.panel import PanelDataset

        days = business_days(basis.release, body.start, basis.as_of, body.freq)
        _check(days, "start", _MOST_DAYS)
        method, what_if = basis.methodology.document, basis.scenario
        return PanelDataset(PanelJob(basis.release, body.tickers, days, method, what_if, estimates=basis.estimates))

    return await _begun(request, body, make, _MOST_DAYS // 10)


@router.post(
    "/v1/jobs/sweep", **documented("begin_sweep", "JobState", body=SweepBody, reply="begun"), summary="Begin a sweep"
)
async def sweep(body: Annotated[SweepBody, in_body(SweepBody)], request: Request) -> Response:
    """Begin it, or go on with it; Location is where to follow it."""
    if body.scenario is not None:
        raise RefusedError("request-invalid", "scenario", "is not for a sweep", "give `scenarios`")

    def make(basis: Basis) -> Job:
        from scoring.scenario import load_scenario
        from service.http.bundled import located
        from service.jobs.sweep import SweepDataset

        wanted = [load_scenario(located(one)) for one in body.scenarios]
        days, method = [basis.as_of], basis.methodology.document
        return SweepDataset(basis.release, body.tickers, days, wanted, method, basis.estimates)

    return await _begun(request, body, make, len(body.scenarios))


@router.post(
    "/v1/jobs/intervals",
    **documented("begin_intervals", "JobState", body=IntervalsBody, reply="begun"),
    summary="Begin intervals",
)
async def intervals(body: Annotated[IntervalsBody, in_body(IntervalsBody)], request: Request) -> Response:
    """Begin it, or go on with it; Location is where to follow it."""

    def make(basis: Basis) -> Job:
        from service.jobs.intervals import IntervalsDataset

        method, what_if = basis.methodology.document, basis.scenario
        return IntervalsDataset(
            basis.release,
            body.tickers,
            basis.as_of,
            body.draws,
            methodology=method,
            scenario=what_if,
            estimates=basis.estimates,
        )

    return await _begun(request, body, make, body.draws)


@router.get("/v1/jobs/{job_id}", **documented("job", "JobState", path=_PATH), summary="How far a job is")
async def job(job_id: Annotated[str, in_path("job_id")], exchange: Plain) -> Response:
    """Running, done, failed, or stopped because its worker ended: a POST of the same body goes on with it."""
    return _told(exchange, await anyio.to_thread.run_sync(exchange.kept.work.state, job_id), 200)


@router.get(
    "/v1/jobs/{job_id}/parts/{number}",
    **documented("job_part", None, path=_PATH | _NUMBER, media_type="application/vnd.apache.parquet"),
    summary="A part of the result of a job",
)
async def part(
    job_id: Annotated[str, in_path("job_id")], number: Annotated[str, in_path("number")], exchange: Plain
) -> Response:
    """Rows in order, as Parquet; all parts one after the other are the result."""
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
    body = await anyio.to_thread.run_sync(exchange.kept.work.part, job_id, wanted)
    headers = {
        "Content-Disposition": f'attachment; filename="{job_id}-{wanted}.parquet"',
        "Cache-Control": f"{exchange.kept.visibility}, no-cache",
    }
    return Response(body, headers=headers, media_type="application/vnd.apache.parquet")


async def _begun(request: Request, body: Any, make: Callable[[Basis], Job], rows_of_each: int) -> Response:
    exchange = await Exchange.of(request, body)
    exchange.json_only()
    check_tickers(exchange, body.tickers)
    await exchange.spend(len(body.tickers) * max(rows_of_each // _ROWS_OF_A_TICKER, 1))
    basis = await exchange.basis()
    made = await exchange.run(lambda: make(basis), BATCH)
    work = exchange.kept.work
    name = await work.begin(made, exchange.context.key_id)
    exchange.extra["Location"] = f"{exchange.kept.settings.root_path}/v1/jobs/{name}"
    return _told(exchange, await anyio.to_thread.run_sync(work.state, name), 202)


def _told(exchange: Exchange[Any], state: dict[str, Any], status: int) -> Response:
    headers = {"Cache-Control": "no-store", **exchange.extra}
    if state["state"] == "running":
        headers["Retry-After"] = "1"
    return Response(orjson.dumps(state), status, headers, "application/json")


def _check(days: list[dt.date], field: str, most: int) -> None:
    if len(days) > most:
        raise RefusedError("too-much-work", field, f"gives {len(days)} days, more than {most}", "begin later")
