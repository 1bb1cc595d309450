"""`exposure sweep` and `exposure intervals` through the real command: written, taken up again, refused."""

from __future__ import annotations

import re
import shutil
import subprocess

import pandas as pd
import pytest

from service.jobs.dataset import read_dataset
from tests.e2e.command import EXPOSURE, exposure, refused, rows_of

AS_OF = "2024-09-02"
DOCUMENT = """scenario_id: mine
title: Servicing licences lapse in the Netherlands
changes:
  - {op: end_rules, rule_ids: [nl-2024-09-06-servicing]}
"""


def test_a_sweep_is_what_each_scenario_gives(tmp_path):
    done = exposure("sweep", "8035.T", "ASML", "--as-of", AS_OF, "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "1 partition written, 0 kept" in done.stderr.decode()
    frame = read_dataset(tmp_path / "out")
    name = "jp-matches-us-servicing-ban"
    given = ("score", "8035.T", "ASML", "--as-of", AS_OF, "--scenario", name, "--format", "csv")
    for row in rows_of(exposure(*given).stdout):
        assert frame.loc[(pd.Timestamp(AS_OF), name, row["query"]), "score"] == pytest.approx(
            float(row["score"]), abs=1e-9
        )
    again = exposure("sweep", "8035.T", "ASML", "--as-of", AS_OF, "-o", tmp_path / "out")
    assert "0 partitions written, 1 kept" in again.stderr.decode()


def test_intervals_are_those_of_score(tmp_path):
    drawn = ("--draws", "96", "--seed", "3", "--as-of", AS_OF)
    done = exposure("intervals", "8035.T", "XXXX", *drawn, "-o", tmp_path / "out")
    assert done.returncode == 3
    assert "XXXX" in done.stderr.decode()
    row = rows_of(exposure("score", "8035.T", "--uncertainty", *drawn, "--format", "csv").stdout)[0]
    found = read_dataset(tmp_path / "out").loc["8035.T"]
    for name in ("score", "score_p05", "score_p95", "rank_p05", "rank_p95"):
        assert found[name] == pytest.approx(float(row[name]), abs=1e-9)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (("sweep", "ASML", "--start", "2024-09-07", "--end", "2024-09-08"), ("start", "widen the range")),
        (("sweep", "ASML", "--start", "2025-01-01", "--end", "2024-01-01"), ("start", "after the end")),
        (("sweep", "ASML", "--scenarios", "no-such"), ("no-such", "exposure scenario list")),
        (("sweep", "ASML", "--scenarios", "truce-expires-november-2026", "--scenarios", "truce-expires-november-2026"),
         ("scenarios", "given twice")),
        (("intervals", "ASML", "--draws", "0"), ("draws", "1048576")),
        (("intervals", "ASML", "--draws", "10000000"), ("draws", "1048576")),
        (("panel", "ASML", "--start", "2024-01-01", "--freq", "Y"), ("freq", "use one of")),
    ],
)  # fmt: skip
def test_bad_input_is_refused_before_anything_is_written(command, expected, tmp_path):
    refused(*command, "-o", tmp_path / "out", names=expected)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (("sweep", "ASML", "--as-of", AS_OF, "--start", AS_OF), ("--as-of", "--start begins a range")),
        (("sweep", "ASML", "--freq", "M"), ("--start", "range of days")),
        (("sweep", "ASML", "--scheduler", "tcp://127.0.0.1:9"), ("--scheduler", "--engine dask")),
    ],
)
def test_options_that_do_not_go_together(command, expected, tmp_path):
    done = exposure(*command, "-o", tmp_path / "out")
    assert done.returncode == 2
    for name in expected:
        assert name in done.stderr.decode()
    assert not (tmp_path / "out").exists()


def test_a_folder_without_scenarios(tmp_path):
    (tmp_path / "mine").mkdir()
    given = ("sweep", "ASML", "--as-of", AS_OF, "--scenarios", tmp_path / "mine", "-o", tmp_path / "out")
    refused(*given, names=("scenarios", "no YAML or JSON document"))
    (tmp_path / "mine" / "mine.yaml").write_text(DOCUMENT, encoding="utf-8")
    given = ("sweep", "ASML", "--as-of", "2024-09-30", *given[4:])
    done = exposure(*given)
    assert done.returncode == 0, done.stderr
    assert read_dataset(tmp_path / "out").loc[(pd.Timestamp("2024-09-30"), "mine", "ASML"), "change"] < 0


@pytest.fixture
def small_disk():
    """Command of a shell that may mount file systems of its own."""
    alone = [shutil.which("unshare") or "unshare", "--map-root-user", "--mount", "sh", "-euc"]
    try:
        subprocess.run([*alone, "mount -t tmpfs -o size=64k tmpfs /mnt"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this machine lets nobody mount a file system")
    return alone


def test_a_full_disk_keeps_what_is_finished(small_disk, tmp_path):
    command = f"{EXPOSURE} panel AMAT ASML 8035.T 7203.T --start 2020-01-01 --end 2025-12-31 -o {tmp_path}/out"
    steps = (
        f"mount -t tmpfs -o size=64k tmpfs {tmp_path}",
        f"{command} && exit 1 || true",
        f"(cd {tmp_path}/out && find . -name '*.parquet' | sort | xargs sha256sum; find . -name '.*.parquet*')",
        f"mount -o remount,size=4m {tmp_path}",
        command,
        f"(cd {tmp_path}/out && find . -name '*.parquet' | sort | xargs sha256sum)",
    )
    done = subprocess.run([*small_disk, "\n".join(steps)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    full, written = done.stderr.strip().splitlines()
    assert full.startswith("error: --output: ")
    assert "No space left on device" in full
    assert "finished partitions are kept" in full
    kept = 12 - int(re.search(r"(\d+) partitions? written, (\d+) kept", written)[1])
    assert 0 < kept < 12
    sums = done.stdout.strip().splitlines()
    assert len(sums) == kept + 12
    assert set(sums[:kept]) <= set(sums[kept:])
