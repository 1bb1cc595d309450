"""Long work: a job has a folder that every worker reads, so any of them can say how far it is and send its parts.

The folder is a dataset as `exposure panel` writes it (`service.jobs.dataset`). Who computes holds a lock on it, so a
job whose worker was killed is seen to have stopped; asking for it again goes on with what is missing.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import json
import os
import re
import shutil
import time
from pathlib import Path
from typing import Any, Final, Literal

from scoring.errors import ExposureError
from scoring.steps import step
from service.files import write_whole
from service.http import logs
from service.http.errors import RefusedError
from service.http.lanes import Lane
from service.jobs.dataset import MANIFEST, describe, open_dataset, partitions, write_partition
from service.jobs.job import Job

State = Literal["running", "done", "failed", "stopped"]

_FAILURE: Final = ".failure.json"
_NAME: Final = re.compile(r"[0-9a-f]{32}")


class Work:
    """The jobs of a service.

    Parameters
    ----------
    folder : Path or None
        Where they are kept; None: there are no jobs here.
    lane : Lane
        What computes them.
    keep_seconds : float
        How long a job is kept after its last part.
    """

    def __init__(self, folder: Path | None, lane: Lane, keep_seconds: float) -> None:
        self._folder, self._lane, self._keep = folder, lane, keep_seconds
        self._tasks: set[asyncio.Task[None]] = set()

    async def begin(self, job: Job, key: str | None) -> str:
        """Begin a job, or go on with it, unless it is done or at work already.

        Parameters
        ----------
        job : Job
        key : str or None
            Who asks: the same job of another key is another one.

        Returns
        -------
        str
            Its name: what it is computed from, and for whom, decides it.

        Raises
        ------
        RefusedError
            There are no jobs here, or enough already.
        OutputError
            The folder cannot be written.
        """
        name = hashlib.sha256(f"{key}:{describe(job)['sha256']}".encode()).hexdigest()[:32]
        folder = self._root() / name
        self._forget_old()
        missing = open_dataset(job, folder)
        lock = _lock_of(folder)
        if not any(missing) or not _locks(lock):
            os.close(lock)
            return name
        (folder / _FAILURE).unlink(missing_ok=True)
        task = asyncio.create_task(self._run(job, folder, missing, key))
        task.add_done_callback(lambda _: os.close(lock))
        await asyncio.sleep(0)  # by now the lane has refused it if it has no room
        if task.done():
            task.result()
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return name

    def close(self) -> None:
        """Begin nothing more; what is at work ends at its next step."""
        for task in self._tasks:
            task.cancel()
        self._lane.close()

    def state(self, name: str) -> dict[str, Any]:
        """What a job is and how far it is.

        Raises
        ------
        RefusedError
            There is no such job, or no longer.
        """
        folder = self._of(name)
        about = json.loads((folder / MANIFEST).read_bytes())
        done = len(partitions(folder))
        parts = [part for part in about["result"] if (folder / part).exists()]
        state: State = "done" if len(parts) == len(about["result"]) else "stopped"
        failure = None
        if state != "done":
            lock = _lock_of(folder)
            try:
                if not _locks(lock):
                    state = "running"
                elif (folder / _FAILURE).exists():
                    state, failure = "failed", json.loads((folder / _FAILURE).read_bytes())
            finally:
                os.close(lock)
        return {
            "job_id": name,
            "kind": about["kind"],
            "state": state,
            "parts_written": done,
            "parts": len(about["result"]) if state == "done" else 0,
            "release": about["release"],
            "methodology": about["methodology"],
            "unresolved": about["unresolved"],
            "failure": failure,
        }

    def part(self, name: str, number: int) -> bytes:
        """A part of the result of a job, as Parquet; numbers begin with 1.

        Raises
        ------
        RefusedError
            There is no such job or part, or it is not there yet.
        """
        folder = self._of(name)
        result = json.loads((folder / MANIFEST).read_bytes())["result"]
        path = folder / result[number - 1] if 1 <= number <= len(result) else None
        if path is None or not path.exists():
            raise RefusedError("not-found", "number", f"{number} is no part that is there", f"ask /v1/jobs/{name}")
        return path.read_bytes()

    async def _run(self, job: Job, folder: Path, missing: list[list[str]], key: str | None) -> None:
        def work() -> None:
            for stage in missing:
                for partition in stage:
                    step()
                    write_partition(job, str(folder), partition)

        try:
            await self._lane.run(work, key)
        except RefusedError as refusal:
            if refusal.code in ("busy", "key-busy"):
                raise  # it was never begun
            _tell(folder, refusal)
        except ExposureError as error:
            _tell(folder, error)
        except Exception as error:
            logs.write_failure(error, job=folder.name)
            _tell(folder, ExposureError("service", "failed; the log says why, under the name of the job", "ask again"))

    def _root(self) -> Path:
        if self._folder is None:
            raise RefusedError("not-found", "path", "there are no jobs here", "ask the operator for --jobs-folder")
        return self._folder

    def _of(self, name: str) -> Path:
        folder = self._root() / name
        if not _NAME.fullmatch(name) or not (folder / MANIFEST).exists():
            raise RefusedError("not-found", "job_id", "there is no such job, or no longer", "POST it again")
        return folder

    def _forget_old(self) -> None:
        root = self._root()
        root.mkdir(parents=True, exist_ok=True)
        oldest = time.time() - self._keep
        for folder in root.iterdir():
            if (
                _NAME.fullmatch(folder.name)
                and max(path.stat().st_mtime for path in (folder, *folder.iterdir())) < oldest
            ):
                shutil.rmtree(folder, ignore_errors=True)


def _lock_of(folder: Path) -> int:
    # A file of its own: what is written into the folder locks the folder itself for a moment.
    return os.open(folder / ".lock", os.O_CREAT | os.O_RDWR, 0o600)


def _locks(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _tell(folder: Path, error: ExposureError) -> None:
    told = {"field": error.field, "problem": error.problem, "fix": error.fix}
    write_whole(folder / _FAILURE, json.dumps(told).encode())
