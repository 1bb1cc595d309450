"""The scoring core and the command: import cost, whole processes, a release and its facts, names, the wheel."""

from __future__ import annotations

import math
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.measure import Result, process_seconds, seconds
from benchmarks.universe import compiled_facts
from scoring.methodology import load_methodology
from scoring.reference.identifiers.resolver import Match, Resolver
from scoring.reference.identifiers.venues import BY_MIC
from scoring.reference.releases.release import Release, open_release
from scoring.score.evaluation import evaluate

_EXPOSURE: Final = str(Path(sys.executable).parent / "exposure")
_ACT: Final = "us-2022-10-07-sme-home"
_MIXED: Final = 10_000
_ROOT: Final = Path(__file__).parent.parent


def run() -> list[Result]:
    return [*_processes(), *_release(), *_names(open_release()), _wheel()]


def _processes() -> list[Result]:
    pandas, scoring, score, event = process_seconds(
        [
            [sys.executable, "-c", "import pandas"],
            [sys.executable, "-c", "import scoring; scoring.Scorer; scoring.open_release"],
            [_EXPOSURE, "score", "AMAT"],
            [_EXPOSURE, "event", _ACT],
        ],
        repeats=15,
    )
    return [
        Result("`exposure score AMAT`, whole process / `import pandas`", score / pandas, 1.5, "x"),
        Result("`import scoring` with its names / `import pandas`", scoring / pandas, 1.2, "x"),
        Result(f"`exposure event {_ACT}`, all companies / `exposure score AMAT`", event / score, 1.5, "x"),
    ]


def _release() -> list[Result]:
    release, methodology = open_release(), load_methodology()
    day = str(release.last_as_of)
    begun = time.perf_counter()
    facts = compiled_facts(release, methodology, day)
    first = time.perf_counter() - begun
    evaluate(facts, methodology)
    scored = seconds(lambda: evaluate(facts, methodology), 100) * 1e3
    return [
        Result("open and verify the release", seconds(open_release, 30) * 1e3, 60, "ms"),
        Result(
            "compile the facts of the whole universe at one as_of",
            seconds(lambda: compiled_facts(release, methodology, day), 20) * 1e3,
            60,
            "ms",
        ),
        Result("the same for the first time, with the tables read", first * 1e3, math.inf, "ms"),
        Result(f"score {facts.country.size} companies after compile", scored, 8, "ms"),
    ]


def _names(release: Release) -> list[Result]:
    mixed = mixed_identifiers(release, _MIXED)
    unknown = [f"Unknown Holding {i:x}" if i % 2 else f"ZQ{i}" for i in range(50_000)]

    def resolve(identifiers: list[str] = mixed) -> list[Match]:
        return Resolver(release, release.last_as_of).resolve_many(identifiers)

    begun = time.perf_counter()
    found = sum(match.company >= 0 for match in resolve()) / _MIXED
    first = time.perf_counter() - begun
    return [
        Result("make the resolver of a release", seconds(lambda: Resolver(release), 10) * 1e3, 5, "ms"),
        Result(f"resolve {_MIXED} mixed identifiers, {found:.0%} to a company", seconds(resolve, 10) * 1e3, 150, "ms"),
        Result("the same for the first time in a process", first * 1e3, math.inf, "ms"),
        Result("50000 names that no company has, resolved", seconds(lambda: resolve(unknown), 1), 20, "s"),
    ]


def mixed_identifiers(release: Release, count: int) -> list[str]:
    """Identifiers of a release in every spelling of a desk in turn, as many as asked for, each another company's."""
    companies, listings = release.columns("companies"), release.columns("listings")
    names = dict(zip(companies["company_id"], companies["name"], strict=True))
    primary = np.flatnonzero(listings["primary"])
    spelled = []
    for turn, row in enumerate(np.resize(primary, count).tolist()):
        ticker, venue, name = listings["ticker"][row], BY_MIC[listings["mic"][row]], names[listings["company_id"][row]]
        spellings = (
            f"{ticker}.{(*venue.suffixes, venue.mic)[0]}",
            f"{ticker} {(*venue.bloomberg, venue.mic)[0]} Equity",
            f"{ticker}-{venue.country}",
            f"{(*venue.prefixes, venue.mic)[0]}:{ticker}",
            listings["isin"][row] or ticker,
            name,
            name.upper(),
            ticker,
        )
        spelled.append(spellings[turn % len(spellings)])
    return spelled


def _wheel() -> Result:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, str(_ROOT)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        (wheel,) = Path(folder).glob("*.whl")
        return Result("the wheel", wheel.stat().st_size / 1e6, 25, "MB")
