"""Latent threat of coercive acts toward a country."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from fastapi.responses import Response

from scoring.views import Threat, threat
from service.exchange import Exchange, asking
from service.openapi import documented
from service.options import Versions

router = APIRouter(tags=["reference data"])


@router.get("/v1/threat/{country}", **documented("threat", Threat), summary="Latent threat toward a country")
async def one(
    country: Annotated[str, Path(description="ISO 3166 code.")],
    exchange: Annotated[Exchange[Versions], Depends(asking(Versions))],
) -> Response:
    """Its level, the acts behind it, and the companies at home there that it touches, most first."""
    return await exchange.document(threat, country)
