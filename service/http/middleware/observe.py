"""Outermost layer: names, times, logs and counts every request, and lets no failure out unanswered."""

from __future__ import annotations

import itertools
import re
import secrets
import time
from typing import Any, Final

from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.http import logs, metrics
from service.http.cache.releases import Releases
from service.http.context import Context, Header, by_name
from service.http.errors import internal_error, problem_response
from service.http.middleware.traces import trace_id

_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9._:/+=-]{1,100}")
_KEY: Final = re.compile(r"[0-9a-f]{8}\.[A-Za-z0-9_-]{43}")
"""An API key; one that was sent as part of a path by mistake is not logged."""

_LONGEST_LOGGED: Final = 200
_QUIET: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""Paths that are asked for every few seconds; they are logged only when they fail."""

SECURITY_HEADERS: Final[tuple[Header, ...]] = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; sandbox"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
"""Sent with every reply: what is served is data, never a page, a script or a frame, unless it says so itself.

Not with 304: its headers take the place of those of the copy that a browser keeps, and a page would lose its styles.
"""


class Observe:
    """Gives each request its `Context`, and each reply its request id and the security headers."""

    def __init__(self, app: ASGIApp, releases: Releases, logs_requests: bool) -> None:
        self.app = app
        self._logs_requests = logs_requests
        self.releases = releases
        # One random name for the process and a number for each request: unique, and far cheaper than a UUID.
        self._process = secrets.token_hex(8)
        self._number = itertools.count(1)
        self._series: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        sent = by_name(scope["headers"])
        given = sent.get(b"x-request-id", b"")
        request_id = given.decode() if _REQUEST_ID.fullmatch(given) else f"{self._process}-{next(self._number):x}"
        context = Context(request_id, scope["raw_path"].decode("latin-1"), sent, self.releases.now())
        scope["exposure"] = context
        status = 0

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                said = {name for name, _ in message["headers"]}
                secure = [header for header in SECURITY_HEADERS if status != 304 and header[0] not in said]
                own = [(b"x-request-id", request_id.encode()), *secure, *context.headers]
                message = {**message, "headers": [*message["headers"], *own]}
            await send(message)

        try:
            await self.app(scope, receive, send_named)
        except Exception as error:
            logs.write_failure(error, request_id=request_id)
            if status == 0:
                failed = problem_response(internal_error(), context.instance, request_id)
                await failed(scope, receive, send_named)
        self._record(scope, context, status, time.perf_counter() - started)

    def _record(self, scope: Scope, context: Context, status: int, seconds: float) -> None:
        route = context.route or getattr(scope.get("route"), "path", "") or "none"
        series = self._series.get((route, scope["method"], status))
        if series is None:
            series = self._new_series(route, scope["method"], status)
        series[0].inc()
        series[1].observe(seconds)
        if self._logs_requests and (route not in _QUIET or status >= 400):
            client = scope.get("client")
            trace = trace_id(scope, context.sent.get(b"traceparent", b""))
            told: dict[str, Any] = {"trace_id": trace} if trace else {}
            logs.write(
                "request",
                request_id=context.request_id,
                method=scope["method"],
                path=_KEY.sub("[key]", context.instance)[:_LONGEST_LOGGED],
                route=route,
                status=status or "disconnected",
                ms=round(seconds * 1000, 3),
                key_id=context.key_id,
                client=client[0] if client else None,
                **told,
            )

    def _new_series(self, route: str, method: str, status: int) -> tuple[Counter, Histogram]:
        # A made-up method must not make a series of its own.
        known = method if method in ("GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE") else "other"
        series = (metrics.REQUESTS.labels(route, known, str(status)), metrics.LATENCY.labels(route))
        self._series[route, known, status] = series
        return series
