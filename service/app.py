"""The application: layers, resources, and what is kept from start to end."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import anyio
import anyio.to_thread
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException

from scoring.errors import ExposureError
from service import logs, metrics, openapi
from service.errors import handle
from service.exchange import Kept
from service.middleware.access import Access
from service.middleware.limits import Limits
from service.middleware.observe import Observe
from service.middleware.replies import Replies
from service.options import bundled, package_version
from service.ratelimit import RateLimiter
from service.releases import Releases
from service.routes import (
    companies,
    countermeasures,
    events,
    methodologies,
    minerals,
    operations,
    releases,
    rules,
    scores,
    threat,
)
from service.scorers import Scorers
from service.security import Guard, check_binding
from service.settings import Settings

_DESCRIPTION: Final = (
    "Explainable, point-in-time scores of corporate exposure to the US-allies-China technology conflict. "
    "Every reply names the release, methodology and as-of date it rests on; errors are RFC 9457 problem documents."
)
_SWITCH_INTERVAL: Final = 0.0005
"""Seconds a thread may keep the interpreter while others wait: a batch must not hold up the event loop."""

_RESOURCES: Final = (
    scores,
    companies,
    rules,
    countermeasures,
    minerals,
    events,
    threat,
    releases,
    methodologies,
    operations,
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the application; the release is opened and verified before this returns.

    Parameters
    ----------
    settings : Settings, optional
        Default: from the environment.

    Raises
    ------
    ReleaseNotFoundError, ReleaseCorruptError
        There is no release to serve.
    InputError
        The address can be reached from other machines and there is no API key.
    """
    settings = Settings() if settings is None else settings
    logs.configure(settings.log_level)
    guard = Guard(settings.key_file)
    check_binding(settings, guard)
    kept = Kept(
        settings=settings,
        releases=Releases(settings.release_store),
        scorers=Scorers(settings.scorer_cache),
        batches=anyio.CapacityLimiter(settings.batch_threads),
        visibility="private" if guard.is_on else "public",
    )
    app = FastAPI(
        title="exposure",
        version=package_version(),
        description=_DESCRIPTION,
        docs_url=None,  # its pages load scripts from other hosts
        redoc_url=None,
        lifespan=_lifespan,
        redirect_slashes=False,
    )
    app.state.kept = kept
    for resource in _RESOURCES:
        app.include_router(resource.router)
    for error in (ExposureError, RequestValidationError, HTTPException):
        app.add_exception_handler(error, handle)
    # The last one added is the outermost.
    app.add_middleware(Replies, size=settings.reply_cache_bytes)
    app.add_middleware(Access, guard=guard, limiter=RateLimiter(settings.rate_limit, settings.rate_limit_storage))
    app.add_middleware(Limits, settings=settings)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "X-API-Key", "Content-Type", "If-None-Match", "X-Request-ID"],
            expose_headers=["ETag", "X-Request-ID", "X-Exposure-Release", "X-Exposure-Methodology", "X-Exposure-As-Of"],
        )
    app.add_middleware(Observe, releases=kept.releases)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    kept: Kept = app.state.kept
    sys.setswitchinterval(_SWITCH_INTERVAL)
    metrics.forget_dead_workers()
    moment = kept.releases.now()
    # Ready without waiting for the first scorer; a request that comes before it is done waits for the same one.
    first = asyncio.create_task(kept.scorers.get(moment.release, moment.as_of, bundled(None)))
    watch = asyncio.create_task(kept.releases.watch(kept.settings.poll_seconds))
    yield
    for task in (watch, first):
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    metrics.retire()


def _openapi(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        app.openapi_schema = openapi.finish(document)
    return app.openapi_schema
