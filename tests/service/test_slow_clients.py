"""Clients that send or read too slowly, or without end: each is let go and holds nothing."""

from __future__ import annotations

import json
import socket
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.service.conftest import Serving
from tests.service.serverprocess import Server

HEAD = b"GET /v1/releases HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST /v1/scores HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


@pytest.fixture
def impatient(serving: Serving) -> Server:
    return serving("--stall-seconds", "1", "--body-timeout-seconds", "1")


def connected(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=20)


def answer(client: socket.socket) -> bytes:
    """Everything until the server ends the connection."""
    parts = []
    try:
        while part := client.recv(65_536):
            parts.append(part)
    except ConnectionError:
        pass
    return b"".join(parts)


def is_logged(server: Server, text: str, times: int = 1) -> bool:
    """Whether the log says so within a minute."""
    end = time.monotonic() + 60
    while server.log.read_text().count(text) < times and time.monotonic() < end:
        time.sleep(0.05)
    return server.log.read_text().count(text) == times


def connections(server: Server) -> int:
    """Sockets that the server holds."""
    count = 0
    for link in Path(f"/proc/{server.process.pid}/fd").iterdir():
        try:
            count += link.readlink().name.startswith("socket:")
        except FileNotFoundError:
            continue
    return count


def problem(reply: bytes) -> tuple[int, dict]:
    head, _, body = reply.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head
    return int(head.split()[1]), json.loads(body)


@pytest.mark.parametrize("sent", [b"GET /v1/rel", HEAD, HEAD + b"X-Slow: 1", POST[:-2]])
def test_a_head_that_does_not_end_is_answered_and_ended(impatient: Server, sent: bytes) -> None:
    with connected(impatient) as client:
        client.sendall(sent)
        status, told = problem(answer(client))
    assert (status, told["type"], told["field"]) == (408, "/problems/head-timeout", "headers")
    assert is_logged(impatient, told["request_id"])


@pytest.mark.parametrize("sent", [b"", b"\r\n"])
def test_a_client_that_asks_nothing_is_let_go(impatient: Server, sent: bytes) -> None:
    with connected(impatient) as client:
        client.sendall(sent)
        answer(client)


def test_line_ends_between_requests_hold_no_connection(impatient: Server) -> None:
    with connected(impatient) as client:
        client.sendall(HEAD + b"\r\n")
        end = time.monotonic() + 20
        with pytest.raises(ConnectionError):  # noqa: PT012
            while time.monotonic() < end:
                client.sendall(b"\r\n")
                time.sleep(0.2)


@pytest.mark.parametrize(
    "begin",
    [
        HEAD + b"X-Long: ",
        b"GET /v1/releases?",
        POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-Trailer: ",
    ],
    ids=["header", "url", "trailer"],
)
def test_a_head_without_end_is_refused_before_it_is_in_memory(server: Server, begin: bytes) -> None:
    with connected(server) as client:
        client.sendall(begin)
        sent = 0
        client.settimeout(0.01)
        reply = b""
        while not reply and sent < 64 * 2**20:
            try:
                client.sendall(b"x" * 16_384)
                sent += 16_384
                reply = client.recv(65_536)
            except TimeoutError:
                continue
            except ConnectionError:
                break
        assert sent < 2**21
        status, told = problem(reply)
    assert (status, told["type"]) == (431, "/problems/head-too-large")


def test_many_trailers_are_refused(server: Server) -> None:
    with connected(server) as client:
        trailers = b"".join(b"X-%d: 1\r\n" % i for i in range(10_000))
        client.sendall(POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n")
        time.sleep(0.1)
        client.sendall(b"0\r\n")
        time.sleep(0.1)
        client.sendall(trailers)
        assert problem(answer(client))[0] == 431


def test_what_is_no_http_is_a_problem_document(server: Server) -> None:
    with connected(server) as client:
        client.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
        status, told = problem(answer(client))
    assert (status, told["type"]) == (400, "/problems/request-malformed")


def test_clients_that_never_read_are_let_go(impatient: Server) -> None:
    body = json.dumps({"tickers": ["8035.T"] * 20_000}).encode()
    before = connections(impatient)
    with ExitStack() as stack:
        for _ in range(6):
            client = stack.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", impatient.port))
            client.sendall(POST + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        assert is_logged(impatient, '"reader-stalled"', 6)
        assert connections(impatient) <= before
    assert impatient.http.get("/v1/scores/8035.T").status_code == 200


def test_a_client_that_reads_slowly_gets_all(impatient: Server) -> None:
    tickers = ["8035.T"] * 10_000
    body = json.dumps({"tickers": tickers}).encode()
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(20)
        client.connect(("127.0.0.1", impatient.port))
        client.sendall(POST + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        parts = []
        begun = time.monotonic()
        while part := client.recv(65_536):
            parts.append(part)
            if time.monotonic() - begun < 4:
                time.sleep(0.1)
    assert len(json.loads(b"".join(parts).partition(b"\r\n\r\n")[2])) == len(tickers)


def test_more_connections_than_there_may_be_are_told_so(serving: Serving) -> None:
    server = serving("--max-connections", "3")
    with ExitStack() as stack:
        for _ in range(3):
            client = stack.enter_context(connected(server))
            client.sendall(HEAD)
        time.sleep(0.2)
        with connected(server) as late:
            late.sendall(HEAD + b"\r\n")
            status, told = problem(answer(late))
        assert (status, told["type"]) == (503, "/problems/busy")
    time.sleep(0.2)
    server.http.close()
    with connected(server) as client:
        client.sendall(HEAD + b"Connection: close\r\n\r\n")
        assert answer(client).startswith(b"HTTP/1.1 200")
