from __future__ import annotations

import io
import itertools
import sys
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.errors import InputError
from service.books.book import read_book
from service.books.reading import Reading
from service.books.words import IDENTIFIERS, read_title


def saved(folder: Path, name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def workbook(path: Path, rows: list[list[object]], formats: dict[str, str] | None = None) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for place, form in (formats or {}).items():
        book.active[place].number_format = form
    book.save(path)
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(tmp_path: Path, delimiter: str, newline: str) -> None:
    rows = [["Weight", "Ticker", "Note"], ["0.5", "8035.T", "a, b; c"], ["0.5", "ASML NA Equity", ""]]
    text = newline.join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    book = read_book(saved(tmp_path, "book.csv", text))
    assert book.queries == ["8035.T", "ASML NA Equity"]
    assert book.column == "Ticker"


def test_european_csv_with_decimal_commas(tmp_path: Path) -> None:
    text = "Gewicht;ISIN;Name\n12,5;NL0010273215;ASML, Veldhoven\n87,5;US0382221051;x,y,z\n"
    assert read_book(saved(tmp_path, "book.csv", text)).queries == ["NL0010273215", "US0382221051"]


@pytest.mark.parametrize(
    "header", ["ticker", "TICKER", " Ticker ", "Bloomberg Ticker", "bloomberg_ticker", "RIC", "ISIN", "Company-Name"]
)
def test_columns_found_by_name(tmp_path: Path, header: str) -> None:
    book = read_book(saved(tmp_path, "book.csv", f"x,{header}\n1,AMAT\n"))
    assert book.queries == ["AMAT"]
    assert book.column == header.strip()


def test_preference_among_several_columns(tmp_path: Path) -> None:
    titles = {read_title(title).role: title for title in ("Query", "Ticker", "RIC", "ISIN", "CUSIP", "ID", "Name")}
    ordered = [titles[role] for role in IDENTIFIERS if role in titles]
    for better, worse in itertools.pairwise(ordered):
        path = saved(tmp_path, "book.csv", f"{worse},{better}\nwrong,right\n")
        assert read_book(path).queries == ["right"]


def test_named_column(tmp_path: Path) -> None:
    path = saved(tmp_path, "book.csv", "ticker;My Code\nwrong;8035.T\n")
    assert read_book(path, Reading("My Code")).queries == ["8035.T"]
    assert read_book(path, Reading("my_code")).queries == ["8035.T"]
    with pytest.raises(InputError, match=r"no column 'other'.*'ticker', 'My Code'"):
        read_book(path, Reading("other"))


def test_doubled_ticker_column_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, "book.csv", "ticker,Ticker,weight\nA,B,1\n")
    with pytest.raises(InputError, match="2 columns named 'ticker'"):
        read_book(path)
    assert read_book(path, Reading("Ticker")).queries == ["B"]
    path = saved(tmp_path, "book.csv", "weight,weight,ticker\n1,1,AMAT\n")
    assert read_book(path).queries == ["AMAT"]


def test_blank_rows_and_blank_tickers(tmp_path: Path) -> None:
    text = "\n\nticker,weight\n8035.T,1\n\n,2\n,,\nAMAT\n \n\n"
    assert read_book(saved(tmp_path, "book.csv", text)).queries == ["8035.T", "", "AMAT"]


def test_short_rows_keep_their_place(tmp_path: Path) -> None:
    assert read_book(saved(tmp_path, "book.csv", "weight,ticker\n1\n2,AMAT\n")).queries == ["", "AMAT"]


@pytest.mark.parametrize("name", ["list.txt", "list.csv"])
def test_plain_lists(tmp_path: Path, name: str) -> None:
    book = read_book(saved(tmp_path, name, "8035 JT Equity\n\n8035 JT Equity\nAMAT\n"))
    assert book.queries == ["8035 JT Equity", "8035 JT Equity", "AMAT"]
    assert book.column is None


def test_a_text_list_may_have_a_header_and_commas(tmp_path: Path) -> None:
    book = read_book(saved(tmp_path, "list.txt", "Name\nApplied Materials, Inc.\nAMAT\n"))
    assert book.queries == ["Applied Materials, Inc.", "AMAT"]
    assert book.column == "Name"


def test_a_text_file_with_tabs_is_a_table(tmp_path: Path) -> None:
    assert read_book(saved(tmp_path, "book.txt", "weight\tticker\n1\tAMAT\n")).queries == ["AMAT"]


