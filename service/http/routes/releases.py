"""Releases of reference data: which there are, what is in one, how two differ."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import Field

from service.http.exchange import BATCH, TOTAL, Exchange, asking
from service.http.lists import lead_on
from service.http.openapi.document import documented
from service.http.options import Day, NoOptions
from service.http.parameters import in_path

router = APIRouter(tags=["versions"])

_ABOUT = ("Release version.", "2026.11.0")
_PATH = {"version": _ABOUT}
_PATHS = {"a": _ABOUT, "b": _ABOUT}
Plain = Annotated[Exchange[NoOptions], Depends(asking(NoOptions))]


class DiffOptions(NoOptions):
    """Options of a difference."""

    as_of: Day | None = Field(
        None,
        description="Day on which both are scored, YYYY-MM-DD. Default: the last one that both support.",
    )
    table: str | None = Field(
        None,
        max_length=50,
        description="Table whose rows are compared, such as estimates. Default: all, the estimates only added up.",
    )
    limit: int = Field(1000, ge=1, le=10_000, description="Most facts, and most scores, of a page.")
    offset: int = Field(0, ge=0, le=10_000_000, description="Facts, and scores, left out at the beginning.")


@router.get("/v1/releases", **documented("releases", "ReleaseEntry", reply="list"), summary="List releases")
async def releases(exchange: Plain) -> Response:
    """Releases in the store, oldest first."""
    current = exchange.context.moment.release.version.partition("+")[0]  # the store has none with an overlay
    versions = await exchange.run(exchange.kept.releases.versions)
    exchange.extra[TOTAL] = str(len(versions))
    return exchange.plain(orjson.dumps([{"version": v, "is_current": v == current} for v in versions]))


@router.get(
    "/v1/releases/{version}",
    **documented("release", "ReleaseDocument", path=_PATH),
    summary="Show a release",
)
async def release(version: Annotated[str, in_path("version")], exchange: Plain) -> Response:
    """Its dates, its hash, and its Data Package descriptor with the hash of every table."""
    release = await exchange.open(version)
    document = {
        "version": release.version,
        "created": release.created,
        "last_as_of": release.last_as_of,
        "parent": release.parent,
        "sha256": release.sha256,
        "descriptor": release.descriptor,
    }
    return exchange.plain(orjson.dumps(document), is_immutable=release.overlay is None)


@router.get(
    "/v1/releases/{a}/diff/{b}",
    **documented("release_diff", "ReleaseDiffDocument", path=_PATHS, options=DiffOptions),
    summary="Compare two releases",
)
async def diff(
    a: Annotated[str, in_path("a")],
    b: Annotated[str, in_path("b")],
    exchange: Annotated[Exchange[DiffOptions], Depends(asking(DiffOptions))],
) -> Response:
    """Facts that were added, removed or changed, and the scores that moved with them, in pages; counts are of all.

    X-Total-Count is the longer of the two lists, and Link leads on.
    """
    old, new = await exchange.open(a), await exchange.open(b)
    asked = exchange.options

    def work() -> bytes:
        from scoring.changes.releases import diff_releases

        found = diff_releases(old, new, asked.as_of, asked.table)
        lead_on(exchange, {"as_of": found.as_of.isoformat()}, max(len(found.facts), len(found.scores)))
        return orjson.dumps(found.as_dict(asked.offset, asked.limit))

    lasting = old.overlay is None and new.overlay is None
    return exchange.plain(await exchange.run(work, BATCH), is_immutable=lasting, keep=lasting)
