"""A company's score over time, and what moved it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field

from service.http.exchange import BATCH
from service.http.queries import Ticker, check_length, one_company
from service.web.content.history import first_day, history_of
from service.web.exchange import Content, page
from service.web.options import PageOptions

if TYPE_CHECKING:
    from scoring.scorer import Scorer

router = APIRouter(include_in_schema=False)


class StartOptions(PageOptions):
    """Versions, and the first day."""

    start: str | None = Field(None, max_length=50, description="First day, YYYY-MM-DD; default: a few years before.")


@router.get("/companies/{ticker:path}/history")
async def history(ticker: Ticker, request: Request) -> Response:
    """Moves in words, each with what became known or ended."""
    asked = page(request, StartOptions)
    check_length(asked, ticker)

    def content(scorer: Scorer) -> Content:
        start = asked.options.start or first_day(scorer.as_of)
        return {"history": history_of(scorer, one_company(scorer, ticker), start), "start": start}

    return await asked.show("history.html", content, BATCH)
