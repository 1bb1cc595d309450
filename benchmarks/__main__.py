"""Run every benchmark: `python -m benchmarks [core|service]`. Exit status 1 if a limit is missed."""

from __future__ import annotations

import importlib
import math
import sys

from benchmarks.measure import Result

_SUITES = ("core", "service")


def main() -> int:
    chosen = sys.argv[1:] or _SUITES
    missed = 0
    for suite in chosen:
        for row in importlib.import_module(f"benchmarks.{suite}").run():
            result = Result(*row)
            within = _within(result)
            missed += not within
            limit = "" if math.isinf(result.limit) else f"limit {abs(result.limit):g} {result.unit}"
            verdict = "ok  " if within else "MISS"
            print(f"{verdict} {result.measured:9.3f} {result.unit:<4} {limit:<16} {result.name}", flush=True)
    return 1 if missed else 0


def _within(result: Result) -> bool:
    """A negative limit is a floor: the measured value must reach it."""
    return result.measured >= -result.limit if result.limit < 0 else result.measured <= result.limit


if __name__ == "__main__":
    sys.exit(main())
