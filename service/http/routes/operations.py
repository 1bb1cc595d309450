"""Health, readiness, metrics, the OpenAPI document, and the order to look for a newer release."""

from __future__ import annotations

from typing import Annotated, Any

import anyio.to_thread
import orjson
from fastapi import APIRouter, Depends
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST

from service.http import metrics
from service.http.exchange import Exchange, asking
from service.http.openapi.document import documented, openapi_document
from service.http.options import NoOptions

router = APIRouter(tags=["operations"])

Plain = Annotated[Exchange[NoOptions], Depends(asking(NoOptions))]
_NOT_KEPT = {"Cache-Control": "no-store"}


@router.get("/healthz", **documented("healthz", "Health", public=True), summary="Whether the process runs")
async def healthz(_: Plain) -> Response:
    """Answers as long as the event loop turns."""
    return _json({"status": "ok"})


@router.get("/readyz", **documented("readyz", "Health", public=True), summary="Whether requests can be answered")
async def readyz(exchange: Plain) -> Response:
    """Ready once the release is verified. Degraded, and still answering, while the store cannot give it.

    Busy, with status 503, while a queue is full and more work would be refused.
    """
    release, trouble = exchange.context.moment.release.version, exchange.kept.releases.trouble
    if exchange.kept.is_busy:
        busy = {"status": "busy", "release": release, "problem": "enough is at work already; more is refused"}
        return _json(busy, 503)
    return _json({"status": "degraded" if trouble else "ready", "release": release, "problem": trouble})


@router.get("/metrics", **documented("metrics", None, media_type="text/plain"), summary="Metrics")
async def prometheus(_: Plain) -> Response:
    """Metrics of all workers in Prometheus' format."""
    body = await anyio.to_thread.run_sync(metrics.render)
    return Response(body, headers={**_NOT_KEPT, "Content-Type": CONTENT_TYPE_LATEST})


@router.get("/openapi.json", include_in_schema=False)
async def openapi(exchange: Plain) -> Response:
    """OpenAPI 3.1 document of this service."""
    document = await anyio.to_thread.run_sync(openapi_document, exchange.request.app)
    return exchange.plain(orjson.dumps(document), keep=True)


@router.post("/v1/admin/reload", **documented("reload", "Reload"), summary="Look for a newer release now")
async def reload(exchange: Plain) -> Response:
    """Take up a newer release if the store has one. Other workers and instances follow at their next poll."""
    releases = exchange.kept.releases
    changed = await anyio.to_thread.run_sync(releases.refresh)
    return _json({"release": releases.now().release.version, "changed": changed, "problem": releases.trouble})


def _json(document: dict[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(document), status, _NOT_KEPT, "application/json")
