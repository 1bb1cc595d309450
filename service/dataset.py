"""A panel as a Parquet dataset, one partition per year: atomic, resumable, and the same on one machine or many.

Layout::

    job.json                 what the panel is computed from, with its hash
    year=2024/part.parquet   rows of a year, sorted by date and then by asset
"""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import json
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from scoring.errors import InputError, OutputError
from scoring.panel import PanelJob
from scoring.reference.release import locate

MANIFEST: Final = "job.json"
_PART: Final = "part.parquet"


def describe(job: PanelJob) -> dict[str, Any]:
    """What a panel is computed from, with the hash by which two jobs are the same."""
    about = {
        "release": job.release.version,
        "release_sha256": job.release.sha256,
        "methodology": job.methodology.version,
        "methodology_sha256": job.methodology.sha256,
        "scenario": job.scenario.scenario_id if job.scenario else None,
        "scenario_sha256": job.scenario.sha256 if job.scenario else None,
        "columns": list(job.columns),
        "assets": job.assets,
        "unresolved": job.unresolved,
        "days": [day.isoformat() for day in job.days],
    }
    content = json.dumps(about, sort_keys=True)
    return {"format": 1, "sha256": hashlib.sha256(content.encode()).hexdigest(), **about}


def open_dataset(job: PanelJob, folder: str | Path) -> list[int]:
    """Make the folder of a dataset, or take up one that the same job began; the years that are not there yet.

    Raises
    ------
    OutputError
        The folder holds another job's partitions or something else, or cannot be written.
    """
    target, about = locate(folder), describe(job)
    try:
        if (target / MANIFEST).exists():
            begun = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
            if begun.get("sha256") != about["sha256"]:
                raise OutputError(
                    "output", f"{folder} holds the panel of another job", "choose another folder, or delete this one"
                )
        elif target.exists() and any(True for _ in target.iterdir()):
            raise OutputError("output", f"{folder} holds something else", "choose an empty or a new folder")
        else:
            if isinstance(target, Path):
                target.mkdir(parents=True, exist_ok=True)
            _put(target, MANIFEST, (json.dumps(about, indent=1) + "\n").encode())
        return [year for year in years(job) if not (target / f"year={year}" / _PART).exists()]
    except OSError as error:
        raise _unwritable(folder, error) from None
    except ValueError:
        raise OutputError("output", f"{folder}/{MANIFEST} is no manifest", "choose another folder") from None


def years(job: PanelJob) -> list[int]:
    """Years of a job, in order."""
    return sorted({day.year for day in job.days})


def write_year(job: PanelJob, folder: str, year: int) -> int:
    """Compute and write one partition; the same bytes wherever it runs.

    Returns
    -------
    int
        Rows written.

    Raises
    ------
    OutputError
        The folder cannot be written; nothing half-written stays.
    """
    table = pa.concat_tables(list(_tables(_of_year(job, year))))
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    try:
        _put(locate(folder) / f"year={year}", _PART, sink.getvalue().to_pybytes())
    except OSError as error:
        raise _unwritable(folder, error) from None
    return int(table.num_rows)


def _of_year(job: PanelJob, year: int) -> PanelJob:
    part = copy.copy(job)
    part.days = [day for day in job.days if day.year == year]
    return part


def _tables(job: PanelJob) -> Iterator[pa.Table]:
    assets = pa.array(job.assets)
    for days, columns in job.parts():
        date = np.repeat(np.array(days, dtype="datetime64[D]"), len(job.assets))
        asset = pa.concat_arrays([assets] * len(days))
        values = {name: pa.array(column.ravel(), from_pandas=True) for name, column in columns.items()}
        yield pa.table({"date": pa.array(date), "asset": asset, **values})


def _put(folder: Any, name: str, data: bytes) -> None:
    """Write a file all at once or not at all: by one rename, or on object storage by one put."""
    if not isinstance(folder, Path):
        (folder / name).write_bytes(data)
        return
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{name}-{uuid.uuid4().hex}"
    try:
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / name)
    finally:
        draft.unlink(missing_ok=True)


def _unwritable(folder: object, error: OSError) -> OutputError:
    reason = error.strerror or str(error)
    return OutputError(
        "output",
        f"{folder} cannot be written ({reason}); finished years are kept",
        "free space or mend the permission, and run the same command again",
    )


def read_panel(folder: str | Path) -> Any:
    """Dataset as a frame with a MultiIndex (date, asset), as `scoring.panel.panel` gives it.

    Raises
    ------
    InputError
        There is no complete panel in the folder.
    """
    import pandas as pd

    target = locate(folder)
    try:
        about = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise InputError("panel", f"{folder} has no {MANIFEST}", "name the folder of a panel") from None
    wanted = sorted({dt.date.fromisoformat(day).year for day in about["days"]})
    missing = [year for year in wanted if not (target / f"year={year}" / _PART).exists()]
    if missing:
        raise InputError("panel", f"{folder} lacks {missing[0]}", "run the command that began it again")
    frames = [pd.read_parquet(target / f"year={year}" / _PART) for year in wanted]
    frame: Any = pd.concat(frames, ignore_index=True)
    frame["date"] = pd.to_datetime(frame["date"])
    return frame.set_index(["date", "asset"])
