"""Portfolios: a book of positions scored as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field

from scoring.reference.identifiers.row import Kind, Query, Row
from service.http.exchange import BATCH, Exchange
from service.http.openapi.document import documented
from service.http.options import NoOptions, Rows, WhatIf
from service.http.parameters import in_body
from service.http.queries import check_tickers

if TYPE_CHECKING:
    from scoring.portfolio.holdings import Holdings
    from scoring.scorer import Scorer

router = APIRouter(tags=["portfolios"])

_MOST_DRIVERS = 1000


class Holding(NoOptions):
    """One position: a weight, a value, or a quantity and a price; negative is short. All rows have the same."""

    ticker: str = Field(description="Ticker, RIC, Bloomberg code, ISIN, FIGI, company id or name.")
    weight: float | None = Field(None, strict=True, allow_inf_nan=False, description="In any one unit.")
    value: float | None = Field(None, strict=True, allow_inf_nan=False, description="Market value.")
    quantity: float | None = Field(None, strict=True, allow_inf_nan=False, description="Number of shares.")
    price: float | None = Field(None, strict=True, allow_inf_nan=False, description="Of one share.")
    currency: str | None = Field(None, max_length=20, description="ISO 4217 code of value or price.")
    fx: float | None = Field(
        None, strict=True, allow_inf_nan=False, description="Worth of one unit of the row's currency in a common one."
    )
    side: str | None = Field(None, max_length=20, description="long or short, where sizes have no sign.")
    kind: Kind | None = Field(
        None, description="Where it is no share: cash, which is exposed to nothing, or what is listed and not scored."
    )


class Book(WhatIf):
    """Positions to score as one, and optionally those of a benchmark."""

    holdings: Annotated[list[Holding], Rows] = Field(
        description="Positions, in order; lots of one name may stay apart."
    )
    benchmark: Annotated[list[Holding], Rows] | None = Field(
        None, description="Positions of the benchmark to compare with."
    )
    long_only: bool = Field(False, description="Refuse short positions.")
    drivers: int = Field(20, ge=0, le=_MOST_DRIVERS, description="Drivers to give, most points first.")


@router.post(
    "/v1/portfolios/score",
    **documented("score_portfolio", "PortfolioScore", body=Book),
    summary="Score of a portfolio",
)
async def score(book: Annotated[Book, in_body(Book)], request: Request) -> Response:
    """Score of the book long, short and net, by pillar and position, what drives it, and what could not be scored."""
    exchange = await Exchange.of(request, book)
    exchange.json_only()
    for name, rows in (("holdings", book.holdings), ("benchmark", book.benchmark or [])):
        check_tickers(exchange, [row.ticker for row in rows], field=name)
        await exchange.spend(len(rows))

    def write(scorer: Scorer) -> bytes:
        from scoring.portfolio.score import score_portfolio

        holdings = _holdings(book.holdings, "holdings")
        benchmark = None if book.benchmark is None else _holdings(book.benchmark, "benchmark")
        result = score_portfolio(scorer, holdings, benchmark, long_only=book.long_only, drivers=book.drivers)
        return result.model_dump_json().encode()

    return await exchange.reply(write, BATCH)


class Names(WhatIf):
    """Names to say of how well each is known, with or without sizes."""

    holdings: Annotated[list[Holding], Rows] = Field(
        description="Names, in order; without any size every one counts the same."
    )


@router.post(
    "/v1/coverage",
    **documented("coverage", "CoverageReport", body=Names),
    summary="How well a list or book is known",
)
async def coverage(names: Annotated[Names, in_body(Names)], request: Request) -> Response:
    """By name, sector and country: disclosed, more than two years old, estimated, partial or unresolved."""
    exchange = await Exchange.of(request, names)
    exchange.json_only()
    check_tickers(exchange, [row.ticker for row in names.holdings], field="holdings")
    await exchange.spend(len(names.holdings))

    def write(scorer: Scorer) -> bytes:
        from scoring.portfolio.coverage import coverage_report

        rows = names.holdings
        if all(row.weight is None and row.value is None and row.quantity is None for row in rows):
            rows = [row.model_copy(update={"weight": 1.0}) for row in rows]
        return coverage_report(scorer, _holdings(rows, "holdings")).model_dump_json().encode()

    return await exchange.reply(write, BATCH)


def _holdings(rows: list[Holding], name: str) -> Holdings:
    """Holdings of a list, with errors that name the member of the body."""
    from scoring.errors import HoldingsError
    from scoring.portfolio.holdings import COLUMNS, make_holdings

    columns = {column: [getattr(row, column) for row in rows] for column in COLUMNS}
    given = {column: cells for column, cells in columns.items() if any(cell is not None for cell in cells)}
    try:
        return make_holdings([_query(row) for row in rows], given, lambda row, column: f"{name}.{row}.{column}")
    except HoldingsError as error:
        if error.field.startswith(name):
            raise
        field = name if error.field == "holdings" else f"{name}.{error.field}"
        raise HoldingsError(field, error.problem, error.fix) from None


def _query(row: Holding) -> Query:
    return row.ticker if row.kind is None or row.kind == "share" else Row(row.ticker, kind=row.kind)
