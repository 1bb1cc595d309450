"""Drafts: hidden while they are written, gone afterwards, and swept when their writer was killed."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scoring.reference.drafts import draft_in
from service.files import write_whole

WRITER = """
import sys, time
from pathlib import Path
from scoring.reference.drafts import draft_in
with draft_in(Path(sys.argv[1])) as draft:
    (draft / "part").write_bytes(b"half")
    print(draft.name, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def writer(tmp_path: Path):
    """A process that is writing a draft, and the name of that."""
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield process, process.stdout.readline().strip()
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_draft_is_gone_afterwards(tmp_path: Path) -> None:
    with draft_in(tmp_path) as draft:
        assert draft.name.startswith(".")
        (draft / "part").write_bytes(b"whole")
        (draft / "part").rename(tmp_path / "there")
    with pytest.raises(ZeroDivisionError), draft_in(tmp_path):
        1 / 0  # noqa: B018
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


def test_what_a_killed_writer_left_is_swept_by_the_next(tmp_path: Path, writer) -> None:
    process, name = writer
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert (tmp_path / name / "part").read_bytes() == b"half"
    write_whole(tmp_path / "other.csv", b"all")
    assert [path.name for path in tmp_path.iterdir()] == ["other.csv"]


def test_a_draft_that_is_being_written_is_left_alone(tmp_path: Path, writer) -> None:
    _, name = writer
    write_whole(tmp_path / "other.csv", b"all")
    assert {path.name for path in tmp_path.iterdir()} == {"other.csv", name}
    assert (tmp_path / name / "part").read_bytes() == b"half"


def test_many_writers_of_one_folder_leave_what_they_wrote(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from service.files import write_whole\n"
        "for i in range(50): write_whole(Path(sys.argv[1]) / f'{sys.argv[2]}-{i}', b'x' * 1000)"
    )
    started = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), str(n)]) for n in range(4)]
    assert [process.wait() for process in started] == [0] * 4
    assert {path.stat().st_size for path in tmp_path.iterdir()} == {1000}
    assert len(list(tmp_path.iterdir())) == 200
