"""What the Workspace asks for: its two documents, and data in the forms of its widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import Field, model_validator

from scoring.cards.words import percent, points, text
from scoring.vocabulary import PILLAR_COLOURS
from service.formats.encode import encode
from service.http.exchange import BATCH, OFF_LOOP, Exchange, asking
from service.http.options import NoOptions, Versions, WhatIf
from service.http.queries import check_tickers, one_match
from service.http.routes import events, screens
from service.openbb.widgets import APPS, WIDGETS

if TYPE_CHECKING:
    from scoring.scorer import Scorer

router = APIRouter(include_in_schema=False)

_LONGEST = 4000


class _Blanks(NoOptions):
    """The Workspace sends what its user left empty as an empty text."""

    @model_validator(mode="before")
    @classmethod
    def _left_out(cls, given: Any) -> Any:
        return {name: value for name, value in given.items() if value != ""} if isinstance(given, dict) else given


class CompanyOptions(_Blanks, WhatIf):
    """Whose score."""

    ticker: str = Field(max_length=_LONGEST, description="Ticker, ISIN, FIGI or name.")


class HistoryOptions(CompanyOptions):
    """Whose score, and from when; the Workspace says on which ground its charts stand."""

    start: str = Field(max_length=50, description="First day, YYYY-MM-DD.")
    freq: str = Field("M", max_length=10, description="B, D, W, M or Q.")
    theme: str | None = Field(None, max_length=20, description="light or dark.")


class BookOptions(_Blanks, WhatIf):
    """Which names."""

    tickers: str = Field(max_length=_LONGEST, description="Names, parted with commas.")


class CountryOptions(_Blanks, Versions):
    """Which country."""

    country: str = Field(max_length=10, description="ISO 3166 code.")


class ActOptions(_Blanks, events.EventOptions):
    """Which act."""

    act: str = Field(max_length=_LONGEST, description="rule_id or measure_id.")


class ScreenOptions(_Blanks, screens.ScreenOptions):
    """Which companies."""


class MineralOptions(_Blanks, Versions):
    """Of which day."""


Plain = Annotated[Exchange[NoOptions], Depends(asking(NoOptions))]


@router.get("/widgets.json")
async def widgets(exchange: Plain) -> Response:
    """Every widget."""
    return exchange.plain(orjson.dumps(WIDGETS))


@router.get("/apps.json")
async def apps(exchange: Plain) -> Response:
    """Every dashboard."""
    return exchange.plain(orjson.dumps(APPS))


@router.get("/openbb/scenarios")
async def scenarios(exchange: Plain) -> Response:
    """Choices of a scenario."""
    from scoring.scenario import list_scenarios, load_scenario

    found = [{"label": load_scenario(name).title, "value": name} for name in list_scenarios()]
    return exchange.plain(orjson.dumps([{"label": "none", "value": ""}, *found]))


@router.get("/openbb/acts")
async def acts(exchange: Annotated[Exchange[Versions], Depends(asking(Versions))]) -> Response:
    """Choices of an act, newest first."""

    def write(scorer: Scorer) -> bytes:
        from scoring.acts.act import every_act
        from scoring.reference.clock import begins

        # Before the first China share nothing is known of any company, and no act adds to anything.
        first = begins("revenue", scorer.release.columns("revenue")).min().astype(object)
        known = [act for act in every_act(scorer.release) if act.announced and first < act.announced <= scorer.as_of]
        choices = [{"label": f"{act.announced} {act.act_id}", "value": act.act_id} for act in reversed(known)]
        return orjson.dumps(choices)

    return await exchange.reply(write, OFF_LOOP)


@router.get("/openbb/company")
async def company(exchange: Annotated[Exchange[CompanyOptions], Depends(asking(CompanyOptions))]) -> Response:
    """One company as metrics."""

    def write(scorer: Scorer) -> bytes:
        match = one_match(scorer, exchange.options.ticker)
        row = {name: column[0] for name, column in scorer.columns_of([match]).items()}
        pillars = [{"label": f"{pillar} points", "value": points(row[f"score_{pillar}"])} for pillar in PILLAR_COLOURS]
        found = [
            {"label": f"{row['name']} · {row['status']}", "value": points(row["score"])},
            *pillars,
            {"label": f"China share · {text(row['china_share_kind'])}", "value": _share(row)},
            {"label": f"release {row['release']} · as of {row['as_of']}", "value": text(row["band"])},
        ]
        return orjson.dumps(found)

    return await exchange.reply(write, OFF_LOOP)


def _share(row: dict[str, Any]) -> str:
    """The China share, of an estimated one with the range in which it lies with nine chances in ten."""
    low, high = row["china_share_p05"], row["china_share_p95"]
    return percent(row["china_share"]) + (f" ({percent(low)} to {percent(high)})" if high == high else "")


@router.get("/openbb/history")
async def history(exchange: Annotated[Exchange[HistoryOptions], Depends(asking(HistoryOptions))]) -> Response:
    """A score over time as a figure of Plotly: steps of the pillars, stacked."""
    asked = exchange.options

    def write(scorer: Scorer) -> bytes:
        from scoring.timeseries.history import history as over_time

        query = one_match(scorer, asked.ticker).query
        found = over_time(
            scorer.release, query, asked.start, scorer.as_of, asked.freq, scorer.methodology, scorer.scenario
        )
        days = [point.date.isoformat() for point in found.points]
        traces: list[dict[str, Any]] = [
            {
                "type": "scatter",
                "name": pillar,
                "x": days,
                "y": [getattr(point, f"score_{pillar}") for point in found.points],
                "stackgroup": "score",
                "line": {"shape": "hv", "color": colour},
            }
            for pillar, colour in PILLAR_COLOURS.items()
        ]
        title = f"{found.name} · release {found.release} · methodology {found.methodology}"
        ink = "#e8eaed" if asked.theme == "dark" else "#1a1d21"
        layout = {
            "title": {"text": title},
            "yaxis": {"title": {"text": "points"}, "range": [0, 100]},
            "font": {"color": ink},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
        }
        return orjson.dumps({"data": traces, "layout": layout})

    return await exchange.reply(write, BATCH)


@router.get("/openbb/book")
async def book(exchange: Annotated[Exchange[BookOptions], Depends(asking(BookOptions))]) -> Response:
    """A list of names, one row each."""
    tickers = [ticker.strip() for ticker in exchange.options.tickers.split(",") if ticker.strip()]
    check_tickers(exchange, tickers)
    return await exchange.table(lambda scorer: scorer.columns(tickers))


@router.get("/openbb/event")
async def event(request: Request) -> Response:
    """What an act added; the same as the API says, with the act as a parameter."""
    from service.http.parameters import read_query

    options = read_query(request, ActOptions)
    return await events.answer(request, options, options.act)


@router.get("/openbb/screen")
async def screen(exchange: Annotated[Exchange[screens.ScreenOptions], Depends(asking(ScreenOptions))]) -> Response:
    """Companies that filters leave."""
    return await screens.screen(exchange)


@router.get("/openbb/minerals")
async def minerals(exchange: Annotated[Exchange[MineralOptions], Depends(asking(MineralOptions))]) -> Response:
    """Minerals that China dominates."""
    from scoring.lookup.touched import listed

    return await exchange.table(listed, "minerals")


@router.get("/openbb/threat")
async def threat(exchange: Annotated[Exchange[CountryOptions], Depends(asking(CountryOptions))]) -> Response:
    """Past acts toward a country, one row each."""

    def write(scorer: Scorer) -> bytes:
        from scoring.lookup.threat import threat as toward

        found = toward(scorer, exchange.options.country)
        rows = [event.model_dump() for event in found.events]
        return encode({name: [row[name] for row in rows] for name in (rows[0] if rows else ())}, "json")

    return await exchange.reply(write, OFF_LOOP)
