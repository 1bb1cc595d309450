"""The files that pages are made with, answered: kept by browsers for ever."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.http.errors import RefusedError
from service.http.negotiation import CODINGS, compress, preferred
from service.http.parameters import in_path
from service.web.assets import FOLDER, MEDIA_TYPES

_COMPRESSED: Final = frozenset({".woff2"})

router = APIRouter()


@lru_cache(maxsize=128)
def _body(name: str, coding: str | None) -> bytes:
    data = (FOLDER / name).read_bytes()
    return data if coding is None else compress(data, coding)


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())


@router.get("/static/{version}/{name:path}", include_in_schema=False)
async def asset(name: Annotated[str, in_path("name")], request: Request) -> Response:
    """One file, kept by the browser for ever; only names that the package brings are answered."""
    if name not in _names():
        raise RefusedError("not-found", "path", "there is no such file", "reload the page")
    suffix = Path(name).suffix
    wanted = request.headers.get("accept-encoding", "")
    coding = None if suffix in _COMPRESSED else preferred(wanted, CODINGS, None)
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if coding is not None:
        headers["Content-Encoding"] = coding
    return Response(_body(name, coding), headers=headers, media_type=MEDIA_TYPES[suffix])
