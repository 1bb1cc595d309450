"""Write a file whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import Final

from scoring.errors import OutputError
from scoring.reference.drafts import draft_in
from scoring.reference.releases.store import write_new

STANDARD_OUTPUT: Final = "-"
"""Name of a file that stands for standard output."""


def write_whole(path: str | os.PathLike[str], data: bytes, *, replace: bool = True, mode: int | None = None) -> None:
    """Write a file in one step, on durable storage: a reader sees the old file or all of the new one.

    Parameters
    ----------
    path : str or path
        A link is followed, so that it stays one. A device or pipe is written to, as it cannot be replaced.
    data : bytes
    replace : bool
        False: a file that is there already is left as it is.
    mode : int, optional
        Permissions of the file. Default: those of the file that is replaced, or what the system gives a new one.

    Raises
    ------
    OSError
        The file cannot be written; what was there is unchanged, and no draft is left.
    ValueError
        No file can have such a name.
    """
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise IsADirectoryError(None, "it is a folder")
    if target.exists() and not target.is_file():
        target.write_bytes(data)
        return
    with draft_in(target.parent) as folder:
        draft = folder / "part"
        write_new(draft, data, mode=0o666 if mode is None else mode)
        if mode is None and replace and target.exists():
            draft.chmod(stat.S_IMODE(target.stat().st_mode))
        if replace or not _linked(draft, target):
            draft.replace(target)


def write_output(path: Path, data: bytes, option: str, fix: str = "choose another file") -> None:
    """Write a file that an option of a command names, wholly or not at all; ``-`` is standard output.

    Raises
    ------
    OutputError
        The file cannot be written; the message names the option and says what to do.
    """
    if str(path) == STANDARD_OUTPUT:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        write_whole(path, data)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        named = "" if option == str(path) else f"{path} "
        raise OutputError(option, f"{named}cannot be written ({reason})", fix) from None


def _linked(draft: Path, target: Path) -> bool:
    """Give a draft its name unless another file has it; False on a file system without links."""
    try:
        target.hardlink_to(draft)
    except FileExistsError:
        return True
    except OSError:
        return False
    return True
