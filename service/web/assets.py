"""Styles, scripts and fonts of the pages: each under an address that holds its hash, so that it never changes."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.http.errors import RefusedError
from service.http.negotiation import CODINGS, compress, preferred
from service.http.parameters import in_path

FOLDER: Final = Path(__file__).parent / "static"

MEDIA_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
_COMPRESSED: Final = frozenset({".woff2"})

router = APIRouter()


@lru_cache(maxsize=1)
def version() -> str:
    """Hash of all files: part of their address."""
    whole = hashlib.sha256()
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            whole.update(path.relative_to(FOLDER).as_posix().encode())
            whole.update(path.read_bytes())
    return whole.hexdigest()[:12]


def address(name: str) -> str:
    """Address of a file on the server.

    Raises
    ------
    FileNotFoundError
        There is no such file: a mistake in a template, found by its test.
    """
    if not (FOLDER / name).is_file():
        raise FileNotFoundError(name)
    return f"/static/{version()}/{name}"


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
