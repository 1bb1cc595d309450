"""A built wheel, installed alone, scores from an empty directory."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.command import ROOT


@pytest.fixture(scope="module", autouse=True)
def no_other_path() -> Iterator[None]:
    """No PYTHONPATH: it would come before what is installed."""
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("PYTHONPATH", raising=False)
        yield


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """Environment that has this project from its wheel, and the dependencies of the test environment.

    A path file lends it the other packages: it makes them importable but does not run their own path files, so
    the project's editable install stays out of sight.
    """
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    (wheel,) = folder.glob("*.whl")
    environment = folder / "env"
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", wheel], check=True, timeout=300)
    packages = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    Path(packages, "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return environment


def test_scores_from_an_empty_directory(installed, tmp_path):
    run = subprocess.run(
        [installed / "bin" / "exposure", "score", "8035.T", "--as-of", "2024-09-02", "--format", "json"],
        cwd=tmp_path, capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    (row,) = json.loads(run.stdout)
    assert (row["release"], row["methodology"]) == ("2026.12.0", "2026.2")
    assert row["score"] == pytest.approx(49.494572656, abs=1e-9)
    where = subprocess.run(
        [installed / "bin" / "python", "-c", "import scoring; print(scoring.__file__)"],
        cwd=tmp_path, capture_output=True, check=True, text=True,
    ).stdout  # fmt: skip
    assert where.startswith(str(installed)), "the code under test comes from the wheel"


def test_release_and_methodology_come_with_it(installed, tmp_path):
    exposure = installed / "bin" / "exposure"
    verified = subprocess.run([exposure, "release", "verify"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert verified.returncode == 0, verified.stderr
    assert "2026.12.0" in verified.stdout
    listed = subprocess.run([exposure, "methodology", "list"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert {"2026.1", "2026.2"} <= set(listed.stdout.split())
