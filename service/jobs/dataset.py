"""Datasets: what a job computes, as Parquet partitions in a folder or an object store; atomic and resumable.

Layout::

    job.json                   what the dataset is computed from, with its hash
    year=2024/part-1.parquet   partitions, named by the kind of job
"""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from scoring.errors import InputError, OutputError
from scoring.reference.releases.store import locate, reaching
from service.files import write_whole
from service.jobs.job import Job

MANIFEST: Final = "job.json"
_FORMAT: Final = 2


def describe(job: Job) -> dict[str, Any]:
    """What a job is computed from, with the hash by which two jobs are the same, and its result."""
    about = job.about()
    content = json.dumps(about, sort_keys=True)
    result = {"keys": list(job.keys), "result": job.stages()[-1]}
    return {"format": _FORMAT, "sha256": hashlib.sha256(content.encode()).hexdigest(), **about, **result}


def open_dataset(job: Job, folder: str | Path) -> list[list[str]]:
    """Make the folder of a dataset, or take up one that the same job began.

    Returns
    -------
    list of list of str
        Partitions that are not there yet, by stage.

    Raises
    ------
    OutputError
        The folder holds another job's partitions or something else, or cannot be written.
    """
    target, about = locate(folder), describe(job)
    try:
        with reaching(target):
            begun = _begin(target, (json.dumps(about, indent=1) + "\n").encode())
            there = partitions(target)
    except OSError as error:
        raise _unwritable(folder, error) from None
    if begun is None:
        raise OutputError("output", f"{folder} holds something else", "choose an empty or a new folder")
    try:
        manifest = json.loads(begun)
        same = (manifest["format"], manifest["sha256"]) == (_FORMAT, about["sha256"])
    except (ValueError, TypeError, KeyError):
        raise OutputError("output", f"{folder}/{MANIFEST} is no manifest", "choose another folder") from None
    if not same:
        raise OutputError(
            "output", f"{folder} holds the partitions of another job", "choose another folder, or delete this"
        )
    return [[name for name in stage if name not in there] for stage in job.stages()]


def _begin(folder: Any, manifest: bytes) -> bytes | None:
    """Write the manifest if the folder is empty; what the manifest is then, None for a folder of something else.

    Of two jobs that begin in one folder, one finds the manifest of the other.
    """
    if not (folder / MANIFEST).exists():
        if folder.exists() and any(not path.name.startswith(".") for path in folder.iterdir()):
            return None
        _put(folder, MANIFEST, manifest, replace=False)
    return (folder / MANIFEST).read_bytes()


def write_partition(job: Job, folder: str, partition: str) -> str:
    """Compute and write one partition; the same bytes wherever it runs.

    Returns
    -------
    str
        The partition.

    Raises
    ------
    OutputError
        The folder cannot be written; nothing half-written stays.
    """
    target, sink = locate(folder), pa.BufferOutputStream()
    writer = None
    for table in job.tables(partition, target):
        if writer is None:
            writer = pq.ParquetWriter(sink, table.schema, compression="zstd")
        writer.write_table(table)
    if writer is not None:
        writer.close()
    where, name = partition.split("/")
    try:
        with reaching(target):
            _put(target / where, name, sink.getvalue().to_pybytes())
    except OSError as error:
        raise _unwritable(folder, error) from None
    return partition


def read_dataset(folder: str | Path) -> Any:
    """Result of a job as a frame indexed by its keys, such as (date, asset) for a panel.

    Raises
    ------
    InputError
        There is no complete dataset in the folder.
    """
    import pandas as pd

    target = locate(folder)
    try:
        with reaching(target):
            begun, there = (target / MANIFEST).read_text(encoding="utf-8"), partitions(target)
        about = json.loads(begun)
        keys, wanted = about["keys"], about["result"]
    except (OSError, ValueError, TypeError, KeyError):
        raise InputError("dataset", f"{folder} has no {MANIFEST}", "name the folder of a dataset") from None
    missing = [name for name in wanted if name not in there]
    if missing:
        raise InputError("dataset", f"{folder} lacks {missing[0]}", "run the command that began it again")
    try:
        with reaching(target):
            files = [(target / name).read_bytes() for name in wanted]
    except OSError as error:
        raise InputError(
            "dataset", f"{folder} cannot be read ({error})", "check your permission, or try again"
        ) from None
    frames = [pd.read_parquet(io.BytesIO(data)) for data in files]
    frame: Any = pd.concat(frames, ignore_index=True)
    if "date" in keys:
        frame["date"] = pd.to_datetime(frame["date"])
    return frame.set_index(keys)


def partitions(target: Any) -> set[str]:
    """Partitions that are there; a store is listed once and not asked for each."""
    if not isinstance(target, Path):
        return {f"{path.parent.name}/{path.name}" for path in target.glob("*/part-*.parquet")}
    # A pattern for the folder would look into drafts as well, which are gone the next moment.
    folders = [path for path in target.iterdir() if not path.name.startswith(".") and path.is_dir()]
    return {f"{path.parent.name}/{path.name}" for folder in folders for path in folder.glob("part-*.parquet")}


def _put(folder: Any, name: str, data: bytes, *, replace: bool = True) -> None:
    """Write a file all at once or not at all: by one rename, or on object storage by one put."""
    if isinstance(folder, Path):
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / name, data, replace=replace)
    else:
        (folder / name).write_bytes(data)


def _unwritable(folder: object, error: OSError) -> OutputError:
    reason = error.strerror or str(error)
    return OutputError(
        "output",
        f"{folder} cannot be written ({reason}); finished partitions are kept",
        "free space or mend the permission, and run the same command again",
    )
