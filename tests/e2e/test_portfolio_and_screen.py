"""`exposure portfolio` and `exposure screen`, run as users run them."""

from __future__ import annotations

import csv
import io
import json

import pytest

import scoring
from scoring.portfolio.holdings import Holdings
from scoring.portfolio.result import PortfolioScore
from scoring.portfolio.score import score_portfolio
from service.books.holdings import read_holdings
from tests.e2e.command import BOOK, exposure, rejected, rows_of

AS_OF = "2026-07-31"


def test_the_example_book_is_the_library_s_result():
    with BOOK.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    book = Holdings.from_weights([r["ticker"] for r in rows], [float(r["weight"]) for r in rows])
    scorer = scoring.Scorer(scoring.open_release(), AS_OF)
    expected = score_portfolio(scorer, book)
    done = exposure("portfolio", BOOK, "--as-of", AS_OF, "--json")
    assert done.returncode == 3, "a typo and an unknown are in the book"
    found = PortfolioScore.model_validate_json(done.stdout)
    assert found == score_portfolio(scorer, read_holdings(BOOK))
    assert (found.gross, found.drivers, found.concentration) == (
        expected.gross,
        expected.drivers,
        expected.concentration,
    )


def test_text_shows_what_could_not_be_scored():
    done = exposure("portfolio", BOOK, "--as-of", AS_OF, "--benchmark", BOOK, "--top", "3")
    text = done.stdout.decode()
    for part in ("Portfolio of 41 positions", "both sides", "China share", "By mineral", "Revenue at risk",
                 "Against the benchmark: active share 0.0%", "Not scored", "AMTA", "unresolved"):  # fmt: skip
        assert part in text, part


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_positions_as_a_file(tmp_path, suffix):
    out = tmp_path / f"positions.{suffix}"
    done = exposure("portfolio", BOOK, "--as-of", AS_OF, "-o", out)
    assert done.returncode == 3
    assert b"41 rows" in done.stderr
    if suffix == "csv":
        rows = rows_of(out.read_bytes())
        assert sum(float(r["contribution"] or 0) for r in rows) > 10
        assert rows[0]["query"] == "8035.T"
        assert rows[0]["as_of"] == AS_OF


def test_long_short_with_a_scenario_from_standard_input():
    text = "ticker,market value,ccy\n8035.T,1000,USD\nASML NA,-500,USD\n"
    done = exposure("portfolio", "-", "--scenario", "match-act-enacted", "--as-of", AS_OF, stdin=text)
    assert done.returncode == 0, done.stderr
    assert b"scenario match-act-enacted" in done.stdout
    assert b"long - short" in done.stdout
    assert b"USD" in done.stdout


@pytest.mark.parametrize(
    ("text", "options", "names"),
    [
        ("ticker,weight\n8035.T,1\nAAPL,-1\n", ["--long-only"], ("row 3", "'weight'", "short")),
        ("ticker,weight\nzzz,1\n", [], ("name no company", "zzz")),
        ("ticker,value,ccy\nAAPL,1,USD\nTSLA,1,YEN\n", [], ("row 3", "'YEN'")),
        ("ticker,weight\nAAPL,1\n", ["--benchmark", "nowhere.csv"], ("nowhere.csv",)),
        ("ticker,weight\nAAPL,1\n", ["--json", "-o", "x.csv"], ("--json",)),
    ],
)
def test_bad_books(tmp_path, text, options, names):
    path = tmp_path / "book.csv"
    path.write_text(text)
    rejected("portfolio", path, *options, names=names)


def test_screen_as_text_and_csv():
    options = ("--country", "JP", "--sector", "Information Technology", "--as-of", AS_OF)
    done = exposure("screen", *options, "--top", "20")
    assert done.returncode == 0, done.stderr
    assert b"Tokyo Electron" in done.stdout
    rows = rows_of(exposure("screen", *options, "--sort", "control", "--asc", "--format", "csv").stdout)
    assert {row["country"] for row in rows} == {"JP"}
    known = [float(row["control"]) for row in rows if row["control"]]
    assert known == sorted(known)
    assert "neutral_zscore" in rows[0]


def test_a_basket_reads_back_as_a_book(tmp_path):
    out = tmp_path / "basket.csv"
    done = exposure("screen", "--basket", "5", "--neutral", "sector", "--as-of", AS_OF, "-o", out)
    assert done.returncode == 0, done.stderr
    basket = rows_of(out.read_bytes())
    scored = exposure("portfolio", out, "--as-of", AS_OF, "--json")
    assert scored.returncode == 0, scored.stderr
    result = json.loads(scored.stdout)
    assert [p["company_id"] for p in result["positions"]] == [row["company_id"] for row in basket]
    assert result["given"] == pytest.approx({"gross": 2, "long": 1, "short": -1, "cash": 0, "net": 0})
    assert result["gross"]["coverage"] == 1
    long, short = ([float(r["score"]) for r in basket if r["side"] == side] for side in ("long", "short"))
    assert result["spread"]["score"] == pytest.approx(sum(long) / 5 - sum(short) / 5)


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (["--country", "ZZ"], ("country", "'ZZ'", "JP")),
        (["--min", "score"], ("--min", "COLUMN:VALUE")),
        (["--neutral", "sector"], ("--basket",)),
        (["--basket", "3", "--top", "2"], ("--top",)),
    ],
)
def test_bad_screens(options, names):
    rejected("screen", *options, names=names)


def test_nothing_found_is_an_empty_table():
    done = exposure("screen", "--country", "AU", "--band", "severe", "--as-of", AS_OF, "--format", "csv")
    assert done.returncode == 0
    assert list(csv.DictReader(io.StringIO(done.stdout.decode()))) == []
    assert exposure("screen", "--country", "AU", "--band", "severe", "--as-of", AS_OF).returncode == 0
