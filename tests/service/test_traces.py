"""Traces: a request carries on the caller's trace, in its log line and in the span that a collector gets."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.service.serverprocess import Server

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
HEADERS = {"traceparent": f"00-{TRACE}-{PARENT}-01"}


@pytest.fixture
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """Address of a collector, and what it was sent."""
    sent: list[bytes] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sent.append(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{listening.server_port}/v1/traces", sent
    listening.shutdown()
    listening.server_close()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_span_for_each_request(serving: Callable[..., Server], collector, workers: str) -> None:
    url, sent = collector
    server = serving("--otlp-endpoint", url, "--workers", workers)
    named = {"X-Request-ID": "mine"}
    assert server.http.get("/v1/scores/8035.T?as_of=2024-09-02", headers=HEADERS | named).status_code == 200
    server.http.get("/v1/scores/no-such-name")
    server.stop()
    spans = [
        span
        for body in sent
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    (mine,) = [span for span in spans if span.trace_id.hex() == TRACE]
    told = {pair.key: pair.value.string_value or pair.value.int_value for pair in mine.attributes}
    assert mine.parent_span_id.hex() == PARENT
    assert mine.name == "GET /v1/scores/{ticker:path}"
    assert told == {
        "http.request.method": "GET",
        "http.route": "/v1/scores/{ticker:path}",
        "http.response.status_code": 200,
        "exposure.request_id": "mine",
    }
    assert not [body for body in sent if b"2024-09-02" in body or b"no-such-name" in body]
    logged = {line["trace_id"] for line in server.lines() if line["event"] == "request" and "trace_id" in line}
    assert logged <= {span.trace_id.hex() for span in spans}
    assert TRACE in logged


@pytest.mark.parametrize(
    ("given", "logged"),
    [
        (HEADERS["traceparent"], TRACE),
        (f"01-{TRACE}-{PARENT}-01-more", TRACE),
        (f"ff-{TRACE}-{PARENT}-01", None),
        (f"00-{'0' * 32}-{PARENT}-01", None),
        (f"00-{TRACE}-{'0' * 16}-01", None),
        (f"00-{TRACE.upper()}-{PARENT}-01", None),
        ("nonsense", None),
    ],
)
def test_the_log_names_the_trace(serving: Callable[..., Server], given: str, logged: str | None) -> None:
    server = serving()
    server.http.get("/v1/releases", headers={"traceparent": given})
    server.stop()
    (line,) = [line for line in server.lines() if line.get("path") == "/v1/releases"]
    assert line.get("trace_id") == logged
