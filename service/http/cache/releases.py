"""Releases that the service answers from: the current one of the store, swapped while requests run."""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

import anyio.to_thread

from scoring.errors import ExposureError, ReleaseCorruptError, ReleaseNotFoundError, StoreError
from scoring.reference.releases.pointer import Move, last_move
from scoring.reference.releases.release import VERSION_PATTERN, Release, list_releases, open_release, version_key
from service.clock import default_as_of
from service.http import logs, metrics
from service.http.context import Moment

_OTHERS_KEPT = 4
"""Releases kept open besides the current one, for requests that name an older one."""


class Releases:
    """The current release of a store and, on request, its others.

    Parameters
    ----------
    store : str or None
        Folder or URL; None for the bundled releases.
    overlay : Path, optional
        Private tables that are laid over every release.
    key : str, optional
        Public key of minisign that releases and moves must be signed with.
    pinned : str, optional
        Version to serve, whatever newer ones there are. Default: the newest that verifies.

    Attributes
    ----------
    trouble : str or None
        Why the store cannot give what is being served, while that is so; in words that any client may read.
    """

    def __init__(
        self, store: str | None, overlay: Path | None = None, key: str | None = None, pinned: str | None = None
    ) -> None:
        self.store = store
        self.overlay = overlay
        self.key = key
        self.pinned = pinned
        self.trouble: str | None = None
        self._said: str | None = None
        self._lock = Lock()
        self._others: OrderedDict[str, Release] = OrderedDict()
        self._base = self._current()
        self._retired = self._retired_now()
        self._release = self._laid(self._base)
        self._moment = Moment(self._release, default_as_of(self._release))
        self._second = 0

    def now(self) -> Moment:
        """Current moment; never the parts of two."""
        second = int(time.time())
        if second != self._second:
            self._read_clock(second)
        return self._moment

    def versions(self) -> list[str]:
        """Versions in the store that are in use, oldest first; the current one even if it is gone from the store."""
        with self._unnamed():
            known = {*list_releases(self.store)} - self._retired | {self._base.version}
        return sorted(known, key=version_key)

    @contextmanager
    def _unnamed(self) -> Iterator[None]:
        """Log why the store fails, and tell clients only that it does: its address may hold credentials."""
        try:
            yield
        except StoreError as error:
            logs.write("store", "error", problem=self._without_address(error))
            raise StoreError("release", "the store cannot be read", "try again later") from None

    def _without_address(self, error: Exception) -> str:
        return re.sub(r"//[^/\s@]*@", "//***@", str(error))

    def _current(self) -> Release:
        """The pinned release, or the current one of the store.

        If that does not verify, the newest before it that does: damage costs what is new, not the service.
        """
        try:
            return open_release(self.pinned, self.store, self.key)
        except ReleaseCorruptError as error:
            if self.pinned is not None:
                raise
            move = self._move()
            known = list_releases(self.store)
            newest = move.version if move is not None else known[-1]
            retired = move.retired if move is not None else ()
            for version in reversed(known):
                if version not in retired and version_key(version) < version_key(newest):
                    with suppress(ReleaseCorruptError):
                        release = open_release(version, self.store, self.key)
                        self._settle(error)
                        return release
            raise

    def open(self, version: str, moment: Moment) -> Release:
        """Release of a version in the store.

        Raises
        ------
        ReleaseNotFoundError
            No such version. Paths and URLs are not versions: the network names releases, it does not locate them.
        """
        # Replies name a release with its overlay. In a query an unescaped + arrives as a space.
        if moment.release.overlay is not None:
            version = version.replace(" ", "+").removesuffix(f"+{moment.release.overlay}")
        if version == moment.release.version.partition("+")[0]:
            return moment.release
        with self._lock:
            if version in self._others:
                self._others.move_to_end(version)
                return self._others[version]
            known = self.versions()
            if not VERSION_PATTERN.fullmatch(version) or version not in known:
                raise ReleaseNotFoundError(
                    "release", f"{version[:50]!r} is not a release of this server", f"choose one of: {', '.join(known)}"
                )
            with self._unnamed():
                self._others[version] = self._laid(open_release(version, self.store, self.key))
            if len(self._others) > _OTHERS_KEPT:
                self._others.popitem(last=False)
            return self._others[version]

    def refresh(self) -> bool:
        """Take up the current release of the store if it is another one; say whether it is.

        A release that does not verify is not taken up: the current one is served on, and `trouble` says why.
        """
        try:
            known = list_releases(self.store)
            if self._base.version not in known:
                raise ReleaseNotFoundError(
                    "release", f"{self._base.version} is gone from the store", "restore it; it is served from memory"
                )
            retired = self._retired_now()
            move = self._move()
            newest = self.pinned or (move.version if move is not None else known[-1])
            # What is served is read again, too: a byte of it may have flipped.
            base = open_release(self.pinned, self.store, self.key)
            if newest == self._base.version:
                self._retired = retired
                self._settle(None)
                return False
            release = self._laid(base)
        except (ExposureError, OSError) as error:
            self._settle(error)
            return False
        self._base, self._release, self._retired = base, release, retired
        self._read_clock(int(time.time()))
        self._settle(None)
        metrics.RELEASE_CHANGES.inc()
        logs.write("release", version=release.version, sha256=release.sha256)
        return True

    def _move(self) -> Move | None:
        return last_move(self.store, self.key) if self.store is not None else None

    def _retired_now(self) -> frozenset[str]:
        move = self._move()
        return frozenset(move.retired) if move is not None else frozenset()

    def _laid(self, release: Release) -> Release:
        """The release with the private tables over it, if there are any."""
        if self.overlay is None:
            return release
        from scoring.reference.releases.overlay import lay_over  # imported here: checking tables is slow to import

        return lay_over(release, self.overlay)

    async def watch(self, seconds: float) -> None:
        """Refresh for ever, off the event loop."""
        while True:
            await asyncio.sleep(seconds)
            await anyio.to_thread.run_sync(self.refresh)

    def _read_clock(self, second: int) -> None:
        # One assignment swaps release and day together. Reading the calendar costs more than the rest of a
        # request's overhead, so it is read once a second.
        release = self._release
        moment = Moment(release, default_as_of(release))
        if moment != self._moment:
            self._moment = moment
        self._second = second

    def _settle(self, error: Exception | None) -> None:
        said = None if error is None else self._without_address(error)
        if said and said != self._said:
            logs.write("store", "error", problem=said)
        self._said = said
        # What a release says of itself names no address; all else might.
        is_open = isinstance(error, ReleaseCorruptError)
        told = said if is_open else f"release {self._base.version} is served from memory; the store cannot give it"
        self.trouble = None if error is None else told
        metrics.DEGRADED.set(0 if error is None else 1)
