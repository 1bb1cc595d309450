"""One request and its reply: arguments, versions, format, caching headers. Handlers say only what is asked."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from importlib.metadata import version
from typing import Annotated, Any, Concatenate, Final, ParamSpec, Protocol

import anyio
import anyio.to_thread
from fastapi import Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from scoring.methodology import DEFAULT_METHODOLOGY, Methodology, list_methodologies, load_methodology
from scoring.reference.facts import parse_as_of
from scoring.reference.release import Release
from scoring.scorer import Columns, Scorer
from service.context import Context, header
from service.errors import Refusal
from service.formats import FORMATS, encode, stream
from service.negotiation import SMALLEST, STREAM_CODINGS, coding, compress, compress_stream, matches, preferred
from service.releases import Releases
from service.scorers import Scorers
from service.settings import Settings

IMMUTABLE: Final = "max-age=31536000, immutable"
_COMPRESSED: Final = frozenset({"parquet", "xlsx"})
"""Formats that are compressed already."""

_MEDIA_TYPES: Final = {kind.media_type.partition(";")[0]: name for name, kind in FORMATS.items()}

P = ParamSpec("P")


class NoOptions(BaseModel):
    """A resource without options; an unknown one is refused, here and in every subclass."""

    model_config = ConfigDict(extra="forbid")


class Versions(NoOptions):
    """Which facts and which method."""

    as_of: str | None = Field(
        None,
        max_length=50,
        description="Only facts known by this day, YYYY-MM-DD. Default: today, or the last day the release supports.",
        examples=["2024-09-02"],
    )
    release: str | None = Field(
        None, max_length=50, description="Release version. Default: the newest.", examples=["2026.11.0"]
    )
    methodology: str | None = Field(
        None, max_length=50, description=f"Methodology version. Default: {DEFAULT_METHODOLOGY}.", examples=["2026.1"]
    )


class TableOptions(Versions):
    """Versions, and how a table is written."""

    format: str | None = Field(
        None,
        max_length=50,
        description=f"Format of the reply, before the Accept header: {', '.join(FORMATS)}.",
        examples=["json"],
    )


class Kept(Protocol):
    """What the application keeps for all requests."""

    settings: Settings
    releases: Releases
    scorers: Scorers
    batches: anyio.CapacityLimiter
    keys_on: bool


class Exchange:
    """One request being answered from one moment.

    Parameters
    ----------
    request : Request
    options : NoOptions
        The query string, or for a batch its body.
    """

    def __init__(self, request: Request, options: NoOptions) -> None:
        self.request = request
        self.options = options
        self.context: Context = request.scope["exposure"]
        self.kept: Kept = request.app.state.kept

    @cached_property
    def format(self) -> str:
        """Format of the reply.

        Raises
        ------
        Refusal
            The resource has no such format.
        """
        asked = getattr(self.options, "format", None)
        if asked is not None:
            if asked not in FORMATS:
                raise Refusal(
                    "format-unsupported", "format", f"{asked[:50]!r} is not a format", f"use {', '.join(FORMATS)}"
                )
            return str(asked)
        return _MEDIA_TYPES[self._accepted(tuple(_MEDIA_TYPES), "application/json")]

    async def scorer(self) -> Scorer:
        """Scorer of the versions that the options name."""
        release, methodology, as_of = await self.versions()
        return await self.kept.scorers.get(release, as_of, methodology)

    async def versions(self) -> tuple[Release, Methodology, dt.date]:
        """Release, methodology and as-of date that the options name."""
        options, moment = self.options, self.context.moment
        asked_release, asked_as_of = getattr(options, "release", None), getattr(options, "as_of", None)
        release = moment.release
        if asked_release is not None and asked_release != release.version:
            release = await self.open(asked_release)
        methodology = bundled(getattr(options, "methodology", None) or DEFAULT_METHODOLOGY)
        if asked_as_of is not None:
            as_of = parse_as_of(asked_as_of, release)
        else:
            as_of = min(moment.as_of, release.last_as_of)
        return release, methodology, as_of

    async def open(self, release: str) -> Release:
        """Open another release of the store, off the event loop: it is read and verified."""
        return await anyio.to_thread.run_sync(self.kept.releases.open, release, self.context.moment)

    async def table(
        self, function: Callable[Concatenate[Scorer, P], Columns], *args: P.args, **kwargs: P.kwargs
    ) -> Response:
        """Reply with the table that `function` makes from the scorer."""

        def write(scorer: Scorer) -> bytes:
            return encode(function(scorer, *args, **kwargs), self.format)

        return await self.reply(write, FORMATS[self.format].media_type)

    async def document(
        self, function: Callable[Concatenate[Scorer, P], BaseModel], *args: P.args, **kwargs: P.kwargs
    ) -> Response:
        """Reply with the document that `function` makes from the scorer; there is only JSON of it."""

        def write(scorer: Scorer) -> bytes:
            return function(scorer, *args, **kwargs).model_dump_json().encode()

        self.json_only()
        return await self.reply(write, "application/json")

    def json_only(self) -> None:
        """Refuse a client that wants this resource as anything but JSON."""
        if getattr(self.options, "format", None) not in (None, "json"):
            raise Refusal("format-unsupported", "format", "this resource is a tree, not a table", "use json")
        self._accepted(("application/json",), "application/json")

    async def reply(self, write: Callable[[Scorer], bytes], media_type: str, *, off_loop: bool = False) -> Response:
        """Reply with what `write` makes from the scorer, unless the client has it already."""
        release, methodology, as_of = await self.versions()
        headers = self._headers(release, methodology, as_of)
        if self.is_current(headers["ETag"]):
            return Response(status_code=304, headers=headers)
        scorer = await self.kept.scorers.get(release, as_of, methodology)
        name = self._coding()

        def render() -> bytes:
            body = write(scorer)
            return compress(body, name) if name and len(body) >= SMALLEST else body

        if off_loop:
            body = await anyio.to_thread.run_sync(render, limiter=self.kept.batches)
        else:
            body = render()
        return self._finished(body, media_type, headers, name)

    async def streamed(self, parts: Callable[[Scorer], Iterator[bytes]], media_type: str) -> Response:
        """Reply with parts that are sent as they are made."""
        release, methodology, as_of = await self.versions()
        headers = self._headers(release, methodology, as_of)
        scorer = await self.kept.scorers.get(release, as_of, methodology)
        body = parts(scorer)
        if coding(self._accept_encoding, STREAM_CODINGS):
            headers["Content-Encoding"] = "gzip"
            body = compress_stream(body)
        return StreamingResponse(body, headers=headers, media_type=media_type)

    def plain(self, body: bytes, cache_control: str, media_type: str = "application/json") -> Response:
        """Reply with a body that rests on no score; its tag is that of its bytes."""
        name = self._coding()
        headers = {
            "ETag": etag(body, name or ""),
            "Cache-Control": self._visible(cache_control),
            "Vary": "Accept, Accept-Encoding",
        }
        if self.is_current(headers["ETag"]):
            return Response(status_code=304, headers=headers)
        if name and len(body) >= SMALLEST:
            return self._finished(compress(body, name), media_type, headers, name)
        return Response(body, headers=headers, media_type=media_type)

    def is_current(self, tag: str) -> bool:
        """Whether the client has the version with this tag."""
        wanted = header(self.request.scope, b"if-none-match")
        return bool(wanted) and self.request.method == "GET" and matches(wanted, tag.encode())

    def _finished(self, body: bytes, media_type: str, headers: dict[str, str], name: str | None) -> Response:
        self.context.keep = self.request.method == "GET" and "X-Exposure-Release" in headers
        if name and body[:1] not in b"{[" and len(body) > 0 and _is_compressed(body, name):
            headers["Content-Encoding"] = name
        return Response(body, headers=headers, media_type=media_type)

    def _headers(self, release: Release, methodology: Methodology, as_of: dt.date) -> dict[str, str]:
        options = self.options
        pinned = all(getattr(options, name, None) for name in ("as_of", "release", "methodology"))
        tag = etag(
            package_version().encode(),
            release.sha256,
            methodology_sha256(methodology),
            as_of.isoformat(),
            self.request.method,
            self.context.instance,
            options.model_dump_json(),
            self.format if hasattr(options, "format") else "json",
            self._coding() or "",
        )
        return {
            "X-Exposure-Release": release.version,
            "X-Exposure-Methodology": methodology.version,
            "X-Exposure-As-Of": as_of.isoformat(),
            "ETag": tag,
            "Cache-Control": self._visible(IMMUTABLE if pinned else "no-cache"),
            "Vary": "Accept, Accept-Encoding",
        }

    def _visible(self, cache_control: str) -> str:
        return f"{'private' if self.kept.keys_on else 'public'}, {cache_control}"

    @property
    def _accept_encoding(self) -> str:
        return header(self.request.scope, b"accept-encoding").decode("latin-1")

    def _coding(self) -> str | None:
        return None
