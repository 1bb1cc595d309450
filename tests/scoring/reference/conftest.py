"""Copies of the working tables to spoil, and releases built from them."""

import csv
import datetime as dt
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scoring.reference.releases.build import build_release

ROOT = Path(__file__).parents[3]
REFERENCE = ROOT / "data" / "reference"
CREATED = dt.date(2026, 11, 23)


class Tables:
    """A copy of the working tables, whose cells a test changes."""

    def __init__(self, folder: Path):
        self.folder = folder
        shutil.copytree(REFERENCE, folder)

    def rows(self, table):
        with (self.folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    def write(self, table, rows):
        with (self.folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)

    def line_of(self, table, **cells):
        """Line of the first row with these cells."""
        header, *rows = self.rows(table)
        wanted = {header.index(column): value for column, value in cells.items()}
        return next(i for i, row in enumerate(rows, 2) if all(row[at] == value for at, value in wanted.items()))

    def set(self, table, line, **cells):
        """Change cells of the row on a line; the real tables have one line per row."""
        rows = self.rows(table)
        for column, value in cells.items():
            rows[line - 1][rows[0].index(column)] = value
        self.write(table, rows)


@pytest.fixture(scope="session")
def created():
    return CREATED


@pytest.fixture(scope="session")
def reference():
    return REFERENCE


@pytest.fixture(scope="session")
def copy_tables():
    """Make a copy of the working tables in a new folder."""
    return Tables


@pytest.fixture
def tables(tmp_path):
    return Tables(tmp_path / "reference")


@pytest.fixture(scope="session")
def store(tmp_path_factory):
    """Store with one release of the real tables; not to be changed."""
    folder = tmp_path_factory.mktemp("store")
    build_release(REFERENCE, folder, "2026.10.0", CREATED, None)
    return folder


@pytest.fixture
def own_store(store, tmp_path):
    """Copy of that store, to be changed."""
    return Path(shutil.copytree(store, tmp_path / "store"))


_CHILD = """
import datetime as dt, os, signal, sys, time
from pathlib import Path
from scoring.errors import ReleaseExistsError
from scoring.reference.releases.build import build_release

source, store, ready = (Path(text) for text in sys.argv[1:4])

{hook}

try:
    build_release(source, store, "2026.11.0", dt.date(2026, 11, 23), "2026.10.0")
except ReleaseExistsError:
    sys.exit(17)
"""


@pytest.fixture(scope="session")
def start_builder():
    """Start a real process that builds 2026.11.0 after 2026.10.0, with `hook` installed before it begins."""

    def start(store, hook="", ready="."):
        command = [sys.executable, "-c", _CHILD.format(hook=hook), str(REFERENCE), str(store), str(ready)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)

    return start
