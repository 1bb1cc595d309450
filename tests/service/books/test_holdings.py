"""Books with sizes: columns by name, numbers in any notation, bad cells by row and column."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from scoring.errors import ExposureError
from service.books.holdings import read_holdings


@pytest.fixture
def book(tmp_path: Path):
    def make(text: str, name: str = "book.csv") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return make


@pytest.mark.parametrize(
    ("text", "amounts", "basis", "currency"),
    [
        ("ticker,weight\nA,0.5\nB,-0.25\n", [0.5, -0.25], "weight", None),
        ("Ticker,Portfolio_Weight\nA,5%\n\nB,(2%)\n", [0.05, -0.02], "weight", None),
        ("ticker,Weight (%)\nA,5\nB,-2\n", [0.05, -0.02], "weight", None),
        ("ticker,% weight\nA,5\nB,−2\n", [0.05, -0.02], "weight", None),
        ("ticker;weight\nA;0,5\nB;1.250,5\n", [0.5, 1250.5], "weight", None),
        ('ticker,Market Value (EUR)\nA,"1,234.5"\nB,-20\n', [1234.5, -20], "value", "EUR"),
        ("ticker\tmkt val\tCCY\nA\t1 234 567\tusd\nB\t1'000\tUSD\n", [1234567, 1000], "value", "USD"),
        ("ticker,qty,Price (JPY)\nA,10,2.5\nB,-4,10\n", [25, -40], "quantity", "JPY"),
        ("ticker,shares,px_last,crncy,fx rate\nA,10,2,JPY,0.01\nB,-4,10,EUR,1.1\n", [0.2, -44], "quantity", None),
        ("ticker,value,side\nA,10,Long\nB,4,short\n", [10, -4], "value", None),
        ("ticker,value\nA,1e3\nB,-.5\n", [1000, -0.5], "value", None),
        ("ticker,weight,currency\nA,1,USD\nB,1,JPY\n", [1, 1], "weight", None),
    ],
)
def test_sizes(book, text, amounts, basis, currency):
    made = read_holdings(book(text))
    assert list(map(str, made.tickers)) == ["A", "B"]
    assert made.amounts.tolist() == pytest.approx(amounts)
    assert (made.basis, made.currency) == (basis, currency)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ticker,weight\nA,0.5\nB,x\n", ("row 3", "'weight'", "'x'")),
        ("ticker,weight\nA,0.5\n\n\nB,\n", ("row 5", "'weight'", "missing")),
        ("ticker,weight\nA,nan\n", ("row 2", "'weight'", "'nan'")),
        ("ticker,weight\nA,inf\n", ("row 2", "'weight'", "'inf'")),
        ("ticker,weight\nA,1e999\n", ("row 2", "'weight'", "inf")),
        ("ticker,weight\nA,1\nB,5%\n", ("row 2", "'1'", "'5%'")),
        ("ticker,weight\nA,$5\n", ("row 2", "'$5'")),
        ("ticker,weight\nA,1_000\n", ("row 2", "'1_000'")),
        ("ticker,weight\nA,0\nB,0.0\n", ("sum to 0",)),
        ('ticker,weight\nA,"0,5"\nB,0.5\n', ("row 2", "'0,5'", "'0.5'", "decimal comma")),
        ("ticker;weight\nA;1,500\nB;2,500\n", ("row 2", "'1,500'", "thousands")),
        ("ticker,weight,wgt\nA,1,2\n", ("'weight'", "'wgt'")),
        ("ticker,comment\nA,1\n", ("'ticker', 'comment'", "weights, values or quantities")),
        ("ticker,quantity\nA,1\n", ("price",)),
        ("ticker,value,ccy\nA,1,USD\nB,1,JPY\n", ("JPY, USD", "fx")),
        ("ticker,value,ccy\nA,1,USD\nB,1,DOL\n", ("row 3", "'ccy'", "'DOL'")),
        ("ticker,value,ccy\nA,1,USD\nB,1,\n", ("row 3", "'ccy'", "missing")),
        ("A\nB\n", ("plain list", "header")),
        ("ticker,weight\n", ("no rows",)),
        ("", ("is empty",)),
    ],
)
def test_bad_books(book, text, names):
    with pytest.raises(ExposureError) as caught:
        read_holdings(book(text))
    for name in names:
        assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_weights_come_first_and_it_is_said(book):
    made = read_holdings(book("ticker,weight,market value\nA,1,2\nB,1,6\n"))
    assert made.amounts.tolist() == [1, 1]
    assert "column 'weight'; --by value" in made.notes[0]


def test_by_chooses(book):
    path = book("ticker,weight,market value\nA,1,\nB,2,4\n")
    assert read_holdings(path, by="weight").amounts.tolist() == [1, 2]
    with pytest.raises(ExposureError, match="row 2, column 'market value': is missing"):
        read_holdings(path, by="value")
    with pytest.raises(ExposureError, match="has no quantity column"):
        read_holdings(path, by="quantity")


def test_a_row_without_ticker_stays(book):
    made = read_holdings(book("ticker,weight\nA,1\n,2\n"))
    assert list(map(str, made.tickers)) == ["A", ""]
    assert made.amounts.tolist() == [1, 2]


def test_a_workbook(tmp_path):
    sheet = openpyxl.Workbook()
    for row in (("Ticker", "Weight"), ("8035", 0.05), ("AMAT", -0.0125)):
        sheet.active.append(row)
    sheet.active["B2"].number_format = "0.0%"
    sheet.save(tmp_path / "book.xlsx")
    made = read_holdings(tmp_path / "book.xlsx")
    assert list(map(str, made.tickers)) == ["8035", "AMAT"]
    assert made.amounts.tolist() == [0.05, -0.0125]


def test_fifty_thousand_rows(book):
    rows = "".join(f'X{i},"{i + 1:,}",({i * 2 + 1}.5),USD\n' for i in range(50_000))
    path = book(f"ticker,quantity,fx,ccy\n{rows}".replace("fx", "price").replace("(", "").replace(")", ""))
    made = read_holdings(path)
    assert made.amounts[49_999] == 50_000 * 99_999.5
