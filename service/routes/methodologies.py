"""Methodologies: the choices behind the score."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from fastapi.responses import Response

from service.exchange import Exchange, asking
from service.models import MethodologyDocument
from service.openapi import documented
from service.options import NoOptions, bundled

router = APIRouter(tags=["versions"])


@router.get(
    "/v1/methodologies/{version}", **documented("methodology", MethodologyDocument), summary="Show a methodology"
)
async def one(
    version: Annotated[str, Path(description="Methodology version.")],
    exchange: Annotated[Exchange[NoOptions], Depends(asking(NoOptions))],
) -> Response:
    """Every parameter with its value, range and reason."""
    found = bundled(version)
    document = MethodologyDocument(sha256=found.sha256, document=found.document.model_dump(mode="json"))
    return exchange.plain(document.model_dump_json().encode(), is_immutable=True)
