"""Sweeps and intervals as datasets: the numbers of the one-call functions, the same bytes from Dask workers."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

import scoring
from scoring.columns import INTERVAL
from scoring.errors import InputError, OutputError
from scoring.scenario import list_scenarios, load_scenario
from scoring.scorer import Scorer
from scoring.uncertainty import intervals
from service.jobs.dataset import open_dataset, read_dataset
from service.jobs.engine import run
from service.jobs.intervals import IntervalsDataset
from service.jobs.sweep import SweepDataset

TICKERS = ["8035.T", "ASML NA", "AMAT", "7203.T"]
DAYS = [dt.date(2024, 9, 2), dt.date(2025, 10, 31)]


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def sweep(release):
    return SweepDataset(release, TICKERS, DAYS, [load_scenario(name) for name in list_scenarios()])


@pytest.fixture(scope="module")
def drawn(release):
    return IntervalsDataset(release, TICKERS, DAYS[0], draws=150, seed=7)


def written(job, folder, *engine):
    list(run(job, str(folder), open_dataset(job, folder), *engine))
    return contents(folder)


def test_a_sweep_has_the_score_under_each_scenario(release, sweep, tmp_path):
    written(sweep, tmp_path)
    frame = read_dataset(tmp_path)
    assert len(frame) == len(DAYS) * len(list_scenarios()) * len(TICKERS)
    for day in DAYS:
        base = Scorer(release, day).score(TICKERS)["score"].to_numpy()
        for name in ("truce-expires-november-2026", "jp-matches-us-servicing-ban"):
            fresh = Scorer(release, day, scenario=name).score(TICKERS)["score"].to_numpy()
            rows = frame.loc[str(day), name]
            np.testing.assert_array_equal(rows.loc[TICKERS, "score"], fresh)
            np.testing.assert_array_equal(rows.loc[TICKERS, "change"], fresh - base)


def test_drawn_partitions_are_the_intervals(release, drawn, tmp_path):
    written(drawn, tmp_path)
    frame = read_dataset(tmp_path)
    scorer = Scorer(release, DAYS[0])
    whole = intervals(scorer.evaluation, 150, 7)
    company = drawn.panel.company
    np.testing.assert_array_equal(frame["score"], scorer.evaluation.score[company])
    for position, part in enumerate(("p05", "p50", "p95")):
        np.testing.assert_array_equal(frame[f"score_{part}"], whole.score[position, company])
        np.testing.assert_array_equal(frame[f"rank_{part}"], whole.rank[position, company])


@pytest.mark.parametrize("name", ["sweep", "drawn"])
def test_workers_write_the_same_bytes_and_go_on_where_they_stopped(name, request, tmp_path):
    job = request.getfixturevalue(name)
    single = written(job, tmp_path / "single")
    missing = open_dataset(job, tmp_path / "many")
    first = next(iter(run(job, str(tmp_path / "many"), missing)))
    rest = open_dataset(job, tmp_path / "many")
    assert first in missing[0]
    assert first not in rest[0]
    assert written(job, tmp_path / "many", "dask", "local") == single
    assert open_dataset(job, tmp_path / "many") == [[] for _ in missing]


def test_draws_that_cannot_be_read_again(drawn, tmp_path):
    first, last = open_dataset(drawn, tmp_path)
    list(run(drawn, str(tmp_path), [first]))
    (tmp_path / first[0]).write_bytes(b"not Parquet")
    with pytest.raises(OutputError, match=r"part-0001.parquet cannot be read"):
        list(run(drawn, str(tmp_path), [last]))
    (tmp_path / first[0]).unlink()
    with pytest.raises(OutputError, match="run the same command again"):
        list(run(drawn, str(tmp_path), [last]))
    list(run(drawn, str(tmp_path), open_dataset(drawn, tmp_path)))
    assert len(read_dataset(tmp_path)) == len(drawn.panel.assets)


def test_many_draws_make_blocks_small(release):
    some = release.columns("companies")["company_id"][:40].tolist()
    assert len(IntervalsDataset(release, some, DAYS[0]).stages()[1]) == 1
    assert len(IntervalsDataset(release, some, DAYS[0], draws=2**20).stages()[1]) == 3  # 16 assets to a block


def test_a_store_behind_a_url(sweep, drawn):
    for job, folder in ((sweep, "memory://sweep"), (drawn, "memory://drawn")):
        list(run(job, folder, open_dataset(job, folder)))
        assert open_dataset(job, folder) == [[] for _ in job.stages()]
        assert len(read_dataset(folder))


def test_bad_jobs_are_refused(release):
    one = load_scenario("truce-expires-november-2026")
    with pytest.raises(InputError, match="given twice"):
        SweepDataset(release, TICKERS, DAYS, [one, one])
    with pytest.raises(InputError, match="none is given"):
        SweepDataset(release, TICKERS, DAYS, [])
    for draws in (0, 10**7):
        with pytest.raises(InputError, match="draws"):
            IntervalsDataset(release, TICKERS, DAYS[0], draws=draws)


ESTIMATED, KNOWN = "JPM", "AMAT"


@pytest.mark.parametrize("estimates", ["include", "exclude", "only"])
def test_estimates_are_in_a_sweep_and_in_intervals_as_asked(estimates, tmp_path):
    universe = scoring.open_release("2026.12.0")
    day = universe.last_as_of
    scenarios = [load_scenario("cn-mineral-ban-japan")]
    basis = {"methodology": "2026.2", "estimates": estimates}
    written(SweepDataset(universe, [ESTIMATED, KNOWN], [day], scenarios, **basis), tmp_path / "sweep")
    written(IntervalsDataset(universe, [ESTIMATED, KNOWN], day, draws=64, **basis), tmp_path / "intervals")
    row = read_dataset(tmp_path / "sweep").loc[str(day), "cn-mineral-ban-japan"]
    interval = read_dataset(tmp_path / "intervals")
    shown = {"include": {ESTIMATED, KNOWN}, "exclude": {KNOWN}, "only": {ESTIMATED}}[estimates]
    for name in (ESTIMATED, KNOWN):
        for numbers in (row.loc[name, ["score", "change"]], interval.loc[name, ["score", *INTERVAL]]):
            assert numbers.isna().all() == (name not in shown)
            assert numbers.isna().any() == (name not in shown)
