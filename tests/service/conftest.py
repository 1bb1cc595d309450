"""Servers to ask, and a release that follows the bundled one."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scoring.data import data_directory
from scoring.reference.releases.build import build_release
from scoring.reference.releases.release import Release
from tests.conftest import RELEASE
from tests.service.serverprocess import Server, make_key, running

Serving = Callable[..., Server]


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    """Starts servers with options of its own; all are stopped at the end of the test."""
    started: list[Server] = []

    def start(*options: str, **environment: str) -> Server:
        started.append(Server(tmp_path / f"server-{len(started)}.log", *options, **environment))
        return started[-1]

    yield start
    for server in started:
        server.http.close()
        server.stop()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Server without keys over the bundled release."""
    with running(tmp_path_factory.mktemp("open") / "server.log", "--release", RELEASE) as started:
        yield started


@pytest.fixture(scope="session")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """Server with keys, and a key that may read and administer."""
    folder = tmp_path_factory.mktemp("guarded")
    key = make_key(folder / "keys.json", "everything", "read", "admin")["key"]
    options = ("--release", RELEASE, "--key-file", str(folder / "keys.json"), "--rate-limit", "1000000/minute")
    with running(folder / "server.log", *options) as started:
        yield started, key


@pytest.fixture(scope="session")
def newer(tmp_path_factory: pytest.TempPathFactory, release: Release) -> Path:
    """Folder of a release that follows the bundled one, with another China share of Tokyo Electron."""
    folder = tmp_path_factory.mktemp("newer")
    tables, store = folder / "tables", folder / "store"
    shutil.copytree(data_directory() / "reference", tables)
    path = tables / "revenue.csv"
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["company_id"] == "tokyo-electron":
            row["china_share"], row["china_revenue"], row["total_revenue"], row["unit"] = "0.111", "", "", ""
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    shutil.copytree(data_directory() / "releases" / release.version, store / release.version)
    year, month, _ = map(int, release.version.split("."))
    version = f"{year + 1}.{month:02}.0"
    build_release(tables, store, version, dt.date(year + 1, month, 1), release.version)
    return store / version


@pytest.fixture
def store(tmp_path: Path, release: Release) -> Path:
    """Store that holds the bundled release alone."""
    folder = tmp_path / "store"
    shutil.copytree(data_directory() / "releases" / release.version, folder / release.version)
    return folder
