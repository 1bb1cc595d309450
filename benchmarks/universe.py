"""The synthetic universe compiled, in the forms that the benchmarks measure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from benchmarks.longtables import LongTables, long_tables
from benchmarks.peers.star import star
from benchmarks.synthetic.release import AS_OF, SyntheticRelease
from scoring.facts.facts import Facts
from scoring.methodology import Methodology, load_methodology
from scoring.score.evaluation import Evaluation, evaluate


@dataclass(frozen=True)
class Universe:
    """Facts with their layout compiled, and the same facts as tables."""

    facts: Facts
    methodology: Methodology
    base: Evaluation
    long: LongTables
    star: LongTables


@cache
def synthetic(companies: int) -> Universe:
    """Universe of that many companies."""
    return compiled(SyntheticRelease(companies), AS_OF)


def compiled_facts(release: Any, methodology: Methodology, as_of: str) -> Facts:
    """Facts with all that the first score needs of them, which is made when it is asked for."""
    facts = methodology.facts(release, as_of)
    assert facts.layout
    assert facts.unsold.size == facts.segments.row.size
    return facts


def compiled(release: Any, as_of: str, methodology: Methodology | None = None) -> Universe:
    """Universe of a release at a date."""
    methodology = load_methodology() if methodology is None else methodology
    facts = methodology.facts(release, as_of)
    long = long_tables(facts, methodology)
    return Universe(facts, methodology, evaluate(facts, methodology), long, star(long))


def difference(universe: Universe, peer: Any) -> float:
    """Greatest difference of a peer's exposures and scores from ours; infinite if it differs in what is unknown."""
    base = universe.base
    ours = {
        "market": base.market,
        "control": base.control.total,
        "retaliation": base.retaliation.total,
        "score": base.score,
    }
    theirs = peer.arrays(peer.score(peer.prepare(universe.star)))
    worst = 0.0
    for name, column in ours.items():
        if column.shape != theirs[name].shape or (np.isnan(column) != np.isnan(theirs[name])).any():
            return float("inf")
        worst = max(worst, float(np.nanmax(np.abs(column - theirs[name]), initial=0.0)))
    return worst


def inputs(facts: Facts) -> list[np.ndarray]:
    """The large arrays that a score of the universe reads."""
    segments, layout = facts.segments, facts.layout
    return [
        facts.country,
        facts.china.latest,
        segments.company,
        segments.share,
        segments.china,
        facts.unsold,
        segments.starts,
        segments.owners,
        *(
            value
            for name, value in vars(layout).items()
            # Which country it is explains a score; the score reads cells.
            if isinstance(value, np.ndarray) and name != "segment_country"
        ),
    ]
