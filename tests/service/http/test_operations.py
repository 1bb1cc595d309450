"""Running it: readiness, logs, metrics, several workers, shutdown in the middle of a request, CORS."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Callable

import pytest

from service.settings import Settings
from tests.conftest import RELEASE
from tests.service.serverprocess import Server, exposure


def test_health(server: Server) -> None:
    assert server.http.get("/healthz").json()["status"] == "ok"
    assert server.http.get("/readyz").json() == {"status": "ready", "release": "2026.11.1", "problem": None}


def test_security_headers(server: Server) -> None:
    for path in ("/v1/scores/8035.T", "/nothing", "/openapi.json"):
        headers = server.http.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "Server" not in headers
        assert "Access-Control-Allow-Origin" not in server.http.get(path, headers={"Origin": "https://x.org"}).headers


def test_cors_where_it_is_configured(serving: Callable[..., Server]) -> None:
    server = serving("--cors-origins", "https://desk.example, https://other.example")
    for _ in range(2):
        reply = server.http.get("/v1/scores/8035.T", headers={"Origin": "https://desk.example"})
        assert reply.headers["Access-Control-Allow-Origin"] == "https://desk.example"
        strange = server.http.get("/v1/scores/8035.T", headers={"Origin": "https://evil.example"})
        assert "Access-Control-Allow-Origin" not in strange.headers


def test_every_log_line_is_json(serving: Callable[..., Server]) -> None:
    server = serving()
    headers = {"X-Request-ID": "abc", "Authorization": "Bearer s3cret"}
    server.http.get("/v1/scores/8035.T?as_of=2024-09-02", headers=headers)
    server.http.get("/v1/scores/%0a%22x")
    server.stop()
    lines = server.lines()
    assert {line["level"] for line in lines} <= {"info", "warning"}
    request = next(line for line in lines if line.get("request_id") == "abc")
    assert {**request, "ms": 0, "timestamp": ""} == {
        "event": "request",
        "request_id": "abc",
        "method": "GET",
        "path": "/v1/scores/8035.T",
        "route": "/v1/scores/{ticker:path}",
        "status": 200,
        "ms": 0,
        "key_id": None,
        "client": "127.0.0.1",
        "level": "info",
        "timestamp": "",
    }
    assert "s3cret" not in server.log.read_text()


def test_metrics(server: Server) -> None:
    server.http.get("/v1/scores/8035.T")
    text = server.http.get("/metrics").text
    assert 'exposure_requests_total{method="GET",route="/v1/scores/{ticker:path}",status="200"}' in text
    for name in ("exposure_scorers", "exposure_scorer_hits_total", "exposure_request_seconds_bucket"):
        assert name in text


def test_several_workers_count_together(serving: Callable[..., Server]) -> None:
    server = serving("--workers", "2")
    for _ in range(40):  # every request on a connection of its own, so that both workers get some
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
            connection.sendall(b"GET /v1/releases HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert b" 200 OK" in connection.recv(65_536)
    series = 'exposure_requests_total{method="GET",route="/v1/releases",status="200"}'
    counted = [line for line in server.http.get("/metrics").text.splitlines() if line.startswith(series)]
    assert counted == [f"{series} 40.0"]
    end = time.monotonic() + 20
    while server.log.read_text().count("Started server process") < 2 and time.monotonic() < end:
        time.sleep(0.05)
    assert server.log.read_text().count("Started server process") == 2
    assert server.stop() in (0, -signal.SIGTERM, 128 + signal.SIGTERM)
    assert {line["event"] for line in server.lines()} >= {"Application shutdown complete."}


def test_a_request_in_flight_is_finished(serving: Callable[..., Server]) -> None:
    server = serving("--release", RELEASE)
    tickers = [f"unknown name {i}" for i in range(20_000)]
    replies: list[int] = []

    def ask() -> None:
        replies.append(len(server.http.post("/v1/scores", json={"tickers": tickers}).json()))

    thread = threading.Thread(target=ask)
    thread.start()
    time.sleep(0.3)
    os.kill(server.process.pid, signal.SIGTERM)
    thread.join()
    assert replies == [20_000]
    assert server.stop() in (0, -signal.SIGTERM, 128 + signal.SIGTERM)


def test_singles_are_answered_while_batches_run(server: Server) -> None:
    body = json.dumps({"tickers": [f"other name {i}" for i in range(15_000)]}).encode()
    thread = threading.Thread(
        target=lambda: server.http.post("/v1/scores", content=body, headers={"Content-Type": "application/json"})
    )
    thread.start()
    answered = 0
    while thread.is_alive():
        assert server.http.get("/v1/scores/8035.T").status_code == 200
        answered += 1
    thread.join()
    # Singles that waited for the batch would be one or two.
    assert answered > 20


def test_help_names_every_setting() -> None:
    text = " ".join(exposure("serve", "--help").stdout.split())
    for name in Settings.model_fields:
        assert f"--{name.replace('_', '-')}"[:20] in text


def test_settings_come_from_the_environment_too(serving: Callable[..., Server]) -> None:
    server = serving(EXPOSURE_MAX_TICKERS="2")
    assert server.http.post("/v1/scores", json={"tickers": ["a", "b", "c"]}).status_code == 413


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback(host: str) -> None:
    assert Settings(host=host).is_loopback


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.1", "::", "example.org", ""])
def test_not_loopback(host: str) -> None:
    assert not Settings(host=host).is_loopback
