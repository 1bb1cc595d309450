"""The table of results: printed while it grows, and kept in RESULTS.md with the machine and the versions."""

from __future__ import annotations

import datetime as dt
import math
import os
import platform
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Final

from benchmarks.measure import Result

RESULTS: Final = Path(__file__).parent / "RESULTS.md"
_LIBRARIES: Final = ("numpy", "pandas", "polars", "duckdb", "pyarrow", "fastapi", "uvicorn")
_INTRODUCTION: Final = (
    "# Results\n\n"
    "Written by `make bench`. Each section was measured in one run, peers and floors in turn with what they are\n"
    "compared to; times are medians, and ratios of medians where the row does not say otherwise. Limits are the\n"
    "project's own targets; a row without one is only reported.\n"
)


def verdict(result: Result) -> str:
    """``ok``, ``MISS``, ``--`` where there is no limit, ``todo`` where nothing could be measured yet."""
    if math.isnan(result.measured):
        return "todo"
    if math.isinf(result.limit):
        return "--"
    # A negative limit is a floor: the measured value must reach it.
    within = result.measured >= -result.limit if result.limit < 0 else result.measured <= result.limit
    return "ok" if within else "MISS"


def line(result: Result) -> str:
    """One line for the terminal."""
    return f"{verdict(result):<4} {_number(result):>10} {result.unit:<4} {_limit(result):<18} {result.name}"


def write(suite: str, results: Iterable[Result], path: Path = RESULTS) -> None:
    """Replace the section of a suite; those of others stay as they were measured."""
    sections = _sections(path)
    rows = [
        f"| {result.name} | {_number(result)} {result.unit} | {_limit(result) or 'reported'} | {verdict(result)} |"
        for result in results
    ]
    sections[suite] = "\n".join(
        [
            f"## {suite}",
            "",
            f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, {_machine()}; {_versions()}.",
            "",
            "| what | measured | limit | |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )
    path.write_text("\n".join([_INTRODUCTION, *(sections[name] for name in sorted(sections))]), encoding="utf-8")


def _sections(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    _, *found = path.read_text(encoding="utf-8").split("\n## ")
    return {text.split("\n", 1)[0]: f"## {text.strip()}\n" for text in found}


def _number(result: Result) -> str:
    if math.isnan(result.measured):
        return "not measured"
    return f"{result.measured:,.2f}" if abs(result.measured) < 100 else f"{result.measured:,.0f}"


def _limit(result: Result) -> str:
    if math.isinf(result.limit):
        return ""
    return f"{'at least' if result.limit < 0 else 'at most'} {abs(result.limit):g} {result.unit}"


def _machine() -> str:
    cpu = platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        models = [
            row.split(":", 1)[1].strip() for row in cpuinfo.read_text().splitlines() if row.startswith("model name")
        ]
        cpu = models[0] if models else cpu
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return f"{cpu}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}"


def _versions() -> str:
    return ", ".join([f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in _LIBRARIES)])
