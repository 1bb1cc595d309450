"""A large universe beside peers and floors: scores at a date, sweeps of scenarios, panels over time, draws."""

from __future__ import annotations

import math
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.measure import Result, interleaved, peak_megabytes
from benchmarks.peers import duckdb_, pandas_, polars_
from benchmarks.synthetic.release import AS_OF, COMPANIES, SyntheticRelease
from benchmarks.synthetic.scenarios import scenarios
from benchmarks.universe import Universe, compiled, compiled_facts, difference, inputs, synthetic
from scoring.methodology import load_methodology
from scoring.reference.releases.release import open_release
from scoring.scenario import Scenario, apply
from scoring.score.evaluation import evaluate
from scoring.score.sweep.kernel import Kernel
from scoring.score.sweep.moves import Base, Variant
from scoring.score.sweep.scores import compilable, sweep
from scoring.timeseries.panel import panel
from scoring.uncertainty import intervals

PEERS = {"pandas": pandas_, "Polars": polars_, "DuckDB": duckdb_}
SCENARIOS = 1_000
DRAWS = 1_000
_REPORTED = math.inf


def run(companies: int = COMPANIES) -> list[Result]:
    """Measure everything; a negative limit is a floor, an infinite one says that the value is only reported."""
    universe = synthetic(companies)
    bundled = open_release()
    return [
        *_score(universe),
        *_compile(universe),
        *_sweep("the bundled universe", compiled(bundled, str(bundled.last_as_of))),
        *_sweep(f"{companies} companies", compiled(SyntheticRelease(companies, customers=False), AS_OF), (1.5, 3.0)),
        *_panel(),
        *_memory(companies),
    ]


def _score(universe: Universe) -> list[Result]:
    """Universe score at one date, beside peers that begin with their tables joined, and the floors."""
    n = universe.facts.country.size
    read = inputs(universe.facts)
    prepared = {name: peer.prepare(universe.star) for name, peer in PEERS.items()}
    taken = interleaved(
        {
            "ours": lambda: evaluate(universe.facts, universe.methodology),
            **{name: lambda name=name: PEERS[name].score(prepared[name]) for name in PEERS},
            "reading": lambda: [array.sum() for array in read],
        },
        rounds=25,
    )
    ours, reading = taken["ours"], taken["reading"]
    # Best times: a busy second core slows only the peers that use two, and must not make us look faster.
    ratios = {name: taken[name].best / ours.best for name in PEERS}
    fastest = min(ratios, key=ratios.__getitem__)
    differences = [difference(universe, peer) for peer in PEERS.values()]
    megabytes = sum(array.nbytes for array in read) / 1e6
    return [
        Result(f"score {n} companies at one as_of, median", ours.median * 1e3, _REPORTED, "ms"),
        *(Result(f"the same in {name}, median", taken[name].median * 1e3, _REPORTED, "ms") for name in PEERS),
        Result(f"fastest peer ({fastest}) / ours, best times", ratios[fastest], -8.0, "x"),
        *(Result(f"{name} / ours, best times", ratios[name], _REPORTED, "x") for name in PEERS if name != fastest),
        Result("greatest difference between a peer and ours", max(differences) * 1e9, 1.0, "1e-9"),
        Result(
            f"ours / floor: reading its inputs once ({megabytes:.0f} MB)",
            ours.median / reading.median,
            _REPORTED,
            "x",
        ),
    ]


def _compile(universe: Universe) -> list[Result]:
    """What comes before a score: compiling facts and layout. It is done once per release and date."""
    release, methodology = universe.facts.release, universe.methodology
    n = universe.facts.country.size

    def lay_out() -> object:
        segments = universe.facts.segments
        # Other arrays, though equal ones, so that nothing is taken over.
        return universe.facts.replace(segments=replace(segments, company=segments.company.copy())).layout

    taken = interleaved({"facts": lambda: compiled_facts(release, methodology, AS_OF), "layout": lay_out}, rounds=3)
    return [
        Result(f"compile the facts of {n} companies at one as_of", taken["facts"].median * 1e3, _REPORTED, "ms"),
        Result("of which their layout", taken["layout"].median * 1e3, _REPORTED, "ms"),
    ]


