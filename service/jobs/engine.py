"""Where the partitions of a job are computed: here, or by the workers of a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Final, Literal

from scoring.errors import InputError
from scoring.reference.releases.store import locate
from service.jobs.dataset import write_partition
from service.jobs.job import Job

Engine = Literal["local", "dask"]
_TIMEOUT: Final = 10
"""Seconds to wait for a scheduler."""

_RETRIES: Final = 5
"""Times that a partition is begun again after its worker was lost."""


def run(
    job: Job, folder: str, stages: list[list[str]], engine: Engine = "local", scheduler: str | None = None
) -> Iterator[str]:
    """Write the partitions of some stages, one stage after the other; each partition as it is done.

    A lost worker's partition is computed again by another. The bytes are the same as on one machine, because a
    partition is computed by the same function from the same job.

    Parameters
    ----------
    job : Job
    folder : str
        Folder or URL that all workers can write.
    stages : list of list of str
        What `service.jobs.dataset.open_dataset` says is missing.
    engine : {"local", "dask"}
    scheduler : str, optional
        Address such as ``tcp://host:8786``, or ``local`` for worker processes on this machine; of engine ``dask``.

    Raises
    ------
    InputError
        Dask is not installed, or the scheduler cannot be reached.
    OutputError
        The folder cannot be written.
    """
    if engine == "local":
        for stage in stages:
            for partition in stage:
                yield write_partition(job, folder, partition)
        return
    # Workers run in folders of their own: a path from here would lead elsewhere there.
    folder = str(locate(folder).absolute())
    with _client(scheduler) as client:
        as_completed: Any = import_module("dask.distributed").as_completed
        # The job with its release goes to every worker once, and not with every partition.
        shared = client.scatter(job, broadcast=True)
        for stage in stages:
            futures = [
                client.submit(write_partition, shared, folder, partition, pure=False, retries=_RETRIES)
                for partition in stage
            ]
            for future in as_completed(futures):
                yield future.result()


@contextmanager
def _client(scheduler: str | None) -> Iterator[Any]:
    try:
        distributed: Any = import_module("dask.distributed")
    except ImportError:
        raise InputError("engine", "dask is not installed", 'install "exposure-risk[cluster]"') from None
    if scheduler in (None, "local"):
        cluster = distributed.LocalCluster(processes=True, threads_per_worker=1, dashboard_address=None)
        with cluster, distributed.Client(cluster) as client:
            yield client
        return
    try:
        client = distributed.Client(scheduler, timeout=_TIMEOUT)
    except (OSError, TimeoutError, ValueError) as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise InputError(
            "scheduler", f"{scheduler} cannot be reached ({reason})", "start `dask scheduler`, or use --scheduler local"
        ) from None
    try:
        yield client
    finally:
        client.close()
