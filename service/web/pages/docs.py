"""The API's documentation, to try it out: Swagger UI, brought along, over the document of this server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import anyio.to_thread
from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.http.openapi.document import openapi_document
from service.web.exchange import page
from service.web.options import PageOptions

router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def docs(request: Request) -> Response:
    """Interactive documentation of the API; what it offers is listed at once, before the script has drawn it."""
    document = await anyio.to_thread.run_sync(openapi_document, request.app)
    return await page(request, PageOptions).show("docs.html", lambda _: {"subjects": _by_subject(document)})


def _by_subject(document: Mapping[str, Any]) -> dict[str, list[dict[str, str]]]:
    subjects: dict[str, list[dict[str, str]]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            one = {"method": method.upper(), "path": path, "summary": operation["summary"]}
            subjects.setdefault(operation["tags"][0], []).append(one)
    return subjects
