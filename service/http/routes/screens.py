"""Screens: the universe filtered, sorted and paged, and long/short baskets from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import Field

from service.formats.encode import encode
from service.http.exchange import OFF_LOOP, Exchange, asking
from service.http.lists import lead_on, versions_of
from service.http.openapi.document import documented
from service.http.options import TableOptions

if TYPE_CHECKING:
    from scoring.score.snapshot import Columns
    from scoring.scorer import Scorer
    from scoring.screening.filters import Filters

router = APIRouter(tags=["screens"])

_LONGEST = 2000
Words = Annotated[str, Field(min_length=1, max_length=_LONGEST)]


class FilterOptions(TableOptions):
    """Which companies; several values of one filter are parted with commas and are alternatives."""

    country: Words | None = Field(None, description="Home countries, ISO 3166 codes.")
    sector: Words | None = Field(None, description="Sectors, as in the results.")
    industry: Words | None = Field(None, description="Industries, as in the results.")
    family: Words | None = Field(None, description="Product families that they have a segment in.")
    rule: Words | None = Field(None, description="Rules that restrict their sales to China now, by rule_id.")
    mineral: Words | None = Field(None, description="Minerals that their products depend on.")
    band: Words | None = Field(None, description="Bands of the score.")
    grade: Words | None = Field(None, description="Grades of the confidence, A to D.")
    evidence: Words | None = Field(None, description="How the China share became known.")
    status: Words | None = Field(None, description="ok, estimated, partial or no-data.")
    min: Words | None = Field(None, description="Least values, COLUMN:VALUE, such as score_control:10,score:40.")
    max: Words | None = Field(None, description="Greatest values, COLUMN:VALUE.")
    sort: str = Field("score", max_length=50, description="Numeric column to sort by; missing values come last.")


class ScreenOptions(FilterOptions):
    """Options of a screen."""

    descending: bool = Field(True, description="Highest first.")
    limit: int = Field(100, ge=1, le=5000, description="Most rows of a page.")
    offset: int = Field(0, ge=0, le=1_000_000, description="Rows left out at the beginning.")


class BasketOptions(FilterOptions):
    """Options of a basket."""

    count: int = Field(10, ge=1, le=5000, description="Companies on each side.")
    neutral: Literal["sector", "country", "both"] | None = Field(
        None, description="Take pairs from within a sector, a country or both."
    )


@router.get(
    "/v1/screens",
    **documented("screen", "ScreenRow", options=ScreenOptions, reply="table"),
    summary="Screen the universe",
)
async def screen(exchange: Annotated[Exchange[ScreenOptions], Depends(asking(ScreenOptions))]) -> Response:
    """Companies that filters leave, sorted, with neutral ranks; X-Total-Count and Link lead on."""
    options = exchange.options

    def write(scorer: Scorer) -> bytes:
        from scoring.screening.screen import screen_page

        found = screen_page(
            scorer,
            filters_of(options),
            sort=options.sort,
            descending=options.descending,
            limit=options.limit,
            offset=options.offset,
        )
        lead_on(exchange, versions_of(scorer), found.total)
        return encode(found.columns, exchange.format)

    return await exchange.reply(write, OFF_LOOP)


@router.get(
    "/v1/screens/basket",
    **documented("basket", "BasketRow", options=BasketOptions, reply="table"),
    summary="Long/short basket",
)
async def basket(exchange: Annotated[Exchange[BasketOptions], Depends(asking(BasketOptions))]) -> Response:
    """A book: short the highest by `sort`, long the lowest; equal weights that sum to 1 and -1."""
    options = exchange.options

    def columns(scorer: Scorer) -> Columns:
        from scoring.screening.basket import basket as run

        return run(
            scorer,
            options.count,
            filters_of(options),
            sort=options.sort,
            neutral=options.neutral,
            estimates=options.estimates or "exclude",
        )

    return await exchange.table(columns)


def filters_of(options: FilterOptions) -> Filters:
    """Filters that the options ask for."""
    from scoring.screening.filters import WORDS, Filters
    from service.bounds import read_bounds

    return Filters(
        **{name: getattr(options, name) or () for name in WORDS},
        at_least=read_bounds([options.min] if options.min else (), "min"),
        at_most=read_bounds([options.max] if options.max else (), "max"),
    )
