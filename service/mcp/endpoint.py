"""The protocol over streamable HTTP: one path of the service, inside its layers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from fastapi import FastAPI
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from service.http.access.sessions import is_same_origin
from service.http.context import Context
from service.http.errors import RefusedError
from service.mcp import check_installed
from service.settings import Settings

PATH: Final = "/mcp"


def mount(api: FastAPI, service: ASGIApp, settings: Settings) -> None:
    """Answer the protocol at `PATH` of an application.

    Every message is answered for itself, so that any worker or instance can answer the next.

    Parameters
    ----------
    api : FastAPI
        The application inside the layers: a message has passed them when it gets here.
    service : ASGIApp
        The application with its layers, which tools ask with the credentials of the message.
    settings : Settings

    Raises
    ------
    InputError
        The package that speaks the protocol is not installed.
    """
    check_installed()
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    from service.mcp.asking import Service
    from service.mcp.server import make_server

    asked = Service.here(service)
    manager = StreamableHTTPSessionManager(
        make_server(asked), json_response=True, stateless=True, max_request_body_size=settings.max_body_bytes
    )
    around = api.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[Any]:
        async with around(app) as state, manager.run():
            yield state
        await asked.close()

    api.router.lifespan_context = lifespan
    api.router.routes.append(Route(PATH, _Endpoint(manager.handle_request, settings.cors_origins), methods=["POST"]))


class _Endpoint:
    """Refuses pages of other sites, as the protocol demands, and lets everything else through."""

    def __init__(self, handle: ASGIApp, origins: Sequence[str]) -> None:
        self._handle = handle
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one message."""
        context: Context = scope["exposure"]
        origin = context.text(b"origin")
        if origin and origin not in self._origins and not is_same_origin(origin, context.text(b"host")):
            raise RefusedError(
                "origin-refused", "Origin", f"{origin[:100]!r} may not ask here", "name it in --cors-origins"
            )
        await self._handle(scope, receive, send)
