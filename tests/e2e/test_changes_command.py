"""`exposure changes`, run as users run it."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml

import scoring
from scoring.changes.compare import what_changed
from scoring.changes.result import Changes
from scoring.columns import CHANGE
from scoring.data import data_directory
from tests.e2e.command import BOOK, exposure, rejected, rows_of

DATES = ("--from", "2024-07-31", "--to", "2026-07-31")


@pytest.fixture(scope="module")
def ends():
    release = scoring.open_release()
    return scoring.Scorer(release, "2024-07-31"), scoring.Scorer(release, "2026-07-31")


def test_a_book_as_json_is_the_library_s_result(ends):
    done = exposure("changes", "8035.T", "Toyota", "ASML NA", *DATES, "--json")
    assert done.returncode == 0, done.stderr
    assert Changes.model_validate_json(done.stdout) == what_changed(*ends, ["8035.T", "Toyota", "ASML NA"])


def test_a_book_as_a_table_of_causes_keeps_every_name(tmp_path):
    out = tmp_path / "changes.csv"
    done = exposure("changes", BOOK, *DATES, "-o", out)
    assert done.returncode == 3, "a typo and an unknown are in the book"
    rows = rows_of(out.read_bytes())
    assert list(rows[0]) == list(CHANGE)
    book = [row["ticker"] for row in rows_of(BOOK.read_bytes())]
    assert list(dict.fromkeys(row["query"] for row in rows)) == list(dict.fromkeys(book))
    for query in ("8035.T", "AMAT"):
        mine = [row for row in rows if row["query"] == query]
        assert sum(float(row["points"]) for row in mine) == pytest.approx(float(mine[0]["delta"]), rel=0, abs=1e-9)
        assert all(row["source_url"] for row in mine if row["kind"] in ("rule", "countermeasure", "event"))


def test_the_text_says_who_and_why():
    text = exposure("changes", *DATES, "--top", "5").stdout.decode()
    for part in ("Changes from 2024-07-31", "to 2026-07-31", "By cause", "decay", "By kind:", "more that moved"):
        assert part in text, part
    same = exposure("changes", "--from", "2025-01-31", "--to", "2025-01-31")
    assert (same.returncode, "Nothing moved." in same.stdout.decode()) == (0, True)


def test_a_threshold_is_an_exit_status():
    # The threshold is told although a name did not resolve.
    for threshold, status in (("5", 4), ("50", 3)):
        done = exposure("changes", "8035.T", "ASLM", *DATES, "--threshold", threshold, "--json")
        assert done.returncode == status
        assert json.loads(done.stdout)["crossed"] == (["tokyo-electron"] if status == 4 else [])


def test_releases_methodologies_scenarios_and_overlays(tmp_path):
    both = exposure("changes", "8035.T", *DATES, "--from-release", "2026.11.0", "--json")
    assert (json.loads(both.stdout)["from"]["release"], both.returncode) == ("2026.11.0", 0)
    document = yaml.safe_load((data_directory() / "methodology" / "2026.1.yaml").read_text())
    document["beta"]["value"], document["version"] = 1.5, "mine"
    mine = tmp_path / "mine.yaml"
    mine.write_text(yaml.safe_dump(document))
    method = json.loads(
        exposure("changes", "8035.T", "--from-methodology", "2026.1", "--to-methodology", mine, "--json").stdout
    )
    assert list(method["causes"]) == ["methodology/beta"]
    scenario = json.loads(exposure("changes", "ASML NA", "--to-scenario", "match-act-enacted", "--json").stdout)
    assert {cause["kind"] for cause in scenario["causes"].values()} == {"scenario"}
    overlay = tmp_path / "house"
    overlay.mkdir()
    lines = (data_directory() / "reference" / "revenue.csv").read_text().splitlines()
    header, row = lines[0], next(line for line in lines if line.startswith("asml,2025,"))
    (overlay / "revenue.csv").write_text(f"{header}\n{row.replace(',8075,0.2469,', ',14388,0.44,')}\n")
    house = json.loads(exposure("changes", "--to-overlay", overlay, "--methodology", "2026.1", "--json").stdout)
    (cause,) = house["causes"].values()
    assert (cause["id"], cause["value_to"], cause["origin"]) == ("revenue/asml", 0.44, "overlay house")


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ((), ("from", "two dates")),
        (("--to", "2024-01-31"), ("from",)),
        (("--from", "2024-01-31", "--to", "2026.11.1"), ("a release and a date", "two dates or two releases")),
        (("--from", "2024-02-30"), ("from", "2024-02-30")),
        (("--from", "2024-01-31", "--to", "2031-01-01"), ("to:", "2026-07-31")),
        (("--from", "2026.10.7", "--to", "2026.11.1"), ("2026.10.7", "2026.11.1")),
        (("--from", "2024-01-31", "--as-of", "2024-05-31"), ("--as-of",)),
        (("--from", "2026.11.0", "--to-release", "2026.11.1"), ("--to-release",)),
        (("--from", "2024-01-31", "--threshold", "0"), ("threshold",)),
        (("--from", "2024-01-31", "--json", "--format", "csv"), ("--json",)),
        (("--from", "2024-01-31", "--format", "pdf"), ("--format",)),
        (("--to-methodology", "nope"), ("nope", "2026.1")),
        (("--to-scenario", "nope"), ("nope",)),
        (("nowhere.csv", "--from", "2024-01-31"), ("nowhere.csv",)),
    ],
)
def test_bad_input_is_told(arguments, names):
    rejected("changes", *arguments, names=names)


def test_a_book_without_names(tmp_path):
    empty = tmp_path / "book.csv"
    empty.write_text("ticker\n")
    done = exposure("changes", empty, *DATES)
    assert b"Traceback" not in done.stderr
    assert done.returncode in (0, 2)


def test_releases_with_different_schemas(tmp_path):
    """A release whose rules lack a column that enters scores is refused by name, before anything is scored."""
    release = scoring.open_release()
    other = tmp_path / "2026.12.0"
    shutil.copytree(Path(data_directory()) / "releases" / release.version, other)
    rules = release.table("rules")
    renamed = rules.rename_columns(["policy" if name == "measure" else name for name in rules.column_names])
    pq.write_table(renamed, other / "rules.parquet")
    descriptor = json.loads((other / "datapackage.json").read_text())
    descriptor["version"] = "2026.12.0"
    for resource in descriptor["resources"]:
        if resource["name"] == "rules":
            resource["sha256"] = hashlib.sha256((other / "rules.parquet").read_bytes()).hexdigest()
    raw = json.dumps(descriptor).encode()
    (other / "datapackage.json").write_bytes(raw)
    (other / "datapackage.json.sha256").write_text(f"{hashlib.sha256(raw).hexdigest()}  datapackage.json\n")
    for arguments in (("--from", release.version, "--to", other), ("--from", "2024-01-31", "--to-release", other)):
        rejected("changes", *arguments, names=("different schemas", "2026.12.0 has no column rules.measure"))
