"""Receipts: they verify anywhere, and say exactly what differs where they do not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import scoring
from scoring.data import data_directory
from scoring.errors import ReceiptInvalidError, ReleaseNotFoundError
from scoring.receipt.document import Receipt, read_receipt
from scoring.receipt.verification import receipt, verify

TICKERS = ["8035.T", "ASML NA", "nonsense", "toyota", "8035.T"]


@pytest.fixture(scope="module")
def written(release):
    scorer = scoring.Scorer(release, "2024-09-02", scenario=["match-act-enacted", "cn-mineral-ban-japan"])
    return receipt(scorer, TICKERS).model_dump_json(indent=1)


def resealed(text, change):
    """A receipt with something changed and a hash that fits again."""
    document = json.loads(text)
    change(document)
    made = Receipt.model_validate(document)
    return made.model_copy(update={"sha256": made.content_sha256()})


def test_a_receipt_verifies(release, written):
    found = verify(read_receipt(written), release)
    assert found.is_verified
    assert found.rows == len(TICKERS)


def test_a_receipt_verifies_on_another_machine_layout(written, release, tmp_path):
    """Another folder, another place of the release, another hash seed, other locale and time zone."""
    elsewhere = tmp_path / "elsewhere" / "releases"
    shutil.copytree(data_directory() / "releases" / release.version, elsewhere / release.version)
    (tmp_path / "receipt.json").write_text(written, encoding="utf-8")
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", "from service.cli import main; main()", "verify", "receipt.json",
         "--release", str(elsewhere / release.version)],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("verified: 5 rows as of 2024-09-02")


def test_what_differs_is_named(release, written):
    def raise_score(document):
        document["rows"][1]["values"]["score"] += 0.5

    found = verify(resealed(written, raise_score), release)
    assert [(d.query, d.what) for d in found.differences] == [("ASML NA", "score")]
    assert found.differences[0].stated == pytest.approx(found.differences[0].found + 0.5)


def test_a_last_bit_is_no_difference(release, written):
    def nudge(document):
        document["rows"][0]["values"]["score"] += 1e-11

    assert verify(resealed(written, nudge), release).is_verified


def test_another_release_is_named(written):
    found = verify(read_receipt(written), scoring.open_release("2026.11.0"))
    assert [d.what for d in found.differences] == ["release", "release_sha256"]


def test_another_methodology_is_named(release, written):
    def change(document):
        document["methodology"]["beta"]["value"] = 1.9

    found = verify(resealed(written, change), release)
    assert found.differences[0].what == "methodology_sha256"
    assert {d.what for d in found.differences} >= {"score"}


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "nonsense", '{"format": 2}', b"\xff\xfe"],
)
def test_what_is_no_receipt(text):
    with pytest.raises(ReceiptInvalidError):
        read_receipt(text)


def test_a_changed_or_truncated_receipt(written):
    with pytest.raises(ReceiptInvalidError, match="was changed"):
        read_receipt(written.replace('"2024-09-02"', '"2024-09-03"'))
    with pytest.raises(ReceiptInvalidError):
        read_receipt(written[: len(written) // 2])


def test_a_release_that_is_not_here(written):
    with pytest.raises(ReleaseNotFoundError):
        verify(resealed(written, lambda document: document.update(release="2031.01.0")))


def test_the_command(tmp_path):
    def run(*arguments):
        code = "from service.cli import main; main()"
        return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)

    path = tmp_path / "receipt.json"
    scored = run("score", "8035.T", "AMAT", "--as-of", "2024-09-02", "--receipt", str(path), "--format", "csv")
    assert scored.returncode == 0
    assert run("verify", str(path)).returncode == 0
    document = json.loads(path.read_text())
    assert document["rows"][0]["query"] == "8035.T"
    path.write_text(path.read_text().replace("AMAT", "LRCX"))
    changed = run("verify", str(path))
    assert changed.returncode == 2
    assert "was changed" in changed.stderr
    different = Receipt.model_validate(document | {"as_of": "2024-09-03"})
    different = different.model_copy(update={"sha256": different.content_sha256()})
    path.write_text(different.model_dump_json())
    other = run("verify", str(path), "--json")
    assert other.returncode == 4
    assert not json.loads(other.stdout)["is_verified"]
    assert run("verify", str(tmp_path / "none.json")).returncode == 2
    assert Path(tmp_path).exists()
