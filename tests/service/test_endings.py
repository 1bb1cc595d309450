"""Ends that nobody wished for: a log that nobody reads, a server that is killed, a worker that loses its server."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from tests.service.conftest import Serving
from tests.service.serverprocess import EXPOSURE, Server


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def until(condition, seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()


def test_a_log_that_nobody_reads_stops_nothing() -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("EXPOSURE_")}
    process = subprocess.Popen([*EXPOSURE, "serve", "--port", "0"], stderr=subprocess.PIPE, env=clean)
    assert process.stderr is not None
    said = b""
    while not (found := re.search(rb"running on (http://[\d.:]+)", said)):
        said += os.read(process.stderr.fileno(), 65_536)
    with httpx.Client(base_url=found[1].decode(), timeout=20) as http:
        # A pipe holds 64 KiB, the queue 10,000 lines: more than both.
        for _ in range(12_000):
            assert http.get("/v1/methodologies/2026.1").status_code == 200
        lost = re.search(r"^exposure_log_lines_lost_total (\S+)", http.get("/metrics").text, re.M)
        assert lost is not None
        assert float(lost[1]) > 0
        assert http.get("/readyz").json()["status"] == "ready"
    process.terminate()
    process.wait(timeout=40)
    process.stderr.close()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_workers_end_with_their_server(serving: Serving, tmp_path: Path, number: int) -> None:
    server = serving("--workers", "2", TMPDIR=str(tmp_path))
    workers = children(server.process.pid)
    assert len(workers) >= 2
    server.process.send_signal(number)
    server.process.wait(timeout=40)
    assert until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))
    assert is_free(server.port)


def test_what_a_killed_server_left_is_swept(serving: Serving, tmp_path: Path) -> None:
    def drafts() -> list[Path]:
        return [path for path in tmp_path.iterdir() if path.name.startswith(".draft-")]

    killed: Server = serving("--workers", "2", TMPDIR=str(tmp_path))
    (left,) = drafts()
    killed.process.kill()
    killed.process.wait()
    assert drafts() == [left]
    (left / "of-the-killed").touch()
    running = serving("--workers", "2", TMPDIR=str(tmp_path))
    (own,) = drafts()
    assert not (own / "of-the-killed").exists()
    running.stop()
    assert drafts() == []


def test_a_killed_worker_is_replaced(serving: Serving) -> None:
    server = serving("--workers", "2")
    before = set(children(server.process.pid))

    def count() -> int:
        return len(
            [pid for pid in children(server.process.pid) if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
        )

    workers = [pid for pid in before if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert len(workers) == 2
    os.kill(workers[0], signal.SIGKILL)
    assert until(lambda: count() == 2 and workers[0] not in children(server.process.pid))
    assert until(lambda: server.http.get("/readyz").status_code == 200)
