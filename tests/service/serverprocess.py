"""`exposure` as a process: its server, and its other commands."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

AS_OF = "2024-09-02"
EXPOSURE = [sys.executable, "-c", "from service.cli import main; main()"]


class Server:
    """`exposure serve` on a free port, with its log."""

    def __init__(self, log: Path, *options: str, command: Sequence[str] = EXPOSURE, **environment: str) -> None:
        self.log = log
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("EXPOSURE_", "PROMETHEUS_"))}
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [*command, "serve", "--port", "0", *options],
                stdout=output,
                stderr=output,
                env={**clean, **environment},
            )
        self.url = self._wait_for(r"running on (http://[\d.:]+)")
        self.port = int(self.url.rpartition(":")[2])
        self.http = httpx.Client(base_url=self.url, timeout=300)
        self._until_ready()

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def said(self, **fields: object) -> list[dict[str, object]]:
        """Lines with some fields, waited for: a server gathers lines before it writes them."""
        end = time.monotonic() + 30
        while not (found := [line for line in self.lines() if fields.items() <= line.items()]):
            assert time.monotonic() < end, f"never said: {fields}"
            time.sleep(0.02)
        return found

    def stop(self, number: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(timeout=40)

    def _wait_for(self, pattern: str) -> str:
        end = time.monotonic() + 30
        while time.monotonic() < end and self.process.poll() is None:
            if found := re.search(pattern, self.log.read_text()):
                return found[1]
            time.sleep(0.02)
        raise AssertionError(f"server did not start: {self.log.read_text()}")

    def _until_ready(self) -> None:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            try:
                if self.http.get("/readyz").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.02)
        raise AssertionError(f"server did not become ready: {self.log.read_text()}")


@contextmanager
def running(log: Path, *options: str, command: Sequence[str] = EXPOSURE, **environment: str) -> Iterator[Server]:
    server = Server(log, *options, command=command, **environment)
    try:
        yield server
    finally:
        server.http.close()
        server.stop()


def exposure(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line."""
    return subprocess.run([*EXPOSURE, *arguments], capture_output=True, text=True, timeout=300, check=False)


def make_key(file: Path, name: str, *scopes: str) -> dict[str, str]:
    options = [part for scope in scopes for part in ("--scope", scope)]
    made = exposure("key", "create", name, *options, "--key-file", str(file), "--json")
    assert made.returncode == 0, made.stderr
    key: dict[str, str] = json.loads(made.stdout)
    return key
