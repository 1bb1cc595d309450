"""`kill -9` at random moments of answers and datasets that are being written, and of servers that answer.

Run as ``python -m tests.campaigns.work``; it is no part of the tests. A file that was there is there as it was, or as
it should become; a dataset holds whole partitions, and the same command completes it to the same bytes. A killed
server leaves no process and no port, and one that is started again answers as before.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx
import pyarrow as pa
import pyarrow.parquet as pq

from scoring.reference.releases.release import open_release
from tests.campaigns.broken_off import Step, Trials, run, tally
from tests.service.serverprocess import Server

_BEFORE = b"what was there\n"
_NAMES = 120


class Campaign:
    """A folder of files and datasets that commands write."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.book = folder / "book.csv"
        self.book.write_text("ticker,weight\nASML,0.4\n8035.T,0.3\nAAPL,0.3\n")
        self.names = folder / "names.csv"
        companies = open_release().columns("companies")["company_id"].tolist()
        self.names.write_text("ticker\n" + "\n".join(companies[:: len(companies) // _NAMES]) + "\n")
        self.true: dict[Path, dict[str, bytes]] = {}

    def steps(self) -> list[Step]:
        """Commands that write one file each, and commands that write datasets."""
        book, names, day = str(self.book), str(self.names), ["--as-of", "2026-07-31"]
        days = ["--start", "2018-01-01", "--end", "2025-12-31"]
        return [
            self._file("scores.csv", ["score", names, *day]),
            self._file("book.xlsx", ["workbook", book, *day]),
            self._dataset("panel", ["panel", names, *days]),
            self._dataset("sweep", ["sweep", names, *days, "--freq", "Q"]),
            self._dataset("intervals", ["intervals", names, "--draws", "512", *day]),
        ]

    def look(self) -> None:
        """Files are as they were or as they should be; partitions that are there are whole."""
        for path, parts in self.true.items():
            if path.suffix:
                if path.read_bytes() not in (_BEFORE, parts[""]):
                    raise ValueError(f"{path.name} is neither what it was nor what it should be")
                continue
            for file in path.rglob("*.parquet"):
                if not _is_draft(file):
                    pq.read_table(file)

    def _file(self, name: str, arguments: list[str]) -> Step:
        path = self.folder / name
        arguments = [*arguments, "-o", str(path)]
        run(arguments)
        self.true[path] = {"": path.read_bytes()}
        return Step(name, arguments, lambda: _put_back(path), lambda: path.read_bytes() == self.true[path][""])

    def _dataset(self, name: str, arguments: list[str]) -> Step:
        path = self.folder / name
        arguments = [*arguments, "-o", str(path)]
        run(arguments)
        self.true[path] = _bytes_of(path)
        assert len(self.true[path]) > 2, f"{name} wrote nothing"
        return Step(
            name,
            arguments,
            lambda: shutil.rmtree(path, ignore_errors=True),
            lambda: path.exists() and _bytes_of(path) == self.true[path],
        )


def _is_draft(path: Path) -> bool:
    return path.name.startswith(".")


def _bytes_of(folder: Path) -> dict[str, bytes]:
    """What a dataset holds, without drafts."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not _is_draft(path)
    }


def _put_back(path: Path) -> None:
    path.write_bytes(_BEFORE)


def kill_servers(folder: Path, count: int, dice: random.Random, trials: Trials) -> None:
    """Kill a server of two workers while it answers; it must leave no process and no port, and start again."""
    log, port = folder / "log", 0
    expected: bytes | None = None
    for number in range(count):
        server = Server(log, "--workers", "2", *(("--port", str(port)) if port else ()))
        port = server.port
        answer = server.http.get("/v1/scores/ASML?as_of=2026-07-31").content
        expected = expected or answer
        if answer != expected:
            trials.failures.append(f"server {number} answers otherwise than the first")
        family = _family(server.process.pid)
        clients = [threading.Thread(target=_ask_until_it_is_gone, args=(server.url,)) for _ in range(2)]
        for client in clients:
            client.start()
        time.sleep(dice.uniform(0, 0.5))
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait()
        for client in clients:
            client.join()
        server.http.close()
        trials.outcomes["serve: killed"] += 1
        if left := _still_there(family, 10):
            trials.failures.append(f"server {number} left processes {left}")


def _ask_until_it_is_gone(url: str) -> None:
    with httpx.Client(base_url=url, timeout=20) as http:
        try:
            while True:
                http.post("/v1/scores", json={"tickers": ["ASML", "8035.T", "AAPL"] * 50})
        except httpx.HTTPError:
            return


def _family(parent: int) -> list[int]:
    """Processes that a process has started, and it."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [parent, *(one for child in children for one in _family(int(child)))]


def _still_there(processes: list[int], seconds: float) -> list[int]:
    """Processes that have not ended after some time."""
    end = time.monotonic() + seconds
    left = processes
    while left and time.monotonic() < end:
        left = [one for one in left if Path(f"/proc/{one}/cmdline").exists() and _cmdline(one)]
        time.sleep(0.05)
    return left


def _cmdline(process: int) -> bytes:
    """Of a process; nothing of one that has ended and was not waited for."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def main() -> int:
    """Run the campaign and print its figures; 1 if anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=150, help="kills of commands")
    parser.add_argument("--servers", type=int, default=50, help="kills of servers")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    dice = random.Random(options.seed)  # a campaign that can be repeated, no secret
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(Path(folder))
        trials = Trials(campaign.look, (ValueError, OSError, pa.ArrowException))
        trials.of(campaign.steps(), options.count, dice)
        kill_servers(Path(folder), options.servers, dice, trials)
    return tally(trials.outcomes, trials.failures)


if __name__ == "__main__":
    sys.exit(main())
