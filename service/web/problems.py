"""Problem documents as pages, where a person asked: the same words, with links to the nearest names."""

from __future__ import annotations

import json
from typing import Final
from urllib.parse import urlencode

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.http.errors import PROBLEM_JSON
from service.web.render import PAGE_HEADERS, Frame, render

_FOR_PROGRAMS: Final = ("/v1/", "/healthz", "/readyz", "/metrics", "/openapi.json", "/static/")
_KIND: Final = PROBLEM_JSON.encode()
_NEED_LOGIN: Final = frozenset({"/problems/key-missing", "/problems/key-invalid"})
_OF_BODY: Final = frozenset({b"content-type", b"content-length"})


class Problems:
    """Turns a problem document into a page if a browser asked for a page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"].startswith(_FOR_PROGRAMS) or not _wants_page(scope):
            await self.app(scope, receive, send)
            return
        start: Message | None = None
        body = bytearray()

        async def turn(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and (b"content-type", _KIND) in message["headers"]:
                start = message
            elif start is None:
                await send(message)
            else:
                body.extend(message.get("body", b""))
                if not message.get("more_body"):
                    await _send_page(start, bytes(body), scope, send)

        await self.app(scope, receive, turn)


def _wants_page(scope: Scope) -> bool:
    return "text/html" in scope["exposure"].text(b"accept")


async def _send_page(start: Message, body: bytes, scope: Scope, send: Send) -> None:
    problem = {"candidates": [], **json.loads(body)}
    if problem["type"] in _NEED_LOGIN:
        query = scope["query_string"].decode("latin-1")
        wanted = scope["path"] + (f"?{query}" if query else "") if scope["method"] == "GET" else "/"
        location = f"/login?{urlencode({'next': wanted})}".encode()
        headers = [(b"location", location), (b"cache-control", b"no-store"), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    html = render("problem.html", Frame(path="/"), {"problem": problem})
    headers = [pair for pair in start["headers"] if pair[0] not in _OF_BODY]
    headers += [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(html)).encode()),
        *((name.lower().encode(), value.encode()) for name, value in PAGE_HEADERS.items()),
    ]
    await send({**start, "headers": headers})
    await send({"type": "http.response.body", "body": html})
