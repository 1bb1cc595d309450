"""Make a release of a store the current one, go back, and take one out of use."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from scoring.errors import InputError, OutputError, ReleaseNotFoundError
from scoring.reference.releases.pointer import FOLDER, Move, What, last_move, move_name, read_move
from scoring.reference.releases.release import list_releases, open_release
from scoring.reference.releases.store import locate
from service.publishing.put import put_new
from service.publishing.sign import sign


def promote(store: str, version: str, day: dt.date, because: str = "", secret_key: Path | None = None) -> Move:
    """Make a release the current one.

    Raises
    ------
    ReleaseNotFoundError
        The store does not have it.
    InputError
        It is retired, or current already.
    OutputError
        Somebody else moved the pointer at the same time, or the store cannot be written.
    """
    last = last_move(store)
    if last is not None and version in last.retired:
        raise InputError("VERSION", f"{version} is retired", "promote another release")
    if last is not None and version == last.version:
        raise InputError("VERSION", f"{version} is the current release already", "promote another release")
    return _write(store, last, "promote", version, _Said(day, because, secret_key))


def rollback(store: str, day: dt.date, because: str = "", secret_key: Path | None = None) -> Move:
    """Make the release current again that was so before the last promotion; never a retired one.

    Raises
    ------
    InputError
        There is none.
    OutputError
        As `promote`.
    """
    last = last_move(store)
    earlier = _before(store, last) if last is not None else None
    if last is None or earlier is None:
        raise InputError("STORE", f"{store} has no earlier release to go back to", "promote one")
    return _write(store, last, "rollback", earlier, _Said(day, because, secret_key))


def retire(store: str, version: str, day: dt.date, because: str = "", secret_key: Path | None = None) -> Move:
    """Take a release out of use: services do not offer it any more. Its files stay, for whoever holds a receipt.

    Raises
    ------
    InputError
        It is the current one, or nothing was ever promoted.
    ReleaseNotFoundError
        The store does not have it.
    OutputError
        As `promote`.
    """
    last = last_move(store)
    if last is None:
        raise InputError("STORE", f"{store} has no current release", "promote one first")
    if version == last.version:
        raise InputError("VERSION", f"{version} is the current release", "promote another one first")
    if version not in (known := list_releases(store)):
        raise ReleaseNotFoundError("VERSION", f"{version} is not in {store}", f"choose one of: {', '.join(known)}")
    retired = tuple(sorted({*last.retired, version}))
    return _write(store, replace(last, retired=retired), "retire", last.version, _Said(day, because, secret_key))


class _Said:
    """When and why a move is made, and who signs it."""

    def __init__(self, day: dt.date, because: str, secret_key: Path | None) -> None:
        self.day, self.because, self.secret_key = day, because, secret_key


def _write(store: str, last: Move | None, what: What, version: str, said: _Said) -> Move:
    release = open_release(version, store)
    retired = last.retired if last is not None else ()
    number = last.number + 1 if last is not None else 1
    move = Move(number, what, version, release.sha256, said.day.isoformat(), retired, said.because)
    signature = sign(move.signed_bytes(), said.secret_key) if said.secret_key is not None else None
    if not put_new(locate(store) / FOLDER / move_name(number), move.document(signature)):
        raise OutputError("STORE", f"{store} was moved by somebody else just now", "look at it, and try again")
    return move


def _before(store: str, last: Move) -> str | None:
    """Version that was current before the current one was promoted, leaving out what is retired."""
    promoted: list[str] = []
    for number in range(1, last.number + 1):
        move = read_move(store, number)
        if move.what == "promote":
            promoted.append(move.version)
        elif move.what == "rollback":
            # Going back undoes promotions, so that going back again leads further.
            while promoted and promoted[-1] != move.version:
                promoted.pop()
    earlier = [version for version in promoted[:-1] if version not in last.retired and version != last.version]
    return earlier[-1] if earlier else None
