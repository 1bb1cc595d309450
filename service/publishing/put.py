"""Create a file that is not there, whole, in a folder or an object store; of two who try, one wins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scoring.errors import OutputError
from scoring.reference.drafts import draft_in
from scoring.reference.releases.store import reaching, write_new


def put_new(path: Any, data: bytes) -> bool:
    """Create a file; say whether it was this call that did.

    Parameters
    ----------
    path : Path or UPath
        From `scoring.reference.releases.store.locate`.
    data : bytes

    Returns
    -------
    bool
        False: the file is there already, and stays as it is.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    try:
        with reaching(path):
            return _new_file(path, data) if isinstance(path, Path) else _new_object(path, data)
    except OSError as error:
        raise OutputError(
            "STORE", f"{path} cannot be written ({error.strerror or error})", "check the address, the space and the key"
        ) from None


def _new_file(path: Path, data: bytes) -> bool:
    path.parent.mkdir(parents=True, exist_ok=True)
    with draft_in(path.parent) as folder:
        write_new(folder / "part", data)
        try:
            # A link is made only where nothing has the name, and its file is whole by then.
            path.hardlink_to(folder / "part")
        except FileExistsError:
            return False
    return True


def _new_object(path: Any, data: bytes) -> bool:
    if path.exists():
        return False
    try:
        path.fs.pipe_file(path.path, data, mode="create")
    except FileExistsError:
        return False
    except Exception:
        # Stores say in words of their own that somebody else was first.
        path.fs.invalidate_cache()
        if path.exists():
            return False
        raise
    return True
