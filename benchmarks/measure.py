"""Timing that survives a busy machine: alternate the peers, take medians."""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
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
