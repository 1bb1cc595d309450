"""Rate limits counted in Redis: by two servers together, and by each alone while Redis is gone."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.service.serverprocess import Server, make_key

REDIS = shutil.which("redis-server")
pytestmark = pytest.mark.skipif(REDIS is None, reason="needs redis-server (Debian package redis-server)")


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(REDIS), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.05)
    yield f"redis://127.0.0.1:{port}/0", process
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_two_servers_count_together(
    serving: Callable[..., Server], redis: tuple[str, subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    url, process = redis
    file = tmp_path / "keys.json"
    key = {"X-API-Key": make_key(file, "desk", "read")["key"]}
    options = ("--key-file", str(file), "--rate-limit", "6/minute", "--rate-limit-storage", url)
    servers = [serving(*options), serving(*options)]
    statuses = [servers[n % 2].http.get("/v1/releases", headers=key).status_code for n in range(8)]
    assert statuses == [200] * 6 + [429] * 2

    process.send_signal(signal.SIGSTOP)  # it takes connections and answers nothing
    frozen = [servers[1].http.get("/v1/releases", headers=key).status_code for _ in range(3)]
    assert frozen == [200] * 3
    process.send_signal(signal.SIGCONT)

    process.kill()
    process.wait()
    replies = [servers[0].http.get("/v1/releases", headers=key) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [200] * 3
    assert servers[0].said(event="limiter", fallback="memory")
    assert "exposure_limiter_failures_total 1.0" in servers[0].http.get("/metrics", headers=key).text
