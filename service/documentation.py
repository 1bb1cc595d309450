"""The site of the documentation, served under /guide."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from fastapi.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from scoring.errors import InputError

PATH: Final = "/guide"

_HEADERS: Final = {
    # The theme has scripts and styles in its pages, and searches in a worker; nothing comes from elsewhere.
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; worker-src 'self' blob:; base-uri 'self'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-cache",
}


def mount(api: FastAPI, folder: Path) -> None:
    """Serve a built site.

    Raises
    ------
    InputError
        The folder holds no site.
    """
    if not (folder / "index.html").is_file():
        raise InputError("--guide", f"{folder} holds no site", "build it with `make guide`, and name build/guide")
    api.router.routes.insert(0, Mount(PATH, _Site(directory=folder, html=True)))


class _Site(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file, with what its pages may load."""
        response = await super().get_response(path, scope)
        response.headers.update(_HEADERS)
        return response

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """A file of the site; the theme's page for what is missing is none of ours to answer with."""
        return ("", None) if path == "404.html" else super().lookup_path(path)
