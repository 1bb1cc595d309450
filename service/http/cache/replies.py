"""Rendered GET replies that are kept: the second client of a URL costs next to nothing."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final, NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.http import metrics
from service.http.context import Context, Header, Moment
from service.http.negotiation import matches

_LARGEST_SHARE: Final = 16
"""A reply above this part of the memory is not kept, so that one cannot drive out many."""

_ABOUT_BODY: Final = frozenset({b"content-length", b"content-type", b"content-encoding"})

_Key = tuple[bytes, bytes, bytes, bytes]


class _Reply(NamedTuple):
    route: str
    etag: bytes
    headers: list[Header]
    body: bytes


class Replies:
    """Keeps replies that are a function of the moment and the request; the least recently used go first.

    A moment is a release and a day. What was kept for one is dropped as soon as a request of another comes, so no
    request is given what belongs to another moment than its own.

    Parameters
    ----------
    app : ASGIApp
    size : int
        Memory for bodies and keys, in bytes.
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
        if reply is not None:
            self._kept.move_to_end(key)
            metrics.REPLY_HITS.inc()
            context.route = reply.route
            await _send(reply, context.sent.get(b"if-none-match", b""), send)
            return
        await self._ask(scope, receive, send, key)

    async def _ask(self, scope: Scope, receive: Receive, send: Send, key: _Key) -> None:
        start: Message = {}

        async def keep(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                # A copy: outer layers may add headers of their own to the list that is passed on.
                start = {**message, "headers": list(message["headers"])}
            elif scope["exposure"].keep and start["status"] == 200 and not message.get("more_body"):
                self._keep(key, scope, start["headers"], message["body"])
            await send(message)

        await self.app(scope, receive, keep)

    def _keep(self, key: _Key, scope: Scope, headers: list[Header], body: bytes) -> None:
        size = len(body) + sum(map(len, key))
        if scope["exposure"].moment is not self._moment or size > self.size // _LARGEST_SHARE or key in self._kept:
            return
        self._kept[key] = _Reply(scope["route"].path, dict(headers)[b"etag"], headers, body)
        self._used += size
        metrics.REPLY_MISSES.inc()
        while self._used > self.size:
            dropped, reply = self._kept.popitem(last=False)
            self._used -= len(reply.body) + sum(map(len, dropped))
        metrics.REPLY_BYTES.set(self._used)


async def _send(reply: _Reply, if_none_match: bytes, send: Send) -> None:
    if if_none_match and matches(if_none_match, reply.etag):
        headers = [pair for pair in reply.headers if pair[0] not in _ABOUT_BODY]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": list(reply.headers)})
    await send({"type": "http.response.body", "body": reply.body})
