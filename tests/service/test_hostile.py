"""Requests that ask for more than a service can give: each is refused soon, and the next one is answered."""

from __future__ import annotations

import json
import socket
import threading
import time
from pathlib import Path

import httpx
import pytest

from tests.service.conftest import Serving
from tests.service.serverprocess import AS_OF, Server

JSON = {"Content-Type": "application/json"}
MOST_ADDED = 200
"""Megabytes that a refused body of up to 8 may cost while it is read."""

ENDLESS = [f"n{i}" for i in range(300_000)]
FAMILIES = ["etch", "deposition", "lithography", "wafer-inspection"]


def memory(server: Server, what: str) -> float:
    """Memory of the server in MB: what it has now (VmRSS), or the most since it was last asked to forget (VmHWM)."""
    with Path(f"/proc/{server.process.pid}/status").open() as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith(what))


def forget_most(server: Server) -> None:
    """Let the most memory count from now: what other tests asked of the same server is not this request's."""
    Path(f"/proc/{server.process.pid}/clear_refs").write_text("5")


def scenario(changes: list) -> dict:
    return {"scenario": {"scenario_id": "hostile", "changes": changes}, "tickers": ["AAPL"], "as_of": AS_OF}


def numbers(count: int) -> bytes:
    return b'{"tickers": [' + b",".join([b"1"] * count) + b"]}"


ALIGN = {"op": "align", "countries": ["US"], "with": "US", "servicing": True}
ADD = {"op": "add_rule", "measure": "licence-required", "covers_servicing": True}

BODIES = {
    "names-of-rules": ("/v1/scenarios/evaluate", scenario([{"op": "end_rules", "rule_ids": ENDLESS}])),
    "changes": ("/v1/scenarios/evaluate", scenario([{"op": "activate_scheduled"}] * 50_000)),
    "library-names": ("/v1/scenarios/evaluate", {"scenario": ["match-act-enacted"] * 250_000, "tickers": []}),
    "numbers-for-names": ("/v1/scenarios/evaluate", {"scenario": [1] * 1_000_000, "tickers": []}),
    "tickers": ("/v1/scores", {"tickers": [""] * 1_000_001}),
    "members": ("/v1/scores", {f"m{i}": 1 for i in range(600_000)}),
    "members-of-a-scenario": ("/v1/scenarios/evaluate", {"scenario": dict.fromkeys(ENDLESS, 1), "tickers": []}),
    "holdings": ("/v1/portfolios/score", {"holdings": [{"ticker": "A"}] * 400_000}),
    "benchmark": ("/v1/portfolios/score", {"holdings": [], "benchmark": [{"ticker": "A"}] * 400_000}),
    "names-to-cover": ("/v1/coverage", {"holdings": [{"ticker": "A"}] * 400_000}),
    "numbers-to-cover": ("/v1/coverage", {"holdings": [1] * 2_000_000}),
    "numbers": ("/v1/scores", {"tickers": [1] * 2_000_000}),
    "objects": ("/v1/portfolios/score", {"holdings": [{"ticker": 1}] * 400_000}),
    "receipts": ("/v1/receipts", {"tickers": [None] * 1_000_000}),
    "risk": ("/v1/revenue-at-risk", {"tickers": [[]] * 1_000_000}),
    "changes-of-book": ("/v1/changes", {"from": "2024-01-02", "tickers": [{}] * 1_000_000}),
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_a_body_without_end_is_refused_at_its_first_fault(server: Server, name: str) -> None:
    path, body = BODIES[name]
    content = json.dumps(body).encode()
    forget_most(server)
    before = memory(server, "VmRSS")
    reply = server.http.post(path, content=content, headers=JSON)
    assert 400 <= reply.status_code < 500, reply.text[:300]
    assert len(reply.content) < 3_000
    assert memory(server, "VmHWM") - before < MOST_ADDED
    assert server.http.get("/v1/scores/AAPL").status_code == 200


def test_every_list_of_a_body_has_an_end(server: Server) -> None:
    document = server.http.get("/openapi.json").json()
    schemas = document["components"]["schemas"]

    def lists(shape: object) -> list[dict]:
        if isinstance(shape, list):
            return [found for part in shape for found in lists(part)]
        if not isinstance(shape, dict):
            return []
        name = str(shape.get("$ref", "")).rpartition("/")[2]
        inner = lists(schemas[name]) if name else lists(list(shape.values()))
        return [shape, *inner] if shape.get("type") == "array" else inner

    operations = [operation for path in document["paths"].values() for operation in path.values()]
    bodies = [operation["requestBody"]["content"] for operation in operations if "requestBody" in operation]
    found = [lists(body["application/json"]["schema"]) for body in bodies]
    assert len(found) >= 7
    assert all(shape.get("maxItems") for shapes in found for shape in shapes)


@pytest.mark.parametrize(
    "changes",
    [
        [
            ALIGN | {"families": FAMILIES[: 1 + i % 4], "servicing": i % 2 == 0}
            for i in range(16)
        ],
        [
            ADD | {"imposed_by": "JP", "families": {"etch": 0.5}},
            ALIGN | {"countries": ["KR"], "with": "JP", "families": ["etch"]},
        ],
    ],
    ids=["copies-of-copies", "a-rule-made-up-before"],
)  # fmt: skip
def test_changes_that_lean_on_each_other_are_answered(server: Server, changes: list) -> None:
    reply = server.http.post("/v1/scenarios/evaluate", json=scenario(changes))
    assert reply.status_code in (200, 422), reply.text[:300]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/v1/scores/ASML/history?start=1900-01-01&freq=D", "start"),
        ("/v1/scores/ASML/history?start=2024-01-02&freq=Y", "freq"),
        ("/v1/scores/ASML/history?start=2025-01-01&as_of=2024-09-02", "start"),
        ("/v1/scores/ASML?scenario=" + ",".join("x" * 21), "scenario"),
    ],
)
def test_a_mistake_of_the_client_is_never_a_failure_of_the_service(server: Server, path: str, field: str) -> None:
    reply = server.http.get(path)
    assert reply.status_code == 422, reply.text
    assert reply.json()["field"] == field


