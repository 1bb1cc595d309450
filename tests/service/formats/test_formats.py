from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import sys
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.columns import KINDS, RESULT
from scoring.errors import OutputError
from service.formats.cells import defused
from service.formats.encode import FORMATS, encode, format_from_path, stream, write

NAN = float("nan")


def objects(*values: object) -> np.ndarray:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def table() -> dict[str, object]:
    return {
        "query": ["8035.T", "=1+1", "L'Oréal"],
        "score": np.array([50.0, NAN, 12.25]),
        "rank": np.array([1.0, NAN, 2.0]),
        "china_share": [0.4, None, 0.0],
        "china_share_period_end": objects(dt.date(2024, 3, 31), None, dt.date(2023, 12, 31)),
        "candidates": objects(None, "asml ASML Holding N.V.; amat Applied Materials", None),
        "as_of": np.array(["2024-09-02", "2024-09-02", "NaT"], dtype="datetime64[D]"),
    }


EXPECTED = [
    ("8035.T", 50.0, 1, 0.4, dt.date(2024, 3, 31), None, dt.date(2024, 9, 2)),
    ("=1+1", None, None, None, None, "asml ASML Holding N.V.; amat Applied Materials", dt.date(2024, 9, 2)),
    ("L'Oréal", 12.25, 2, 0.0, dt.date(2023, 12, 31), None, None),
]


def test_csv() -> None:
    text = encode(table(), "csv").decode()
    assert text.splitlines() == [
        "query,score,rank,china_share,china_share_period_end,candidates,as_of",
        "8035.T,50.0,1,0.4,2024-03-31,,2024-09-02",
        "'=1+1,,,,,asml ASML Holding N.V.; amat Applied Materials,2024-09-02",
        "L'Oréal,12.25,2,0.0,2023-12-31,,",
    ]
    assert text.endswith("\r\n")


@pytest.mark.parametrize("format", ["json", "ndjson"])
def test_json(format: str) -> None:
    data = encode(table(), format).decode()
    rows = json.loads(data) if format == "json" else [json.loads(line) for line in data.splitlines()]
    dated = [tuple(str(v) if isinstance(v, dt.date) else v for v in row) for row in EXPECTED]
    assert [tuple(row.values()) for row in rows] == dated
    assert list(rows[0]) == list(table())
    assert "NaN" not in data


@pytest.mark.parametrize("format", ["parquet", "arrow"])
def test_parquet_and_arrow(format: str) -> None:
    data = io.BytesIO(encode(table(), format))
    got = pq.read_table(data) if format == "parquet" else pa.ipc.open_stream(data).read_all()
    assert [tuple(row.values()) for row in got.to_pylist()] == EXPECTED


def test_xlsx() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(encode(table(), "xlsx"))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == list(table())
    assert rows[1][:4] == ["8035.T", 50, 1, 0.4]
    assert rows[2][:4] == ["'=1+1", None, None, None]
    assert rows[1][4].date() == dt.date(2024, 3, 31)
    assert sheet["A1"].font.bold
    assert sheet.freeze_panes == "A2"
    assert sheet["D2"].number_format == "0.0%"
    assert {sheet["A2"].data_type, sheet["A3"].data_type} == {"s"}
    assert sheet["B2"].data_type == "n"


def test_xlsx_cuts_a_text_that_excel_refuses() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(encode({"query": ["x" * 40_000]}, "xlsx"))).active
    assert len(sheet["A2"].value) == 32_767


def test_too_many_rows_for_a_worksheet() -> None:
    with pytest.raises(OutputError, match=r"do not fit a worksheet.*csv or parquet"):
        encode({"score": np.zeros(1_048_576)}, "xlsx")


def test_every_column_of_a_result_has_one_type_even_if_all_is_missing() -> None:
    empty = {name: np.full(2, NAN) if kind == "number" else [None, None] for name, kind in KINDS.items()}
    schema = pq.read_schema(io.BytesIO(encode(empty, "parquet")))
    wanted = {"text": pa.string(), "number": pa.float64(), "integer": pa.int64(), "date": pa.date32()}
    for name, kind in KINDS.items():
        assert schema.field(name).type == wanted[kind], name


def test_columns_of_other_tables_are_typed_by_their_values() -> None:
    other = {
        "n": [1, None, 2],
        "x": [1, 2.5, None],
        "day": [None, dt.date(2024, 1, 1), dt.date(2024, 1, 2)],
        "flag": [True, None, False],
        "none": [None, None, None],
    }
    schema = pq.read_schema(io.BytesIO(encode(other, "parquet")))
    assert schema.types == [pa.int64(), pa.float64(), pa.date32(), pa.bool_(), pa.string()]


def test_infinite_numbers_are_missing() -> None:
    assert encode({"score": [float("inf"), 1.0]}, "ndjson") == b'{"score":null}\n{"score":1.0}\n'


