"""The house stays a house: short files, and folders that are taken in at a glance."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOMS = ("scoring", "service", "tests", "benchmarks")
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))

LINES, FILES_OF_A_FOLDER = 400, 16


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_file_is_long():
    lines = {name(path): len(path.read_text("utf-8").splitlines()) for path in FILES}
    assert {path: n for path, n in lines.items() if n > LINES} == {}


def test_no_folder_is_crowded():
    files = Counter(path.parent for path in FILES if path.name != "__init__.py")
    assert {name(folder): n for folder, n in files.items() if n > FILES_OF_A_FOLDER} == {}


def test_tests_mirror_the_packages():
    """A folder of tests is called as the package it tests."""
    for room in ("scoring", "service", "benchmarks"):
        folders = {path.relative_to(ROOT / "tests") for path in (ROOT / "tests" / room).rglob("*") if path.is_dir()}
        stray = [str(folder) for folder in folders if folder.name != "__pycache__" and not (ROOT / folder).is_dir()]
        assert stray == []
