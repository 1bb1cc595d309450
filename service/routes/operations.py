"""Health, readiness, metrics, and the order to look for a newer release."""

from __future__ import annotations

from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST

from service import metrics
from service.exchange import Kept
from service.models import Health, Reload
from service.openapi import documented
from service.options import NoOptions

router = APIRouter(tags=["operations"])

Nothing = Annotated[NoOptions, Query()]
_NOT_KEPT = {"Cache-Control": "no-store"}


@router.get("/healthz", **documented("healthz", Health, public=True), summary="Whether the process runs")
async def healthz(_: Nothing) -> Response:
    """Answers as long as the event loop turns."""
    return _json(Health(status="ok"))


@router.get("/readyz", **documented("readyz", Health, public=True), summary="Whether requests can be answered")
async def readyz(request: Request, _: Nothing) -> Response:
    """Ready once the release is verified. Degraded, and still answering, while the store cannot give it."""
    kept: Kept = request.app.state.kept
    release, trouble = request.scope["exposure"].moment.release.version, kept.releases.trouble
    return _json(Health(status="degraded" if trouble else "ready", release=release, problem=trouble))


@router.get("/metrics", operation_id="metrics", responses={200: {"content": {"text/plain": {}}}}, response_model=None)
async def prometheus(_: Nothing) -> Response:
    """Metrics of all workers in Prometheus' format."""
    body = await anyio.to_thread.run_sync(metrics.render)
    return Response(body, headers={**_NOT_KEPT, "Content-Type": CONTENT_TYPE_LATEST})


@router.post("/v1/admin/reload", **documented("reload", Reload), summary="Look for a newer release now")
async def reload(request: Request, _: Nothing) -> Response:
    """Take up a newer release if the store has one. Other workers and instances follow at their next poll."""
    kept: Kept = request.app.state.kept
    changed = await anyio.to_thread.run_sync(kept.releases.refresh)
    release = kept.releases.now().release.version
    return _json(Reload(release=release, changed=changed, problem=kept.releases.trouble))


def _json(document: Health | Reload) -> Response:
    return Response(document.model_dump_json(), headers=_NOT_KEPT, media_type="application/json")
