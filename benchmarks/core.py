"""The scoring core and the command: import cost, whole process, opening a release, names, a universe."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.measure import Result, process_seconds, seconds
from scoring import Scorer, open_release
from scoring.reference.identifiers.resolver import Resolver
from scoring.score.evaluation import evaluate

_EXPOSURE = str(Path(sys.executable).parent / "exposure")


def run() -> list[Result]:
    pandas, scoring, command = process_seconds(
        [
            [sys.executable, "-c", "import pandas"],
            [sys.executable, "-c", "import scoring; scoring.Scorer; scoring.open_release"],
            [_EXPOSURE, "score", "AMAT"],
        ],
        repeats=15,
    )
    release = open_release()
    scorer = Scorer(release)
    facts, methodology = scorer.evaluation.facts, scorer.methodology
    evaluate(facts, methodology)
    companies = len(facts.company_ids)
    scoring_ms = seconds(lambda: evaluate(facts, methodology), 200) * 1e3
    compile_ms = seconds(lambda: Scorer(release), 10) * 1e3
    resolver = Resolver(release)
    unknown = [f"Unknown Holding {i:x}" if i % 2 else f"ZQ{i}" for i in range(50_000)]
    unknown_s = seconds(lambda: resolver.resolve_many(unknown), 1)
    return [
        Result("`exposure score AMAT`, whole process / `import pandas`", command / pandas, 1.5, "x"),
        Result("`import scoring` with its names / `import pandas`", scoring / pandas, 1.2, "x"),
        Result("open and verify the release", seconds(open_release, 30) * 1e3, 150, "ms"),
        Result(f"score {companies} companies after compile", scoring_ms, 5, "ms"),
        Result("compile facts at one as_of (no limit set)", compile_ms, float("inf"), "ms"),
        Result("make the resolver of a release", seconds(lambda: Resolver(release), 10) * 1e3, 5, "ms"),
        Result("50000 names that no company has, resolved", unknown_s, 20, "s"),
    ]
