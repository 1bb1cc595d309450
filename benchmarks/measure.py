"""Timing that survives a busy machine: alternate the peers, take medians."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple


class Result(NamedTuple):
    """One line of the report: what was measured, against which limit."""

    name: str
    measured: float
    limit: float
    unit: str


def seconds(action: Callable[[], object], repeats: int) -> float:
    """Median wall-clock time of `action`."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def process_seconds(commands: Sequence[Sequence[str]], repeats: int) -> list[float]:
    """Median time of whole processes, run in turn so that a busy spell hits all of them alike."""
    times: list[list[float]] = [[] for _ in commands]
    for round_ in range(repeats + 1):
        for command, taken in zip(commands, times, strict=True):
            start = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if round_:  # the first round warms the file cache
                taken.append(time.perf_counter() - start)
    return [statistics.median(taken) for taken in times]


class Times(NamedTuple):
    """Wall-clock times of one action, in seconds."""

    best: float
    median: float


def interleaved(actions: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Times]:
    """Times of each action, run in turn so that a busy spell hits all of them alike."""
    times: dict[str, list[float]] = {name: [] for name in actions}
    for round_ in range(rounds + 1):
        for name, action in actions.items():
            start = time.perf_counter()
            action()
            if round_:  # the first round warms caches and memory
                times[name].append(time.perf_counter() - start)
    return {name: Times(min(taken), statistics.median(taken)) for name, taken in times.items()}


def peak_megabytes(module: str, *arguments: str) -> float:
    """Most memory that `python -m module arguments` had resident at once."""
    # Not getrusage: its peak begins with what the parent had resident when it started this process.
    code = (
        "import pathlib, runpy, sys; sys.argv = sys.argv[1:]; runpy.run_module(sys.argv[0], run_name='__main__'); "
        "print(pathlib.Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )
    command = [sys.executable, "-c", code, module, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(done.stdout.split()[-1]) / 1024