def test_a_column_of_names_without_quotes(tmp_path: Path) -> None:
    assert read_book(saved(tmp_path, "book.csv", "name\nApple, Inc.\n")).queries == ["Apple, Inc."]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = saved(tmp_path, "book.csv", "name,weight\nL'Oréal,1\nSÜSS MicroTec,2\n", encoding)
    assert read_book(path).queries == ["L'Oréal", "SÜSS MicroTec"]


def test_utf16_big_endian_with_mark(tmp_path: Path) -> None:
    path = saved(tmp_path, "book.csv", "\ufeffticker\nAMAT\n", "utf-16-be")
    assert read_book(path).queries == ["AMAT"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"\xef\xbb\xbf\n \n,,\n", "is empty"),
        ("a.xlsx", b"", "is empty"),
        ("a.csv", b"ticker,weight\n", "header and no rows"),
        ("a.txt", b"ticker\n", "header and no rows"),
        ("a.csv", b"alpha,beta\n1,2\n", r"no column with a known name.*'alpha', 'beta'.*--ticker-column"),
        ("a.csv", b"name\nL'Or\xff\x81\x01\n", r"not UTF-8 text \(line 2\).*save it as UTF-8"),
        ("a.csv", "ticker\nAMAT\n".encode("utf-16-le"), "UTF-16 without a byte-order mark.*save it as UTF-8"),
        ("a.csv", b"\xff\xfea", "not UTF-16 text"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\0\0", "not UTF-8 text"),
        ("a.csv", b"ticker\n\0\0\0", "binary file"),
        ("a.csv", b"PK\x03\x04\0\0", "not a workbook that can be read"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", "not a workbook that can be read"),
        ("a.xls", b"<html><table><tr><td>AMAT</td></tr></table></html>", "web page or XML"),
        ("a.csv.gz", b"\x1f\x8b\x08\0", "packed with gzip"),
        ("a.csv", b"%PDF-1.7", "is a PDF"),
        ("a.csv", b"PAR1\0", "not a Parquet file that can be read"),
        ("a.arrow", b"ARROW1\0\0", "not an Arrow file that can be read"),
        ("a.csv", b'ticker,weight\n"AMAT,1\nASML,2\n', "not a valid CSV at line.*quotation mark"),
        ("a.csv", b"ticker,n\nAMAT," + b"x" * 200_000, "not a valid CSV at line 2"),
        ("a.xlsx", b"PK\x03\x04broken", "not a workbook"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_fix(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = saved(tmp_path, name, content)
    with pytest.raises(InputError, match=message) as caught:
        read_book(path)
    assert caught.value.field == str(path)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        read_book(tmp_path / "none.csv")
    with pytest.raises(InputError, match="is a folder"):
        read_book(tmp_path)
    with pytest.raises(InputError, match="not a file name"):
        read_book("a\0.csv")


def test_workbook_cells_read_as_shown(tmp_path: Path) -> None:
    rows = [["Weight", "Ticker"], [0.5, 8035], [0.1, 5930], [0.1, " AMAT "], [0.1, None], [0.1, True], [0.1, 1.5]]
    path = workbook(tmp_path / "book.xlsx", [*rows, [None, None]], {"B3": "000000"})
    book = read_book(path)
    assert book.queries == ["8035", "005930", "AMAT", "", "TRUE", "1.5"]
    assert book.column == "Ticker"


def test_workbook_with_one_column_is_a_list(tmp_path: Path) -> None:
    assert read_book(workbook(tmp_path / "book.xlsx", [[None, 8035], [None, "AMAT"]])).queries == ["8035", "AMAT"]


def test_workbook_without_openpyxl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "book.xlsx", [["ticker"], ["AMAT"]])
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(InputError, match=r'pip install "exposure-risk\[excel\]"'):
        read_book(path)


@pytest.mark.parametrize(
    ("data", "tickers"),
    [(b"AMAT\n8035.T\n", ["AMAT", "8035.T"]), (b"weight,ticker\n1,AMAT\n", ["AMAT"])],
)
def test_standard_input(monkeypatch: pytest.MonkeyPatch, data: bytes, tickers: list[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    book = read_book("-")
    assert book.queries == tickers


def test_empty_standard_input_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    with pytest.raises(InputError, match="standard input: is empty"):
        read_book("-")


def test_two_hundred_thousand_rows(tmp_path: Path) -> None:
    path = saved(tmp_path, "book.csv", "id2,ticker,w\n" + "".join(f"{i},{i}.T,0.1\n" for i in range(200_000)))
    book = read_book(path)
    assert len(book.queries) == 200_000
    assert book.queries[-1] == "199999.T"


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.getbasetemp()
    for name in ("any.csv", "any.txt", "any.xlsx"):
        try:
            book = read_book(saved(folder, name, content))
        except InputError:
            continue
        assert book.queries
