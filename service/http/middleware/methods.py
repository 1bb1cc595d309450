"""What every resource answers besides the methods of its own: HEAD and OPTIONS."""

from __future__ import annotations

from collections.abc import Iterable
from re import Pattern

from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Receive, Scope, Send


class Offered:
    """Which methods each path has, HEAD and OPTIONS included; the router knows only those of the first that fits.

    Parameters
    ----------
    routes : iterable of APIRoute
        All resources.
    """

    def __init__(self, routes: Iterable[APIRoute]) -> None:
        self._resources: list[tuple[Pattern[str], set[str]]] = [
            (route.path_regex, set(route.methods or ())) for route in routes
        ]

    def __call__(self, path: str) -> set[str]:
        """Methods of a path, none where there is no such resource."""
        own = set().union(*(methods for pattern, methods in self._resources if pattern.match(path)))
        return own | {"OPTIONS"} | ({"HEAD"} if "GET" in own else set()) if own else own


class Methods:
    """Answers HEAD as GET without its body, and OPTIONS with what is offered."""

    def __init__(self, app: ASGIApp, offered: Offered) -> None:
        self.app = app
        self._offered = offered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] not in ("HEAD", "OPTIONS"):
            await self.app(scope, receive, send)
            return
        offered = self._offered(scope["path"])
        if scope["method"] == "HEAD" and "GET" in offered:
            # A copy: the server below still knows that it was HEAD, and sends no body.
            asked = {**scope, "method": "GET"}
            await self.app(asked, receive, send)
            scope["route"] = asked.get("route")
        elif scope["method"] == "OPTIONS" and offered:
            allow = ", ".join(sorted(offered)).encode()
            await send({"type": "http.response.start", "status": 204, "headers": [(b"allow", allow)]})
            await send({"type": "http.response.body", "body": b""})
        else:
            await self.app(scope, receive, send)
