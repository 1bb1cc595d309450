"""Scores: one ticker, a batch, and why."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import Field

from service.formats.encode import encode, encode_row
from service.http.batch import explained_rows, json_array, json_rows, table_parts
from service.http.exchange import BATCH, OFF_LOOP, ON_LOOP, Exchange, asking
from service.http.openapi.document import documented
from service.http.options import FORMAT_TEXT, Day, Format, TableOptions, Tickers, WhatIf
from service.http.parameters import in_body
from service.http.queries import Ticker, check_length, check_tickers, one_match

if TYPE_CHECKING:
    from scoring.scorer import Scorer
    from scoring.timeseries.result import History

router = APIRouter(tags=["scores"])


_COST_OF_UNCERTAINTY = 2
"""What a batch with intervals costs a key, against one without."""

_UNCERTAINTY = "Add the interval of the score and of the rank: percentiles 5, 50 and 95 over all assumptions."


class ExplainOptions(WhatIf):
    """Options of one explanation."""

    uncertainty: bool = Field(False, description="Add the interval, and which assumptions move the score.")


class HistoryOptions(WhatIf):
    """Options of a history; its last day is `as_of`."""

    start: Day = Field(description="First day, YYYY-MM-DD.")
    freq: str = Field(
        "M",
        max_length=10,
        json_schema_extra={"enum": ["B", "D", "W", "M", "Q"]},
        description="B, D, W, M or Q: how often there is a point.",
    )


class ScoreOptions(TableOptions):
    """Options of one score."""

    explain: bool = Field(False, description="Add the explanation; JSON only.")
    uncertainty: bool = Field(False, description=_UNCERTAINTY)


class Batch(WhatIf):
    """Tickers to score, in order; duplicates are kept."""

    tickers: Tickers
    explain: bool = Field(False, description="Add the explanation of each row; JSON only.")
    uncertainty: bool = Field(False, description=_UNCERTAINTY)
    format: Format | None = Field(None, description=FORMAT_TEXT)


class ReceiptBatch(WhatIf):
    """Tickers whose scores are to be verified later."""

    tickers: Tickers


_PATH = {
    "ticker": (
        "Ticker, RIC, Bloomberg code, ISIN, FIGI, company id or name, percent-escaped; may hold a slash.",
        "8035.T",
    )
}


@router.get(
    "/v1/scores/{ticker:path}/explanation",
    **documented("explain", "Explanation", 409, path=_PATH, options=ExplainOptions),
    summary="Why a score is what it is",
)
async def explanation(
    ticker: Ticker, exchange: Annotated[Exchange[ExplainOptions], Depends(asking(ExplainOptions))]
) -> Response:
    """Tree of the score: its leaves add up to it, and each names the facts and sources it rests on."""
    check_length(exchange, ticker)
    uncertainty = exchange.options.uncertainty
    return await exchange.document(
        lambda s: s.explain(one_match(s, ticker).query, uncertainty=uncertainty),
        where=BATCH if uncertainty else OFF_LOOP,
    )


@router.get(
    "/v1/scores/{ticker:path}/history",
    **documented("history", "History", 409, path=_PATH, options=HistoryOptions),
    summary="A score over time, and what moved it",
)
async def history(
    ticker: Ticker, exchange: Annotated[Exchange[HistoryOptions], Depends(asking(HistoryOptions))]
) -> Response:
    """Points as they were known on each day, and the facts that became known on the days of a move."""
    check_length(exchange, ticker)
    asked = exchange.options

    def compute(scorer: Scorer) -> History:
        from scoring.timeseries.history import history as over_time

        query = one_match(scorer, ticker).query
        basis = scorer.methodology, scorer.scenario, scorer.estimates
        return over_time(scorer.release, query, asked.start, scorer.as_of, asked.freq, *basis)

    return await exchange.document(compute, where=BATCH)


@router.get(
    "/v1/scores/{ticker:path}",
    **documented("score", "ExplainedRow", 409, path=_PATH, options=ScoreOptions, reply="row"),
    summary="Score of one company",
)
async def score(ticker: Ticker, exchange: Annotated[Exchange[ScoreOptions], Depends(asking(ScoreOptions))]) -> Response:
    """One result row. A ticker that names no company is 404, one that names several 409, both with candidates."""
    check_length(exchange, ticker)
    if exchange.options.explain:
        exchange.json_only()

    def write(scorer: Scorer) -> bytes:
        match, uncertainty = one_match(scorer, ticker), exchange.options.uncertainty
        if exchange.format != "json":
            return encode(scorer.columns_of([match], uncertainty=uncertainty), exchange.format)
        if uncertainty:
            row = encode(scorer.columns_of([match], uncertainty=True), "json")[1:-1]  # the one row of the table
        else:
            row = encode_row(scorer.row_of(match))
        return explained_rows(scorer, [ticker], [row])[0] if exchange.options.explain else row

    if exchange.options.uncertainty:
        return await exchange.reply(write, BATCH)
    return await exchange.reply(write, OFF_LOOP if exchange.options.explain else ON_LOOP)


@router.post(
    "/v1/scores",
    **documented("score_batch", "ExplainedRow", body=Batch, reply="table"),
    summary="Scores of a list",
)
async def scores(batch: Annotated[Batch, in_body(Batch)], request: Request) -> Response:
    """One result row per ticker, in order, duplicates kept; what became of each is in its status."""
    exchange = await Exchange.of(request, batch)
    limits, tickers = exchange.kept.settings, batch.tickers
    check_tickers(exchange, tickers, explained=batch.explain)
    await exchange.spend(len(tickers), _COST_OF_UNCERTAINTY if batch.uncertainty else 1)
    if batch.explain:
        exchange.json_only()
    if exchange.format == "ndjson":
        return await exchange.streamed(partial(_ndjson, tickers, batch.uncertainty))

    def write(scorer: Scorer) -> bytes:
        if exchange.format != "json":
            return encode(scorer.columns(tickers, uncertainty=batch.uncertainty), exchange.format)
        wanted = scorer.wanted(tickers)
        rows = json_rows(scorer, wanted, batch.uncertainty)
        return json_array(explained_rows(scorer, wanted, rows) if batch.explain else rows)

    is_long = batch.explain or batch.uncertainty or len(tickers) >= limits.long_batch
    return await exchange.reply(write, BATCH if is_long else ON_LOOP)


@router.post(
    "/v1/receipts",
    **documented("receipt", "Receipt", body=ReceiptBatch),
    summary="Receipt of a list",
)
async def receipts(batch: Annotated[ReceiptBatch, in_body(ReceiptBatch)], request: Request) -> Response:
    """What the scores of a list are computed from, and the scores: for `exposure verify`, on any machine."""
    exchange = await Exchange.of(request, batch)
    check_tickers(exchange, batch.tickers)
    await exchange.spend(len(batch.tickers))
    exchange.json_only()

    def write(scorer: Scorer) -> bytes:
        from scoring.receipt.verification import receipt

        return receipt(scorer, batch.tickers).model_dump_json().encode()

    return await exchange.reply(write, BATCH)


def _ndjson(tickers: list[str], uncertainty: bool, scorer: Scorer) -> Iterator[bytes]:
    return table_parts(scorer, scorer.wanted(tickers), uncertainty)
