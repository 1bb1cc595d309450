"""The HTTP service beside the least that FastAPI can do, on the same machine in the same run."""

from __future__ import annotations

import json
import math
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import orjson

from benchmarks.servers import our_server, peer_server, resident_megabytes
from scoring.reference.releases.release import open_release
from scoring.scorer import Scorer
from service.clock import default_as_of
from service.formats.encode import encode

Row = tuple[str, float, float, str]

_CONNECTIONS = 16
_SECONDS = 2.0
_ROUNDS = 5
_BATCH = 10_000
_EVERY = 28
"""One company of so many is asked for by itself: about four hundred, whose replies all fit into the cache."""


def run() -> list[Row]:
    """Measure everything; a negative limit is a floor, an infinite one says that the value is only reported."""
    release = open_release()
    tickers = release.columns("listings")["ticker"].tolist()
    with (
        tempfile.TemporaryDirectory() as folder,
        our_server(Path(folder)) as (port, pid),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as http,
    ):
        http.get("/v1/scores/tokyo-electron").raise_for_status()
        rows: list[Row] = [("resident memory of a worker after its first score", resident_megabytes(pid), 260, "MB")]
        rows += _singles(http, Path(folder), port, release.columns("companies")["company_id"][::_EVERY].tolist())
        rows += _batch(port, Scorer(release, default_as_of(release)), tickers)
        rows += _mixed(http, port, tickers)
        rows.append(("resident memory of a worker after this load", resident_megabytes(pid), math.inf, "MB"))
    return [*rows, _start()]


def _singles(http: httpx.Client, folder: Path, port: int, companies: list[str]) -> list[Row]:
    path = "/v1/scores/tokyo-electron"
    paths = [f"/v1/scores/{company}" for company in companies]
    reply = http.get(path, headers={"Accept-Encoding": "identity"})
    condition = f"If-None-Match: {reply.headers['ETag']}\r\n"
    size = str(len(reply.content))
    (folder / "bare").mkdir()
    with (
        peer_server("benchmarks.peers.fastapi_:constant", BODY_BYTES=size) as beside,
        our_server(folder / "bare", "--reply-cache-bytes", "0") as (bare, _),
    ):
        _load(bare, "", path)  # what a date costs when it is first asked for is no reply's
        rounds = []
        for _ in range(_ROUNDS):
            constant = _load(beside, "", "/constant")["rps"]
            single, known, first = _load(port, "", *paths), _load(port, condition, path), _load(bare, "", *paths)
            rounds.append((constant, *(ours["rps"] / constant for ours in (single, known, first))))
    constant_rps, ratio, known_ratio, first_ratio = (statistics.median(column) for column in zip(*rounds, strict=True))
    return [
        (f"requests per second of a constant route ({size} bytes)", constant_rps, math.inf, "/s"),
        ("GET /v1/scores/{ticker}: requests per second / constant route", ratio, -0.7, "x"),
        ("GET with If-None-Match: requests per second / constant route", known_ratio, -0.9, "x"),
        ("GET of a URL that was never asked for: / constant route", first_ratio, -0.35, "x"),
    ]


def _batch(port: int, scorer: Scorer, tickers: list[str]) -> list[Row]:
    batch = (tickers * (1 + _BATCH // len(tickers)))[:_BATCH]
    body = orjson.dumps({"tickers": batch})
    rows = orjson.loads(encode(scorer.columns(batch), "json"))
    # The client of the standard library reads a reply in one piece, so that the server is what is measured.
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    over_http, in_process = [], []
    for _ in range(_ROUNDS * 4):
        begun = time.perf_counter()
        connection.request("POST", "/v1/scores", body, {"Content-Type": "application/json"})
        assert len(connection.getresponse().read()) > 1_000 * _BATCH
        over_http.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        scorer.columns(batch)
        orjson.dumps(rows)
        in_process.append(time.perf_counter() - begun)
    connection.close()
    ours, theirs = statistics.median(over_http), statistics.median(in_process)
    return [
        (f"POST of {_BATCH} tickers", ours * 1000, math.inf, "ms"),
        (f"POST of {_BATCH} tickers / scoring in-process and orjson of the rows", ours / theirs, 1.5, "x"),
    ]


def _mixed(http: httpx.Client, port: int, tickers: list[str]) -> list[Row]:
    body = orjson.dumps({"tickers": (tickers * (1 + _BATCH // len(tickers)))[:_BATCH]})
    alone = _load(port, "", "/v1/scores/8035.T")
    stop = threading.Event()
    times: list[float] = []

    def batches() -> None:
        while not stop.is_set():
            begun = time.perf_counter()
            http.post("/v1/scores", content=body, headers={"Content-Type": "application/json"})
            times.append(time.perf_counter() - begun)

    thread = threading.Thread(target=batches)
    thread.start()
    single = _load(port, "", "/v1/scores/8035.T")
    stop.set()
    thread.join()
    return [
        ("p99 of single scores alone", alone["p99"] * 1000, math.inf, "ms"),
        ("p99 of single scores while batches run one after another", single["p99"] * 1000, math.inf, "ms"),
        ("p99 of those batches", float(np.quantile(times, 0.99)) * 1000, math.inf, "ms"),
    ]


def _start() -> Row:
    ours, theirs = [], []
    for _ in range(_ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            begun = time.perf_counter()
            with our_server(Path(folder)):
                ours.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        with peer_server("benchmarks.peers.fastapi_:empty"):
            theirs.append(time.perf_counter() - begun)
    ratio = statistics.median(ours) / statistics.median(theirs)
    return ("start to ready / empty FastAPI application that opened the release", ratio, 1.25, "x")


def _load(port: int, headers: str, *paths: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.load", str(port), str(_SECONDS), str(_CONNECTIONS), headers, *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    result: dict[str, Any] = json.loads(done.stdout)
    assert set(result["statuses"]) <= {"200", "304"}, result
    return result
