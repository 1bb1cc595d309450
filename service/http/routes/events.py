"""Events: what one rule, measure or scenario adds to companies, as known the day before."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import anyio.to_thread
from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field

from scoring.vocabulary import Estimates
from service.formats.encode import encode
from service.http.exchange import OFF_LOOP, TOTAL, Exchange
from service.http.openapi.document import documented
from service.http.options import ESTIMATES_TEXT, FORMAT_TEXT, Day, Format, Versions
from service.http.parameters import in_path, read_query
from service.http.queries import check_tickers

if TYPE_CHECKING:
    from scoring.acts.act import Act
    from scoring.reference.releases.release import Release
    from scoring.scorer import Scorer

router = APIRouter(tags=["events"])

_PATH = {
    "event_id": (
        "rule_id, measure_id or scenario of the library; several rules or measures of one day, comma-separated.",
        "us-2022-10-07-sme-home",
    )
}


class EventOptions(Versions):
    """Whose figures are asked for, and of which day."""

    as_of: Day | None = Field(
        None,
        description="Day whose knowledge counts, YYYY-MM-DD. Default: the day before the announcement; of a scenario "
        "the last day of the release.",
    )
    tickers: str | None = Field(
        None, max_length=4000, description="Names, comma-separated. Default: all that it touches, hardest hit first."
    )
    estimates: Estimates | None = Field(None, description=ESTIMATES_TEXT)
    format: Format | None = Field(None, description=FORMAT_TEXT)

    @property
    def is_pinned(self) -> bool:
        """Whether the reply can never change: an act of a release has a day of its own."""
        return None not in (self.release, self.methodology)


@router.get(
    "/v1/events/{event_id}/impact",
    **documented("event_impact", "EventRow", path=_PATH, options=EventOptions, reply="table"),
    summary="What a rule, measure or scenario adds to companies",
)
async def impact(event_id: Annotated[str, in_path("event_id")], request: Request) -> Response:
    """Points, share of revenue and money that it takes, controls and closed markets apart from minerals."""
    return await answer(request, read_query(request, EventOptions), event_id)


async def answer(request: Request, options: EventOptions, event_id: str) -> Response:
    """What an act adds, to a request with these options."""
    release = (await Exchange(request, options.model_copy(update={"as_of": None})).basis()).release
    act, day = await anyio.to_thread.run_sync(_asked, release, event_id, options.as_of)
    exchange = Exchange(
        request, options.model_copy(update={"as_of": day.isoformat()}), options.model_dump_json().encode()
    )
    tickers = None if options.tickers is None else [ticker.strip() for ticker in options.tickers.split(",")]
    if tickers is not None:
        check_tickers(exchange, tickers)

    def write(scorer: Scorer) -> bytes:
        from scoring.acts.event import event_columns
        from scoring.acts.states import states_of
        from scoring.acts.table import Added

        added = Added(states_of(scorer.release, act, scorer.methodology, options.as_of))
        matches = None if tickers is None else scorer.resolver.resolve_many(tickers)
        columns = event_columns(added, matches, estimates=options.estimates or "include")
        exchange.extra[TOTAL] = str(len(columns["query"]))
        return encode(columns, exchange.format)

    return await exchange.reply(write, OFF_LOOP)


def _asked(release: Release, name: str, as_of: str | None) -> tuple[Act, date]:
    """The act, and the day whose knowledge counts; the network names scenarios and locates no files."""
    from scoring.acts.act import find_act
    from scoring.acts.states import day_of

    act = find_act(release, name.split(","), files=False)
    return act, day_of(release, act, as_of)
