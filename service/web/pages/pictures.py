"""Charts of the pages, each as a drawing and as the Vega-Lite specification that it is drawn from."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import quote, urlencode

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field

from scoring.errors import InputError
from service.http.errors import RefusedError
from service.http.exchange import BATCH
from service.http.parameters import in_path
from service.http.queries import Ticker, check_length, one_company
from service.web.content.company import counted_figures
from service.web.content.history import first_day, history_of
from service.web.content.scenarios import library_on
from service.web.content.words import drawn
from service.web.content.world import leverage_over, threat_over_time
from service.web.exchange import Page, page
from service.web.pages.history import StartOptions
from service.web.rows import universe

if TYPE_CHECKING:
    from scoring.scorer import Scorer
    from scoring.timeseries.result import Move

router = APIRouter(include_in_schema=False)

Kind = Annotated[str, in_path("kind")]
_KINDS: Final = {"svg": "image/svg+xml", "json": "application/json"}


class PictureOptions(StartOptions):
    """Versions, and the ground that a chart stands on."""

    theme: str = Field("light", max_length=10, description="light or dark.")


class Picture(Page[PictureOptions]):
    """A chart being answered, as a drawing or as a specification."""

    def __init__(self, request: Request, options: PictureOptions, kind: str) -> None:
        super().__init__(request, options)
        if kind not in _KINDS:
            raise RefusedError("not-found", "path", f"there is no chart as {kind[:20]!r}", "ask for svg or json")
        self.kind = kind

    async def draw(self, chart: Callable[[Scorer], Any]) -> Response:
        """Reply with a chart."""

        def write(scorer: Scorer) -> bytes:
            from scoring.charts.drawing import THEMES, specification, to_svg

            theme = self.options.theme
            if theme not in THEMES:
                raise RefusedError("request-invalid", "theme", f"{theme!r} is none", f"use {' or '.join(THEMES)}")
            try:
                made = chart(scorer)
                return to_svg(made, theme) if self.kind == "svg" else orjson.dumps(specification(made, theme))
            except InputError as error:  # nothing to draw, or nothing to draw it with
                if self.kind == "svg":
                    return drawn(f"{error.problem}; {error.fix}")
                raise RefusedError("request-invalid", error.field, error.problem, error.fix) from None

        return await self.reply(write, BATCH)

    def _response(self, body: bytes, coding: str | None, headers: dict[str, str]) -> Response:
        if coding is not None:
            headers["Content-Encoding"] = coding
        return Response(body, headers=headers | self.extra, media_type=_KINDS[self.kind])


def picture(request: Request, kind: str, ticker: str = "") -> Picture:
    """The chart of a request, about one company or about none."""
    asked = Picture(request, page(request, PictureOptions).options, kind)
    check_length(asked, ticker)
    return asked


@router.get("/companies/{ticker:path}/history.{kind}")
async def history(ticker: Ticker, kind: Kind, request: Request) -> Response:
    """Its score over time."""

    def chart(scorer: Scorer) -> Any:
        from scoring.charts.history import history_chart

        start = asked.options.start or first_day(scorer.as_of)
        found = history_of(scorer, one_company(scorer, ticker), start)
        return history_chart(found, scorer.methodology, link)

    def link(move: Move) -> str | None:
        """Page of the first act that moved the score, or the document of the first fact that did."""
        facts = move.new + move.ended
        for fact in facts:
            if fact.table in ("rules", "countermeasures"):
                state = asked.options.state
                return f"/acts/{quote(fact.fact_id)}" + (f"?{urlencode(state)}" if state else "")
        return next((fact.source.url for fact in facts if fact.source and fact.source.url), None)

    asked = picture(request, kind, ticker)
    return await asked.draw(chart)


@router.get("/companies/{ticker:path}/china.{kind}")
async def china(ticker: Ticker, kind: Kind, request: Request) -> Response:
    """Its China share by period."""

    def chart(scorer: Scorer) -> Any:
        from scoring.charts.company import china_chart
        from scoring.lookup.company import company

        company_id = one_company(scorer, ticker)
        return china_chart(company(scorer, company_id), counted_figures(scorer.explain(company_id)))

    return await picture(request, kind, ticker).draw(chart)


@router.get("/companies/{ticker:path}/peers.{kind}")
async def peers(ticker: Ticker, kind: Kind, request: Request) -> Response:
    """Its place in its sector and country."""

    def chart(scorer: Scorer) -> Any:
        from scoring.charts.company import peers_chart

        return peers_chart(universe(scorer), one_company(scorer, ticker))

    return await picture(request, kind, ticker).draw(chart)


@router.get("/companies/{ticker:path}/what-if.{kind}")
async def scenarios(ticker: Ticker, kind: Kind, request: Request) -> Response:
    """What each scenario of the library does to it."""

    def chart(scorer: Scorer) -> Any:
        from scoring.charts.what_if import scenarios_chart

        rows = library_on(scorer, one_company(scorer, ticker))
        return scenarios_chart(rows, rows[0]["name"])

    return await picture(request, kind, ticker).draw(chart)


@router.get("/countries/{country}/threat.{kind}")
async def threat(country: Annotated[str, in_path("country")], kind: Kind, request: Request) -> Response:
    """The latent threat toward one country over time."""

    def chart(scorer: Scorer) -> Any:
        from scoring.charts.world import threat_chart

        return threat_chart(*threat_over_time(scorer, country))

    return await picture(request, kind).draw(chart)


@router.get("/minerals/leverage.{kind}")
async def leverage(kind: Kind, request: Request) -> Response:
    """China's leverage by mineral and country."""

    def chart(scorer: Scorer) -> Any:
        from scoring.charts.world import leverage_chart

        shown = leverage_over(scorer)
        return leverage_chart(shown.rows, shown.labels, shown.countries)

    return await picture(request, kind).draw(chart)
