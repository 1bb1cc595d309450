"""What a reader of the documents has beside a folder: a bucket, a cluster, and the web."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import create_connection, socket
from time import monotonic, sleep

import pytest

from scoring.data import data_directory
from scoring.reference.releases.release import open_release
from service.publishing.moves import promote
from service.publishing.publish import publish
from tests.e2e.documents.blocks import Block
from tests.e2e.documents.reader import furnish
from tests.e2e.documents.shell import Place, Shell
from tests.e2e.documents.sources import ADDRESSES, PUBLISHED, furnish_sources
from tests.service import objectstore

BIN = Path(sys.executable).parent


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that documents name."""
    folder = tmp_path_factory.mktemp("desk")
    furnish(folder)
    return folder


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """An object store with the bucket that documents name, in which an earlier release was promoted."""
    with objectstore.bucket("bucket") as address:
        publish(open_release("2026.11.1"), f"{address}/releases")
        promote(f"{address}/releases", "2026.11.1", dt.date(2026, 11, 23))
        yield address


@pytest.fixture(scope="module")
def cluster(bucket: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A scheduler and a worker, started as docs/scale.md says."""
    with closing(socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    folder = tmp_path_factory.mktemp("cluster")
    scheduler = [BIN / "dask", "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    worker = [BIN / "dask", "worker", address, "--nthreads", "1", "--nworkers", "1", "--no-dashboard"]
    with (folder / "log").open("wb") as log:
        started = [subprocess.Popen(command, cwd=folder, stdout=log, stderr=log) for command in (scheduler, worker)]
    end = monotonic() + 60
    while True:
        try:
            create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            assert monotonic() < end, (folder / "log").read_text()
            sleep(0.1)
    yield address
    for process in reversed(started):
        process.terminate()
        process.wait(timeout=40)


class _Web(BaseHTTPRequestHandler):
    """Gives what public sources publish, and takes what is told."""

    def do_GET(self) -> None:
        name = self.path.rpartition("/")[2]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(PUBLISHED["set.zip" if name.endswith(".zip") else name])

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def web() -> Iterator[str]:
    """Address of what documents call by the addresses of others."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Web)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def sources(web: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses of public sources, and who asks them, as settings of the environment."""
    monkeypatch.setenv("EXPOSURE_DATA_USER_AGENT", "Reader reader@example.com")
    monkeypatch.setenv("EXPOSURE_DATA_SEC_DATA_SETS", f"{web}/{{year}}q{{quarter}}.zip")
    for setting, name in ADDRESSES.items():
        monkeypatch.setenv(f"EXPOSURE_DATA_{setting}", f"{web}/{name}")


@pytest.fixture
def shell(desk: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[[Block], Shell]]:
    """Opens a shell in a fresh copy of the folder, for one block."""
    opened: list[Shell] = []

    def fixture(name: str) -> Place:
        return lambda _: request.getfixturevalue(name)

    def open_shell(block: Block) -> Shell:
        folder = tmp_path / "desk"
        shutil.copytree(desk, folder)
        if "exposure data" in block.text:
            furnish_sources(folder)
            request.getfixturevalue("sources")
        if "releases/" in block.text:
            newest = "2026.12.0"
            shutil.copytree(data_directory() / "releases" / newest, folder / "releases" / newest)
        opened.append(
            Shell(
                folder,
                {
                    "s3://bucket": fixture("bucket"),
                    "tcp://host:8786": fixture("cluster"),
                    "tcp://10.0.0.1:8786": fixture("cluster"),
                    "https://desk.example/hook": fixture("web"),
                    "/etc/exposure/secret": lambda _: "secret",
                    "0.0.0.0": lambda _: "127.0.0.1",
                    " A B": lambda _: " 2026.11.0 2026.12.0",
                    " ID": lambda shell: " " + shell.found(r"^(\w+) .* operator$"),
                    "PROPOSAL": lambda shell: shell.found(r"(sec-filings-\w+)"),
                },
                as_processes=block.document == "docs/index.md",
            )
        )
        return opened[-1]

    yield open_shell
    for one in opened:
        one.leave()
