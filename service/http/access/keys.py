"""API keys: made, listed, revoked and checked; only their hashes are kept.

A key is ``<id>.<secret>``. The secret has 256 random bits, so a plain SHA-256 of it cannot be reversed or searched;
the slow hashes made for passwords guard against guessing, and would only slow every request down here.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from scoring.errors import InputError, OutputError
from service.files import write_whole
from service.settings import Settings

Scope = Literal["read", "admin"]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)

_NO_HASH: Final = "0" * 64


class Key(BaseModel):
    """One key as it is kept.

    Attributes
    ----------
    id, name : str
        Public identifier, and whom the key is for.
    scopes : tuple of {"read", "admin"}
    sha256 : str
        Hash of the secret.
    created, revoked : datetime
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    scopes: tuple[Scope, ...]
    sha256: str
    created: dt.datetime
    revoked: dt.datetime | None = None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: Literal[1] = 1
    keys: list[Key] = []


class KeyFile:
    """Keys in a file that one user may read, changed atomically by any number of writers.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> list[Key]:
        """All keys, revoked ones too; none if there is no file.

        Raises
        ------
        InputError
            The file is not one of keys.
        """
        try:
            return _File.model_validate_json(self.path.read_bytes()).keys
        except FileNotFoundError:
            return []
        except (ValidationError, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) else "is not a file of API keys"
            raise InputError(str(self.path), f"{reason}", "restore it from a backup, or make new keys") from None

    def create(self, name: str, scopes: tuple[Scope, ...]) -> tuple[Key, str]:
        """Make a key; the second value is the key itself, which is nowhere kept."""
        identifier, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
        now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        key = Key(id=identifier, name=name, scopes=scopes, sha256=_hash(secret), created=now)
        with self._changing() as keys:
            keys.append(key)
        return key, f"{identifier}.{secret}"

    def revoke(self, identifier: str) -> Key:
        """Make a key useless from now on.

        Raises
        ------
        InputError
            No key has this id.
        """
        # Keys are never taken away, so one that is not there before the lock is not there at all; and a file that
        # does not exist is not made by looking for a key in it.
        if identifier not in {key.id for key in self.read()}:
            raise InputError("id", f"{identifier!r} is not the id of a key", "see `exposure key list`")
        with self._changing() as keys:
            position = [key.id for key in keys].index(identifier)
            now = dt.datetime.now(dt.UTC).replace(microsecond=0)
            keys[position] = keys[position].model_copy(update={"revoked": keys[position].revoked or now})
            return keys[position]

    @contextmanager
    def _changing(self) -> Iterator[list[Key]]:
        try:
            with self._locked():
                keys = self.read()
                yield keys
                content = _File(keys=keys).model_dump(mode="json")
                write_whole(self.path, (json.dumps(content, indent=2) + "\n").encode(), mode=0o600)
        except OSError as error:
            raise OutputError(
                str(self.path),
                f"cannot be written ({error.strerror})",
                "choose a folder you can write, with free space",
            ) from None

    @contextmanager
    def _locked(self) -> Iterator[None]:
        # The lock is a file of its own, because the file of keys is replaced and not written to.
        self.path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(self.path.with_name(f".{self.path.name}.lock"), os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


class Guard:
    """Checks keys against the file, which it reads again whenever it changes.

    Once there has been a key, keys are needed: a file that is deleted or broken later opens nothing.

    Parameters
    ----------
    path : Path or None
        File of keys; None for a service without keys.
    """

    def __init__(self, path: Path | None) -> None:
        self._file = KeyFile(path) if path is not None else None
        self._seen: tuple[int, ...] | None = None
        self._keys: dict[str, Key] = {}
        self.is_on = False
        self.refresh()

    def refresh(self) -> None:
        """Read the file if it is not the one that was read last."""
        if self._file is None:
            return
        try:
            stat = self._file.path.stat()
            seen: tuple[int, ...] = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        except OSError:
            seen = ()
        if seen == self._seen:
            return
        try:
            self._keys = {key.id: key for key in self._file.read() if key.revoked is None}
        except InputError:
            if self._seen is None:
                raise
            self._keys = {}
        self._seen = seen
        self.is_on = self.is_on or bool(self._keys)

    def key(self, identifier: str) -> Key | None:
        """Key of an id, None if there is none or it is revoked."""
        self.refresh()
        return self._keys.get(identifier)

    def check(self, token: str) -> Key | None:
        """Key that a token is, None if it is none or revoked."""
        self.refresh()
        identifier, _, secret = token.partition(".")
        key = self._keys.get(identifier)
        # A wrong id takes the same steps as a wrong secret.
        same = hmac.compare_digest(_hash(secret), _NO_HASH if key is None else key.sha256)
        return key if same else None


def check_binding(settings: Settings, guard: Guard) -> None:
    """Refuse to serve other machines without keys.

    Raises
    ------
    InputError
        The address is not loopback and there is no key that is not revoked.
    """
    if not settings.is_loopback and not guard.is_on:
        where = f" in {settings.key_file}" if settings.key_file else ""
        raise InputError(
            "host",
            f"{settings.host} can be reached from other machines and there is no API key{where}",
            "make one with `exposure key create NAME --key-file FILE` and serve with --key-file FILE, "
            "or bind 127.0.0.1",
        )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
