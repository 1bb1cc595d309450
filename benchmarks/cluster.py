"""One and two Dask workers on the same panel, written by half-year; sweeps and intervals written by one process."""

from __future__ import annotations

import math
import tempfile
import time

from dask.distributed import Client, LocalCluster

from benchmarks.measure import Result
from benchmarks.synthetic.release import AS_OF, SyntheticRelease
from benchmarks.synthetic.scenarios import scenarios
from scoring.methodology import load_methodology
from scoring.timeseries.calendar import business_days
from scoring.timeseries.panel import PanelJob
from service.jobs.dataset import open_dataset
from service.jobs.engine import run as write
from service.jobs.intervals import IntervalsDataset
from service.jobs.job import Job
from service.jobs.panel import PanelDataset
from service.jobs.sweep import SweepDataset

COMPANIES = 40_000
"""So many that one worker is busy for more than a minute."""

_NAMES, _SCENARIOS, _DAYS, _DRAWS = 12_000, 256, 3, 1024


def run(companies: int = COMPANIES) -> list[Result]:
    """Seconds and speed-up; starting the workers is not counted, sending them the release is."""
    release = SyntheticRelease(companies, years=12)
    days = business_days(release, "2018-07-02", AS_OF)
    panel = PanelJob(release, release.columns("companies")["company_id"].tolist(), days, columns=("score",))
    job = PanelDataset(panel)
    seconds = {workers: _seconds(job, workers) for workers in (1, 2)}
    cells = len(days) * len(panel.assets)
    title = f"panel of {companies} names x {len(days)} days"
    return [
        Result(f"{title}, one worker", seconds[1], math.inf, "s"),
        Result(f"{title}, two workers", seconds[2], math.inf, "s"),
        Result("two Dask workers / one", seconds[1] / seconds[2], -1.6, "x"),
        Result("cost of 10^9 cells on one worker", seconds[1] / cells * 1e9, math.inf, "s"),
        *_alone(),
    ]


def _alone() -> list[Result]:
    """A sweep and intervals as one process writes them, the loops compiled beforehand."""
    release = SyntheticRelease(_NAMES, customers=False)  # with named customers a sweep is single evaluations
    names, facts = release.columns("companies")["company_id"].tolist(), load_methodology().facts(release, AS_OF)
    days = business_days(release, AS_OF[:8] + "01", AS_OF)[-_DAYS:]
    sweep = SweepDataset(release, names, days, scenarios(facts, _SCENARIOS))
    _written(sweep)
    seconds, scores = _written(sweep), _SCENARIOS * _DAYS * _NAMES
    drawn = _written(IntervalsDataset(release, names, facts.as_of, _DRAWS))
    return [
        Result(f"sweep of {_SCENARIOS} scenarios on {_DAYS} days of {_NAMES} names, written", seconds, math.inf, "s"),
        Result("cost of 10^9 scores, each with its change", seconds / scores * 1e9, math.inf, "s"),
        Result(f"intervals of {_NAMES} names from {_DRAWS} draws, written", drawn, math.inf, "s"),
    ]


def _written(job: Job) -> float:
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        for _ in write(job, folder, open_dataset(job, folder)):
            pass
        return time.perf_counter() - start


def _seconds(job: PanelDataset, workers: int) -> float:
    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster),
        tempfile.TemporaryDirectory() as folder,
    ):
        start = time.perf_counter()
        for _ in write(job, folder, open_dataset(job, folder), "dask", cluster.scheduler_address):
            pass
        return time.perf_counter() - start
