"""Styles, scripts and fonts of the pages: each under an address that holds its hash, so that it never changes."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "static"

MEDIA_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}


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
