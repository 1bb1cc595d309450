"""Panel datasets: atomic, resumable, refused where they do not belong; the same from Dask workers and on S3."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time

import pandas as pd
import pytest
import s3fs

from scoring.errors import InputError, OutputError
from scoring.timeseries.calendar import business_days
from scoring.timeseries.panel import PanelJob, panel
from service.jobs.dataset import MANIFEST, open_dataset, read_dataset, write_partition
from service.jobs.engine import run
from service.jobs.panel import PanelDataset
from tests.service import objectstore

PARTS = [f"year={year}/part-{part}.parquet" for year in range(2022, 2027) for part in (1, 2)][1:]
"""The range begins in October 2022."""

TICKERS = ["8035.T", "ASML NA", "AMAT", "7203.T"]


@pytest.fixture(scope="module")
def job(release):
    return PanelDataset(PanelJob(release, TICKERS, business_days(release, "2022-10-03", "2026-07-31")))


@pytest.fixture(scope="module")
def whole(release):
    return panel(release, TICKERS, "2022-10-03", "2026-07-31")


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_dataset_is_the_panel(job, whole, tmp_path):
    assert open_dataset(job, tmp_path / "panel") == job.stages() == [PARTS]
    assert list(run(job, str(tmp_path / "panel"), [PARTS])) == PARTS
    pd.testing.assert_frame_equal(read_dataset(tmp_path / "panel"), whole, check_index_type=False, check_names=False)
    assert open_dataset(job, tmp_path / "panel") == [[]]


def test_what_is_finished_is_kept(job, tmp_path):
    open_dataset(job, tmp_path)
    write_partition(job, str(tmp_path), PARTS[3])
    written = (tmp_path / PARTS[3]).stat().st_mtime_ns
    assert open_dataset(job, tmp_path) == [PARTS[:3] + PARTS[4:]]
    list(run(job, str(tmp_path), open_dataset(job, tmp_path)))
    assert (tmp_path / PARTS[3]).stat().st_mtime_ns == written
    (tmp_path / PARTS[2]).unlink()
    with pytest.raises(InputError, match="lacks"):
        read_dataset(tmp_path)


def test_another_jobs_folder_is_refused(release, job, tmp_path):
    open_dataset(job, tmp_path)
    before = contents(tmp_path)
    other = PanelDataset(PanelJob(release, TICKERS[:2], job.job.days))
    with pytest.raises(OutputError, match="another job"):
        open_dataset(other, tmp_path)
    assert contents(tmp_path) == before
    (tmp_path / MANIFEST).write_text("{")
    with pytest.raises(OutputError, match="no manifest"):
        open_dataset(job, tmp_path)
    (tmp_path / MANIFEST).unlink()
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(OutputError, match="something else"):
        open_dataset(job, tmp_path)


def test_of_two_jobs_in_one_folder_one_is_refused(release, job, tmp_path):
    jobs = [job, PanelDataset(PanelJob(release, TICKERS[:2], job.job.days))]
    for attempt in range(100):
        start, outcomes = threading.Barrier(2), {}

        def begin(i, folder=tmp_path / str(attempt), start=start, outcomes=outcomes):
            start.wait()
            try:
                outcomes[i] = open_dataset(jobs[i], folder)
            except OutputError as error:
                outcomes[i] = error

        threads = [threading.Thread(target=begin, args=(i,)) for i in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        refused = [i for i in (0, 1) if isinstance(outcomes[i], OutputError)]
        assert len(refused) == 1
        manifest = json.loads((tmp_path / str(attempt) / MANIFEST).read_text())
        assert manifest["assets"] == jobs[1 - refused[0]].about()["assets"]
        assert [path.name for path in (tmp_path / str(attempt)).iterdir()] == [MANIFEST]


def test_a_limit_on_files_keeps_what_is_finished(job, tmp_path):
    """The manifest fits under the limit, a partition does not."""
    code = (
        "import resource, signal, sys, scoring, datetime as dt\n"
        "from scoring.timeseries.calendar import business_days\n"
        "from scoring.timeseries.panel import PanelJob\n"
        "from service.jobs.dataset import open_dataset, write_partition\n"
        "from service.jobs.panel import PanelDataset\n"
        f"release = scoring.open_release({job.job.release.version!r})\n"
        f"job = PanelDataset(PanelJob(release, {TICKERS!r}, business_days(release, '2022-10-03', '2026-07-31')))\n"
        "open_dataset(job, sys.argv[1]); write_partition(job, sys.argv[1], 'year=2022/part-2.parquet')\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))\n"
        "try:\n    write_partition(job, sys.argv[1], 'year=2023/part-1.parquet')\n"
        "except Exception as error:\n    print(type(error).__name__, error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("OutputError output: ")
    assert "finished partitions are kept" in done.stdout
    assert set(contents(tmp_path)) == {MANIFEST, PARTS[0]}
    assert open_dataset(job, tmp_path) == [PARTS[1:]]


@pytest.fixture(scope="module")
def single(job, tmp_path_factory):
    folder = tmp_path_factory.mktemp("single")
    open_dataset(job, folder)
    list(run(job, str(folder), [PARTS]))
    return contents(folder)


def start(*arguments, port):
    process = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 30
    import socket

    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.1)
    raise TimeoutError(arguments)


def free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def stop(*processes):
    for process in processes:
        if process.poll() is None:
            process.kill()  # a worker whose scheduler is gone first waits for it to come back
    for process in processes:
        process.wait(timeout=20)


def test_a_worker_is_lost_and_the_scheduler_starts_again(job, single, tmp_path, monkeypatch):
    """Real processes: a worker is killed while it works, the scheduler too; the job is taken up and ends the same."""
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    scheduler = start("dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", port=port)
    nannyless = ["--nthreads", "1", "--no-nanny", "--no-dashboard"]
    workers = [
        subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_worker", address, *nannyless],
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(2)
    ]  # fmt: skip
    try:
        from dask.distributed import Client

        with Client(address, timeout=20) as client:
            client.wait_for_workers(2, timeout=30)
        missing = open_dataset(job, tmp_path)
        done = run(job, str(tmp_path), missing, "dask", address)
        first = next(done)
        os.kill(workers[0].pid, signal.SIGKILL)  # what it was computing is computed again by the other
        second = next(done)
        assert {first, second} <= set(missing[0])
        done.close()
        stop(scheduler, *workers)
        kept = open_dataset(job, tmp_path)
        assert len(kept[0]) <= len(PARTS) - 2
        scheduler = start("dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", port=port)
        workers = [
            subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_worker", address, *nannyless],
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        ]  # fmt: skip
        monkeypatch.chdir(tmp_path.parent)  # the workers are elsewhere, and write where the folder is
        assert sorted(run(job, tmp_path.name, kept, "dask", address)) == kept[0]
    finally:
        stop(scheduler, *workers)
    assert contents(tmp_path) == single


def test_a_local_cluster_gives_the_same_bytes(job, single, tmp_path):
    open_dataset(job, tmp_path)
    assert sorted(run(job, str(tmp_path), [PARTS], "dask", "local")) == PARTS
    assert contents(tmp_path) == single


def test_a_scheduler_that_is_not_there(job, tmp_path, monkeypatch):
    monkeypatch.setattr("service.jobs.engine._TIMEOUT", 1)
    with pytest.raises(InputError, match="cannot be reached"):
        list(run(job, str(tmp_path), [PARTS], "dask", f"tcp://127.0.0.1:{free_port()}"))
    with pytest.raises(InputError, match="cannot be reached"):
        list(run(job, str(tmp_path), [PARTS], "dask", "nonsense://x"))


@pytest.fixture
def bucket():
    """A bucket of S3 over HTTP, seen by a file system of its own."""
    with objectstore.bucket("panels"):
        yield s3fs.S3FileSystem(skip_instance_cache=True)


def test_an_object_store(job, single, bucket):
    folder = "s3://panels/chips"
    assert open_dataset(job, folder) == [PARTS]
    list(run(job, folder, [PARTS[:3]]))
    assert open_dataset(job, folder) == [PARTS[3:]]
    list(run(job, folder, [PARTS[3:]]))
    for name, data in single.items():
        assert bucket.cat(f"panels/chips/{name}") == data
    assert json.loads(bucket.cat(f"panels/chips/{MANIFEST}"))["assets"] == TICKERS
    assert len(read_dataset(folder)) == len(job.job.days) * len(TICKERS)


def test_workers_write_to_an_object_store(job, single, bucket):
    folder = "s3://panels/workers"
    open_dataset(job, folder)
    list(run(job, folder, [PARTS], "dask", "local"))
    assert {name: bucket.cat(f"panels/workers/{name}") for name in single} == single


def test_a_bucket_that_is_not_there(job, bucket):
    with pytest.raises(OutputError, match="s3://nowhere/chips cannot be written"):
        open_dataset(job, "s3://nowhere/chips")


def test_a_store_that_does_not_answer(job, bucket, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    s3fs.S3FileSystem.clear_instance_cache()
    with pytest.raises(OutputError, match="cannot be written"):
        open_dataset(job, "s3://panels/chips")
