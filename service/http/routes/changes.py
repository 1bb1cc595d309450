"""Changes: what moved between two dates, releases, methodologies or scenarios, and why."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field

from scoring.vocabulary import Estimates
from service.formats.encode import encode
from service.from_to import Ends, read_ends
from service.http.errors import RefusedError
from service.http.exchange import BATCH, Basis, Exchange, etag
from service.http.openapi.document import documented
from service.http.options import FORMAT_TEXT, Day, Format, NoOptions, Rows, TableOptions
from service.http.parameters import in_body, read_query
from service.http.queries import check_tickers

if TYPE_CHECKING:
    from scoring.scorer import Scorer

router = APIRouter(tags=["changes"])

_MOST_NAMES: Final = 5000
"""Names in one comparison: each has a line for everything that changed."""

_DATE: Final = "Two dates YYYY-MM-DD, or two release versions."
Name = Annotated[str | None, Field(max_length=50)]


class Compared(NoOptions):
    """The two ends of a comparison."""

    from_: Name = Field(None, alias="from", description=f"Where from. {_DATE}")
    to: Name = Field(None, description=f"Where to. {_DATE} Default: the last day, or the newest release.")
    as_of: Day | None = Field(None, description="Day of both ends, where no dates are compared.")
    release: Name = Field(None, description="Release of both ends. Default: the newest.")
    from_release: Name = Field(None, description="Release of the first end, beside dates.")
    to_release: Name = Field(None, description="Release of the second end, beside dates.")
    methodology: Name = Field(None, description="Methodology of both ends.")
    from_methodology: Name = Field(None, description="Methodology of the first end.")
    to_methodology: Name = Field(None, description="Methodology of the second end.")
    from_scenario: str | None = Field(None, max_length=300, description="Scenarios of the first end, comma-separated.")
    to_scenario: str | None = Field(None, max_length=300, description="Scenarios of the second end, comma-separated.")
    estimates: Estimates | None = Field(
        None, description="Whether estimates count at both ends: include, exclude or only. Default: include."
    )
    threshold: float | None = Field(
        None, gt=0, allow_inf_nan=False, description="Points: `crossed` names whose score moved by so much or more."
    )
    format: Format | None = Field(None, description=f"{FORMAT_TEXT} Tables are by cause.")


class ChangeOptions(Compared):
    """Options of a comparison."""

    tickers: str | None = Field(
        None, max_length=4000, description="Names to report, comma-separated. Default: every company that moved."
    )


class ChangeBook(Compared):
    """A comparison, and the names to report."""

    tickers: Annotated[list[str], Rows] | None = Field(
        None,
        description="Tickers, RICs, Bloomberg codes, ISINs, FIGIs, company ids or names. Default: all that moved.",
    )


class _Second(TableOptions):
    """Options of the second end, and whether anything of either end is left to a default that moves."""

    pinned: bool

    @property
    def is_pinned(self) -> bool:
        return self.pinned


@router.get(
    "/v1/changes",
    **documented("changes", "Changes", options=ChangeOptions, reply="row"),
    summary="What moved, and why",
)
async def movers(request: Request) -> Response:
    """Every company that moved between the ends, or some, with the causes that sum to its move.

    The table formats have one row per name and cause.
    """
    options = read_query(request, ChangeOptions)
    tickers = None if options.tickers is None else [ticker.strip() for ticker in options.tickers.split(",")]
    return await _reply(request, options, tickers, b"")


@router.post(
    "/v1/changes",
    **documented("changes_of_book", "Changes", body=ChangeBook, reply="row"),
    summary="What moved in a book, and why",
)
async def book(body: Annotated[ChangeBook, in_body(ChangeBook)], request: Request) -> Response:
    """One row per ticker, in order, with the causes that sum to its move."""
    read_query(request, NoOptions)  # the options are in the body
    return await _reply(request, body, body.tickers, await request.body())


async def _reply(request: Request, asked: Compared, tickers: list[str] | None, body: bytes) -> Response:
    ends = _ends(asked)
    before, first_day, second_day = await _first(request, asked, ends)
    basis = b"".join((before.release.sha256.encode(), before.methodology.sha256.encode(), str(first_day).encode()))
    what_if = before.scenario.sha256.encode() if before.scenario else b""
    exchange = Exchange(
        request,
        _Second(
            as_of=second_day,
            release=ends.release_to or asked.release,
            methodology=asked.to_methodology or asked.methodology,
            scenario=asked.to_scenario,
            estimates=asked.estimates,
            format=asked.format,
            pinned=_is_pinned(asked, ends),
        ),
        etag(basis, what_if, asked.model_dump_json().encode(), body).encode(),
    )
    if tickers is not None:
        _check_number(tickers)
        check_tickers(exchange, tickers)
        await exchange.spend(len(tickers))
    write = functools.partial(_written, exchange, before, tickers, asked.threshold)
    return await exchange.reply(write, BATCH)


def _written(
    exchange: Exchange[Any], first: Basis, tickers: list[str] | None, threshold: float | None, scorer: Scorer
) -> bytes:
    from scoring.changes.compare import what_changed
    from scoring.changes.table import change_columns

    before = exchange.kept.scorers.build(*first)
    result = what_changed(before, scorer, tickers, threshold)
    if exchange.format == "json":
        return result.model_dump_json(by_alias=True).encode()
    return encode(change_columns(result), exchange.format)


def _ends(asked: Compared) -> Ends:
    methods = asked.from_methodology or asked.methodology, asked.to_methodology or asked.methodology
    return read_ends(
        asked.from_,
        asked.to,
        release_from=asked.from_release,
        release_to=asked.to_release,
        as_of=asked.as_of,
        differ=methods[0] != methods[1] or asked.from_scenario != asked.to_scenario,
    )


async def _first(request: Request, asked: Compared, ends: Ends) -> tuple[Basis, str, str]:
    """What the first end rests on, and the days of both ends."""
    from scoring.changes.comparable import check_comparable

    context = request.scope["exposure"]
    opener = Exchange(request, NoOptions())
    releases = [
        context.moment.release if name is None else await opener.open(name)
        for name in (ends.release_from or asked.release, ends.release_to or asked.release)
    ]
    await opener.run(lambda: check_comparable(releases[0], releases[1]))
    first_day, second_day = (day.isoformat() for day in ends.days(releases[0], releases[1], context.moment.as_of))
    first = Exchange(
        request,
        TableOptions(
            as_of=first_day,
            release=releases[0].version,
            methodology=asked.from_methodology or asked.methodology,
            scenario=asked.from_scenario,
            estimates=asked.estimates,
            format=None,
        ),
    )
    return await first.basis(), first_day, second_day


def _is_pinned(asked: Compared, ends: Ends) -> bool:
    """Whether nothing of either end is left to a default that moves."""
    dated = ends.as_of is not None or None not in (ends.date_from, ends.date_to)
    released = asked.release is not None or None not in (ends.release_from, ends.release_to)
    methodical = asked.methodology is not None or None not in (asked.from_methodology, asked.to_methodology)
    return dated and released and methodical


def _check_number(tickers: list[str]) -> None:
    if len(tickers) > _MOST_NAMES:
        raise RefusedError(
            "too-many-tickers",
            "tickers",
            f"has {len(tickers)} names, and at most {_MOST_NAMES} are compared at once",
            "send them in parts",
        )
