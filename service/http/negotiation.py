"""Content negotiation: which format and which coding a client wants (RFC 9110, section 12)."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

SMALLEST: Final = 1024
"""Bodies below this size are sent as they are: compressing them saves nothing."""

CODINGS: Final = ("zstd", "br", "gzip")
"""Codings for whole bodies, the cheapest for its size first."""

STREAM_CODINGS: Final = ("gzip",)

_GZIP_LEVEL: Final = 5
_PYARROW_NAME: Final = {"zstd": ("zstd", 3), "br": ("brotli", 4)}


@lru_cache(maxsize=256)
def preferred(accept: str, offered: tuple[str, ...], default: str | None) -> str | None:
    """Choose from what is offered by an Accept or Accept-Encoding header.

    Parameters
    ----------
    accept : str
        Value of the header; empty accepts anything.
    offered : tuple of str
        Media types or codings, in the server's order of preference.
    default : str or None
        What an empty header means.

    Returns
    -------
    str or None
        The offered one with the highest quality, None if the client accepts none.
    """
    wanted = _qualities(accept)
    if not wanted:
        return default
    best, best_quality = None, 0.0
    for choice in offered:
        names = (choice, f"{choice.partition('/')[0]}/*", "*/*") if "/" in choice else (choice, "*")
        quality = next((wanted[name] for name in names if name in wanted), 0.0)
        if quality > best_quality:
            best, best_quality = choice, quality
    return best


def _qualities(accept: str) -> dict[str, float]:
    wanted: dict[str, float] = {}
    for part in accept.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if not name:
            continue
        quality = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    quality = float(parameter[2:])
                except ValueError:
                    quality = 0.0
        wanted[name] = quality
    return wanted


def coding(accept_encoding: str, offered: tuple[str, ...] = CODINGS) -> str | None:
    """Content coding to use, None for none; browsers and clients that do not ask get none."""
    return preferred(accept_encoding, offered, None)


def compress(body: bytes, name: str) -> bytes:
    """Whole body in a coding."""
    if name == "gzip":
        return zlib.compress(body, _GZIP_LEVEL, wbits=31)
    import pyarrow as pa

    codec, level = _PYARROW_NAME[name]
    return pa.Codec(codec, compression_level=level).compress(body, asbytes=True)


def compress_stream(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Parts of a body as one gzip stream, each part readable as soon as it is there."""
    gzip = zlib.compressobj(_GZIP_LEVEL, wbits=31)
    for part in parts:
        yield gzip.compress(part) + gzip.flush(zlib.Z_SYNC_FLUSH)
    yield gzip.flush()


def matches(if_none_match: bytes, etag: bytes) -> bool:
    """Whether a client has this version already."""
    if if_none_match.strip() == b"*":
        return True
    tags: Sequence[bytes] = [tag.strip().removeprefix(b"W/") for tag in if_none_match.split(b",")]
    return etag in tags
