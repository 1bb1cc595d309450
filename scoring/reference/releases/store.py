"""Stores of releases and datasets: a folder, or object storage behind a URL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scoring.errors import ReleaseNotFoundError


def locate(location: str | Path) -> Any:
    """Path object for a local folder or, with a scheme such as ``s3://``, for object storage.

    Raises
    ------
    ReleaseNotFoundError
        No such scheme, or the package for it is not installed.
    """
    if not isinstance(location, str) or "://" not in location:
        return Path(location)
    from upath import UPath  # imported here: only stores behind a URL need fsspec

    try:
        # A listing that is kept would hide what somebody else published or promoted since.
        path = UPath(location, use_listings_cache=False)
        _ = path.fs  # what the scheme needs is looked for here, not at the first read
    except (ImportError, ValueError) as error:
        raise ReleaseNotFoundError(
            "release",
            f"{location} cannot be opened: {error}",
            'check the scheme; for s3:// install "exposure-risk[s3]"',
        ) from None
    return path


@contextmanager
def reaching(path: Any) -> Iterator[None]:
    """Turn what a store's library raises into OSError, as a folder does.

    A server that does not answer, a key that is not known or not there: each library has errors of its own for these,
    and none in common. Nothing but input and output may be inside.

    Parameters
    ----------
    path : Path or UPath
        From `locate`.
    """
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        if isinstance(path, Path):
            raise
        raise OSError(" ".join(str(error).split())[:200] or type(error).__name__) from error


def write_new(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Write a file that is not there yet, and return when it is on durable storage.

    Parameters
    ----------
    path : Path
        In a local folder that exists.
    data : bytes
    mode : int
        Permissions, before the system takes away those of its mask.

    Raises
    ------
    OSError
        The file exists already, or cannot be written; part of it may be there.
    """
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
