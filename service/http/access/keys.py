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
from service.http import logs
from service.settings import Settings

Scope = Literal["read", "admin"]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)

_LONGEST_NAME: Final = 100
_OTHERS_WRITE: Final = 0o022
_OTHERS_READ: Final = 0o044
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
    created, revoked, expires : datetime
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    scopes: tuple[Scope, ...]
    sha256: str
    created: dt.datetime
    revoked: dt.datetime | None = None
    expires: dt.datetime | None = None

    def opens(self, now: dt.datetime) -> bool:
        """Whether the key is neither revoked nor over."""
        return self.revoked is None and (self.expires is None or now < self.expires)


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

    def create(self, name: str, scopes: tuple[Scope, ...], days: int | None = None) -> tuple[Key, str]:
        """Make a key, for some days or until it is revoked; the second value is the key itself, which is nowhere kept.

        Raises
        ------
        InputError
            The name is empty, too long or not one line, or a key that still opens has it.
        """
        if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
            raise InputError(
                "name", f"{name[:_LONGEST_NAME]!r} is no name", f"use one line of 1 to {_LONGEST_NAME} characters"
            )
        identifier, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
        now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        expires = None if days is None else now + dt.timedelta(days=days)
        key = Key(id=identifier, name=name, scopes=scopes, sha256=_hash(secret), created=now, expires=expires)
        with self._changing() as keys:
            namesake = next((one for one in keys if one.name == name and one.opens(now)), None)
            if namesake is not None:
                raise InputError("name", f"the key {namesake.id} is for {name!r} already", "use another name")
            keys.append(key)
            self._audit("create", key)
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
            self._audit("revoke", keys[position])
            return keys[position]

    def _audit(self, action: str, key: Key) -> None:
        """Add a line to the audit beside the file: who did what to which key, and when."""
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        line = {"time": now, "user": os.getuid(), "action": action, "key": key.id, "name": key.name}
        line |= {"scopes": key.scopes, "expires": key.expires.isoformat() if key.expires else None}
        audit = self._real.with_name(f"{self._real.name}.audit")
        file = os.open(audit, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        try:
            os.write(file, (json.dumps(line) + "\n").encode())
        finally:
            os.close(file)

    @property
    def _real(self) -> Path:
        """The file itself, where the path is a link to it: one file has one lock and one audit."""
        return Path(os.path.realpath(self.path))

    @contextmanager
    def _changing(self) -> Iterator[list[Key]]:
        try:
            with self._locked():
                keys = self.read()
                yield keys
                content = _File(keys=keys).model_dump(mode="json")
                write_whole(self._real, (json.dumps(content, indent=2) + "\n").encode(), mode=0o600)
        except OSError as error:
            raise OutputError(
                str(self.path),
                f"cannot be written ({error.strerror})",
                "choose a folder you can write, with free space",
            ) from None

    @contextmanager
    def _locked(self) -> Iterator[None]:
        # The lock is a file of its own, because the file of keys is replaced and not written to.
        self._real.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(self._real.with_name(f".{self._real.name}.lock"), os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


class Guard:
    """Checks keys against the file, which it reads again whenever it changes.

    A file that was asked for means that keys are needed: one that is not there, is broken, or whose keys are all
    revoked or over opens nothing.

    Parameters
    ----------
    path : Path or None
        File of keys; None for a service without keys.
    """

    def __init__(self, path: Path | None) -> None:
        self._file = KeyFile(path) if path is not None else None
        self._seen: tuple[int, ...] | None = None
        self._keys: dict[str, Key] = {}
        self.is_on = path is not None
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
            known = {key.id: key for key in self._file.read()}
        except InputError:
            if self._seen is None:
                raise
            known = {}
        if seen and stat.st_mode & _OTHERS_WRITE:
            # Who can write it can let itself in.
            if self._seen is None:
                raise InputError(str(self._file.path), "can be written by others", f"chmod 600 {self._file.path}")
            known = {}
        self._tell(known, is_readable=bool(seen) and bool(stat.st_mode & _OTHERS_READ))
        self._keys, self._seen = known, seen

    @property
    def has_keys(self) -> bool:
        """Whether any key opens now."""
        now = dt.datetime.now(dt.UTC)
        return any(key.opens(now) for key in self._keys.values())

    def _tell(self, known: dict[str, Key], *, is_readable: bool) -> None:
        """Log which keys came and went: the audit of a server."""
        now = dt.datetime.now(dt.UTC)
        before, after = ({k for k, key in keys.items() if key.opens(now)} for keys in (self._keys, known))
        logs.write("keys", added=sorted(after - before), gone=sorted(before - after), active=len(after))
        if is_readable:
            logs.write("keys", "warning", problem="the file of keys can be read by others", fix="chmod 600")

    def key(self, identifier: str) -> Key | None:
        """Key of an id, None if there is none, or it is revoked or over."""
        self.refresh()
        key = self._keys.get(identifier)
        return key if key is not None and key.opens(dt.datetime.now(dt.UTC)) else None

    def check(self, token: str) -> Key | None:
        """Key that a token is, None if it is none, or revoked or over."""
        self.refresh()
        identifier, _, secret = token.partition(".")
        key = self._keys.get(identifier)
        # A wrong id takes the same steps as a wrong secret.
        same = hmac.compare_digest(_hash(secret), _NO_HASH if key is None else key.sha256)
        return key if same and key is not None and key.opens(dt.datetime.now(dt.UTC)) else None


def check_binding(settings: Settings, guard: Guard) -> None:
    """Refuse to serve other machines without keys.

    Raises
    ------
    InputError
        The address is not loopback and no key opens.
    """
    if not settings.is_loopback and not guard.has_keys:
        where = f" in {settings.key_file}" if settings.key_file else ""
        raise InputError(
            "host",
            f"{settings.host} can be reached from other machines and there is no API key{where}",
            "make one with `exposure key create NAME --key-file FILE` and serve with --key-file FILE, "
            "or bind 127.0.0.1",
        )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
