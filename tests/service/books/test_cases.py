"""Files in the shapes that brokers, fund houses and spreadsheets give them, each read to what it means."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from service.books.book import read_book
from service.books.holdings import read_holdings
from service.books.reading import Reading
from tests.service.books.universe import RESOLVER


@pytest.fixture
def saved(tmp_path: Path):
    def save(text: str | bytes, name: str = "book.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return save


def meant(rows) -> list[str]:
    """Company of each row, or what became of it."""
    matches = RESOLVER.resolve_many(rows)
    return [RESOLVER.company_ids[m.company] if m.company >= 0 else m.status for m in matches]


def listing(match) -> str:
    return f"{RESOLVER.mics[match.listing]}:{RESOLVER.tickers[match.listing]}"


FUND = """\ufeff"Made-up Chip Fund"
Fund Holdings as of,"Jul 31, 2026"
Shares Outstanding,"1,250,000.00"
Stock,"-"

Ticker,Name,Asset Class,Market Value,Weight (%),Notional Value,Quantity,Location,Exchange,Currency,Market Currency
"NVDA","NVIDIA CORP","Equity","41,000.00","41.00","41,000.00","250.00","United States","NASDAQ","USD","USD"
"8035","TOKYO ELECTRON LTD","Equity","22,000.00","22.00","22,000.00","1","Japan","Tokyo Stock Exchange","USD","JPY"
"ASML","ASML HOLDING NV","Equity","35,000.00","35.00","35,000.00","50.00","Netherlands","Euronext Amsterdam","USD","EUR"
"XTSLA","BLK CSH FND","Money Market","2,000.00","2.00","2,000.00","2,000.00","United States","-","USD","USD"
"ESU6","S&P500 EMINI SEP 26","Futures","0.00","0.00","750.00","2.00","-","Index And Options Market","USD","USD"

