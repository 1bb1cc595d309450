"""Servers as processes of their own, on free ports of this machine, ended with the block that began them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def our_server(folder: Path, *options: str) -> Iterator[tuple[int, int]]:
    """Port and process id of our server as it is run in earnest: with its log, here to a file."""
    port = _free_port()
    command = [sys.executable, "-c", "from service.cli import main; main()", "serve", "--port", str(port), *options]
    with (folder / "log").open("wb") as log, _process(command, port, stderr=log) as process:
        yield port, process.pid


@contextmanager
def peer_server(factory: str, **environment: str) -> Iterator[int]:
    """Port of an application of a peer."""
    port = _free_port()
    command = [sys.executable, "-m", "uvicorn", factory, "--factory", "--port", str(port), "--no-access-log"]
    command += ["--loop", "uvloop", "--http", "httptools", "--log-level", "warning"]
    with _process(command, port, env={**os.environ, **environment}):
        yield port


@contextmanager
def _process(command: list[str], port: int, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, **options)
    try:
        _wait(port, process)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                connection.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                if connection.recv(100):
                    return
        except OSError:
            time.sleep(0.005)
    raise RuntimeError("the server did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def resident_megabytes(pid: int) -> float:
    """Memory that a process has resident now."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
