"""One request and its reply: versions, format, coding, caching headers. Handlers say only what is asked."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Concatenate, Final, Generic, Literal, NamedTuple, ParamSpec, Self, TypeVar

from fastapi import Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel

from scoring.reference.releases.release import Release
from scoring.vocabulary import Estimates
from service.formats.encode import FORMATS, encode
from service.http.access.keys import Guard
from service.http.bundled import Bundled, bundled, library_scenario
from service.http.cache.releases import Releases
from service.http.cache.scorers import Scorers
from service.http.context import Context
from service.http.errors import RefusedError
from service.http.lanes import Lane
from service.http.negotiation import (
    CODINGS,
    SMALLEST,
    STREAM_CODINGS,
    compress,
    compress_stream,
    matches,
    preferred,
)
from service.http.options import NoOptions
from service.http.parameters import read_query
from service.http.work import Work
from service.settings import Settings
from service.version import package_version

TOTAL: Final = "X-Total-Count"
"""Header with the length of a list, as the body may be of any format."""

if TYPE_CHECKING:
    from scoring.scenario import Scenario
    from scoring.score.snapshot import Columns
    from scoring.scorer import Scorer

P = ParamSpec("P")
T = TypeVar("T")
O = TypeVar("O", bound=NoOptions)  # noqa: E741

Where = Literal["on-loop", "off-loop", "batch"]
ON_LOOP: Final = "on-loop"
OFF_LOOP: Final = "off-loop"
BATCH: Final = "batch"

_ROWS_OF_A_REQUEST: Final = 250
"""Rows of a batch that cost a key as much as one more request."""

_IMMUTABLE: Final = "max-age=31536000, immutable"
_COMPRESSED: Final = frozenset({"parquet", "xlsx"})
_MEDIA_TYPES: Final = {
    FORMATS[name].media_type.partition(";")[0]: name for name in sorted(FORMATS, key=lambda name: name != "json")
}
"""Format by media type, JSON first: it is what a client without a preference gets."""


@dataclass(frozen=True)
class Kept:
    """What the application keeps for all requests."""

    settings: Settings
    releases: Releases
    scorers: Scorers
    quick: Lane
    batches: Lane
    work: Work
    guard: Guard
    visibility: str
    """``private`` where replies are for holders of keys, else ``public``."""

    @property
    def is_busy(self) -> bool:
        """Whether some work would be refused for want of room."""
        return self.quick.is_full or self.batches.is_full


class Basis(NamedTuple):
    """What every number of a reply rests on."""

    release: Release
    as_of: dt.date
    methodology: Bundled
    scenario: Scenario | None = None
    estimates: Estimates = "include"


class Exchange(Generic[O]):
    """One request being answered from one moment.

    Parameters
    ----------
    request : Request
    options : NoOptions
        The query string, or of a batch its body.
    identity : bytes, optional
        What tells this request from others to the same path. Default: the options.
    """

    def __init__(self, request: Request, options: O, identity: bytes | None = None) -> None:
        self.request = request
        self.options = options
        self.context: Context = request.scope["exposure"]
        self.kept: Kept = request.app.state.kept
        self._identity = identity
        self.extra: dict[str, str] = {}
        """Headers that what is written tells, such as the length of the whole list."""

    @classmethod
    async def of(cls, request: Request, options: O) -> Self:
        """Exchange of a POST: its options are in its body, which tells it apart; the query string has none."""
        read_query(request, NoOptions)
        return cls(request, options, await request.body())

    @cached_property
    def format(self) -> str:
        """Format of the reply.

        Raises
        ------
        RefusedError
            The resource has no such format.
        """
        asked: str | None = getattr(self.options, "format", None)
        if asked is None:
            return _MEDIA_TYPES[self._accepted(tuple(_MEDIA_TYPES))]
        if asked not in FORMATS:
            raise RefusedError(
                "format-unsupported", "format", f"{asked!r} is not a format", f"use {', '.join(FORMATS)}"
            )
        return asked

    @cached_property
    def coding(self) -> str | None:
        """Content coding of a whole reply, None for none."""
        return self._coding(CODINGS)

    async def basis(self) -> Basis:
        """Release, methodology and as-of date that the options name."""
        from scoring.facts.facts import parse_as_of

        moment, asked = self.context.moment, self.options
        version, as_of = getattr(asked, "release", None), getattr(asked, "as_of", None)
        release = moment.release if version in (None, moment.release.version) else await self.open(version)
        return Basis(
            release,
            min(moment.as_of, release.last_as_of) if as_of is None else parse_as_of(as_of, release),
            bundled(getattr(asked, "methodology", None)),
            library_scenario(getattr(asked, "scenario", None), release),
            getattr(asked, "estimates", None) or "include",
        )

    async def open(self, version: str) -> Release:
        """Another release of the store; read and verified off the event loop."""
        return await self.run(lambda: self.kept.releases.open(version, self.context.moment))

    async def table(
        self, function: Callable[Concatenate[Scorer, P], Columns], *args: P.args, **kwargs: P.kwargs
    ) -> Response:
        """Reply with the table that `function` makes from the scorer: a whole list."""

        def write(scorer: Scorer) -> bytes:
            columns = function(scorer, *args, **kwargs)
            self.extra[TOTAL] = str(len(next(iter(columns.values()))))
            return encode(columns, self.format)

        return await self.reply(write, OFF_LOOP)

    async def document(self, function: Callable[..., BaseModel], *args: Any, where: Where = OFF_LOOP) -> Response:
        """Reply with the document that `function` makes from the scorer; there is only JSON of it."""
        self.json_only()
        return await self.reply(lambda scorer: function(scorer, *args).model_dump_json().encode(), where)

    def json_only(self) -> None:
        """Refuse a client that wants a tree as a table."""
        if getattr(self.options, "format", None) not in (None, "json"):
            raise RefusedError("format-unsupported", "format", "this resource is a tree, not a table", "use json")
        self._accepted(("application/json",))
        self.format = "json"

    async def reply(self, write: Callable[[Scorer], bytes], where: Where = ON_LOOP) -> Response:
        """Reply with what `write` makes from the scorer, unless the client has it already.

        Parameters
        ----------
        write : callable
            Scorer to body.
        where : {ON_LOOP, OFF_LOOP, BATCH}
            What takes well below a millisecond is done at once; the rest in a thread, batches only a few at a time.
        """
        basis = await self.basis()
        headers = self._headers(basis)
        self.context.keep = self.request.method == "GET"
        if self._is_current(headers["ETag"]):
            return Response(status_code=304, headers=headers)
        scorer = self.kept.scorers.ready(*basis)
        if where == ON_LOOP and scorer is not None:
            body, coding = self._coded(write(scorer))
        else:
            body, coding = await self.run(lambda: self._worked(basis, write), where)
        return self._response(body, coding, headers)

    async def streamed(self, parts: Callable[[Scorer], Iterator[bytes]]) -> Response:
        """Reply with parts that are sent as they are made."""
        basis = await self.basis()
        headers = self._headers(basis)
        if self._is_current(headers["ETag"]):
            return Response(status_code=304, headers=headers)
        coding = "gzip" if self._coding(STREAM_CODINGS) else None

        def begun() -> tuple[bytes | None, Iterator[bytes]]:
            made = parts(self.kept.scorers.build(*basis))
            body = compress_stream(made) if coding else made
            return next(body, None), body

        first, rest = await self.run(begun, BATCH)  # so that what cannot be made is refused before anything is sent
        if coding:
            headers["Content-Encoding"] = coding
        body = _sent(first, rest, self.kept.batches)
        self._name_file(headers)
        return StreamingResponse(body, headers=headers, media_type=FORMATS[self.format].media_type)

    async def run(self, function: Callable[[], T], where: Where = OFF_LOOP) -> T:
        """Do some work of this request in a thread; errors as in `service.http.lanes.Lane.run`."""
        lane = self.kept.batches if where == BATCH else self.kept.quick
        return await lane.run(function, self.context.key_id, self.request.is_disconnected)

    async def spend(self, rows: int, weight: int = 1) -> None:
        """Count what a batch costs its key beyond the one request that it is.

        Raises
        ------
        RefusedError
            The key has not so much left.
        """
        if self.context.spend is not None:
            await self.context.spend(weight * (rows // _ROWS_OF_A_REQUEST))

    def plain(self, body: bytes, *, is_immutable: bool = False, keep: bool = False) -> Response:
        """Reply with JSON that rests on no score; its tag is that of its bytes.

        Parameters
        ----------
        body : bytes
        is_immutable : bool
            Whether clients may keep it for ever.
        keep : bool
            Whether the service may keep it: it is a function of the moment and the address alone.
        """
        self.context.keep = keep
        self.json_only()
        headers = self._caching(etag(body, (self.coding or "").encode()), is_immutable)
        if self._is_current(headers["ETag"]):
            return Response(status_code=304, headers=headers)
        return self._response(*self._coded(body), headers)

    def _worked(self, basis: Basis, write: Callable[[Scorer], bytes]) -> tuple[bytes, str | None]:
        scorer = self.kept.scorers.build(*basis)
        body = self._coded(write(scorer))
        self.kept.scorers.weigh()
        return body

    def _headers(self, basis: Basis) -> dict[str, str]:
        # The tag names everything the reply is a function of, so it is known before anything is computed.
        tag = etag(
            package_version().encode(),
            basis.release.sha256.encode(),
            basis.methodology.sha256.encode(),
            basis.as_of.isoformat().encode(),
            basis.estimates.encode(),
            basis.scenario.sha256.encode() if basis.scenario else b"",
            self.request.method.encode(),
            self.context.instance.encode(),
            self.options.model_dump_json().encode() if self._identity is None else self._identity,
            self.format.encode(),
            (self.coding or "").encode(),
        )
        return {
            "X-Exposure-Release": basis.release.version,
            "X-Exposure-Methodology": basis.methodology.document.version,
            "X-Exposure-As-Of": basis.as_of.isoformat(),
            # A folder of private tables may change under its name: no reply that rests on it lasts for ever.
            **self._caching(tag, getattr(self.options, "is_pinned", False) and basis.release.overlay is None),
        }

    def _caching(self, tag: str, is_immutable: bool) -> dict[str, str]:
        return {
            "ETag": tag,
            "Cache-Control": f"{self.kept.visibility}, {_IMMUTABLE if is_immutable else 'no-cache'}",
            "Vary": "Accept, Accept-Encoding",
        }

    def _is_current(self, tag: str) -> bool:
        wanted = self.context.sent.get(b"if-none-match", b"")
        return bool(wanted) and self.request.method == "GET" and matches(wanted, tag.encode())

    def _accepted(self, offered: tuple[str, ...]) -> str:
        found = preferred(self.context.text(b"accept"), offered, offered[0])
        if found is None:
            raise RefusedError(
                "format-unsupported", "Accept", "asks for none of the formats", f"use {', '.join(offered)}"
            )
        return found

    def _coding(self, offered: tuple[str, ...]) -> str | None:
        return preferred(self.context.text(b"accept-encoding"), offered, None)

    def _coded(self, body: bytes) -> tuple[bytes, str | None]:
        if self.coding is None or len(body) < SMALLEST or self.format in _COMPRESSED:
            return body, None
        return compress(body, self.coding), self.coding

    def _response(self, body: bytes, coding: str | None, headers: dict[str, str]) -> Response:
        if coding is not None:
            headers["Content-Encoding"] = coding
        self._name_file(headers)
        return Response(body, headers=headers | self.extra, media_type=FORMATS[self.format].media_type)

    def _name_file(self, headers: dict[str, str]) -> None:
        """Name the file that a browser saves; JSON it shows."""
        if self.format == "json":
            return
        name = "-".join((self.request.scope["route"].operation_id, headers.get("X-Exposure-As-Of", ""))).strip("-")
        headers["Content-Disposition"] = f'attachment; filename="{name}{FORMATS[self.format].suffixes[0]}"'


async def _sent(first: bytes | None, rest: Iterator[bytes], lane: Lane) -> AsyncIterator[bytes]:
    """Parts of a body, each made in a thread of the lane: a client that reads slowly holds none."""
    part = first
    while part is not None:
        yield part
        part = await lane.run(lambda: next(rest, None), is_begun=True)


def etag(*parts: bytes) -> str:
    """Strong entity tag of what a reply is a function of."""
    digest = hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).digest()
    return f'"{base64.urlsafe_b64encode(digest[:18]).decode()}"'


def asking(options: type[O]) -> Callable[[Request], Awaitable[Exchange[O]]]:
    """Dependency that makes the exchange of a request whose query string has these options.

    Errors are those of `service.http.parameters.read_query`.
    """

    async def exchange(request: Request) -> Exchange[O]:
        return Exchange(request, read_query(request, options))

    return exchange
