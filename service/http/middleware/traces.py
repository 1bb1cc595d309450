"""Traces: a span for each request in OpenTelemetry, as a child of the caller's; with the extra ``otel``."""

from __future__ import annotations

import re
from functools import partial
from typing import Any, Final

import anyio.to_thread
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from scoring.errors import InputError
from service.http.context import by_name
from service.version import package_version

_TRACEPARENT: Final = re.compile(rb"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")
"""W3C Trace Context, level 1; further versions may add to its end."""


def trace_id(scope: Scope, traceparent: bytes) -> str | None:
    """Name of the trace that a request belongs to, for its log line."""
    given = _TRACEPARENT.fullmatch(traceparent)
    own: str | None = scope.get("trace_id")
    return own or (given[1].decode() if given else None)


class Traces:
    """Makes the spans and sends them to a collector; they hold no query string, header or body.

    Parameters
    ----------
    app : ASGIApp
    endpoint : str
        Address of the collector, OTLP over HTTP.

    Raises
    ------
    InputError
        OpenTelemetry is not installed.
    """

    def __init__(self, app: ASGIApp, endpoint: str) -> None:
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
            from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
        except ImportError:
            raise InputError(
                "--otlp-endpoint", "needs OpenTelemetry", "install it: pip install 'exposure-risk[otel]'"
            ) from None
        self.app = app
        about = {"service.name": "exposure", "service.version": package_version()}
        self._provider = TracerProvider(resource=Resource.create(about))
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
        self._tracer = self._provider.get_tracer("exposure")
        self._propagator = TraceContextTextMapPropagator()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, partial(self._end, send))
            return
        from opentelemetry.trace import SpanKind, Status, StatusCode

        sent = by_name(scope["headers"])
        parent = {"traceparent": sent.get(b"traceparent", b"").decode("latin-1")}
        told: dict[str, Any] = {"http.request.method": scope["method"]}
        span = self._tracer.start_span(
            scope["method"], self._propagator.extract(parent), SpanKind.SERVER, attributes=told
        )
        scope["trace_id"] = f"{span.get_span_context().trace_id:032x}"

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start":
                span.set_attribute("http.response.status_code", message["status"])
                if message["status"] >= 500:
                    span.set_status(Status(StatusCode.ERROR))
            await send(message)

        try:
            await self.app(scope, receive, send_told)
        finally:
            context = scope["exposure"]
            route = context.route or getattr(scope.get("route"), "path", "") or "none"
            span.update_name(f"{scope['method']} {route}")
            span.set_attributes({"http.route": route, "exposure.request_id": context.request_id})
            span.end()

    async def _end(self, send: Send, message: Message) -> None:
        """Send what is left before the server may end: it ends by a signal, without what atexit promises."""
        if message["type"] == "lifespan.shutdown.complete":
            await anyio.to_thread.run_sync(self._provider.shutdown)
        await send(message)
