"""Load on one server: thousands of generated requests, clients that behave badly, and what it holds afterwards.

Run: ``python -m tests.campaigns.service [SECONDS]``, loopback only. Requests are drawn from the OpenAPI document's
resources with values that are right, wrong and hostile. Counts whatever is not foreseen: a status of 500, a reply
that is no problem document, a client that is not let go, and memory, descriptors and threads before and after.
"""

from __future__ import annotations

import gzip
import json
import random
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Final
from urllib.parse import quote

import httpx

from tests.conftest import RELEASE
from tests.service.serverprocess import Server, running

SECONDS: Final = 120.0
CLIENTS: Final = 3
MOST_GROWN_MEGABYTES: Final = 60.0

WORDS: Final = (
    "8035.T",
    "ASML NA",
    "AAPL",
    "no such company",
    "=cmd()",
    "\u202e\u0000",
    "x" * 900,
    "a/b",
    "%2e%2e",
    "",
)
DAYS: Final = ("2024-09-02", "2019-01-02", "2999-01-01", "nonsense", "2024-02-30")
FORMATS: Final = ("json", "csv", "ndjson", "parquet", "arrow", "xlsx", "pdf")
PATHS: Final = (
    "/v1/scores/{word}",
    "/v1/scores/{word}/explanation",
    "/v1/scores/{word}/history?start={day}&freq=Q",
    "/v1/revenue-at-risk/{word}",
    "/v1/companies?q={word}&limit=20",
    "/v1/companies/{word}",
    "/v1/screens?country=JP&limit=50&sort={word}",
    "/v1/rules?as_of={day}",
    "/v1/minerals/gallium/companies?as_of={day}",
    "/v1/threat/JP?as_of={day}",
    "/v1/events/us-2022-10-07-sme-home/impact",
    "/v1/changes?from={day}&to=2024-09-02&tickers=ASML",
    "/v1/releases",
    "/healthz",
    "/readyz",
    "/company/{word}",
    "/{word}",
)
POSTS: Final = (
    "/v1/scores",
    "/v1/receipts",
    "/v1/revenue-at-risk",
    "/v1/coverage",
    "/v1/portfolios/score",
    "/v1/changes",
)


def body(dice: random.Random) -> bytes:
    names = [dice.choice(WORDS) for _ in range(dice.choice((0, 1, 3, 30, 300)))]
    given: object = dice.choice(
        (
            {"tickers": names, "as_of": dice.choice(DAYS)},
            {"holdings": [{"ticker": name, "weight": dice.random()} for name in names]},
            {"tickers": names, "from": "2024-01-02", "to": "2024-09-02"},
            {"tickers": dice.choice((1, None, {}, "AAPL", [[]], [1.5]))},
            names,
        )
    )
    data = json.dumps(given).encode()
    return dice.choice((data, data, data, data[: len(data) // 2], gzip.compress(data)))


def ask(http: httpx.Client, dice: random.Random) -> httpx.Response:
    """One request."""
    if dice.random() < 0.35:
        data = body(dice)
        headers = {"Content-Type": dice.choice(("application/json", "application/json", "text/plain"))}
        if data[:2] == b"\x1f\x8b":
            headers["Content-Encoding"] = "gzip"
        return http.post(dice.choice(POSTS), content=data, headers=headers)
    path = dice.choice(PATHS).format(word=quote(dice.choice(WORDS), safe=""), day=dice.choice(DAYS))
    joint = "&" if "?" in path else "?"
    path += f"{joint}format={dice.choice(FORMATS)}" if dice.random() < 0.3 else ""
    return http.request(dice.choice(("GET", "GET", "GET", "HEAD", "OPTIONS", "DELETE")), path)


def behave_badly(server: Server, dice: random.Random) -> None:
    """A client that leaves, sends half, or sends nonsense."""
    sent = dice.choice(
        (
            b"GET /v1/sc",
            b"GET /v1/scores/ASML/history?start=2016-01-04&freq=B HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"POST /v1/scores HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n{",
            b"\x16\x03\x01 not http\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 60_000,
        )
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        client.sendall(sent)
        time.sleep(dice.random() / 10)


def unforeseen(reply: httpx.Response) -> str | None:
    """What is wrong with a reply, None if nothing is."""
    if reply.status_code >= 500 and reply.status_code != 503:
        return f"{reply.request.method} {reply.request.url}: {reply.status_code}"
    is_api = reply.request.url.path.startswith("/v1/") and reply.request.method != "HEAD"
    if reply.status_code >= 400 and is_api and reply.headers["content-type"] != "application/problem+json":
        return f"{reply.request.method} {reply.request.url}: no problem document"
    return None


def held(server: Server) -> dict[str, float]:
    process = Path(f"/proc/{server.process.pid}")
    status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
    return {
        "megabytes": int(status["VmRSS"].split()[0]) / 1024,
        "descriptors": len(list((process / "fd").iterdir())),
        "threads": int(status["Threads"]),
    }


def load(server: Server, seed: int, end: float, statuses: Counter[int], faults: list[str]) -> None:
    dice = random.Random(seed)
    with httpx.Client(base_url=server.url, timeout=120) as http:
        while time.monotonic() < end:
            if dice.random() < 0.05:
                behave_badly(server, dice)
                continue
            reply = ask(http, dice)
            statuses[reply.status_code] += 1
            if fault := unforeseen(reply):
                faults.append(fault)


def run(server: Server, seed: int, seconds: float) -> tuple[Counter[int], list[str]]:
    statuses: Counter[int] = Counter()
    faults: list[str] = []
    end = time.monotonic() + seconds
    clients = [
        threading.Thread(target=load, args=(server, seed + number, end, statuses, faults)) for number in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return statuses, faults


def main(seconds: float) -> int:
    with tempfile.TemporaryDirectory() as folder:
        options = ("--release", RELEASE, "--stall-seconds", "2", "--body-timeout-seconds", "2")
        with running(Path(folder) / "log", *options) as server:
            run(server, 0, seconds / 3)  # what caches hold is there afterwards
            time.sleep(5)
            before = held(server)
            statuses, faults = run(server, 100, seconds * 2 / 3)
            time.sleep(5)
            after = held(server)
            failures = [line for line in server.lines() if line["event"] == "failure"]
        print(f"{sum(statuses.values())} requests: {dict(sorted(statuses.items()))}")
        print(f"unforeseen: {faults[:5] or 'none'}; failures in the log: {len(failures)}")
        for name, value in before.items():
            print(f"{name}: {value:.0f} after a third, {after[name]:.0f} at the end")
        grown = after["megabytes"] - before["megabytes"] > MOST_GROWN_MEGABYTES
        return 1 if faults or failures or grown or after["descriptors"] > before["descriptors"] + 2 else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS))
