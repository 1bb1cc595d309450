"""Bad input: each kind is refused with a problem document, never with a 500, a stack trace or a lost row."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable

import pytest

from service.http.errors import KINDS
from tests.service.serverprocess import Server


def check(reply, status: int, code: str, field: str | None = None) -> dict:
    assert reply.status_code == status, reply.text
    problem = reply.json()
    assert reply.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"/problems/{code}"
    assert problem["status"] == status == KINDS[code].status
    assert problem["fix"]
    assert problem["request_id"] == reply.headers["X-Request-ID"]
    assert "Traceback" not in reply.text
    if field is not None:
        assert problem["field"] == field
    return problem


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        (b"{", 400, "body-malformed", "body"),
        (b"\xff\xfe", 400, "body-malformed", None),
        (b"", 400, "body-malformed", "body"),
        (b"[]", 422, "request-invalid", None),
        (b"{}", 422, "request-invalid", "tickers"),
        (b'{"tickers": "8035.T"}', 422, "request-invalid", "tickers"),
        (b'{"tickers": [1]}', 422, "request-invalid", "tickers.0"),
        (b'{"tickers": [null]}', 422, "request-invalid", "tickers.0"),
        (b'{"tickers": [], "certainty": true}', 422, "request-invalid", "certainty"),
        (b'{"tickers": [], "scenario": "x"}', 404, "scenario-not-found", "scenario"),
        (b'{"tickers": [], "scenario": ["x"]}', 422, "request-invalid", "scenario"),
        (b'{"tickers": [], "as_of": 20240902}', 422, "request-invalid", "as_of"),
        (b'{"tickers": [], "as_of": "2999-01-01"}', 422, "as-of-invalid", "as_of"),
        (b'{"tickers": [], "as_of": "yesterday"}', 422, "as-of-invalid", "as_of"),
        (b'{"tickers": [], "release": "2020.01.0"}', 404, "release-not-found", "release"),
        (b'{"tickers": [], "methodology": "/etc/passwd"}', 404, "methodology-not-found", "methodology"),
        (b'{"tickers": [], "format": "pdf"}', 406, "format-unsupported", "format"),
        (b'{"tickers": [], "format": "csv", "explain": true}', 406, "format-unsupported", "format"),
    ],
)
def test_bodies(server: Server, body: bytes, status: int, code: str, field: str | None) -> None:
    reply = server.http.post("/v1/scores", content=body, headers={"Content-Type": "application/json"})
    check(reply, status, code, field)


@pytest.mark.parametrize(
    ("path", "status", "code", "field"),
    [
        ("/v1/scores/AAPL?as_of=2999-01-01", 422, "as-of-invalid", "as_of"),
        ("/v1/scores/AAPL?as_of=2024-09-02&as_of=2024-09-03", 422, "request-invalid", "as_of"),
        ("/v1/scores/AAPL?nonsense=1", 422, "request-invalid", "nonsense"),
        ("/v1/scores/AAPL?explain=maybe", 422, "request-invalid", "explain"),
        ("/v1/scores/AAPL?release=../../etc", 404, "release-not-found", "release"),
        ("/v1/scores/AAPL?release=%2Fetc%2Fpasswd", 404, "release-not-found", "release"),
        ("/v1/scores/AAPL?methodology=../methodology/2026.1.yaml", 404, "methodology-not-found", "methodology"),
        ("/v1/scores/AAPL?format=pdf", 406, "format-unsupported", "format"),
        ("/v1/scores/AAPL/explanation?format=csv", 422, "request-invalid", "format"),
        ("/v1/scores/", 404, "query-unresolved", "ticker"),
        ("/v1/scores/%00%00", 404, "query-unresolved", "ticker"),
        ("/v1/scores/%FF%FE", 404, "query-unresolved", "ticker"),
        ("/v1/scores/" + "x" * 1001, 422, "request-invalid", "ticker"),
        ("/v1/scores/" + "x" * 9000, 414, "url-too-long", "url"),
        ("/v1/releases/..", 404, "not-found", None),
        ("/v1/releases/..%2F..%2Fetc%2Fpasswd", 404, "not-found", None),
        ("/v1/releases/%2e%2e", 404, "release-not-found", "release"),
        ("/v1/releases/2020.01.0", 404, "release-not-found", "release"),
        ("/v1/releases/2020.01.0/diff/2026.11.1", 404, "release-not-found", "release"),
        ("/v1/methodologies/1999.1", 404, "methodology-not-found", "methodology"),
        ("/v1/companies/nobody", 404, "not-found", "company_id"),
        ("/v1/companies?limit=0", 422, "request-invalid", "limit"),
        ("/v1/rules/none/companies", 404, "not-found", "rule_id"),
        ("/v1/threat/XX", 404, "not-found", "country"),
        ("/v1/nothing", 404, "not-found", None),
    ],
)
def test_paths(server: Server, path: str, status: int, code: str, field: str | None) -> None:
    check(server.http.get(path), status, code, field)


def test_methods(server: Server) -> None:
    reply = server.http.delete("/v1/scores/AAPL")
    check(reply, 405, "method-not-allowed", "method")
    assert reply.headers["Allow"] == "GET, HEAD, OPTIONS"
    check(server.http.post("/v1/scores?as_of=2024-09-02", json={"tickers": []}), 422, "request-invalid", "as_of")


@pytest.mark.parametrize("accept", ["text/html", "image/*", "application/json;q=0"])
def test_accept(server: Server, accept: str) -> None:
    for path in ("/v1/scores/AAPL", "/v1/releases", "/v1/scores/AAPL/explanation"):
        check(server.http.get(path, headers={"Accept": accept}), 406, "format-unsupported", "Accept")


def test_a_ten_megabyte_ticker(server: Server) -> None:
    body = json.dumps({"tickers": ["x" * 10 * 2**20]})
    check(
        server.http.post("/v1/scores", content=body, headers={"Content-Type": "application/json"}),
        413,
        "body-too-large",
    )

    def parts():
        for _ in range(11):
            yield b"x" * 2**20

    check(
        server.http.post("/v1/scores", content=parts(), headers={"Content-Type": "application/json"}),
        413,
        "body-too-large",
    )


def test_a_head_that_is_too_large(server: Server) -> None:
    check(server.http.get("/v1/releases", headers={"X-Long": "x" * 40_000}), 431, "head-too-large", "headers")


def test_a_made_up_request_id_is_replaced(server: Server) -> None:
    assert server.http.get("/healthz", headers={"X-Request-ID": "mine-1"}).headers["X-Request-ID"] == "mine-1"
    assert server.http.get("/healthz", headers={"X-Request-ID": "<script>"}).headers["X-Request-ID"] != "<script>"


def test_a_slow_client_is_told(serving: Callable[..., Server]) -> None:
    server = serving("--body-timeout-seconds", "0.5")
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as slow:
        slow.sendall(b"POST /v1/scores HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
        begun = time.monotonic()
        answer = b""
        while part := slow.recv(65_536):
            answer += part
    assert b" 408 " in answer
    assert b"/problems/body-timeout" in answer
    assert time.monotonic() - begun < 5


def test_a_client_that_hangs_up_leaves_no_trace(serving: Callable[..., Server]) -> None:
    server = serving()
    for sent in (b"POST /v1/scores HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{", b"GET /v1/scores/AA"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as hasty:
            hasty.sendall(sent)
    body = json.dumps({"tickers": ["8035.T"] * 20_000}).encode()
    head = (
        b"POST /v1/scores HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        % len(body)
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as hasty:
        hasty.sendall(head + body)
        hasty.recv(1000)
    assert server.http.get("/v1/scores/8035.T").status_code == 200
    time.sleep(0.3)
    assert not [line for line in server.lines() if line["event"] == "failure" or line["level"] == "error"]