"The content contained herein is made up for a test.
It spans two lines."
"""


def test_a_fund_s_export_with_lines_before_and_after(saved):
    path = saved(FUND)
    made = read_holdings(path, by="weight")
    assert meant(made.tickers) == ["nvidia", "tokyo-electron", "asml", "cash", "not-a-share"]
    assert made.amounts.tolist() == pytest.approx([0.41, 0.22, 0.35, 0.02, 0])
    assert listing(RESOLVER.resolve_many(made.tickers)[2]) == "XAMS:ASML"
    notes = " ".join(made.notes)
    assert "header found on line 6" in notes
    assert "small print: row 13" in notes
    assert any("column 'Weight (%)'; --by value or --by quantity" in note for note in read_holdings(path).notes)
    assert read_holdings(path, by="value").amounts.tolist() == [41000, 22000, 35000, 2000, 0]
    named = read_holdings(path, Reading(value_column="Notional Value"))
    assert (named.basis, named.amounts[-1]) == ("value", 750)


def test_codes_that_lost_their_zeros_are_on_their_exchange(saved):
    text = (
        '"Symbol","Description","ListingExchange","CurrencyPrimary","Quantity","PositionValue","FXRateToBase"\n'
        '"8035","TOKYO ELECTRON LTD","TSEJ","JPY","300","8400000","0.0067"\n'
        '"2330","TSMC","TWSE","TWD","1000","1100000","0.031"\n'
        '"5930","SAMSUNG ELECTRONICS","KRX","KRW","500","40000000","0.00072"\n'
        '"1913","PRADA SPA","SEHK","HKD","2000","100000","0.128"\n'
        '"AAPL","APPLE INC","NASDAQ","USD","100","23000","1"\n'
    )
    made = read_holdings(saved(text))
    assert meant(made.tickers) == ["tokyo-electron", "tsmc", "samsung-electronics", "prada", "apple"]
    assert made.amounts.tolist() == pytest.approx([56280, 34100, 28800, 12800, 23000])
    assert RESOLVER.resolve_many(made.tickers)[2].reason == "zeros restored: read as XKRX:005930"


def test_a_german_file_of_cp1252(saved):
    text = "Ticker;Gewicht;Stück;Kurs\nASML.AS;12,5;1.200;730,00\nIFX.DE;7,25;2.500;35,00\n8035.T;80,25;100;150,00\n"
    made = read_holdings(saved(text.encode("cp1252")))
    assert meant(made.tickers) == ["asml", "infineon", "tokyo-electron"]
    assert made.amounts.tolist() == [12.5, 7.25, 80.25]
    assert "read as cp1252" in made.notes[0]


def test_a_broker_s_positions_with_cash_and_total(saved):
    text = (
        '"Positions for account ...000 as of 04:00 PM ET, 2026/07/31"\n\n'
        '"Symbol","Description","Qty (Quantity)","Price","Price Chng $ (Price Change $)","Mkt Val (Market Value)",'
        '"Day Chng % (Day Change %)","Security Type"\n'
        '"AAPL","APPLE INC","100","$230.00","-$1.50","$23,000.00","-0.65%","Equity"\n'
        '"NVDA","NVIDIA CORP","50","$165.00","$2.00","$8,250.00","1.23%","Equity"\n'
        '"MU","MICRON TECHNOLOGY","-20","$120.00","$0.10","-$2,400.00","0.08%","Equity"\n'
        '"Cash & Cash Investments","--","--","--","--","$5,432.10","0%","Cash and Money Market"\n'
        '"Account Total","","--","--","--","$34,282.10","0.2%","--"\n'
    )
    made = read_holdings(saved(text))
    assert meant(made.tickers) == ["apple", "nvidia", "micron", "cash"]
    assert made.amounts.tolist() == [23000, 8250, -2400, 5432.10]
    assert any("left out as total: row 8 'Account Total'" in note for note in made.notes)


def test_cusips_are_read_as_the_isins_that_hold_them(saved):
    text = (
        "nameOfIssuer,titleOfClass,cusip,value,sshPrnamt\n"
        "APPLIED MATERIALS INC,COM,038222105,1500000,10000\n"
        "APPLE INC,COM,037833100,2300000,10000\n"
        "ASML HOLDING N V,N Y REGISTRY SHS,N07059210,750000,1000\n"
        "APPLE INC,COM,037833101,1,1\n"
    )
    made = read_holdings(saved(text))
    assert meant(made.tickers) == ["applied-materials", "apple", "asml", "apple"]
    matches = RESOLVER.resolve_many(made.tickers)
    assert listing(matches[2]) == "XNAS:ASML"
    assert matches[3].reason == "not a valid CUSIP: the check digit is wrong: read by its name"


def test_factset_tickers_and_a_us_suffix(saved):
    text = "FactSet Ticker,Weight\nAAPL-US,10\n8035-JP,10\nASML-NL,10\n005930-KR,10\nAAPL.US,10\nMU.US,10\nT.US,10\n"
    made = read_holdings(saved(text))
    names = ["apple", "tokyo-electron", "asml", "samsung-electronics", "apple", "micron", "att"]
    assert meant(made.tickers) == names


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        (
            "cp932",
            "証券コード,銘柄名,保有数,現在値,評価額\n8035,東京エレ,100,28000,2800000\n285A,キオクシア,3,1,9\n",
        ),
        ("cp949", "종목코드,종목명,수량,현재가,평가금액\n8035,도쿄일렉트론,100,28000,2800000\n285A,키옥시아,3,1,9\n"),
        ("gb18030", "股票代码,股票名称,数量,现价,市值\n8035,东京电子,100,28000,2800000\n285A,铠侠,3,1,9\n"),
    ],
)
def test_files_of_asian_spreadsheets(saved, encoding, text):
    made = read_holdings(saved(text.encode(encoding)))
    assert meant(made.tickers) == ["tokyo-electron", "kioxia"]
    assert made.amounts.tolist() == [2800000, 9]
    assert f"read as {encoding}" in made.notes[0]
    assert read_holdings(saved(text.encode(encoding)), Reading(encoding=encoding)).amounts.tolist() == [2800000, 9]


def test_names_in_their_own_script_are_never_an_error(saved):
    rows = read_book(saved("東京エレクトロン\n삼성전자\n英伟达\n", "names.txt")).rows
    assert meant(rows) == ["unresolved"] * 3


def test_a_workbook_with_a_hidden_sheet_and_a_merged_title(tmp_path):
    workbook = openpyxl.Workbook()
    hidden = workbook.active
    hidden.title, hidden.sheet_state = "_lookup", "hidden"
    for row in (("ticker", "weight"), ("ZZZZ", 1)):
        hidden.append(row)
    shown = workbook.create_sheet("Holdings")
    rows = [("Global chips – model",), ("as of", "2026-07-31"), ("Ticker", "Name", "Weight"), ("8035.T", "TEL", 0.5),
            ("ASML NA", "ASML", 0.5), ("Total", None, "=SUM(C4:C5)")]  # fmt: skip
    for row in rows:
        shown.append(row)
    shown.merge_cells("A1:C1")
    workbook.save(tmp_path / "book.xlsx")
    made = read_holdings(tmp_path / "book.xlsx")
    assert [str(row) for row in made.tickers] == ["8035.T", "ASML NA"]
    assert made.amounts.tolist() == [0.5, 0.5]
    notes = " ".join(made.notes)
    assert "read sheet 'Holdings'" in notes
    assert "header found on line 3" in notes
    assert "total: row 6 'Total'" in notes
    assert [str(row) for row in read_holdings(tmp_path / "book.xlsx", Reading(sheet="_lookup")).tickers] == ["ZZZZ"]


def test_per_row_the_identifier_that_resolves(saved):
    text = "Symbol,ISIN,Weight\nASME,NL0010273215,50\nAP2,us 03822 21051,30\nIFX,DE0006231004,15\nMU,US0378331005,5\n"
    rows = read_book(saved(text)).rows
    assert meant(rows) == ["asml", "applied-materials", "infineon", "ambiguous"]
    assert "different companies" in RESOLVER.resolve_many(rows)[3].reason


def test_cash_is_a_kind_of_its_own(saved):
    rows = read_book(
        saved("Ticker,Type,Weight\nAAPL,STOCK,60\nCASH,CASH,20\nUSD,CASH,5\nEUR Curncy,CASH,5\nCASH_USD,CASH,10\n")
    ).rows
    assert meant(rows) == ["apple", "cash", "cash", "cash", "cash"]


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("USD,", "cash"),
        ("USD,US Dollar", "cash"),
        ("USD,PROSHARES ULTRA SEMICONDUCTORS", "unresolved"),
        ("EURUSD Curncy,", "not-a-share"),
        ("ESU6 Index,", "not-a-share"),
        ("CLZ6 Comdty,", "not-a-share"),
        ("T 4.5 02/15/36 Govt,", "not-a-share"),
        ("AAPL US 12/18/26 C250 Equity,", "not-a-share"),
        ("AAPL  261218C00250000,", "not-a-share"),
        ("AMD,", "unresolved"),
        ("AAPL US Equity,", "apple"),
        ("-,Cash collateral USD", "cash"),
    ],
)
def test_kinds_by_what_the_row_says(saved, line, status):
    assert meant(read_book(saved(f"Ticker,Name\n{line}\n")).rows) == [status]


def test_totals_and_subtotals_are_named_and_left_out(saved):
    text = "Country,Ticker,Weight\nUnited States,,60\n,AAPL,30\n,NVDA,30\nJapan,,40\n,8035.T,40\nTotal,,100\n"
    made = read_holdings(saved(text))
    assert meant(made.tickers) == ["apple", "nvidia", "tokyo-electron"]
    assert made.amounts.sum() == 100
    assert "subtotal: row 2 'United States'; row 5 'Japan'" in made.notes[0]
    assert "total: row 7 'Total'" in made.notes[1]


def test_a_separator_line_for_excel(saved):
    made = read_holdings(saved("sep=;\nTicker;Weight\nAAPL;50\nNVDA;50\n"))
    assert meant(made.tickers) == ["apple", "nvidia"]


EAFE = """Ticker,Name,Weight (%),Location,Exchange,Currency
ALV,ALLIANZ SE,20,Germany,Xetra,EUR
ROG,ROCHE HOLDING AG,20,Switzerland,SIX Swiss Exchange,CHF
EL,ESSILORLUXOTTICA SA,10,France,Nyse Euronext - Euronext Paris,EUR
TEL,TELENOR ASA,5,Norway,Oslo Bors Asa,NOK
MRK,MERCK KGAA,5,Germany,Xetra,EUR
ENR,SIEMENS ENERGY AG,10,Germany,Xetra,EUR
BA.,BAE SYSTEMS PLC,10,United Kingdom,London Stock Exchange,GBP
BNZL,BUNZL PLC,5,United Kingdom,London Stock Exchange,GBP
CPS,CAPSTONE TEST PLC,5,United Kingdom,London Stock Exchange,GBP
SHL,SIEMENS HEALTHINEERS AG,5,Germany,Xetra,EUR
6861,KEYENCE CORP,5,Japan,Tokyo Stock Exchange,JPY
"""
MEANT = ["allianz", "roche", "essilorluxottica", "telenor", "merck-kgaa", "siemens-energy", "bae-systems", "bunzl",
         "unresolved", "siemens-healthineers", "keyence"]  # fmt: skip


def columns_of(text: str, *kept: int) -> str:
    return "\n".join(",".join(line.split(",")[place] for place in kept) for line in text.splitlines()) + "\n"


@pytest.mark.parametrize("kept", [(0, 1, 2, 3, 4, 5), (0, 4), (0, 1, 4), (0, 1, 3), (0, 3), (0, 5), (0, 1)])
def test_bare_local_codes_by_any_of_the_other_columns(saved, kept):
    rows = read_book(saved(columns_of(EAFE, *kept))).rows
    found = meant(rows)
    assert found[:8] == MEANT[:8]
    assert found[8] in ("unresolved", "ambiguous")
    assert found[9:] == MEANT[9:]


def test_bare_codes_alone_say_that_they_are_read_as_american(saved):
    rows = read_book(saved(columns_of(EAFE, 0, 2))).rows
    matches = RESOLVER.resolve_many(rows)
    american = [m for m in matches if m.status == "ok" and RESOLVER.mics[m.listing] in ("XNYS", "XNAS")]
    assert len(american) == 7
    assert all(m.reason.startswith("no exchange given: read as XNYS:") for m in american)
    plain = RESOLVER.resolve_many(read_book(saved("Ticker,Weight\nAAPL,1\nMSFT,1\n")).rows)
    assert [m.reason for m in plain] == ["", ""]


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("MSFT,APPLE INC", "ambiguous"),
        ("ALV,SOME OTHER COMPANY", "ambiguous"),
        ("8035.T,NVIDIA CORP", "ambiguous"),
        ("AAPL,APPLE COMPUTER INC", "apple"),
        ("TSM,TAIWAN SEMICONDUCTOR MFG CO LTD SPONSORED ADR", "tsmc"),
        ("2330 TT,TSMC", "tsmc"),
        ("LRCX,LAM RESH CORP", "lam-research"),
        ("ZZZZ,NVIDIA CORP", "nvidia"),
        ("ZZZZ,NO SUCH COMPANY", "unresolved"),
    ],
)
def test_a_name_that_contradicts_the_code_makes_the_row_ambiguous(saved, line, status):
    assert meant(read_book(saved(f"Ticker,Name\n{line}\n")).rows) == [status]
