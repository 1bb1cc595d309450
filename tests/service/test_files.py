"""A file is written whole or not at all, whoever writes it and however it fails."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from scoring.errors import OutputError
from service.files import write_output, write_whole

ROOT = Path(__file__).parents[2]
LIMIT = 512
"""Bytes that a file may have in the test of a writer that fails half-way; every result below is larger."""

LIMITED = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, ({LIMIT}, {LIMIT}))
from service.cli import main
sys.argv[0] = "exposure"
main()
"""


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_and_one_that_replaces_it(tmp_path: Path) -> None:
    path = tmp_path / "out.bin"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert names_in(tmp_path) == ["out.bin"]


def test_a_file_that_is_there_may_be_kept(tmp_path: Path) -> None:
    path = tmp_path / "out.bin"
    write_whole(path, b"one", replace=False)
    write_whole(path, b"two", replace=False)
    assert path.read_bytes() == b"one"
    assert names_in(tmp_path) == ["out.bin"]


def test_of_many_writers_of_a_new_file_the_first_wins(tmp_path: Path) -> None:
    path, contents = tmp_path / "out.bin", [bytes([number]) * 4096 for number in range(16)]
    threads = [threading.Thread(target=write_whole, args=(path, data), kwargs={"replace": False}) for data in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_bytes() in contents
    assert names_in(tmp_path) == ["out.bin"]


def test_permissions_stay_unless_they_are_given(tmp_path: Path) -> None:
    path = tmp_path / "out.bin"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_whole(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    write_whole(path, b"secret", mode=0o600)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    write_whole(tmp_path / "keys", b"secret", mode=0o600)
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o600


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    write_whole(tmp_path / "pipe", b"through")
    reader.join()
    assert read == [b"through"]


@pytest.mark.parametrize("name", ["none/out.bin", "folder", "a\0b"])
def test_what_cannot_be_written_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError) as caught:
        write_output(tmp_path / name, b"data", "--receipt")
    assert caught.value.field == "--receipt"
    assert "cannot be written" in caught.value.problem
    assert names_in(tmp_path) == ["folder"]
    assert names_in(tmp_path / "folder") == []


COMMANDS = {
    "score --receipt": ("score", "ASML", "--as-of", "2026-07-31", "--receipt"),
    "history --png": ("history", "ASML", "--start", "2024-01-31", "--end", "2024-09-30", "--png"),
    "score -o": ("score", "ASML", "--as-of", "2026-07-31", "--format", "csv", "-o"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_fails_half_way_leaves_the_old_file(tmp_path: Path, command: str) -> None:
    path = tmp_path / "out"
    path.write_bytes(b"old")
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, *COMMANDS[command], str(path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert "File too large" in done.stderr
    assert "Fix: " in done.stderr
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == ["out"]


def test_keys_and_ingested_rates_are_whole_too(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text('{"version": 1, "keys": []}')
    (tmp_path / "revenue.csv").write_text("currency,period_end\n" + "JPY,2024-03-31\nEUR,2023-12-31\n" * 40)
    (tmp_path / "exchange_rates.csv").write_text("old")
    for command in (
        ("key", "create", "x" * LIMIT, "--key-file", str(keys)),
        ("data", "ingest", "ecb", "--reference", str(tmp_path)),
    ):
        done = subprocess.run(
            [sys.executable, "-c", LIMITED.replace(str(LIMIT), "64"), *command],
            capture_output=True,
            cwd=ROOT,
            check=False,
        )
        assert done.returncode != 0, done
    assert keys.read_text() == '{"version": 1, "keys": []}'
    assert (tmp_path / "exchange_rates.csv").read_text() == "old"
    assert [name for name in names_in(tmp_path) if not name.endswith(".lock")] == [
        "exchange_rates.csv",
        "keys.json",
        "revenue.csv",
    ]