@pytest.mark.parametrize("format", FORMATS)
def test_no_rows(format: str) -> None:
    assert encode({name: [] for name in RESULT}, format) is not None


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_table_gives_the_same_bytes(format: str) -> None:
    assert encode(table(), format) == encode(table(), format)


@pytest.mark.parametrize("format", FORMATS)
def test_texts_that_no_encoding_has(format: str) -> None:
    assert encode({"query": ["\ud800", "\0", "\x1b", "\uffff"]}, format)


@pytest.mark.parametrize("format", FORMATS)
def test_columns_of_unequal_length_are_refused(format: str) -> None:
    with pytest.raises(ValueError, match="length"):
        encode({"query": ["a"], "score": [1.0, 2.0]}, format)


@pytest.mark.parametrize("format", FORMATS)
def test_streamed_parts_are_the_whole(format: str) -> None:
    columns = {"query": [str(i) for i in range(5_001)], "score": np.arange(5_001.0)}
    parts = list(stream(columns, format))
    assert b"".join(parts) == encode(columns, format)
    assert (len(parts) > 2) == (format in ("csv", "ndjson"))


@pytest.mark.parametrize(
    "text",
    ["=1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "\r=1", "\n=1", " =1", "'=1", '"=1', "＝1", "-", "\tx"],
)
def test_formulas_are_defused(text: str) -> None:
    assert defused(text) == "'" + text
    (_, row) = csv.reader(io.StringIO(encode({"query": [text]}, "csv").decode(), newline=""))
    assert row == ["'" + text]


@pytest.mark.parametrize("text", ["AMAT", "8035.T", "-1.5", "+3", "a=1", "L'Oréal", "", "BRK-B", "12"])
def test_other_texts_stay(text: str) -> None:
    assert defused(text) == text


def test_numbers_are_never_defused() -> None:
    assert encode({"china_share_surge": [-0.25]}, "csv") == b"china_share_surge\r\n-0.25\r\n"


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(texts, st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)))))
def test_csv_round_trip(rows: list[tuple[str, float | None]]) -> None:
    data = encode({"query": [q for q, _ in rows], "score": [s for _, s in rows]}, "csv")
    header, *got = csv.reader(io.StringIO(data.decode(), newline=""))
    assert header == ["query", "score"]
    assert [(q, float(s) if s else None) for q, s in got] == [(defused(q), s) for q, s in rows]


def test_formats_by_ending() -> None:
    for name, known in FORMATS.items():
        for suffix in known.suffixes:
            assert format_from_path(Path("a.b") / f"out{suffix.upper()}") == name
    with pytest.raises(OutputError, match=r"\.pdf.*\.csv, \.json"):
        format_from_path("out.pdf")
    with pytest.raises(OutputError, match="none"):
        format_from_path("out")


def test_unknown_format() -> None:
    for use in (encode, stream):
        with pytest.raises(OutputError, match=r"'pdf' is not known.*csv, json"):
            use(table(), "pdf")


@pytest.mark.parametrize("format", FORMATS)
def test_write(tmp_path: Path, format: str) -> None:
    path = tmp_path / f"out{FORMATS[format].suffixes[0]}"
    path.write_text("old")
    write(table(), path)
    assert path.read_bytes() == encode(table(), format)
    assert names_in(tmp_path) == [path.name]


def test_write_in_a_named_format(tmp_path: Path) -> None:
    write(table(), tmp_path / "scores", "json")
    assert json.loads((tmp_path / "scores").read_bytes())


def test_write_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    write(table(), tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_bytes() == encode(table(), "csv")


def test_write_to_a_device() -> None:
    write(table(), "/dev/null", "csv")


def test_a_failed_write_leaves_everything_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"out\.csv: cannot be written \(No space left on device\)"):
        write(table(), path)
    assert path.read_text() == "old"
    assert names_in(tmp_path) == ["out.csv"]


def test_unwritable_paths_are_named(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    for path in (tmp_path / "none" / "out.csv", tmp_path / "folder.csv", Path("a\0.csv")):
        with pytest.raises(OutputError, match="cannot be written") as caught:
            write(table(), path)
        assert caught.value.field == str(path)
    assert names_in(tmp_path) == ["folder.csv"]


def test_xlsx_without_its_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(OutputError, match=r'pip install "exposure-risk\[excel\]"'):
        write(table(), tmp_path / "out.xlsx")
    assert names_in(tmp_path) == []


def test_truth_values_stay_truth_values():
    column = {"active": np.array([True, False])}
    assert json.loads(encode(column, "json")) == [{"active": True}, {"active": False}]
    assert encode(column, "csv").split() == [b"active", b"true", b"false"]
    assert pq.read_table(io.BytesIO(encode(column, "parquet"))).column("active").to_pylist() == [True, False]
