"""Run benchmarks: `python -m benchmarks [core|scale|cluster|service|pages]`. Exit status 1 if a limit is missed."""

from __future__ import annotations

import importlib
import sys

from benchmarks.measure import Result
from benchmarks.report import line, verdict, write

_SUITES = ("core", "scale", "cluster", "service", "pages")


def main() -> int:
    chosen = sys.argv[1:] or _SUITES
    unknown = [suite for suite in chosen if suite not in _SUITES]
    if unknown:
        print(f"{unknown[0]} is no suite; choose among {', '.join(_SUITES)}", file=sys.stderr)
        return 2
    missed = 0
    for suite in chosen:
        results = [Result(*row) for row in importlib.import_module(f"benchmarks.{suite}").run()]
        for result in results:
            missed += verdict(result) == "MISS"
            print(line(result), flush=True)
        write(suite, results)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
