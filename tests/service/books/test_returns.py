"""Returns and events as users have them: what is read, what is said, and what is refused with its place."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from scoring.errors import InputError
from service.books.returns import read_events, read_returns

RETURNS = """date,ticker,return
2024-01-02,8035.T,0.01
2024-01-02,005930.KS,-0.02
2024-01-03,8035.T,0.03
2024-01-03,005930.KS,0.00
"""


def prices(**closes):
    """A table of closes from 2024-01-10 on; None is an empty cell."""
    rows = [f"2024-01-{day},{name},{'' if close is None else close}"
            for name, of in closes.items() for day, close in enumerate(of, start=10)]  # fmt: skip
    return "\n".join(["date,ticker,close", *rows, ""])


@pytest.fixture
def file(tmp_path):
    def write(text, name="returns.csv"):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return write


def test_returns(file):
    found = read_returns(file(RETURNS))
    assert found.table.columns.tolist() == ["005930.KS", "8035.T"]
    assert found.table["8035.T"].tolist() == [0.01, 0.03]
    assert found.table.index.tolist() == [pd.Timestamp("2024-01-02"), pd.Timestamp("2024-01-03")]
    assert (found.market, found.notes) == (None, ())


def test_a_ticker_is_text(file):
    """A code with leading zeros, one that is all digits, and one that other readers take for a missing value."""
    text = "Date, Ticker ,RETURN\n" + "".join(
        f"2024-01-02,{name},0.01\n" for name in ("005930", "8035", "NA", " ASML ")
    )
    assert set(read_returns(file(text)).table.columns) == {"005930", "8035", "NA", "ASML"}


def test_prices_become_returns(file):
    found = read_returns(file(prices(A=[100, 110, 99], M=[50, 50, 55])), "M")
    assert found.table.columns.tolist() == ["A"]
    assert found.table["A"].tolist() == pytest.approx([0.1, -0.1])
    assert found.market.tolist() == pytest.approx([0.0, 0.1])


def test_a_missing_day_is_said_and_not_filled(file):
    found = read_returns(file(prices(A=[100, None, 121], B=[1, 1, 1])))
    assert np.isnan(found.table["A"]).all()  # no return into the day without a price, and none out of it
    assert found.table["B"].tolist() == [0, 0]
    assert found.notes == ("2 returns are missing; a name without one in the window is left out of that event",)


def test_a_row_that_is_there_twice(file):
    again = RETURNS + "2024-01-03,8035.T,0.03\n"
    found = read_returns(file(again))
    assert found.table["8035.T"].tolist() == [0.01, 0.03]
    assert found.notes == ("1 rows are there twice; each was taken once",)
    with pytest.raises(InputError, match=r"two values of 8035.T on 2024-01-03"):
        read_returns(file(RETURNS + "2024-01-03,8035.T,0.04\n"))


def test_currencies(file):
    text = (
        "date,ticker,close,currency\n2024-01-02,A,1,USD\n2024-01-03,A,2,USD\n2024-01-02,B,1,JPY\n2024-01-03,B,2,JPY\n"
    )
    assert read_returns(file(text)).notes == ("closes are in 2 currencies (JPY, USD); none is converted",)
    with pytest.raises(InputError, match="prices of A are in several currencies"):
        read_returns(file(text.replace("2024-01-03,A,2,USD", "2024-01-03,A,2,EUR")))


def test_parquet_is_read_as_csv(file, tmp_path):
    frame = pd.read_csv(file(RETURNS), dtype={"ticker": str})
    frame["date"] = pd.to_datetime(frame["date"])
    frame.to_parquet(tmp_path / "returns.parquet")
    pd.testing.assert_frame_equal(
        read_returns(tmp_path / "returns.parquet").table, read_returns(file(RETURNS)).table, check_names=False
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("date,name,return\n", "has no column ticker"),
        ("date,ticker,value\n", "has no column return or close"),
        (RETURNS.replace("2024-01-03,8035.T", "03/01/2024,8035.T"), "date 03/01/2024 is none"),
        (RETURNS.replace("2024-01-03,8035.T", ",8035.T"), "date is empty in row 3"),
        (RETURNS.replace("2024-01-03,8035.T", "2024-01-03, "), "ticker is empty in row 3"),
        (RETURNS.replace("0.03", "3%"), "return 3% is no number"),
        (RETURNS.replace("0.03", "inf"), "return inf is no number"),
        (RETURNS.replace("0.0", "3.0"), "above 1 on many days"),
        (RETURNS.replace("return", "close"), "close is 0 or below"),
    ],
)
def test_what_is_refused(file, text, says):
    with pytest.raises(InputError) as error:
        read_returns(file(text))
    assert says in str(error.value)


def test_a_benchmark_that_the_file_lacks_and_a_file_that_is_none(file, tmp_path):
    with pytest.raises(InputError, match="'SPX' is not a ticker"):
        read_returns(file(RETURNS), "SPX")
    with pytest.raises(InputError, match="does not exist"):
        read_returns(tmp_path / "none.csv")
    with pytest.raises(InputError, match="cannot be read"):
        read_returns(file("", "empty.csv"))


def test_events(file):
    text = "act,date\nus-2022-10-07-sme-home,\ncn-2023-05-21-micron,2023-05-20\n"
    assert read_events(file(text)) == [
        ("us-2022-10-07-sme-home", None),
        ("cn-2023-05-21-micron", dt.date(2023, 5, 20)),
    ]
    assert read_events(file("act\na+b\n")) == [("a+b", None)]
    with pytest.raises(InputError, match="has no column act"):
        read_events(file("event\na\n"))
    with pytest.raises(InputError, match="act is empty in row 1"):
        read_events(file("act,date\n,2024-01-01\n"))
