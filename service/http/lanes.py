"""Lanes: the threads that answer what takes longer than the event loop may be held, each with a queue that ends.

Work is begun only when there is room, and ends at its next step when its client has left or its time is over
(`scoring.steps`). A lane that is full refuses at once; what waits for nothing fills nothing.
"""

from __future__ import annotations

import asyncio
import contextvars
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Final, TypeVar

from scoring.steps import stopping
from service.http import metrics
from service.http.errors import GoneError, RefusedError

T = TypeVar("T")

_LOOK_EVERY: Final = 0.25
"""Seconds between two looks at whether the client is still there."""

_RETRY_AFTER: Final = 2


class _AbandonedError(Exception):
    """Nobody waits for this work any more."""


class _Work:
    """One piece of work, and whether it is still wanted."""

    def __init__(self) -> None:
        self.started: float | None = None
        self.is_wanted = True

    def run(self, function: Callable[[], T]) -> T:
        self.started = time.monotonic()
        with stopping(self._ask):
            return function()

    def _ask(self) -> None:
        if not self.is_wanted:
            raise _AbandonedError


class Lane:
    """Some threads and the work that waits for them.

    Parameters
    ----------
    name : str
        Of its threads and metrics.
    threads, queue : int
        Work that is done at the same time, and that may wait.
    per_key : int
        Of these, work for one API key.
    seconds : float
        That one piece of work may wait, and then take.
    """

    def __init__(self, name: str, threads: int, queue: int, per_key: int, seconds: float) -> None:
        self.name = name
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._most, self._per_key, self._seconds = threads + queue, per_key, seconds
        self._inside = 0
        self._of_key: Counter[str] = Counter()

    @property
    def is_full(self) -> bool:
        """Whether the next piece of work would be refused."""
        return self._inside >= self._most

    async def run(
        self,
        function: Callable[[], T],
        key: str | None = None,
        is_gone: Callable[[], Awaitable[bool]] | None = None,
        *,
        is_begun: bool = False,
    ) -> T:
        """Do some work in a thread.

        Parameters
        ----------
        function : callable
        key : str, optional
            API key that it is done for.
        is_gone : callable, optional
            Says whether the client has left.
        is_begun : bool
            Whether a part of it is done already, so that the rest is not refused for want of room.

        Raises
        ------
        RefusedError
            There is no room, the key has enough work here already, or it took too long.
        GoneError
            The client has left.
        """
        if not is_begun:
            self._admit(key)
        work = _Work()
        loop = asyncio.get_running_loop()
        self._count(key, 1)
        future = self._pool.submit(contextvars.copy_context().run, work.run, function)

        def leave(_: Future[T]) -> None:
            with suppress(RuntimeError):  # the loop is closed: nobody counts any more
                loop.call_soon_threadsafe(self._count, key, -1)

        future.add_done_callback(leave)
        waiting = asyncio.wrap_future(future)
        try:
            return await self._awaited(waiting, work, is_gone)
        finally:
            work.is_wanted = False
            waiting.cancel()

    def close(self) -> None:
        """Begin nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _awaited(
        self, waiting: asyncio.Future[T], work: _Work, is_gone: Callable[[], Awaitable[bool]] | None
    ) -> T:
        submitted = time.monotonic()
        while True:
            done, _ = await asyncio.wait((waiting,), timeout=_LOOK_EVERY)
            if done:
                return waiting.result()
            if is_gone is not None and await is_gone():
                raise GoneError
            if work.started is None and time.monotonic() - submitted > self._seconds:
                raise self._busy()
            if work.started is not None and time.monotonic() - work.started > self._seconds:
                metrics.REFUSALS.labels("too-much-work").inc()
                raise RefusedError(
                    "too-much-work",
                    "request",
                    f"took more than {self._seconds:g} s",
                    "ask for fewer names, days or changes at once, or compute it with the command line",
                )

    def _admit(self, key: str | None) -> None:
        if self.is_full:
            raise self._busy()
        if key is not None and self._of_key[key] >= self._per_key:
            metrics.REFUSALS.labels("key-busy").inc()
            raise RefusedError(
                "key-busy",
                "Authorization",
                f"this key has {self._per_key} requests at work already",
                "wait until one is answered",
                {"Retry-After": str(_RETRY_AFTER)},
            )

    def _busy(self) -> RefusedError:
        metrics.REFUSALS.labels("busy").inc()
        return RefusedError(
            "busy",
            "service",
            f"{self._most} requests are at work or wait already",
            f"try again in {_RETRY_AFTER} s",
            {"Retry-After": str(_RETRY_AFTER)},
        )

    def _count(self, key: str | None, change: int) -> None:
        self._inside += change
        metrics.AT_WORK.labels(self.name).set(self._inside)
        if key is not None:
            self._of_key[key] += change
            if not self._of_key[key]:
                del self._of_key[key]
