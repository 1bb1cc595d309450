"""Every format that is read: the same four positions, the same companies, the same sizes."""

from __future__ import annotations

import json
import os
import threading
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pytest

from scoring.errors import InputError
from service.books import reading as limits
from service.books.book import read_book
from service.books.holdings import read_holdings
from service.books.reading import Reading
from tests.e2e.command import exposure, rows_of
from tests.service.books.test_cases import meant

TITLES = ["Ticker", "Name", "Weight (%)"]
ROWS = [
    ["8035 JP", "Tokyo Electron Ltd", 12.5],
    ["AAPL US", "Apple Inc.", -2.25],
    ["ASML NA", "ASML Holding N.V.", 80.0],
    ["005930 KS", "Samsung Electronics", 9.75],
]
COMPANIES = ["tokyo-electron", "apple", "asml", "samsung-electronics"]
WEIGHTS = [0.125, -0.0225, 0.8, 0.0975]

OPENDOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:spreadsheet>
<table:table table:name="Positions">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"""


def records() -> list[dict]:
    return [dict(zip(TITLES, row, strict=True)) for row in ROWS]


def arrow() -> pa.Table:
    return pa.table({title: [row[i] for row in ROWS] for i, title in enumerate(TITLES)})


def ods(path: Path) -> None:
    def cell(value) -> str:
        if isinstance(value, float):
            kind = f'office:value-type="float" office:value="{value}"'
        else:
            kind = 'office:value-type="string"'
        return f"<table:table-cell {kind}><text:p>{value}</text:p></table:table-cell>"

    rows = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in [TITLES, *ROWS])
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", OPENDOCUMENT.format(rows=rows))
        manifest = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
        archive.writestr("META-INF/manifest.xml", f'<?xml version="1.0"?><manifest:manifest {manifest}/>')


def xlsx(path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [TITLES, *ROWS]:
        book.active.append(row)
    book.save(path)


def stream(path: Path) -> None:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, arrow().schema) as writer:
        writer.write_table(arrow())


def columns_of_json() -> str:
    return json.dumps({title: [row[i] for row in ROWS] for i, title in enumerate(TITLES)})


FILES = {
    "book.xlsx": xlsx,
    "book.ods": ods,
    "book.parquet": lambda path: pq.write_table(arrow(), path),
    "book.arrow": lambda path: pyarrow.feather.write_feather(arrow(), path),
    "lz4.feather": lambda path: pyarrow.feather.write_feather(arrow(), path, compression="lz4"),
    "book.arrows": stream,
    "records.json": lambda path: path.write_text(json.dumps(records())),
    "columns.json": lambda path: path.write_text(columns_of_json()),
    "split.json": lambda path: path.write_text(json.dumps({"columns": TITLES, "data": ROWS})),
    "inside.json": lambda path: path.write_text(json.dumps({"asOf": "2026-07-31", "positions": records()})),
    "book.ndjson": lambda path: path.write_text("\n".join(map(json.dumps, records()))),
    "book.jsonl": lambda path: path.write_text("\n".join(map(json.dumps, records())) + "\n\n"),
    "without an ending": xlsx,
    "parquet called.csv": lambda path: pq.write_table(arrow(), path),
}


@pytest.mark.parametrize("name", FILES)
def test_the_same_positions_in_every_format(tmp_path, name):
    FILES[name](tmp_path / name)
    made = read_holdings(tmp_path / name)
    assert meant(made.tickers) == COMPANIES
    assert made.amounts.tolist() == pytest.approx(WEIGHTS)
    assert [row.name for row in made.tickers] == [row[1] for row in ROWS]


def test_a_workbook_of_excel_97():
    """Its hidden sheet is passed over, and the line above the header is not a position."""
    made = read_holdings(Path(__file__).parents[2] / "golden" / "books" / "positions.xls")
    assert meant(made.tickers)[:3] == COMPANIES[:3]
    assert made.amounts.tolist() == pytest.approx(WEIGHTS)
    assert any("sheet 'Positions'" in note for note in made.notes)
    assert any("row 3" in note or "line 3" in note for note in made.notes)


def test_weights_by_ticker_in_json(tmp_path):
    path = tmp_path / "weights.json"
    path.write_text('{"8035.T": 0.5, "AAPL": -0.25}')
    made = read_holdings(path)
    assert meant(made.tickers) == COMPANIES[:2]
    assert made.amounts.tolist() == [0.5, -0.25]


def test_json_keeps_zeros_of_texts_and_takes_numbers_as_they_are_written(tmp_path):
    path = tmp_path / "book.json"
    path.write_text('[{"ticker": "005930.KS", "weight": 1.10}, {"ticker": 8035, "country": "JP", "weight": 2e-1}]')
    made = read_holdings(path)
    assert meant(made.tickers) == ["samsung-electronics", "tokyo-electron"]
    assert made.amounts.tolist() == [1.1, 0.2]


@pytest.mark.parametrize("name", ["book.csv", "book.ndjson", "book.parquet", "book.xlsx"])
def test_standard_input_and_a_pipe(tmp_path, name):
    source = tmp_path / name
    if name == "book.csv":
        source.write_text("Ticker,Weight (%)\n" + "".join(f"{row[0]},{row[2]}\n" for row in ROWS))
    else:
        FILES[name](source)
    done = exposure("portfolio", "-", "--as-of", "2026-07-31", "--format", "csv", stdin=source.read_bytes())
    assert [row["company_id"] for row in rows_of(done.stdout)] == COMPANIES
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    feeding = threading.Thread(target=lambda: pipe.write_bytes(source.read_bytes()))
    feeding.start()
    made = read_holdings(pipe)
    feeding.join()
    assert meant(made.tickers) == COMPANIES


@pytest.mark.parametrize("name", ["AAPL", "AAPL.csv"])
def test_what_exists_is_never_a_ticker(tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    done = exposure("score", name, cwd=tmp_path)
    assert done.returncode == 2
    assert "is a folder" in done.stderr.decode()


@pytest.mark.parametrize(("limit", "value"), [("MOST_ROWS", 3), ("MOST_CELLS", 5), ("MOST_BYTES", 60)])
@pytest.mark.parametrize("name", ["book.xlsx", "book.ods", "book.parquet", "records.json"])
def test_beyond_a_limit_is_refused_by_name(tmp_path, monkeypatch, name, limit, value):
    FILES[name](tmp_path / name)
    monkeypatch.setattr(limits, limit, value)
    monkeypatch.setattr("service.books.contents.MOST_BYTES", limits.MOST_BYTES)
    with pytest.raises(InputError, match="is too large") as refused:
        read_book(tmp_path / name)
    assert name in refused.value.field


def with_a_last_row(path: Path, number: int) -> None:
    """The workbook of the four positions, with a fifth far below."""
    xlsx(path.with_suffix(".small"))
    last = f'<row r="{number}"><c r="A{number}" t="inlineStr"><is><t>AMAT US</t></is></c></row></sheetData>'.encode()
    with zipfile.ZipFile(path.with_suffix(".small")) as short, zipfile.ZipFile(path, "w") as tall:
        for entry in short.infolist():
            tall.writestr(entry, short.read(entry).replace(b"</sheetData>", last))


@pytest.mark.parametrize("number", [limits.MOST_ROWS, limits.MOST_ROWS + 1])
def test_a_sheet_is_read_as_far_as_excel_goes(tmp_path, number):
    path = tmp_path / "tall.xlsx"
    with_a_last_row(path, number)
    if number > limits.MOST_ROWS:
        with pytest.raises(InputError, match="is too large: it has more than 1,048,576 rows"):
            read_book(path)
    else:
        assert [row.number for row in read_book(path).rows] == [2, 3, 4, 5, number]


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked(tmp_path):
    """A hundred kilobytes that would become a hundred and more megabytes of cells."""
    xlsx(tmp_path / "small.xlsx")
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(tmp_path / "small.xlsx") as good, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as bad:
        for entry in good.infolist():
            bad.writestr(entry, good.read(entry))
        bad.writestr("xl/worksheets/extra.xml", b"<c/>" * (limits.MOST_UNPACKED // 4 + 1))
    assert bomb.stat().st_size < limits.MOST_UNPACKED // 100
    with pytest.raises(InputError, match="unpacks to more than 200,000,000 bytes"):
        read_book(bomb)


def test_a_sheet_of_all_columns_that_excel_has(tmp_path):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("wide")
    filler = [f"x{i}" for i in range(16_382)]
    sheet.append(["Ticker", *filler, "Weight"])
    for row in ROWS:
        sheet.append([row[0], *[None] * 16_382, row[2]])
    book.save(tmp_path / "wide.xlsx")
    made = read_holdings(tmp_path / "wide.xlsx")
    assert meant(made.tickers) == COMPANIES
    assert made.amounts.tolist() == pytest.approx([row[2] for row in ROWS])


@pytest.mark.parametrize(
    ("first", "second"),
    [("xlsx", "csv"), ("xlsx", "pdf"), ("csv", "xlsx"), ("parquet", "csv"), ("json", "csv"), ("pdf", "xlsx")],
)
def test_two_formats_at_once_are_one_of_them_or_refused(tmp_path, first, second):
    xlsx(tmp_path / "book.xlsx")
    pq.write_table(arrow(), tmp_path / "book.parquet")
    content = {
        "xlsx": (tmp_path / "book.xlsx").read_bytes(),
        "parquet": (tmp_path / "book.parquet").read_bytes(),
        "csv": b"Ticker,Weight (%)\n" + b"".join(f"{row[0]},{row[2]}\n".encode() for row in ROWS),
        "json": json.dumps(records()).encode() + b"\n",
        "pdf": b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n",
    }
    for name in ("both.csv", "both.xlsx", "both"):
        path = tmp_path / name
        path.write_bytes(content[first] + content[second])
        found, refusal = outcome(path)
        assert found is None or set(found) - {"unresolved", "not-a-share"} <= set(COMPANIES)
        assert refusal is None or (str(path) in refusal.field and refusal.fix)


def outcome(path: Path) -> tuple[list[str] | None, InputError | None]:
    """What the rows of a file mean, or why it is refused."""
    try:
        return meant(read_book(path).rows), None
    except InputError as error:
        return None, error


def test_a_sheet_and_a_header_row_that_are_named(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Cover"
    book.active.append(["Ticker", "Weight"])
    book.active.append(["AAPL", 1])
    real = book.create_sheet("Real")
    for row in [["Ticker", "Weight"], ["read", "below"], ["Ticker", "Weight"], ["ASML NA", 2]]:
        real.append(row)
    book.save(tmp_path / "book.xlsx")
    assert meant(read_book(tmp_path / "book.xlsx").rows) == ["apple"]
    for sheet in ("Real", "real", "2"):
        assert meant(read_book(tmp_path / "book.xlsx", Reading(sheet=sheet, header_row=3)).rows) == ["asml"]
    with pytest.raises(InputError, match="choose one of 'Cover', 'Real'"):
        read_book(tmp_path / "book.xlsx", Reading(sheet="Third"))
