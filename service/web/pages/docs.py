"""The API's documentation, to try it out: Swagger UI, brought along, over the document of this server."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.web.exchange import page
from service.web.options import PageOptions

router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def docs(request: Request) -> Response:
    """Interactive documentation of the API."""
    return await page(request, PageOptions).show("docs.html", lambda _: {})
