"""Commands about companies that are only listed, of which every figure is estimated: none is mistaken for a fact."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from tests.e2e.command import exposure, rejected

BOOK = "ticker,weight\nFLWS,0.1\nIII.L,0.2\ntul,0.1\n8035.T,0.2\ntoshiba,0.1\nUSD Cash,0.1\n"


def said(*arguments: object) -> str:
    done = exposure(*arguments)
    assert done.returncode == 0, done.stderr.decode()
    return " ".join(done.stdout.decode().split())


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.csv"
    path.write_text(BOOK)
    return path


def test_a_history_marks_estimates_and_says_where_there_is_none() -> None:
    text = said("history", "FLWS", "--start", "2025-06-01", "--freq", "Q")
    assert text.count("0.0% est. 0.0% to 1.") == 5
    assert "ended: China toward US: prohibition on antimony" in text
    text = said("history", "komico", "--start", "2026-01-01", "--freq", "Q", "--estimates", "exclude")
    assert "No score on any of these days" in text
    assert "No fact moved it" in text


def test_a_history_is_written_as_a_table(tmp_path: Path) -> None:
    out = tmp_path / "flws.csv"
    said("history", "FLWS", "--start", "2025-06-01", "--freq", "Q", "-o", out)
    rows = list(csv.DictReader(out.open()))
    assert [row["date"] for row in rows][:2] == ["2025-06-30", "2025-09-30"]
    for row in rows:
        assert row["company_id"] == "1-800-flowerscom"
        assert float(row["score"]) == float(row["score_retaliation"]) > 0
        assert float(row["china_share_p05"]) <= float(row["china_share"]) < float(row["china_share_p95"])
    rejected("history", "FLWS", "--start", "2025-06-01", "--json", "-o", out, names=("--json", "-o"))


def test_a_book_says_how_much_of_it_is_estimated(book: Path) -> None:
    text = said("portfolio", book)
    assert "How well it is known: known 25.0%, estimated 62.5%, cash 12.5%." in text
    assert "TUL Corporation (est.) · China share" in text
    assert "Tokyo Electron Ltd · China share" in text
    text = said("portfolio", book, "--estimates", "only")
    assert "Only estimates were asked for: what is known, 37.5% of the gross, is in no mean." in text


def test_a_book_of_which_only_the_cash_has_a_score_says_so(book: Path) -> None:
    text = said("portfolio", book, "--as-of", "2015-01-05")
    assert "It is that of the cash: no company has a score." in text
    assert "no-data III.L no data known by 2015-01-05" in text
    assert "3i Group" not in text
    assert "partial toshiba XTKS:6502" not in text, "it was listed on that day"
    text = said("portfolio", book, "--estimates", "exclude")
    assert "its last day was 2023-12-20, score at least" in text


def test_scenarios_changes_and_baskets_mark_estimates(tmp_path: Path) -> None:
    assert "+0.0 estimated" in said("scenario", "run", "match-act-enacted", "FLWS", "8035.T")
    text = said("changes", "tul", "8035.T", "--from", "2024-07-31", "--to", "2026-07-31")
    assert "TUL Corporation 14.2 est. 16.0 est." in text
    assert "-0.0" not in text
    out = tmp_path / "basket.csv"
    exposure("screen", "--country", "GB", "--basket", 2, "--estimates", "include", "-o", out)
    assert {row["status"] for row in csv.DictReader(out.open())} == {"estimated", "ok"}
    rejected("screen", "--country", "GB", "--basket", 2, names=("score that is known", "estimated"))


def test_reports_and_workbooks_are_by_the_size_that_is_asked_for(tmp_path: Path) -> None:
    book = tmp_path / "book.csv"
    book.write_text("ticker,weight,value\n8035.T,0.9,100\nFLWS,0.1,900\n")
    by_value = said("portfolio", book, "--by", "value")
    assert "Score 6.2 of 100" in by_value
    said("report", book, "--by", "value", "-o", tmp_path / "book.html")
    assert "<b>6.2</b>" in (tmp_path / "book.html").read_text()
    done = exposure("workbook", book, "--by", "value", "-o", tmp_path / "book.xlsx")
    assert done.stderr.decode().splitlines()[-1] == f"2 positions written to {tmp_path / 'book.xlsx'}"
    sheet = openpyxl.load_workbook(tmp_path / "book.xlsx", data_only=True)["Positions"]
    shown = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    assert any(isinstance(cell, float) and abs(cell - 0.9) < 1e-12 for cell in shown)
    rejected("report", "8035.T", "--by", "value", "-o", tmp_path / "one.html", names=("--by",))


def test_what_an_estimate_rests_on_names_enough_companies() -> None:
    text = said("estimate", "show", "komico")
    assert "of the 1 " not in text
    assert "companies that disclose; of the" in text
    assert "of its sector (too few are of its region, too) the model misses half by more than" in text


def test_explanations_without_facts_end_there() -> None:
    text = said("explain", "skechers", "--as-of", "2015-03-02")
    assert text.endswith("control, access and the score need it")
    assert "in 1 smaller part (" in said("explain", "toshiba")


def test_one_is_one_and_a_company_has_its_name(tmp_path: Path) -> None:
    done = exposure("sweep", "FLWS", "--as-of", "2024-09-02", "-o", tmp_path / "sweep")
    assert b"16 scenarios on 1 day of 1 asset in" in done.stdout + done.stderr
    assert "1-800-FLOWERS.COM, Inc. · release" in said("data", "status", "--company", "FLWS")


def test_two_releases_differ_in_companies_by_name() -> None:
    text = said("release", "diff", "2026.11.1", "2026.12.0")
    assert "Kokusai Electric Corp" in text
    assert "kokusai-electric" not in text.partition("scores that moved")[2]
    for table in ("sources (", "companies (", "revenue (", "customers ("):
        assert table in text, "some rows of every table"
