"""Releases of reference data: which there are, what is in one, how two differ."""

from __future__ import annotations

from typing import Annotated

import anyio.to_thread
import orjson
from fastapi import APIRouter, Depends, Path
from fastapi.responses import Response
from pydantic import Field

from scoring.reference.diff import diff_releases
from service.exchange import Exchange, asking
from service.models import ReleaseDiffDocument, ReleaseDocument, ReleaseEntry
from service.openapi import documented
from service.options import NoOptions

router = APIRouter(tags=["versions"])

Version = Annotated[str, Path(description="Release version.")]
Plain = Annotated[Exchange[NoOptions], Depends(asking(NoOptions))]


class DiffOptions(NoOptions):
    """Options of a difference."""

    as_of: str | None = Field(
        None,
        max_length=50,
        description="Day on which both are scored, YYYY-MM-DD. Default: the last one that both support.",
    )


@router.get("/v1/releases", **documented("releases", list[ReleaseEntry]), summary="List releases")
async def releases(exchange: Plain) -> Response:
    """Releases in the store, oldest first."""
    current = exchange.context.moment.release.version
    versions = await anyio.to_thread.run_sync(exchange.kept.releases.versions)
    return exchange.plain(orjson.dumps([{"version": v, "is_current": v == current} for v in versions]))


@router.get("/v1/releases/{version}", **documented("release", ReleaseDocument), summary="Show a release")
async def one(version: Version, exchange: Plain) -> Response:
    """Its dates, its hash, and its Data Package descriptor with the hash of every table."""
    release = await exchange.open(version)
    document = ReleaseDocument(
        version=release.version,
        created=release.created,
        last_as_of=release.last_as_of,
        parent=release.parent,
        sha256=release.sha256,
        descriptor=release.descriptor,
    )
    return exchange.plain(document.model_dump_json().encode(), is_immutable=True)


@router.get(
    "/v1/releases/{a}/diff/{b}", **documented("release_diff", ReleaseDiffDocument), summary="Compare two releases"
)
async def diff(
    a: Version, b: Version, exchange: Annotated[Exchange[DiffOptions], Depends(asking(DiffOptions))]
) -> Response:
    """Facts that were added, removed or changed, and the scores that moved with them."""
    old, new = await exchange.open(a), await exchange.open(b)
    work = anyio.to_thread.run_sync(diff_releases, old, new, exchange.options.as_of, limiter=exchange.kept.batches)
    return exchange.plain(orjson.dumps((await work).as_dict()), is_immutable=True)
