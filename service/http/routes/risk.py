"""Revenue at risk: one company taken apart, and a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import Field

from service.formats.encode import encode
from service.http.exchange import BATCH, Exchange, asking
from service.http.openapi.document import documented
from service.http.options import FORMAT_TEXT, Format, Tickers, WhatIf
from service.http.parameters import in_body, in_path
from service.http.queries import check_tickers, one_match

if TYPE_CHECKING:
    from scoring.risk.result import RiskDetail
    from scoring.scorer import Scorer

router = APIRouter(tags=["revenue at risk"])

_PATH = {"ticker": ("Ticker, RIC, Bloomberg code, ISIN, FIGI, company id or name, percent-escaped.", "8035.T")}


class RiskBatch(WhatIf):
    """Tickers whose revenue at risk is asked for, in order; duplicates are kept."""

    tickers: Tickers
    format: Format | None = Field(None, description=FORMAT_TEXT)


@router.get(
    "/v1/revenue-at-risk/{ticker:path}",
    **documented("revenue_at_risk", "RiskDetail", 409, path=_PATH, options=WhatIf),
    summary="Revenue at risk of one company, taken apart",
)
async def revenue_at_risk(
    ticker: Annotated[str, in_path("ticker")], exchange: Annotated[Exchange[WhatIf], Depends(asking(WhatIf))]
) -> Response:
    """By segment and rule, by mineral and by market closed; the parts add up, each names its facts and sources."""
    check_tickers(exchange, [ticker])

    def detail(scorer: Scorer) -> RiskDetail:
        return scorer.revenue_at_risk_detail(one_match(scorer, ticker).query)

    return await exchange.document(detail)


@router.post(
    "/v1/revenue-at-risk",
    **documented("revenue_at_risk_batch", "RiskRow", body=RiskBatch, reply="table"),
    summary="Revenue at risk of a list",
)
async def several(batch: Annotated[RiskBatch, in_body(RiskBatch)], request: Request) -> Response:
    """One row per ticker, in order, in the reporting currency and US dollars, with its range."""
    exchange = await Exchange.of(request, batch)
    check_tickers(exchange, batch.tickers)
    await exchange.spend(len(batch.tickers))

    def write(scorer: Scorer) -> bytes:
        return encode(scorer.risk_columns(batch.tickers), exchange.format)

    return await exchange.reply(write, BATCH)
