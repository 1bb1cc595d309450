"""Bad input gives one clear line that names the field and the fix, a status of 2, and leaves everything as it was."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.e2e.command import BOOK, ROOT, exposure, refused

BUNDLED = ROOT / "data" / "releases" / "2026.11.1"
METHODOLOGY = (ROOT / "data" / "methodology" / "2026.1.yaml").read_text()


@pytest.mark.parametrize(
    ("content", "name", "names"),
    [
        (b"", "empty.csv", ("empty.csv",)),
        (b"ticker,weight\n", "header.csv", ("header.csv",)),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", "picture.csv", ("picture.csv",)),
        ("ticker\n8035.T\n".encode("utf-16-le"), "wide.csv", ("wide.csv", "UTF-8")),
        (b"weight,comment\n0.1,x\n0.2,y\n", "columns.csv", ("column", "weight", "comment")),
        (b"ticker,weight,ticker\nA,1,B\n", "double.csv", ("ticker",)),
        (b"not a workbook", "book.xlsx", ("book.xlsx",)),
    ],
)
def test_files(tmp_path, content, name, names):
    path = tmp_path / name
    path.write_bytes(content)
    refused("score", path, names=names)


def test_utf16_with_its_mark_is_read(tmp_path):
    path = tmp_path / "book.csv"
    path.write_bytes("ticker\nAMAT\n".encode("utf-16"))
    assert exposure("score", path, "--format", "csv").returncode == 0


def test_missing_file_and_missing_column(tmp_path):
    refused("score", tmp_path / "absent.csv", names=("absent.csv",))
    refused("score", BOOK, "--column", "isin", names=("isin", "ticker", "weight"))


def test_empty_standard_input():
    refused("score", "-", stdin=b"", names=("standard input",))


@pytest.mark.parametrize("as_of", ["2024-13-01", "01/02/2024", "yesterday", "2024-9-2x"])
def test_as_of_malformed(as_of):
    refused("score", "AMAT", "--as-of", as_of, names=("--as-of: ", as_of, "YYYY-MM-DD"))


def test_as_of_in_the_future_names_the_last_supported_day():
    refused("score", "AMAT", "--as-of", "2027-01-01", names=("--as-of: ", "2026-07-31"))
    refused("explain", "AMAT", "--as-of", "2026-08-01", names=("--as-of: ", "2026-07-31"))


def test_unknown_release_and_methodology_list_what_exists():
    refused("score", "AMAT", "--release", "2031.01.0", names=("--release: ", "2026.11.1"))
    refused("score", "AMAT", "--methodology", "1999.9", names=("methodology", "2026.1"))


@pytest.mark.parametrize("url", ["foo://bar/2026.11.1", "gs://bucket/2026.11.1"])
def test_a_release_behind_a_scheme_that_cannot_be_opened(url):
    refused("score", "AMAT", "--release", url, names=("release", url))


def test_a_store_that_does_not_answer(monkeypatch):
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    }.items():
        monkeypatch.setenv(name, value)
    refused("score", "AMAT", "--release", "s3://bucket/2026.11.1", names=("release", "cannot be read"))
    refused("panel", "AMAT", "--start", "2026-07-01", "-o", "s3://bucket/out", names=("output", "cannot be written"))


def test_revoking_a_key_that_is_not_there_makes_no_file(tmp_path):
    refused("key", "revoke", "abc", "--key-file", tmp_path / "keys.json", names=("id", "abc"))
    assert list(tmp_path.iterdir()) == []


def test_a_column_of_no_file():
    done = exposure("score", "AMAT", "--column", "isin")
    assert done.returncode == 2
    assert b"--ticker-column" in done.stderr


def test_explain_of_an_unknown_names_the_nearest():
    refused("explain", "AMTA", names=("ticker", "XNAS:AMAT Applied Materials"))
    refused("explain", "AMAT7", names=("ticker", "XNAS:AMAT Applied Materials"))


@pytest.mark.parametrize("file", sorted(path.name for path in BUNDLED.iterdir()))
def test_one_flipped_byte_in_any_file_of_a_release(tmp_path, file):
    copy = shutil.copytree(BUNDLED, tmp_path / "2026.11.1")
    data = bytearray((copy / file).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / file).write_bytes(data)
    refused(
        "score", "AMAT", "--release", copy, names=("release", "datapackage.json" if "datapackage" in file else file)
    )


def test_a_missing_file_of_a_release(tmp_path):
    copy = shutil.copytree(BUNDLED, tmp_path / "2026.11.1")
    (copy / "rules.parquet").unlink()
    refused("score", "AMAT", "--release", copy, names=("rules.parquet", "missing"))


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("market: {value: 0.4, low: 0.3,", "market: {value: 0.45, low: 0.3,", ("weights", "1.05", "sum to 1")),
        ("market: {value: 0.25, low: 0.15,", "market: {value: -0.25, low: -0.5,", ("half_points.market", "above 0")),
        ("beta:", "betta:", ("beta",)),
        ("notification: {value: 0.1,", "notification: {value: 7,", ("control_stringency.notification",)),
        ("title:", "title: [", ("YAML",)),
    ],
)
def test_methodology_documents(tmp_path, old, new, names):
    assert METHODOLOGY.count(old) >= 1
    path = tmp_path / "mine.yaml"
    path.write_text(METHODOLOGY.replace(old, new, 1))
    refused("score", "AMAT", "--methodology", path, names=("mine.yaml", *names))


def test_output_that_cannot_be_written_leaves_what_was_there(tmp_path):
    refused("score", "AMAT", "-o", tmp_path / "no" / "such" / "folder.csv", names=("folder.csv",))
    refused("score", "AMAT", "-o", tmp_path / "scores.docx", names=("scores.docx", "csv"))
    (tmp_path / "taken.csv").mkdir()
    refused("score", "AMAT", "-o", tmp_path / "taken.csv", names=("taken.csv",))
    kept = tmp_path / "kept.csv"
    kept.write_text("before")
    refused("score", "AMAT", "-o", kept, "--as-of", "2999-01-01", names=("--as-of: ",))
    assert kept.read_text() == "before"
    assert sorted(Path(tmp_path).iterdir()) == [kept, tmp_path / "taken.csv"], "no temporary file is left"


def test_unknown_option_and_format():
    assert exposure("score", "AMAT", "--nonsense").returncode == 2
    done = exposure("score", "AMAT", "--format", "docx")
    assert done.returncode == 2
    assert b"docx" in done.stderr
