"""Companies: search, and every fact about one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import Field

from service.formats.encode import encode
from service.http.exchange import OFF_LOOP, Exchange, asking
from service.http.lists import lead_on, versions_of
from service.http.openapi.document import documented
from service.http.options import TableOptions, Versions
from service.http.parameters import in_path

if TYPE_CHECKING:
    from scoring.scorer import Scorer

router = APIRouter(tags=["companies"])

_PATH = {"company_id": ("Identifier of the company.", "tokyo-electron")}


class SearchOptions(TableOptions):
    """Options of a search."""

    q: str = Field("", max_length=200, description="Identifier, name, or part of one. Default: all companies.")
    country: str | None = Field(None, max_length=2, description="Home country, ISO 3166 code.")
    sector: str | None = Field(None, max_length=50, description="Sector, as in the results.")
    limit: int = Field(50, ge=1, le=1000, description="Most rows.")
    offset: int = Field(0, ge=0, le=1_000_000, description="Rows left out at the beginning.")


@router.get(
    "/v1/companies",
    **documented("companies", "ScoreRow", options=SearchOptions, reply="table"),
    summary="Search companies",
)
async def companies(exchange: Annotated[Exchange[SearchOptions], Depends(asking(SearchOptions))]) -> Response:
    """Result rows of the companies that a text may mean, best first; X-Total-Count and Link lead on."""
    o = exchange.options

    def write(scorer: Scorer) -> bytes:
        from scoring.lookup.company import search

        found = search(scorer, o.q, o.country, o.sector, o.limit, o.offset)
        lead_on(exchange, versions_of(scorer), found.total)
        return encode(found.columns, exchange.format)

    return await exchange.reply(write, OFF_LOOP)


@router.get(
    "/v1/companies/{company_id}",
    **documented("company", "Company", path=_PATH, options=Versions),
    summary="All facts about a company",
)
async def company(
    company_id: Annotated[str, in_path("company_id")],
    exchange: Annotated[Exchange[Versions], Depends(asking(Versions))],
) -> Response:
    """Every fact known by the date, with its source, the day it became known and the period it describes."""
    from scoring.lookup.company import company

    return await exchange.document(company, company_id)
