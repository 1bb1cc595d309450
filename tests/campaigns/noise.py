"""The event study on generated returns without any effect, seed after seed: how often does it say that it found one?

Run as ``python -m tests.campaigns.noise``; it is no part of the tests. Every file of returns has a market, an industry
that moves together, and tails as fat as those of daily returns; no act moves anything. It is read as a user's file is,
and tested on every act of the release. A 95 percent interval that leaves zero out is a finding, and a false one: of
many seeds about one in twenty may have it, for each figure alone.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import binom

from scoring.reference.releases.release import Release, open_release
from scoring.scorer import Scorer
from scoring.studies.event_study import FIGURES, event_study
from service.books.returns import read_returns

FIRST, LAST = "2020-06-01", "2026-07-31"
LEVEL = 0.05
"""Share of findings that a 95 percent interval allows on noise."""
DOUBT = 0.001
"""The campaign fails where so many findings, or more, come by chance less often than this."""


def names_of(release: Release, count: int) -> pd.DataFrame:
    """Companies of which the China share is known, with the industry of each."""
    scorer = Scorer(release, estimates="exclude")
    frame = scorer.score(scorer.evaluation.facts.company_ids)
    known = frame[(frame["status"] == "ok") & frame["ticker"].notna()]
    return known.iloc[:: max(1, len(known) // count)].head(count)[["company_id", "industry"]]


def generated(names: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Daily returns without an effect: beta times the market, an industry's common part, and a name's own."""
    rng = np.random.Generator(np.random.PCG64(seed))
    days = pd.bdate_range(FIRST, LAST)
    industry, group = np.unique(names["industry"].to_numpy(dtype=str), return_inverse=True)
    market = 0.010 * _fat(rng, (days.size, 1))
    common = 0.008 * _fat(rng, (days.size, industry.size))[:, group]
    own = rng.uniform(0.008, 0.02, len(names)) * _fat(rng, (days.size, len(names)))
    table = pd.DataFrame(rng.uniform(0.5, 1.5, len(names)) * market + common + own, days, names["company_id"])
    table["market"] = market
    return table.rename_axis(index="date", columns="ticker").stack().rename("return").reset_index()


def _fat(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Student's t of four degrees of freedom, of spread one."""
    return rng.standard_t(4, shape) / np.sqrt(2)


def main() -> int:
    """Run the campaign; 1 if some figure is found more often than chance allows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first", type=int, default=1, help="first seed")
    parser.add_argument("--names", type=int, default=60)
    arguments = parser.parse_args()
    release = open_release()
    names = names_of(release, arguments.names)
    found: Counter[str] = Counter()
    events: list[int] = []
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(arguments.first, arguments.first + arguments.seeds):
            path = Path(folder) / f"{seed}.parquet"
            generated(names, seed).to_parquet(path)
            given = read_returns(path, "market")
            study = event_study(release, given.table, given.market, seed=seed)
            events.append(len(study.events))
            for row in (*study.pooled, study.difference, study.placebo):
                found[row.figure] += not row.low <= 0 <= row.high
            path.unlink()
            print(f"seed {seed}: {dict(found)}", file=sys.stderr, flush=True)
    acts, seconds = f"{min(events)} to {max(events)} acts", time.perf_counter() - begin
    print(f"{arguments.seeds} seeds, {len(names)} names, {acts}, release {release.version}, {seconds:.0f} s")
    most = int(binom.isf(DOUBT, arguments.seeds, LEVEL))
    failed = False
    for figure in (*FIGURES, "act_given_beta", "act less china_share", "act on random days"):
        too_often = found[figure] > most
        failed |= too_often
        print(f"{figure:22} {found[figure]:4} findings, {found[figure] / arguments.seeds:6.1%}"
              + (f"  more than {most}" if too_often else ""))  # fmt: skip
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
