"""Metrics in Prometheus' format, summed over the workers of one server."""

from __future__ import annotations

import os
from pathlib import Path

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess

from service.settings import MULTIPROCESS_DIRECTORY

REQUESTS = Counter("exposure_requests", "Requests answered", ("route", "method", "status"))
LATENCY = Histogram(
    "exposure_request_seconds",
    "Time from the request's head to the end of its reply",
    ("route",),
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
SCORERS = Gauge("exposure_scorers", "Scorers kept", multiprocess_mode="livesum")
SCORER_BYTES = Gauge("exposure_scorer_bytes", "Memory that the scorers kept hold", multiprocess_mode="livesum")
SCORER_HITS = Counter("exposure_scorer_hits", "Requests for a scorer that was there")
SCORER_MISSES = Counter("exposure_scorer_misses", "Scorers built")
SCORER_BUILD = Histogram("exposure_scorer_build_seconds", "Time to build a scorer")
REPLY_HITS = Counter("exposure_reply_hits", "GET replies that were there already")
REPLY_MISSES = Counter("exposure_reply_misses", "GET replies that were rendered and kept")
REPLY_BYTES = Gauge("exposure_reply_bytes", "Memory of the replies kept", multiprocess_mode="livesum")
RELEASE_CHANGES = Counter("exposure_release_changes", "Newer releases taken up while serving")
DEGRADED = Gauge(
    "exposure_degraded", "Workers whose release is gone from the store or cannot be read", multiprocess_mode="livesum"
)
REFUSALS = Counter("exposure_refusals", "Requests refused for want of room or rights", ("why",))
AT_WORK = Gauge(
    "exposure_at_work", "Requests that a thread works on or that wait for one", ("lane",), multiprocess_mode="livesum"
)
KEY_REQUESTS = Counter("exposure_key_requests", "Requests of a key, counted by what they cost", ("key",))
LOG_LINES_LOST = Counter("exposure_log_lines_lost", "Log lines that nobody took")
LIMITER_FAILURES = Counter("exposure_limiter_failures", "Requests counted in memory because Redis failed")


def render() -> bytes:
    """All metrics, those of the other workers included."""
    registry = REGISTRY
    if MULTIPROCESS_DIRECTORY in os.environ:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def forget_dead_workers() -> None:
    """Drop the gauges of workers that are gone, so that a killed worker is not counted for ever."""
    folder = os.environ.get(MULTIPROCESS_DIRECTORY)
    for path in Path(folder).glob("gauge_live*_*.db") if folder else ():
        pid = int(path.stem.rpartition("_")[2])
        if pid != os.getpid() and not Path(f"/proc/{pid}").exists():
            multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]


def retire() -> None:
    """Drop the gauges of this worker, which ends."""
    if MULTIPROCESS_DIRECTORY in os.environ:
        multiprocess.mark_process_dead(os.getpid())  # type: ignore[no-untyped-call]
