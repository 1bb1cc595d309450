"""Which release of a store counts: the last of its moves, which services follow.

A store in which releases are promoted has a folder of moves beside them, one small document each, numbered and never
changed: ``moves/000001.json`` and so on. The one with the highest number counts. A store without moves has its newest
release as the current one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from scoring.errors import ReleaseCorruptError, ReleaseNotFoundError
from scoring.reference.releases.signature import check_signature
from scoring.reference.releases.store import locate, reaching

FOLDER: Final = "moves"
_FILE: Final = re.compile(r"(\d{6})\.json")

What = Literal["promote", "rollback", "retire"]


@dataclass(frozen=True)
class Move:
    """One move of the pointer.

    Attributes
    ----------
    number : int
        From 1; the greatest counts.
    what : str
        promote, rollback or retire.
    version, sha256 : str
        Release that counts from now on, and the hash of its descriptor.
    day : str
        Day of the move, ISO.
    retired : tuple of str
        Versions that are not to be used any more.
    because : str
        Reason.
    """

    number: int
    what: What
    version: str
    sha256: str
    day: str
    retired: tuple[str, ...] = ()
    because: str = ""

    def signed_bytes(self) -> bytes:
        """What a signature of the move signs."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()

    def document(self, signature: str | None) -> bytes:
        """The file of the move."""
        return (json.dumps({"move": asdict(self), "signature": signature}, indent=1) + "\n").encode()


def last_move(store: str, key: str | None = None) -> Move | None:
    """Move that counts in a store; None where nothing was ever promoted.

    Parameters
    ----------
    store : str
        Folder or URL.
    key : str, optional
        Public key that the move must be signed with.

    Raises
    ------
    ReleaseNotFoundError
        The store cannot be read.
    ReleaseCorruptError
        The last move is no move, or is not signed with the key.
    """
    folder = locate(store) / FOLDER
    try:
        with reaching(folder):
            names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    except OSError as error:
        raise _unreadable(store, error) from None
    numbers = [int(match[1]) for match in map(_FILE.fullmatch, names) if match]
    return read_move(store, max(numbers), key) if numbers else None


def read_move(store: str, number: int, key: str | None = None) -> Move:
    """One move of a store; errors as of `last_move`."""
    name = move_name(number)
    path = locate(store) / FOLDER / name
    try:
        with reaching(path):
            raw = path.read_bytes()
    except OSError as error:
        raise _unreadable(store, error) from None
    return _parse(f"{FOLDER}/{name}", number, raw, key)


def move_name(number: int) -> str:
    """File of a move in its folder."""
    return f"{number:06}.json"


def _parse(name: str, number: int, raw: bytes, key: str | None) -> Move:
    try:
        document: Mapping[str, Any] = json.loads(raw)
        move = Move(**{**document["move"], "retired": tuple(document["move"]["retired"])})
        signature = document["signature"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReleaseCorruptError("store", f"{name} is no move ({error})", "promote a release again") from None
    if move.number != number:
        raise ReleaseCorruptError("store", f"{name} says that it is move {move.number}", "promote a release again")
    if key is not None:
        check_signature(name, move.signed_bytes(), signature, key)
    return move


def _unreadable(store: str, error: OSError) -> ReleaseNotFoundError:
    return ReleaseNotFoundError(
        "store", f"{store} cannot be read: {error}", "check the address and your permission to read it"
    )
