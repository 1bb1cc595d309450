"""Who may ask, and how often."""

from __future__ import annotations

from functools import cached_property, partial
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from service.clock import now
from service.http import metrics
from service.http.access import sessions
from service.http.access.keys import Guard, Key
from service.http.access.ratelimit import RateLimiter
from service.http.context import Context
from service.http.errors import RefusedError, problem_response
from service.settings import Settings, is_loopback

OPEN_PATHS: Final = frozenset({"/healthz", "/readyz", "/openapi.json"})
"""Paths that need no key: the health of the service, and how to use it."""

OPEN_PREFIXES: Final = ("/static/", "/login", "/logout")
"""Beginnings of such paths: what a page is drawn with, and where a session begins and ends."""

ADMIN_PREFIX: Final = "/v1/admin/"

_READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Access:
    """Lets a request through if its key may make it and has requests left; without any keys, if it is from here.

    The service only binds loopback while there are no keys (`service.http.access.keys.check_binding`).
    """

    def __init__(self, app: ASGIApp, guard: Guard, settings: Settings) -> None:
        self.app = app
        self.guard = guard
        self._settings = settings

    @cached_property
    def limiter(self) -> RateLimiter:
        """Made for the first key that is used."""
        return RateLimiter(self._settings.rate_limit, self._settings.rate_limit_storage)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and not _is_open(scope["path"]):
            context: Context = scope["exposure"]
            try:
                if self._is_on():
                    key = self._session(context, scope["method"]) or self._key(context)
                    context.key_id = key.id
                    await self._count(key, context)
                    context.spend = partial(self._spend, key, context)
                    _check_scope(key, scope["path"])
                else:
                    _check_host(context)
                    self._check_origin(context, scope)
            except RefusedError as refusal:
                await problem_response(refusal, context.instance, context.request_id)(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def _is_on(self) -> bool:
        if not self.guard.is_on:
            self.guard.refresh()
        return self.guard.is_on

    def _check_origin(self, context: Context, scope: Scope) -> None:
        """Without keys, take orders of no page of another site: the browser on this machine may reach the service.

        Origins that may read replies may ask, too, but give no orders to the service itself.
        """
        origin = context.text(b"origin")
        if scope["method"] in _READS or not origin or sessions.is_same_origin(origin, context.text(b"host")):
            return
        if origin not in self._settings.cors_origins or scope["path"].startswith(ADMIN_PREFIX):
            raise _other_origin()

    def _session(self, context: Context, method: str) -> Key | None:
        """Key of the browser's session, where the request has no key of its own."""
        cookies = context.text(b"cookie")
        if sessions.COOKIE not in cookies or context.text(b"x-api-key") or context.text(b"authorization"):
            return None
        key = sessions.check(self.guard, cookies, now())
        if key is None:
            raise RefusedError("key-invalid", "Cookie", "is of a session that has ended", "log in again")
        # A form of another site would come with the cookie's right and nobody's will.
        if method not in _READS and not sessions.is_same_origin(context.text(b"origin"), context.text(b"host")):
            raise _other_origin()
        return key

    def _key(self, context: Context) -> Key:
        token = context.text(b"x-api-key")
        if not token:
            scheme, _, credentials = context.text(b"authorization").partition(" ")
            token = credentials.strip() if scheme.lower() == "bearer" else ""
        challenge = {"WWW-Authenticate": 'Bearer realm="exposure"'}
        if not token:
            raise RefusedError(
                "key-missing",
                "Authorization",
                "is missing",
                "send `Authorization: Bearer KEY` or `X-API-Key`",
                challenge,
            )
        key = self.guard.check(token)
        if key is None:
            raise RefusedError(
                "key-invalid", "Authorization", "is not the key of anyone", "ask the operator for a key", challenge
            )
        return key

    async def _spend(self, key: Key, context: Context, cost: int) -> None:
        if cost > 0:
            await self._count(key, context, cost)

    async def _count(self, key: Key, context: Context, cost: int = 1) -> None:
        item = self.limiter.item
        # What costs more than a key ever has takes all of it.
        quota = await self.limiter.count(key.id, min(cost, item.amount))
        metrics.KEY_REQUESTS.labels(key.id).inc(cost)
        context.headers[:] = (
            (b"ratelimit-policy", b'"key";q=%d;w=%d' % (item.amount, item.get_expiry())),
            (b"ratelimit", b'"key";r=%d;t=%d' % (quota.remaining, quota.reset_seconds)),
        )
        if not quota.is_left:
            metrics.REFUSALS.labels("rate-limited").inc()
            raise RefusedError(
                "rate-limited",
                "Authorization",
                f"this key may make {item.amount} requests in {item.get_expiry()} s",
                f"wait {quota.reset_seconds} s, or send one batch instead of many single requests",
                {"Retry-After": str(quota.reset_seconds)},
            )


def _other_origin() -> RefusedError:
    return RefusedError("origin-refused", "Origin", "is not this service", "send the form from its own page")


def _is_open(path: str) -> bool:
    return path in OPEN_PATHS or path.startswith(OPEN_PREFIXES)


def _check_host(context: Context) -> None:
    """Without keys, answer to loopback names only.

    A web page can have its own name resolve to this machine and read through the browser what only this machine
    may; but it cannot change the name that the browser then sends.
    """
    host = context.text(b"host")
    name = host.partition("]")[0].removeprefix("[") if host.startswith("[") else host.partition(":")[0]
    if name and not is_loopback(name):
        raise RefusedError(
            "host-refused", "Host", f"{name[:100]!r} is not a name of this machine", "use localhost, or an API key"
        )


def _check_scope(key: Key, path: str) -> None:
    needed = "admin" if path.startswith(ADMIN_PREFIX) else "read"
    if needed not in key.scopes:
        raise RefusedError(
            "scope-missing", "Authorization", f"this key has no scope {needed}", "ask the operator for it"
        )
