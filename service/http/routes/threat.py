"""Latent threat of coercive acts toward a country."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from service.http.exchange import Exchange, asking
from service.http.openapi.document import documented
from service.http.options import Versions
from service.http.parameters import in_path

router = APIRouter(tags=["reference data"])

_PATH = {"country": ("ISO 3166 code.", "JP")}


@router.get(
    "/v1/threat/{country}",
    **documented("threat", "Threat", path=_PATH, options=Versions),
    summary="Latent threat toward a country",
)
async def threat(
    country: Annotated[str, in_path("country")],
    exchange: Annotated[Exchange[Versions], Depends(asking(Versions))],
) -> Response:
    """Its level, the acts behind it, and the companies at home there that it touches, most first."""
    from scoring.lookup.threat import threat

    return await exchange.document(threat, country)
