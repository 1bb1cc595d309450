"""A disk that is full at any step from a file to a release: a clear error, nothing half written, and again it works."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from scoring.errors import OutputError
from scoring.reference.releases.build import build_release
from scoring.reference.releases.pointer import last_move
from scoring.reference.releases.release import list_releases, open_release
from scoring.reference.releases.validate import validate
from service.ingest.proposal import list_proposals, open_proposal
from service.ingest.review import Choice, decide
from service.publishing.moves import promote
from service.publishing.publish import publish
from tests.service.ingest.conftest import Working
from tests.service.ingest.test_proposals import filing, taken

OLD, NEW = list_releases()[-2:]
DAY = dt.date(2026, 11, 27)


class Disk:
    """A small file system of its own, which can be made larger."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        folder.mkdir()
        self._mount("size", size)

    def grow(self, size: int) -> None:
        self._mount("remount,size", size)

    def fill(self) -> None:
        """Take all that is left."""
        with (self.folder / ".filler").open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * 4096)
            except OSError:
                return

    def files(self) -> list[str]:
        found = (path.relative_to(self.folder) for path in self.folder.rglob("*") if path.is_file())
        return sorted(str(path) for path in found if path.name != ".filler")

    def _mount(self, option: str, size: int) -> None:
        command = ["mount", "-t", "tmpfs", "-o", f"{option}={size}", "none", str(self.folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"a disk cannot be mounted here: {done.stderr.strip()}")


@pytest.fixture
def disk(tmp_path) -> Iterator[Disk]:
    made: list[Disk] = []

    def make(size: int) -> Disk:
        made.append(Disk(tmp_path / f"disk-{len(made)}", size))
        return made[-1]

    if shutil.which("mount") is None:
        pytest.skip("there is no mount here")
    yield make
    for one in made:
        subprocess.run(["umount", str(one.folder)], check=False, capture_output=True)


def working_without_a_figure(tmp_path: Path) -> Working:
    working = Working(tmp_path)
    working.without("revenue", company_id="nvidia", fiscal_year="2025")
    return working


@pytest.mark.parametrize("size", [4096, 8192, 12288])
def test_taking(tmp_path, disk, size):
    working, small = working_without_a_figure(tmp_path), disk(size)
    working.proposals = small.folder / "proposals"
    path = tmp_path / "nvda-10-k-2025-02-26.htm"
    filing(working_at(tmp_path, working), path.name)
    small.fill()
    with pytest.raises(OutputError, match="proposals cannot be written"):
        taken(working, path)
    assert (list_proposals(working.proposals), small.files()) == ([], [])
    (small.folder / ".filler").unlink()
    small.grow(2**20)
    assert len(taken(working, path).rows) == 1


def working_at(folder: Path, working: Working) -> Working:
    """The same tables, with a folder for files that is not on the small disk."""
    other = object.__new__(Working)
    other.reference, other.proposals = working.reference, folder / "proposals"
    return other


@pytest.mark.parametrize("left", [0, 100_000])
def test_accepting(tmp_path, disk, left):
    working = working_without_a_figure(tmp_path)
    size = sum(-(-path.stat().st_size // 4096) * 4096 for path in working.reference.iterdir())
    small = disk(size + 65536 + left)
    shutil.copytree(working.reference, small.folder / "reference")
    proposal = taken(working, filing(working))
    working.reference = small.folder / "reference"
    small_free = shutil.disk_usage(small.folder).free
    (small.folder / ".filler").write_bytes(b"\0" * max(0, small_free - left - 4096))
    before = working.bytes()
    with pytest.raises(OutputError, match=r"\.csv cannot be written"):
        decide(working.proposals, proposal.name, working.reference, Choice(), "accepted")
    assert working.bytes()["revenue.csv"] == before["revenue.csv"]
    assert open_proposal(working.proposals, proposal.name).decisions == {}
    assert [name for name in small.files() if name.endswith(".part")] == []
    validate(working.reference)
    (small.folder / ".filler").unlink()
    small.grow(4 * size)
    decide(working.proposals, proposal.name, working.reference, Choice(), "accepted")
    assert sum(row["company_id"] == "nvidia" and row["fiscal_year"] == "2025" for row in working.rows("revenue")) == 1


def test_building(tmp_path, disk):
    working, small = Working(tmp_path), disk(2**20)
    store = small.folder / "store"
    with pytest.raises(OutputError, match="store cannot be written"):
        build_release(working.reference, store, "2026.11.0", DAY, None)
    assert (list_releases(store), small.files()) == ([], [])
    small.grow(64 * 2**20)
    release = build_release(working.reference, store, "2026.11.0", DAY, None)
    assert open_release("2026.11.0", store).sha256 == release.sha256


@pytest.mark.parametrize("size", [4096, 100_000, 300_000, 500_000])
def test_publishing(disk, size):
    small, release = disk(size), open_release(OLD)
    store = str(small.folder / "store")
    with pytest.raises(OutputError, match="cannot be written"):
        publish(release, store)
    assert list_releases(store) == []
    assert [name for name in small.files() if name.endswith(".part")] == []
    small.grow(64 * 2**20)
    assert publish(release, store) is True
    assert open_release(OLD, store).sha256 == release.sha256


def test_promoting(disk):
    small = disk(64 * 2**20)
    store = str(small.folder / "store")
    for version in (OLD, NEW):
        publish(open_release(version), store)
    promote(store, OLD, DAY)
    small.fill()
    with pytest.raises(OutputError, match="cannot be written"):
        promote(store, NEW, DAY)
    assert (last_move(store).number, open_release(None, store).version) == (1, OLD)
    (small.folder / ".filler").unlink()
    promote(store, NEW, DAY)
    assert open_release(None, store).version == NEW
