"""The application: layers, resources, and what is kept from start to end."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import anyio.to_thread
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from scoring.errors import ExposureError
from service import documentation
from service.http import logs, metrics
from service.http.access.keys import Guard, check_binding
from service.http.access.ratelimit import check_storage
from service.http.bundled import bundled
from service.http.cache.releases import Releases
from service.http.cache.replies import Replies
from service.http.cache.scorers import Scorers
from service.http.errors import GoneError, handle
from service.http.exchange import Kept
from service.http.lanes import Lane
from service.http.middleware.access import Access
from service.http.middleware.limits import Limits
from service.http.middleware.methods import Methods, Offered
from service.http.middleware.observe import Observe
from service.http.middleware.traces import Traces
from service.http.routes import (
    changes,
    companies,
    events,
    jobs,
    methodologies,
    operations,
    portfolios,
    reference,
    releases,
    risk,
    scenarios,
    scores,
    screens,
    threat,
)
from service.http.routing import routes_of
from service.http.work import Work
from service.openbb import routes as openbb
from service.orphans import end_with_parent
from service.settings import Settings
from service.version import package_version
from service.web.pages import PAGES
from service.web.problems import Problems

_DESCRIPTION: Final = (
    "Explainable, point-in-time scores of corporate exposure to the US-allies-China technology conflict. "
    "Every reply names the release, methodology and as-of date it rests on; errors are RFC 9457 problem documents."
)
_EXPOSED: Final = (
    "ETag",
    "Link",
    "X-Total-Count",
    "X-Request-ID",
    "X-Exposure-Release",
    "X-Exposure-Methodology",
    "X-Exposure-As-Of",
    "Allow",
    "Content-Disposition",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
)
_ACCEPTED: Final = (
    "Authorization",
    "Content-Encoding",
    "Content-Type",
    "If-None-Match",
    "Traceparent",
    "X-API-Key",
    "X-Request-ID",
)
_GARBAGE: Final = (700, 10, 10)
"""Thresholds of Python's collection of garbage; the command raises them for its short life."""

_SWITCH_INTERVAL: Final = 0.0005
"""Seconds a thread may keep the interpreter while others wait: a batch must not hold up the event loop."""

_BREATH: Final = 0.2
"""Seconds from the start until the first scorer is built: being ready comes before being warm."""

_RESOURCES: Final = (
    scores,
    risk,
    changes,
    scenarios,
    companies,
    events,
    reference,
    threat,
    portfolios,
    screens,
    releases,
    methodologies,
    jobs,
    operations,
)


def create_app(settings: Settings | None = None) -> ASGIApp:
    """Make the service; the release is opened and verified before this returns.

    The layers lie around the application and not inside it, so that what a layer answers costs nothing more.

    Parameters
    ----------
    settings : Settings, optional
        Default: from the environment.

    Raises
    ------
    ReleaseNotFoundError, ReleaseCorruptError
        There is no release to serve.
    InputError
        The address can be reached from other machines and there is no API key, or the Model Context Protocol is
        asked for and its package is not installed.
    """
    settings = Settings() if settings is None else settings
    logs.configure(settings.log_level)
    guard = Guard(settings.key_file)
    check_binding(settings, guard)
    check_storage(settings.rate_limit_storage)
    releases = Releases(settings.release_store, settings.overlay, settings.release_key, settings.release)
    api = create_api(settings, releases, guard)
    app: ASGIApp = Replies(api, settings.reply_cache_bytes)
    app = Methods(app, api.state.offered)
    app = Limits(app, settings)
    app = Access(app, guard, settings)  # before any body is read
    if settings.cors_origins:
        app = CORSMiddleware(
            app,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "HEAD", "POST"],
            allow_headers=_ACCEPTED,
            expose_headers=_EXPOSED,
        )
    app = Problems(app)
    app = Observe(app, releases, logs_requests=settings.log_level in ("debug", "info"))
    if settings.guide is not None:
        documentation.mount(api, settings.guide)
    if settings.mcp:
        from service.mcp.endpoint import mount  # imported here: slow to import, and most services do without

        mount(api, app, settings)
    return Traces(app, settings.otlp_endpoint) if settings.otlp_endpoint else app


def create_api(settings: Settings, releases: Releases, guard: Guard) -> FastAPI:
    """Make the application inside the layers: its resources, its errors, its document."""
    app = FastAPI(
        title="exposure",
        version=package_version(),
        description=_DESCRIPTION,
        docs_url=None,  # its pages load scripts from other hosts
        redoc_url=None,
        openapi_url=None,  # served by service.http.routes.operations, like every other document
        lifespan=_lifespan,
        redirect_slashes=False,
        exception_handlers=dict.fromkeys(
            (ExposureError, GoneError, RequestValidationError, HTTPException, Exception), handle
        ),
    )
    long = Lane("jobs", settings.job_threads, settings.queue, settings.key_concurrency, settings.job_seconds)
    app.state.kept = Kept(
        settings=settings,
        releases=releases,
        scorers=Scorers(settings.scorer_cache, settings.scorer_cache_bytes),
        quick=_lane("quick", settings.quick_threads, settings),
        batches=_lane("batch", settings.batch_threads, settings),
        work=Work(settings.jobs_folder, long, settings.job_keep_hours * 3600),
        guard=guard,
        visibility="public" if settings.key_file is None else "private",
    )
    routes = routes_of((*(resource.router for resource in _RESOURCES), openbb.router, *PAGES))
    app.router.routes.extend(routes)
    app.state.offered = Offered(routes)
    return app


def _lane(name: str, threads: int, settings: Settings) -> Lane:
    return Lane(name, threads, settings.queue, settings.key_concurrency, settings.work_seconds)


async def _build_first_scorer(kept: Kept) -> None:
    """Build what most requests will ask for, once the server answers; an earlier request waits for its own."""
    await asyncio.sleep(_BREATH)
    moment = kept.releases.now()
    await anyio.to_thread.run_sync(lambda: kept.scorers.build(moment.release, moment.as_of, bundled(None)))


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    kept: Kept = app.state.kept
    sys.setswitchinterval(_SWITCH_INTERVAL)
    metrics.forget_dead_workers()
    end_with_parent()
    # A server lives long: what its start has made is left alone, and garbage is looked for as often as is usual.
    gc.freeze()
    gc.set_threshold(*_GARBAGE)
    first = asyncio.create_task(_build_first_scorer(kept))
    watch = asyncio.create_task(kept.releases.watch(kept.settings.poll_seconds))
    yield
    for task in (watch, first):
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    kept.quick.close()
    kept.batches.close()
    kept.work.close()
    metrics.retire()
