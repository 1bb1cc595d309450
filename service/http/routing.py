"""Routes that read their requests themselves.

FastAPI looks for what a handler takes, and for the route, in layers that take longer than most answers. Every
parameter of our handlers is the request or comes of a function of it (`service.http.parameters`), so it is called.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Receive, Scope, Send


def routes_of(routers: Iterable[APIRouter]) -> list[APIRoute]:
    """Every route of some routers, in order, each answering by itself."""
    routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    for route in routes:
        route.app = _answering(route)
    return routes


def _answering(route: APIRoute) -> ASGIApp:
    endpoint: Callable[..., Awaitable[Response]] = route.endpoint
    readers: dict[str, Any] = {str(part.name): part.call for part in route.dependant.dependencies}
    own = route.dependant.request_param_name

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        given = {name: await read(request) for name, read in readers.items()}
        if own is not None:
            given[own] = request
        response = await endpoint(**given)
        await response(scope, receive, send)

    return answer
