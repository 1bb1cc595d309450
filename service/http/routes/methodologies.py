"""Methodologies: the choices behind the score."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends
from fastapi.responses import Response

from service.http.bundled import bundled
from service.http.exchange import Exchange, asking
from service.http.openapi.document import documented
from service.http.options import NoOptions
from service.http.parameters import in_path

router = APIRouter(tags=["versions"])

_PATH = {"version": ("Methodology version.", "2026.1")}


@router.get(
    "/v1/methodologies/{version}",
    **documented("methodology", "MethodologyDocument", path=_PATH),
    summary="Show a methodology",
)
async def methodology(
    version: Annotated[str, in_path("version")],
    exchange: Annotated[Exchange[NoOptions], Depends(asking(NoOptions))],
) -> Response:
    """Every parameter with its value, range and reason."""
    found = bundled(version)
    document = {"sha256": found.sha256, "document": found.document.model_dump(mode="json")}
    return exchange.plain(orjson.dumps(document), is_immutable=True)