@pytest.mark.parametrize("path", ["", "/explanation", "/history?start=2024-01-02"])
@pytest.mark.parametrize("query", ["%3D", "USD%20CASH", "cash", "ESZ4%20Index"])
def test_what_is_no_share_names_no_company(server: Server, query: str, path: str) -> None:
    reply = server.http.get(f"/v1/scores/{query}{path}")
    assert reply.status_code in (404, 409), reply.text


def test_every_error_of_the_library_has_a_status(server: Server) -> None:
    from scoring import errors
    from service.http.errors import _OF_THE_REQUEST, _OF_THE_SERVICE, KINDS

    kinds = [k for k in vars(errors).values() if isinstance(k, type) and issubclass(k, errors.ExposureError)]
    untold = [
        kind.__name__ for kind in kinds if kind.code not in KINDS and kind not in (*_OF_THE_REQUEST, *_OF_THE_SERVICE)
    ]
    assert untold == ["ExposureError"]


def test_a_member_given_twice_is_refused(server: Server) -> None:
    body = b'{"tickers": ["AAPL"], "as_of": "2024-09-02", "as_of": "2020-01-02"}'
    reply = server.http.post("/v1/scores", content=body, headers=JSON)
    assert reply.status_code == 422
    assert reply.json()["field"] == "as_of"


SLOW = {"start": "2016-01-04", "freq": "B", "as_of": "2025-12-31", "release": "2026.11.1"}


def test_a_queue_that_is_full_refuses_and_readiness_says_so(serving: Serving) -> None:
    server = serving("--batch-threads", "1", "--queue", "1", "--work-seconds", "600")
    statuses: list[int] = []

    def ask() -> None:
        with httpx.Client(base_url=server.url, timeout=600) as http:
            statuses.append(http.get("/v1/scores/ASML/history", params=SLOW).status_code)

    asking = [threading.Thread(target=ask) for _ in range(2)]
    for thread in asking:
        thread.start()
    end = time.monotonic() + 60
    while server.http.get("/readyz").status_code == 200 and time.monotonic() < end:
        time.sleep(0.02)
    assert server.http.get("/readyz").json()["status"] == "busy"
    refused = server.http.get("/v1/scores/AAPL/history", params=SLOW)
    assert (refused.status_code, refused.json()["type"]) == (503, "/problems/busy")
    assert int(refused.headers["Retry-After"]) > 0
    assert server.http.get("/v1/scores/AAPL").status_code == 200
    for thread in asking:
        thread.join()
    assert statuses == [200, 200]
    assert server.http.get("/readyz").json()["status"] == "ready"


def test_work_ends_when_the_client_leaves(serving: Serving) -> None:
    server = serving("--batch-threads", "1", "--queue", "0")
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        query = "&".join(f"{name}={value}" for name, value in SLOW.items())
        client.sendall(f"GET /v1/scores/ASML/history?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        end = time.monotonic() + 60
        while server.http.get("/readyz").status_code == 200 and time.monotonic() < end:
            time.sleep(0.02)
    end = time.monotonic() + 30
    while server.http.get("/readyz").status_code != 200 and time.monotonic() < end:
        time.sleep(0.05)
    assert server.http.get("/readyz").status_code == 200
    assert "disconnected" in server.log.read_text() or '"status":499' in server.log.read_text()


def test_work_has_an_end(serving: Serving) -> None:
    server = serving("--work-seconds", "0.3")
    reply = server.http.get("/v1/scores/ASML/history", params=SLOW)
    assert (reply.status_code, reply.json()["type"]) == (422, "/problems/too-much-work")


def test_scorers_are_kept_by_their_weight(serving: Serving) -> None:
    server = serving("--scorer-cache-bytes", "100000000", "--release", "2026.11.1")
    for day in range(1, 9):
        reply = server.http.post("/v1/revenue-at-risk", json={"tickers": ["ASML"], "as_of": f"2024-09-0{day}"})
        assert reply.status_code == 200
    held = next(
        float(line.split()[1])
        for line in server.http.get("/metrics").text.splitlines()
        if line.startswith("exposure_scorer_bytes ")
    )
    assert 0 < held <= 100_000_000
