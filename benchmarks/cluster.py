"""One and two Dask workers on the same panel, written by half-year: worker processes on this machine."""

from __future__ import annotations

import math
import tempfile
import time

from dask.distributed import Client, LocalCluster

from benchmarks.measure import Result
from benchmarks.synthetic import AS_OF, SyntheticRelease
from scoring.panels import PanelJob, business_days
from service.cluster import run as run_panel
from service.dataset import open_dataset
from service.jobs.panel import PanelDataset

COMPANIES = 34_000
"""So many that one worker is busy for about a minute."""


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
    ]


def _seconds(job: PanelDataset, workers: int) -> float:
    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster),
        tempfile.TemporaryDirectory() as folder,
    ):
        start = time.perf_counter()
        for _ in run_panel(job, folder, open_dataset(job, folder), "dask", cluster.scheduler_address):
            pass
        return time.perf_counter() - start
