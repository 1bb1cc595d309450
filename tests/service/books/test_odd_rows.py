"""Odd rows of otherwise sound files: repeated headers, texts for sizes, books that net to zero, many currencies."""

from __future__ import annotations

import pytest

from scoring.errors import ExposureError, InputError
from scoring.portfolio.score import score_portfolio
from scoring.reference.currencies import CURRENCIES
from scoring.scorer import Scorer
from service.books.book import read_book
from service.books.holdings import read_holdings
from tests.service.books.test_cases import meant


@pytest.fixture
def saved(tmp_path):
    def save(text, name="book.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return save


@pytest.fixture(scope="module")
def scorer(release):
    return Scorer(release, "2024-09-02")


def test_a_header_that_repeats_is_no_position(saved):
    made = read_holdings(saved("Ticker,Weight\nAAPL,1\nMU,2\nTicker,Weight\nLRCX,3\n"))
    assert meant(made.tickers) == ["apple", "micron", "lam-research"]
    assert made.amounts.tolist() == [1, 2, 3]
    assert any("line 4" in note or "row 4" in note for note in made.notes), made.notes


@pytest.mark.parametrize(
    ("header", "named"), [("Ticker,Weight,Weight", "'Weight'"), ("Ticker,Ticker,Weight", "'Ticker'")]
)
def test_a_title_that_stands_twice_is_refused_by_name(saved, header, named):
    with pytest.raises(ExposureError, match=named):
        read_holdings(saved(f"{header}\nAAPL,1,2\n"))


def test_a_weight_column_of_text_is_named_with_its_first_cell(saved):
    with pytest.raises(ExposureError, match="'heavy'") as refused:
        read_holdings(saved("Ticker,Weight\nAAPL,heavy\nMU,light\n"))
    assert "row 2" in refused.value.field
    assert "Weight" in refused.value.field


def test_a_book_that_nets_to_zero_has_a_score_and_a_net(saved, scorer):
    result = score_portfolio(scorer, read_holdings(saved("Ticker,Weight\nAMAT,0.5\nAAPL,-0.5\n")))
    assert result.given.net == 0
    assert result.gross.score == pytest.approx((result.long.score + result.short.score) / 2)
    assert result.net.score == pytest.approx((result.long.score - result.short.score) / 2)


def test_the_same_name_long_and_short_is_both(saved, scorer):
    result = score_portfolio(scorer, read_holdings(saved("Ticker,Weight\nAMAT,3\nAMAT,-1\n")))
    assert len(result.positions) == 2
    assert result.long.score == pytest.approx(result.short.score)
    (group,) = result.concentration[0].groups
    assert (group.weight, group.weight_net) == pytest.approx((1.0, 0.5))
    assert result.net.score == pytest.approx(result.gross.score / 2)


def test_values_in_a_hundred_currencies_are_refused_with_the_way_out(saved):
    codes = sorted(CURRENCIES)[:100]
    rows = "".join(f"AAPL,{i + 1},{code}\n" for i, code in enumerate(codes))
    with pytest.raises(ExposureError) as refused:
        read_holdings(saved(f"ticker,value,currency\n{rows}"))
    assert len(str(refused.value)) < 600
    assert "fx" in refused.value.fix.lower() or "rate" in refused.value.fix.lower()


def test_values_in_two_currencies_with_rates_are_converted(saved):
    made = read_holdings(saved("ticker,value,currency,fx rate\nAAPL,10,USD,1\nASML NA,10,EUR,1.1\n"))
    assert made.amounts.tolist() == pytest.approx([10, 11])


def test_isins_with_spaces_and_lower_case(saved):
    book = read_book(saved("isin,weight\n us 0378 33 1005 ,1\nNL0010273215,1\njp3571400005,1\n"))
    assert meant(book.rows) == ["apple", "asml", "tokyo-electron"]


def test_a_file_with_a_header_alone_is_refused(saved):
    with pytest.raises(InputError):
        read_book(saved("Ticker,Weight\n"))
