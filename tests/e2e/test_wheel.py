"""A built wheel, with each extra and exactly what that requires: what it can do, and what it says it cannot."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from scoring.reference.releases.release import open_release
from scoring.scorer import Scorer
from tests.e2e.installation import build_wheel, install
from tests.service.serverprocess import Server, running

HEAVY = {"numpy", "pandas", "pyarrow", "numba", "llvmlite", "scipy", "sklearn", "fastapi", "typer"}
AS_OF = "2024-09-02"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def client_alone(wheel) -> Path:
    environment = wheel.parent / "client"
    install(wheel, environment, "client")
    return environment


@pytest.fixture(scope="module")
def with_score(wheel) -> Path:
    environment = wheel.parent / "score"
    install(wheel, environment, "score")
    return environment


@pytest.fixture(scope="module")
def served(wheel) -> Iterator[Server]:
    environment = wheel.parent / "serve"
    install(wheel, environment, "serve")
    command = [str(environment / "bin" / "exposure")]
    with running(environment / "server.log", command=command, PYTHONPATH="") as server:
        yield server


def run(environment: Path, cwd: Path, *arguments: str, program: str = "exposure") -> subprocess.CompletedProcess[str]:
    """Run a program of an environment, without a PYTHONPATH, which would come before what is installed."""
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [environment / "bin" / program, *arguments]
    return subprocess.run(command, cwd=cwd, env=plain, capture_output=True, text=True, timeout=300, check=False)


def test_scores_from_an_empty_directory(with_score, tmp_path):
    done = run(with_score, tmp_path, "score", "8035.T", "--as-of", AS_OF, "--format", "json")
    assert done.returncode == 0, done.stderr
    (row,) = json.loads(done.stdout)
    assert (row["release"], row["methodology"]) == ("2026.12.0", "2026.2")
    assert row["score"] == pytest.approx(49.494572656, abs=1e-9)
    where = run(with_score, tmp_path, "-c", "import scoring; print(scoring.__file__)", program="python").stdout
    assert where.startswith(str(with_score)), "the code under test comes from the wheel"


def test_release_and_methodology_come_with_it(with_score, tmp_path):
    verified = run(with_score, tmp_path, "release", "verify")
    assert verified.returncode == 0, verified.stderr
    assert "2026.12.0" in verified.stdout
    listed = run(with_score, tmp_path, "methodology", "list")
    assert {"2026.1", "2026.2"} <= set(listed.stdout.split())


@pytest.mark.parametrize(
    "arguments",
    [
        ("explain", "8035.T", "--as-of", AS_OF),
        ("risk", "8035.T", "--detail", "--as-of", AS_OF),
        ("history", "8035.T", "--start", "2026-01-02", "--freq", "Q"),
        ("screen", "--country", "JP", "--top", "3"),
        ("scenario", "run", "match-act-enacted", "8035.T"),
        ("event", "us-2022-10-07-sme-home", "--top", "2"),
        ("estimate", "show", "AXTI"),
        ("--help",),
    ],
    ids=lambda arguments: arguments[0],
)
def test_the_other_commands_need_no_other_extra(with_score, tmp_path, arguments):
    done = run(with_score, tmp_path, *arguments)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("arguments", "extra"),
    [
        (("serve",), "serve"),
        (("key", "list"), "serve"),
        (("mcp",), "mcp"),
        (("data", "nightly", "sec"), "ingest"),
        (("alert", "8035.T", "--from", "2025-01-02", "--threshold", "5"), "ingest"),
        (("score", "book.xlsx"), "excel"),
        (("history", "8035.T", "--start", "2026-01-02", "--png", "a.png"), "charts"),
        (("report", "8035.T", "-o", "a.pdf"), "report"),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, tuple) else value,
)
def test_a_command_without_its_extra_says_which(with_score, tmp_path, arguments, extra):
    openpyxl.Workbook().save(tmp_path / "book.xlsx")
    one_line(run(with_score, tmp_path, *arguments), f'"exposure-risk[{extra}]"')


@pytest.mark.parametrize("arguments", [(), ("--help",), ("score", "8035.T"), ("release", "list")], ids=str)
def test_the_command_without_extras_says_which_has_it(client_alone, tmp_path, arguments):
    one_line(run(client_alone, tmp_path, *arguments), 'pip install "exposure-risk[score]"')


def one_line(done: subprocess.CompletedProcess[str], named: str) -> None:
    assert (done.returncode, done.stdout) == (2, ""), done
    assert done.stderr.startswith("error: ")
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert named in done.stderr
    assert "Fix: " in done.stderr


def test_the_library_without_extras_says_which_has_it(client_alone, tmp_path):
    program = (
        "import scoring\n"
        "from scoring.errors import ExposureError\n"
        "for name in ('open_release', 'Scorer', 'Facts', 'screen'):\n"
        "    try: getattr(scoring, name)\n"
        "    except ExposureError as error: print(error)\n"
        "print(scoring.Explanation.__name__)\n"
    )
    done = run(client_alone, tmp_path, "-c", program, program="python")
    *told, last = done.stdout.splitlines()
    assert [line.partition(":")[0] for line in told] == [
        f"scoring.{name}" for name in ("open_release", "Scorer", "Facts", "screen")
    ]
    assert all(line.endswith('Fix: pip install "exposure-risk[score]"') for line in told)
    assert last == "Explanation", "the documents of answers are part of the client"


def test_the_client_alone_is_small(client_alone):
    (packages,) = client_alone.glob("lib/python3*/site-packages")
    assert not HEAVY & {path.name for path in packages.iterdir()}
    files = [path for top in packages.iterdir() for path in (top.resolve().rglob("*") if top.is_dir() else [top])]
    size = sum(path.stat().st_size for path in files if path.is_file())
    assert 10e6 < size < 60e6


ASKING = """
import asyncio, sys
from service.client import AsyncClient, Client
from scoring.errors import ExposureError

