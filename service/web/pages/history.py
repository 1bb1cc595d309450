"""A company's score over time, and what moved it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field

from service.http.exchange import BATCH
from service.http.queries import Ticker, check_length, one_match
from service.web.exchange import Content, page
from service.web.memory import remembered
from service.web.options import PageOptions

if TYPE_CHECKING:
    from scoring.scorer import Scorer
    from scoring.timeseries.history import History

router = APIRouter(include_in_schema=False)

START: Final = "2022-01-01"
"""First day of a history unless another is asked for: before the controls of October 2022."""


class StartOptions(PageOptions):
    """Versions, and the first day."""

    start: str = Field(START, max_length=50, description="First day, YYYY-MM-DD.")


@remembered(size=32)
def history_of(scorer: Scorer, ticker: str, start: str) -> History:
    """History of one company, as `/v1/scores/{ticker}/history` gives it; the page and its picture share one."""
    from scoring.timeseries.history import history

    query = one_match(scorer, ticker).query
    basis = scorer.methodology, scorer.scenario, scorer.estimates
    return history(scorer.release, query, start, scorer.as_of, "M", *basis)


@router.get("/companies/{ticker:path}/history")
async def history(ticker: Ticker, request: Request) -> Response:
    """Moves in words, each with what became known or ended."""
    asked = page(request, StartOptions)
    check_length(asked, ticker)
    start = asked.options.start

    def content(scorer: Scorer) -> Content:
        return {"history": history_of(scorer, ticker, start), "start": start}

    return await asked.show("history.html", content, BATCH)
