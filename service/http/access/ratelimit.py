"""Requests per key: counted in memory, or in Redis for several workers and instances together."""

from __future__ import annotations

import math
import time
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from scoring.errors import InputError
from service.http import logs, metrics

if TYPE_CHECKING:
    from limits import RateLimitItem
    from limits.aio.storage import Storage
    from limits.aio.strategies import SlidingWindowCounterRateLimiter

_REDIS_TIMEOUT: Final = 0.25
_RETRY_REDIS_AFTER: Final = 5.0


class Quota:
    """What is left of a key's requests."""

    __slots__ = ("is_left", "remaining", "reset_seconds")

    def __init__(self, is_left: bool, remaining: int, reset_seconds: int) -> None:
        self.is_left = is_left
        self.remaining = remaining
        self.reset_seconds = reset_seconds


class RateLimiter:
    """Counts requests per key over a sliding window.

    While Redis cannot be reached, each worker counts for itself: the limit guards capacity and not secrets, so
    a limit that is too wide for a while is better than a service that is down.

    Parameters
    ----------
    limit : str
        Such as ``600/minute``.
    storage : str
        ``memory://`` or a Redis URL.
    """

    def __init__(self, limit: str, storage: str) -> None:
        # Imported here: a service without keys counts nothing.
        from limits import parse
        from limits.aio.storage import MemoryStorage
        from limits.aio.strategies import SlidingWindowCounterRateLimiter

        check_storage(storage)
        self.item: RateLimitItem = parse(limit)
        self._memory = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shared = None if storage == "memory://" else SlidingWindowCounterRateLimiter(_open(storage))
        self._shared_again_at = 0.0

    async def count(self, key: str, cost: int = 1) -> Quota:
        """Count a request of a key, or what costs as much as several; nothing if not so many are left."""
        if self._shared is not None and time.monotonic() >= self._shared_again_at:
            try:
                return await self._count(self._shared, key, cost)
            except Exception as error:
                self._shared_again_at = time.monotonic() + _RETRY_REDIS_AFTER
                metrics.LIMITER_FAILURES.inc()
                logs.write("limiter", "error", problem=type(error).__name__, fallback="memory")
        return await self._count(self._memory, key, cost)

    async def _count(self, limiter: SlidingWindowCounterRateLimiter, key: str, cost: int) -> Quota:
        is_left = await limiter.hit(self.item, key, cost=cost)
        window = await limiter.get_window_stats(self.item, key)
        # The next whole second after the reset: who waits that long is served.
        return Quota(is_left, window.remaining, max(0, math.floor(window.reset_time - time.time())) + 1)


def check_storage(storage: str) -> None:
    """Refuse a storage that is not offered.

    Raises
    ------
    InputError
        It is neither ``memory://`` nor a Redis URL, or the package for Redis is not installed.
    """
    scheme, separator, _ = storage.partition("://")
    if storage != "memory://" and (scheme not in ("redis", "rediss") or not separator):
        raise InputError("rate_limit_storage", f"{scheme}:// is not offered", "use memory:// or redis://HOST:PORT/DB")
    if storage != "memory://" and find_spec("redis") is None:
        raise InputError("rate_limit_storage", "the package redis is missing", "pip install 'exposure-risk[redis]'")


def _open(storage: str) -> Storage:
    from limits.aio.storage import Storage
    from limits.storage import storage_from_string

    scheme, _, rest = storage.partition("://")
    opened = storage_from_string(
        f"async+{scheme}://{rest}",
        implementation="redispy",
        wrap_exceptions=True,
        socket_timeout=_REDIS_TIMEOUT,
        socket_connect_timeout=_REDIS_TIMEOUT,
    )
    assert isinstance(opened, Storage)  # noqa: S101 (what the scheme async+redis gives)
    return opened
