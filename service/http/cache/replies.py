"""GET replies that are kept, or that they are current: the second client of a URL costs next to nothing."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final, NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.http import metrics
from service.http.context import Context, Header, Moment
from service.http.negotiation import matches

_LARGEST_SHARE: Final = 16
"""A reply above this part of the memory is not kept, so that one cannot drive out many."""

_HEAD: Final = 2_048
"""Bytes that a reply takes besides its body and its key: its headers, and the objects that hold all of it."""

_ABOUT_BODY: Final = frozenset({b"content-length", b"content-type", b"content-encoding"})

_Key = tuple[bytes, bytes, bytes, bytes]


class _Reply(NamedTuple):
    route: str
    etag: bytes
    headers: list[Header]
    body: bytes | None
    """None where so far every client had it already."""


class Replies:
    """Keeps replies that are a function of the moment and the request; the least recently used go first.

    A moment is a release and a day. What was kept for one is dropped as soon as a request of another comes, so no
    request is given what belongs to another moment than its own.

    Parameters
    ----------
    app : ASGIApp
    size : int
        Memory for replies and their keys, in bytes.
    """

    def __init__(self, app: ASGIApp, size: int) -> None:
        self.app = app
        self.size = size
        self._moment: Moment | None = None
        self._kept: OrderedDict[_Key, _Reply] = OrderedDict()
        self._used = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        context: Context = scope["exposure"]
        if context.moment is not self._moment:
            self._moment = context.moment
            self._kept.clear()
            self._used = 0
        key = (
            scope["raw_path"],
            scope["query_string"],
            context.sent.get(b"accept", b""),
            context.sent.get(b"accept-encoding", b""),
        )
        reply = self._kept.get(key)
        if reply is None:
            await self._ask(scope, receive, send, key)
            return
        wanted = context.sent.get(b"if-none-match", b"")
        is_current = bool(wanted) and matches(wanted, reply.etag)
        if reply.body is None and not is_current:
            await self._ask(scope, receive, send, key)
            return
        self._kept.move_to_end(key)
        metrics.REPLY_HITS.inc()
        context.route = reply.route
        await _send(reply.headers, None if is_current else reply.body, send)

    async def _ask(self, scope: Scope, receive: Receive, send: Send, key: _Key) -> None:
        start: Message = {}

        async def keep(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                # A copy: outer layers may add headers of their own to the list that is passed on.
                start = {**message, "headers": list(message["headers"])}
            elif scope["exposure"].keep and start["status"] in (200, 304) and not message.get("more_body"):
                body = message["body"] if start["status"] == 200 else None
                self._keep(key, scope, start["headers"], body)
            await send(message)

        await self.app(scope, receive, keep)

    def _keep(self, key: _Key, scope: Scope, headers: list[Header], body: bytes | None) -> None:
        reply = _Reply(scope["route"].path, dict(headers)[b"etag"], headers, body)
        if scope["exposure"].moment is not self._moment or _size(key, reply) > self.size // _LARGEST_SHARE:
            return
        if key in self._kept:
            self._used -= _size(key, self._kept.pop(key))
        self._kept[key] = reply
        self._used += _size(key, reply)
        metrics.REPLY_MISSES.inc()
        while self._used > self.size:
            self._used -= _size(*self._kept.popitem(last=False))
        metrics.REPLY_BYTES.set(self._used)


def _size(key: _Key, reply: _Reply) -> int:
    return _HEAD + sum(map(len, key)) + len(reply.body or b"")


async def _send(headers: list[Header], body: bytes | None, send: Send) -> None:
    if body is None:
        about = [pair for pair in headers if pair[0] not in _ABOUT_BODY]
        await send({"type": "http.response.start", "status": 304, "headers": about})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": list(headers)})
    await send({"type": "http.response.body", "body": body})
