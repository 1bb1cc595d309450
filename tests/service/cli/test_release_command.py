"""`exposure release`, run as a user runs it."""

import datetime as dt
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def run(*arguments, **options):
    command = [sys.executable, "-c", "from service.cli import main; main()", "release", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, **options)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Store with two releases that the command built itself, the second with one changed share."""
    folder = tmp_path_factory.mktemp("cli")
    changed = Path(shutil.copytree(ROOT / "data" / "reference", folder / "reference"))
    text = (changed / "revenue.csv").read_text("utf-8")
    spoiled, count = re.subn(r"(?m)^(asml,2024,[^,]*,[^,]*,[^,]*,)[^,]*,[^,]*,[^,]*", r"\g<1>,,0.5", text)
    assert count == 1
    (changed / "revenue.csv").write_text(spoiled, "utf-8")
    first = run("build", "--store", folder / "store", "--version", "2026.10.0")
    second = run("build", "--store", folder / "store", "--version", "2026.11.1", "--source", changed)
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert "built 2026.11.1" in second.stdout
    assert second.stderr == ""  # no progress bar into a pipe
    return folder / "store"


def test_list(store):
    found = json.loads(run("list", "--store", store, "--json").stdout)
    assert [one["version"] for one in found] == ["2026.10.0", "2026.11.1"]
    assert [one["parent"] for one in found] == [None, "2026.10.0"]
    assert "2026.11.1" in run("list", "--store", store).stdout


def test_list_names_a_release_that_does_not_verify(store, tmp_path):
    copy = shutil.copytree(store, tmp_path / "store")
    with (copy / "2026.10.0" / "rules.parquet").open("ab") as file:
        file.write(b"x")
    done = run("list", "--store", copy)
    assert done.returncode == 0
    assert "not usable" in done.stdout
    assert "2026-07-31" in done.stdout, "the other one is listed as ever"
    problems = [one["problem"] for one in json.loads(run("list", "--store", copy, "--json").stdout)]
    assert "rules.parquet" in problems[0]
    assert problems[1] is None


def test_list_of_an_empty_store(tmp_path):
    assert "no releases" in run("list", "--store", tmp_path).stdout


def test_show(store):
    found = json.loads(run("show", "2026.10.0", "--store", store, "--json").stdout)
    assert found["descriptor"]["version"] == found["version"] == "2026.10.0"
    assert "countermeasures" in run("show", "--store", store).stdout


def test_verify_names_a_changed_file(store, tmp_path):
    assert "tables match" in run("verify", "--store", store).stdout
    copy = Path(shutil.copytree(store, tmp_path / "store"))
    (copy / "2026.11.1" / "rules.parquet").write_bytes(b"PAR1")
    found = run("verify", "--store", copy)
    assert found.returncode == 2
    assert "rules.parquet differs" in found.stderr
    assert found.stderr.count("\n") == 1


def test_diff(store):
    asked = ("diff", "2026.10.0", "2026.11.1", "--store", store, "--as-of", "2025-03-31")
    found = json.loads(run(*asked, "--json").stdout)
    assert [fact["key"] for fact in found["facts"]] == [{"company_id": "asml", "fiscal_year": "2024"}]
    assert "asml" in [score["company_id"] for score in found["scores"]]
    # Estimates are learnt again from the changed fact, of the vintages that know it: one line, unless asked for.
    learnt = found["estimates"]
    assert found["counts"]["estimates"] == learnt["counts"]
    assert learnt["counts"]["changed"] > 1000
    assert learnt["counts"]["added"] == learnt["counts"]["removed"] == 0
    assert min(learnt["vintages"]) > "2025-01-01"
    assert 0 < learnt["median_change"] < 0.05
    text = run(*asked).stdout
    assert "revenue (asml, 2024) changed" in text
    assert text.count("estimates, learnt again:") == 1
    assert "estimates (" not in text
    assert "scores that moved as of 2025-03-31:" in text
    rows = json.loads(run(*asked, "--table", "estimates", "--json").stdout)
    assert {fact["table"] for fact in rows["facts"]} == {"estimates"}
    assert len(rows["facts"]) == learnt["counts"]["changed"]
    middles = (fact["values"].get("china_share_p50", (0, 0)) for fact in rows["facts"])
    median = statistics.median(abs(new - old) for old, new in middles)
    assert learnt["median_change"] == pytest.approx(median)


def test_build_takes_the_next_version_of_the_month(tmp_path):
    today = dt.datetime.now().astimezone().date()
    for number in (0, 1):
        found = run("build", "--store", tmp_path)
        assert f"built {today.year}.{today.month:02}.{number}" in found.stdout


def test_build_names_every_offence(tmp_path):
    copy = Path(shutil.copytree(ROOT / "data" / "reference", tmp_path / "reference"))
    (copy / "rules.csv").unlink()
    (copy / "minerals.csv").write_bytes(b"")
    found = run("build", "--source", copy, "--store", tmp_path / "store")
    assert found.returncode == 2
    assert found.stderr.splitlines()[:2] == [
        "minerals.csv:1: file: is empty; restore it",
        "rules.csv:1: file: is missing; restore it",
    ]
    assert found.stderr.splitlines()[2].startswith("error: ")
    assert len(found.stderr.splitlines()) == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "1999.01.0"), "1999.01.0 is not in"),
        (("diff", "1999.01.0", "1999.01.1"), "1999.01.0 is not in"),
        (("build", "--store", "s3://bucket/releases"), "is no local folder"),
        (("diff", "2026.10.0", "2026.11.1", "--table", "estimate"), "nearest: estimates"),
        (("build", "--version", "first"), "is no calendar version"),
        (("build", "--parent", "1999.01.0"), "1999.01.0 is not in"),
    ],
)
def test_mistakes_are_one_line_and_exit_2(store, arguments, words):
    found = run(*arguments, *([] if "s3://bucket/releases" in arguments else ["--store", store]))
    assert found.returncode == 2
    assert words in found.stderr
    assert found.stderr.count("\n") == 1
