"""Limits on what a client may send, and on how long it may take to send it."""

from __future__ import annotations

import asyncio
import zlib
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.http.errors import RefusedError, problem_response
from service.settings import Settings

_BODILESS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_GZIP: Final = frozenset({"gzip", "x-gzip"})


class _GoneError(Exception):
    """The client hung up before its request was complete: there is nobody to answer."""


class Limits:
    """Refuses what is too long, and reads every body whole before anything is done with it.

    A body that is refused, slow or cut off never reaches a handler or holds a thread.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            self._check_head(scope)
            if scope["method"] not in _BODILESS:
                receive = _replay(await self._body(scope, receive), receive)
        except RefusedError as refusal:
            context = scope["exposure"]
            # What was not read is still on its way, so the connection cannot serve another request.
            refusal.headers["Connection"] = "close"
            await problem_response(refusal, context.instance[:500], context.request_id)(scope, receive, send)
            return
        except _GoneError:
            return
        await self.app(scope, receive, send)

    def _check_head(self, scope: Scope) -> None:
        length = len(scope["raw_path"]) + len(scope["query_string"])
        if length > self.settings.max_url_bytes:
            raise RefusedError(
                "url-too-long", "url", f"has {length} bytes, more than {self.settings.max_url_bytes}", "use POST"
            )
        if sum(len(name) + len(value) for name, value in scope["headers"]) > self.settings.max_header_bytes:
            raise RefusedError(
                "head-too-large", "headers", f"have more than {self.settings.max_header_bytes} bytes", "send fewer"
            )

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        coding = scope["exposure"].text(b"content-encoding").strip().lower()
        if coding not in ("", "identity", *_GZIP):
            raise RefusedError(
                "media-type-unsupported",
                "Content-Encoding",
                f"is {coding[:100]}",
                "send the body as it is, or gzip",
                {"Accept-Encoding": "gzip"},
            )
        stated = scope["exposure"].sent.get(b"content-length", b"")
        if stated.isdigit() and int(stated) > self.settings.max_body_bytes:
            raise self._too_large()
        seconds = self.settings.body_timeout_seconds
        try:
            async with asyncio.timeout(seconds):
                body = await self._read(receive)
        except TimeoutError:
            raise RefusedError(
                "body-timeout", "body", f"was not complete after {seconds:g} s", "send it faster, or in smaller batches"
            ) from None
        return self._unpacked(body) if coding in _GZIP else body

    def _unpacked(self, body: bytes) -> bytes:
        """Body of a gzip stream, of which no more is ever made than a body may have."""
        most, stream = self.settings.max_body_bytes, zlib.decompressobj(wbits=31)
        try:
            unpacked = stream.decompress(body, most + 1)
        except zlib.error:
            raise _no_gzip() from None
        if len(unpacked) > most:
            raise self._too_large()
        if not stream.eof or stream.unused_data:
            raise _no_gzip()
        return unpacked

    async def _read(self, receive: Receive) -> bytes:
        parts, size = [], 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _GoneError
            part = message.get("body", b"")
            parts.append(part)
            size += len(part)
            if size > self.settings.max_body_bytes:
                raise self._too_large()
            if not message.get("more_body", False):
                return b"".join(parts)

    def _too_large(self) -> RefusedError:
        return RefusedError(
            "body-too-large", "body", f"has more than {self.settings.max_body_bytes} bytes", "send smaller batches"
        )


def _no_gzip() -> RefusedError:
    return RefusedError(
        "body-malformed", "body", "is not one whole gzip stream", "compress it again, or send it as it is"
    )


def _replay(body: bytes, receive: Receive) -> Receive:
    """Give the body as one message, then whatever the connection says next."""
    is_given = False

    async def replay() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