url = sys.argv[1]
try:
    Client(url)
except ExposureError as error:
    print(error, file=sys.stderr)
with Client(url, tables="rows") as client:
    when = {"as_of": "2024-09-02"}
    (row,) = client.score(["8035.T"], **when)
    print(row["score"])
    assert client.explain("8035.T", **when).score == row["score"]
    assert client.history("8035.T", "2024-08-01", **when).points
    assert client.receipt(["8035.T"], **when).content_sha256()
    assert client.revenue_at_risk(["8035.T"], **when)[0]["company_id"] == "tokyo-electron"
    assert client.revenue_at_risk_detail("8035.T", **when).parts
    assert client.changes("2024-07-31", "2024-09-02", ["8035.T"]).rows
    assert client.evaluate_scenario("match-act-enacted", ["8035.T"], **when)
    assert client.event_impact("us-2022-10-07-sme-home", ["AMAT"])
    assert client.portfolio([{"ticker": "8035.T", "weight": 1}], **when).long
    assert client.coverage([{"ticker": "8035.T"}], **when).names
    assert len(client.screen(country="JP", sector="Energy", **when)) > 1
    assert len(client.basket(2, **when)) == 4
    assert client.companies("tokyo", **when)
    assert client.company("tokyo-electron", **when).facts
    assert client.reference("rules", **when)
    assert client.threat("JP", **when).events
    assert "<" in client.explain("8035.T", **when)._repr_html_()

async def one():
    async with AsyncClient(url, tables="rows") as client:
        return await client.score(["8035.T", "no such"], as_of="2024-09-02")
print(len(asyncio.run(one())), asyncio.run(one())[1]["score"])
"""


def test_the_client_alone_asks_everything(client_alone, served, tmp_path):
    done = run(client_alone, tmp_path, "-c", ASKING, served.url, program="python")
    assert done.returncode == 0, done.stderr
    score, rows = done.stdout.splitlines()
    assert float(score) == pytest.approx(Scorer(open_release(), AS_OF).score("8035.T")["score"][0], abs=1e-9)
    assert rows == "2 None"
    assert done.stderr.startswith("tables: 'pandas' needs the package pandas, which is not installed. Fix: ")
    assert len(done.stderr.splitlines()) == 1
