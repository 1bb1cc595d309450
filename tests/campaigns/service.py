"""Load on one server: thousands of generated requests, clients that behave badly, and what it holds afterwards.

Run: ``python -m tests.campaigns.service``, loopback only. Requests are drawn from the OpenAPI document and the pages
with values that are right, wrong and hostile, over every company of the release. Counted is whatever is not foreseen: a
status of 500, a reply that is not as documented, a failure in the log, and memory, descriptors and threads that grow.
``--soak SECONDS --rate N`` asks for some seconds at a moderate pace instead.
"""

from __future__ import annotations

import argparse
import random
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

from scoring.methodology import list_methodologies
from scoring.reference.releases.release import list_releases, open_release
from scoring.scenario import list_scenarios
from tests.campaigns.asking import DAYS, HOSTILE, Asking
from tests.service.serverprocess import Server, running

CLIENTS: Final = 3
MOST_GROWN_MEGABYTES: Final = 60.0
BADLY: Final = 0.03
"""Part of the requests that come from a client that behaves badly."""


def names() -> Mapping[str, Sequence[str]]:
    """Right values of the parameters, and of the keys of resources."""
    release = open_release()

    def column(table: str, name: str) -> list[str]:
        return sorted({value for value in release.columns(table)[name].tolist() if value})

    companies, acts = column("companies", "company_id"), column("rules", "rule_id")
    tickers = [*companies, *column("listings", "ticker"), *HOSTILE]
    return {
        "ticker": tickers,
        "tickers": [*tickers, "ASML,AAPL"],
        "q": ["tokyo", "semi", "ASML", *HOSTILE],
        "company_id": companies,
        "as_of": DAYS,
        "start": ["2024-01-02", "2026-01-01", "nonsense", "2999-01-01"],
        "from": DAYS,
        "to": DAYS,
        "freq": ["M", "Q", "Y", "W"],
        "format": ["json", "csv", "ndjson", "parquet", "arrow", "xlsx", "pdf"],
        "event_id": acts,
        "rules": acts,
        "countermeasures": column("countermeasures", "measure_id"),
        "minerals": column("minerals", "mineral"),
        "events": column("coercion_events", "event_id"),
        "country": column("companies", "country"),
        "sector": column("companies", "sector"),
        "version": [*list_releases(), *list_methodologies()],
        "release": list_releases(),
        "a": list_releases(),
        "b": list_releases(),
        "methodology": list_methodologies(),
        "scenario": list_scenarios(),
        "scenario_id": list_scenarios(),
        "estimates": ["include", "exclude", "only"],
        "explain": ["true", "false"],
        "uncertainty": ["false"],
        "limit": ["1", "50", "0", "100000000"],
        "offset": ["0", "30", "100000000"],
        "threshold": ["0", "1", "nan"],
        "sort": ["score", "market", "confidence"],
        "status": ["ok", "estimated", "partial"],
        "count": ["5", "20"],
        "min": ["score:20", "market:0.1"],
    }


@dataclass
class Findings:
    """What came of the requests."""

    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")


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
    try:
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
            client.sendall(sent)
            time.sleep(dice.random() / 10)
    except (BrokenPipeError, ConnectionResetError):
        pass  # it was let go while it still sent


def held(server: Server) -> dict[str, float]:
    """What a server's process holds."""
    process = Path(f"/proc/{server.process.pid}")
    status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
    return {
        "megabytes": int(status["VmRSS"].split()[0]) / 1024,
        "descriptors": len(list((process / "fd").iterdir())),
        "threads": int(status["Threads"]),
    }


@contextmanager
def watched(server: Server) -> Iterator[list[float]]:
    """Megabytes of a server, each second: a single report takes a hundred for a moment."""
    seen: list[float] = []
    is_over = threading.Event()

    def look() -> None:
        while not is_over.wait(1.0):
            seen.append(held(server)["megabytes"])

    thread = threading.Thread(target=look)
    thread.start()
    yield seen
    is_over.set()
    thread.join()


def usual(megabytes: Sequence[float]) -> float:
    """Median of the second half."""
    return statistics.median(megabytes[len(megabytes) // 2 :])


def load(server: Server, asking: Asking, seed: int, until: tuple[int, float, float], found: Findings) -> None:
    """Ask until so many requests are made or seconds are over, at most so many requests a second."""
    dice, (requests, seconds, rate) = random.Random(seed), until  # a campaign that can be repeated, no secret
    begin = time.monotonic()
    with httpx.Client(base_url=server.url, timeout=120) as http:
        for number in range(requests):
            time.sleep(max(0.0, begin + number / rate - time.monotonic()))
            if time.monotonic() > begin + seconds:
                return
            if dice.random() < BADLY:
                behave_badly(server, dice)
                continue
            reply, path = asking.ask(http, dice)
            found.statuses[reply.status_code] += 1
            found.slowest = max(found.slowest, (reply.elapsed.total_seconds(), str(reply.request.url)[:120]))
            if fault := asking.unforeseen(reply, path):
                found.faults.append(fault)


def run(server: Server, asking: Asking, seed: int, until: tuple[int, float, float]) -> Findings:
    """Several clients at once."""
    found = Findings()
    requests, seconds, rate = until
    share = -(-requests // CLIENTS), seconds, rate / CLIENTS
    clients = [
        threading.Thread(target=load, args=(server, asking, seed + number, share, found)) for number in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return found


def main() -> int:
    """Run the campaign and print its figures; 1 if anything was not foreseen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--soak", type=float, metavar="SECONDS", help="so many seconds instead of so many requests")
    parser.add_argument("--rate", type=float, default=10.0, help="requests per second of a soak")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    until = (options.requests, float("inf"), float("inf"))
    if options.soak is not None:
        until = (sys.maxsize, options.soak, options.rate)
    first = (until[0] // 4, until[1] / 4, until[2])  # what caches hold is there afterwards
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder) / "log", "--stall-seconds", "2", "--body-timeout-seconds", "2") as server,
    ):
        asking = Asking(server.http.get("/openapi.json").json(), names())
        with watched(server) as early:
            warm = run(server, asking, options.seed, first)
        time.sleep(5)
        before = held(server) | {"megabytes": usual(early)}
        rest = (until[0] - first[0], until[1] - first[1], until[2])
        with watched(server) as late:
            found = run(server, asking, options.seed + 100, rest)
        time.sleep(5)
        after = held(server) | {"megabytes": usual(late)}
        failures = [line for line in server.lines() if line["event"] == "failure"]
    statuses, faults = warm.statuses + found.statuses, warm.faults + found.faults
    print(f"{sum(statuses.values()):,} requests: {dict(sorted(statuses.items()))}")
    print(f"slowest {max(warm.slowest, found.slowest)}")
    print(f"{len(faults)} not foreseen, {len(failures)} failures in the log")
    for fault in faults[:20]:
        print(fault)
    for name, value in before.items():
        print(f"{name}: {value:.0f} in the first quarter, {after[name]:.0f} at the end")
    print(f"megabytes at most: {max(early + late):.0f}")
    grown = after["megabytes"] - before["megabytes"] > MOST_GROWN_MEGABYTES
    return 1 if faults or failures or grown or after["descriptors"] > before["descriptors"] + 2 else 0


if __name__ == "__main__":
    sys.exit(main())
