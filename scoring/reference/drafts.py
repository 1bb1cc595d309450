"""Drafts: what is being written stays hidden until it is whole, and what a killed writer left is swept by the next."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Final

_PREFIX: Final = ".draft-"


@contextmanager
def draft_in(folder: Path) -> Iterator[Path]:
    """A new hidden folder beside what is to come of it, so that one rename puts that into place; gone afterwards.

    Its writer holds a lock on it for as long as it lives, so a draft without one is nobody's.

    Parameters
    ----------
    folder : Path
        Of a local file system; it exists.

    Raises
    ------
    OSError
        No folder can be made there.
    """
    beside = os.open(folder, os.O_RDONLY)
    try:
        _lock(beside, fcntl.LOCK_EX)  # nobody sweeps between the making of a draft and its lock
        _sweep(folder)
        draft = next(path for i in count() if not (path := folder / f"{_PREFIX}{i}").exists())
        draft.mkdir()
        own = os.open(draft, os.O_RDONLY)
        _lock(own, fcntl.LOCK_EX)
    finally:
        os.close(beside)
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        os.close(own)


def _sweep(folder: Path) -> None:
    for path in folder.glob(f"{_PREFIX}*"):
        with suppress(OSError):  # its writer ends it just now, or it is somebody else's to delete
            other = os.open(path, os.O_RDONLY)
            try:
                if _lock(other, fcntl.LOCK_EX | fcntl.LOCK_NB):
                    shutil.rmtree(path, ignore_errors=True)
            finally:
                os.close(other)


def _lock(file: int, how: int) -> bool:
    """Lock, and say whether that succeeded; where the file system has no locks nothing is swept."""
    try:
        fcntl.flock(file, how)
    except OSError:
        return False
    return True