def _sweep(what: str, universe: Universe, limits: tuple[float, float] = (_REPORTED, _REPORTED)) -> list[Result]:
    """Many scenarios beside the floors of writing an array of that size in memory and to a file.

    Where companies are few, applying scenarios is nearly all of it, and memory says nothing: beside that stands the
    floor of reading the scenarios from their documents. `limits` are of scoring and of the whole, in fillings.

    A scenario becomes facts, facts become the cells that they change, and these move scores; like the facts of a
    single score, cells are compiled once and then scored under any base with the same axes. Where packages name
    customers, a sweep is one evaluation after the other, and not what is measured here.
    """
    base, cores = universe.base, os.cpu_count() or 1
    assert compilable(base)
    drawn = scenarios(universe.facts, SCENARIOS)
    ground = Base(base)
    kernel = Kernel(base, ground.tables)

    def apply_all() -> list[Variant]:
        return [Variant(apply(one, base.facts, base.methodology).facts, base.parameters) for one in drawn]

    def whole() -> np.ndarray:
        out = np.empty((SCENARIOS, base.score.size))
        applied = (Variant(apply(one, base.facts, base.methodology).facts, base.parameters) for one in drawn)
        return sweep(base, applied, out, compiled=True, threads=cores)

    def score(threads: int = cores) -> np.ndarray:
        out = np.empty((SCENARIOS, base.score.size))
        kernel.score(patches, out, threads)
        return out

    variants = apply_all()
    patches = ground.patches(variants)
    scores = score()
    moved = float((scores != base.score)[:, ~np.isnan(base.score)].mean())
    some = range(0, SCENARIOS, SCENARIOS // 40)
    documents = [one.document() for one in drawn]
    differences = [np.abs(scores[i] - evaluate(variants[i].facts, base.methodology).score) for i in some]
    taken = interleaved(
        {
            "apply": apply_all,
            "patches": lambda: ground.patches(variants),
            "read": lambda: [Scenario.model_validate(one) for one in documents],
        },
        rounds=5,
    )
    # Alone with its floor: whoever comes first after a file was written is given memory that the machine has to find.
    taken |= interleaved(
        {"score": score, "alone": lambda: score(1), "whole": whole, "memory": lambda: np.empty(scores.shape).fill(1.0)},
        rounds=15,
    )
    with tempfile.TemporaryDirectory() as folder:
        taken |= interleaved({"file": lambda: np.save(Path(folder) / "scores.npy", scores)}, rounds=5)
    size = f"{scores.nbytes / 1e6:.0f} MB"
    title = f"{SCENARIOS} scenarios x {what}"
    # Best times: a second core that is taken slows only what uses two.
    score_best, alone_best, floor = taken["score"].best, taken["alone"].best, taken["memory"].best
    return [
        Result(f"apply {title} to the facts", taken["apply"].median * 1e3, _REPORTED, "ms"),
        Result("find the cells that they change", taken["patches"].median * 1e3, _REPORTED, "ms"),
        Result(f"score them, {moved:.1%} move, {cores} threads", taken["score"].median * 1e3, _REPORTED, "ms"),
        Result(f"score {title} / floor: filling {size} of new memory, best times", score_best / floor, limits[0], "x"),
        Result("the same with one thread", alone_best / floor, _REPORTED, "x"),
        Result(f"score them / writing {size} to a file", taken["score"].median / taken["file"].median, _REPORTED, "x"),
        Result("apply, find and score / filling the memory, best times", taken["whole"].best / floor, limits[1], "x"),
        Result(
            "the same / reading the scenarios from documents", taken["whole"].best / taken["read"].best, _REPORTED, "x"
        ),
        Result("greatest difference from evaluations, every 25th", float(np.nanmax(differences)) * 1e12, 1.0, "1e-12"),
    ]


def _panel(names: int = 500) -> list[Result]:
    """Ten years of days beside the time of writing their Parquet file."""
    title = f"10-year daily panel of {names} names / writing its Parquet"
    release = SyntheticRelease(names, years=12)
    tickers = release.columns("companies")["company_id"].tolist()

    def make() -> object:
        return panel(release, tickers, "2016-07-01", AS_OF, "B")

    frame = make()
    with tempfile.TemporaryDirectory() as folder:
        taken = interleaved(
            {"panel": make, "write": lambda: frame.to_parquet(Path(folder) / "panel.parquet")}, rounds=15
        )
    return [
        Result(f"10-year daily panel of {names} names", taken["panel"].median * 1e3, _REPORTED, "ms"),
        Result(title, taken["panel"].median / taken["write"].median, 3.0, "x"),
    ]


def _memory(companies: int) -> list[Result]:
    """Peak resident memory of whole processes, the making of the synthetic tables included."""
    score = peak_megabytes("benchmarks.scale", "score", str(companies))
    rows = [Result(f"peak memory of making, compiling and scoring {companies} companies", score, _REPORTED, "MB")]
    title = f"peak memory of {DRAWS} draws x {companies} companies"
    return [*rows, Result(title, peak_megabytes("benchmarks.scale", "draws", str(companies)), 2048.0, "MB")]


def _alone(what: str, companies: int) -> None:
    """One thing in a process of its own, for its memory."""
    release = SyntheticRelease(companies)
    methodology = load_methodology()
    evaluation = evaluate(methodology.facts(release, AS_OF), methodology)
    if what == "draws":
        intervals(evaluation, DRAWS)


if __name__ == "__main__":
    _alone(sys.argv[1], int(sys.argv[2]))
