"""Columns beside a user's own: what is added is read by openpyxl, and nothing of the user's has changed."""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from scoring.reference.releases.release import open_release
from scoring.scorer import Scorer
from tests.conftest import RELEASE
from tests.service.serverprocess import EXPOSURE

AS_OF = "2024-09-02"
NAMES = ["8035.T", "ASML NA", "AMTA", "Toyota Motor"]
FIRST = 4
"""Row of the first name."""


def own_workbook(path: Path, *, columns: int = 3, protected: bool = False, stored: bool = True) -> None:
    """A workbook as people have them: a merged title, formulas, a chart, a second sheet, formats and comments."""
    book = xlsxwriter.Workbook(path)
    notes = book.add_worksheet("Notes")
    notes.write("A1", "not the list")
    sheet = book.add_worksheet("Holdings")
    bold, money = book.add_format({"bold": True, "bg_color": "#ffee88"}), book.add_format({"num_format": "#,##0.00 €"})
    sheet.merge_range("A1:F2", "My book, merged over six columns", bold)
    for place, title in enumerate(["Ticker", "Weight", *(f"own {number}" for number in range(columns - 2))]):
        sheet.write(FIRST - 2, place, title, bold)
    for row, name in enumerate(NAMES, FIRST - 1):
        sheet.write_formula(row, 0, f'="{name}"', None, name if stored else "")
        sheet.write_number(row, 1, 0.25, money)
        for place in range(2, columns):
            sheet.write_formula(row, place, f"=B{row + 1}*{place}", money, 0.25 * place)
    sheet.write_comment("B4", "checked on Monday")
    sheet.conditional_format("B4:B7", {"type": "data_bar"})
    chart = book.add_chart({"type": "pie"})
    chart.add_series({"values": "=Holdings!$B$4:$B$7"})
    sheet.insert_chart("H10", chart)
    if protected:
        sheet.protect("secret")
    notes.hide()
    sheet.activate()
    book.close()


def score(path: Path, output: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [*EXPOSURE, "score", str(path), "-o", str(output), "--add-columns", "--as-of", AS_OF, *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def cells_of(path: Path) -> dict[tuple[str, str], tuple[Any, ...]]:
    book = openpyxl.load_workbook(path)
    return {
        (sheet.title, cell.coordinate): (cell.value, cell.number_format, cell.font.b, cell.fill.fgColor.rgb)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def added_to(path: Path, first: int) -> list[dict[str, Any]]:
    sheet = openpyxl.load_workbook(path, data_only=True)["Holdings"]
    rows = [[cell.value for cell in row][first:] for row in sheet.iter_rows(min_row=FIRST - 1, max_row=FIRST + 3)]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


@pytest.mark.parametrize("columns", [3, 50])
def test_everything_of_the_users_stays(tmp_path: Path, columns: int) -> None:
    own, scored = tmp_path / "own.xlsx", tmp_path / "scored.xlsx"
    own_workbook(own, columns=columns)
    done = score(own, scored, "--release", RELEASE)
    assert done.returncode == 3, done.stderr  # AMTA names no company
    assert "4 names come from formulas" in done.stderr

    before, after = cells_of(own), cells_of(scored)
    assert {address: after[address] for address in before} == before
    with zipfile.ZipFile(own) as old, zipfile.ZipFile(scored) as new:
        assert old.namelist() == new.namelist()
        changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
    assert changed == {"xl/worksheets/sheet2.xml", "xl/styles.xml"}

    expected = Scorer(open_release(RELEASE), AS_OF).score(NAMES)
    first = max(columns, 6)  # beside the list, and beside what is merged
    rows = added_to(scored, first)
    assert list(rows[0])[:3] == ["exposure name", "exposure status", "exposure score"]
    for row, (_, wanted) in zip(rows, expected.iterrows(), strict=True):
        for name in ("status", "score", "band", "score_market", "china_share", "reason", "release", "methodology"):
            got, known = row[f"exposure {name}"], wanted[name]
            assert got == (None if known is None or known != known else known), name
        assert row["exposure as_of"].date().isoformat() == AS_OF
    assert rows[2]["exposure status"] == "unresolved"
    assert rows[2]["exposure score"] is None


def test_a_second_time_writes_the_same_columns_anew(tmp_path: Path) -> None:
    own = tmp_path / "own.xlsx"
    own_workbook(own)
    score(own, own, "--release", RELEASE)
    once = cells_of(own)
    assert score(own, own, "--release", RELEASE).returncode == 3
    assert cells_of(own) == once
    score(own, own, "--release", RELEASE, "--scenario", "match-act-enacted")
    rows = added_to(own, 6)
    assert len(rows[0]) == len(added_to(own, 6)[0])
    with zipfile.ZipFile(own) as book:
        assert book.testzip() is None


def test_a_protected_sheet_stays_protected(tmp_path: Path) -> None:
    own, scored = tmp_path / "own.xlsx", tmp_path / "scored.xlsx"
    own_workbook(own, protected=True)
    done = score(own, scored)
    assert "protected and stays so" in done.stderr
    assert openpyxl.load_workbook(scored)["Holdings"].protection.sheet


def test_the_library_that_reads_workbooks_writes_no_less(tmp_path: Path) -> None:
    """A workbook that openpyxl wrote has no styles of its own, cells without values, and shared strings."""
    own, scored = tmp_path / "own.xlsx", tmp_path / "scored.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["Ticker", "Weight"])
    for name in NAMES:
        book.active.append([name, 0.25])
    book.save(own)
    assert score(own, scored).returncode == 3
    sheet = openpyxl.load_workbook(scored).active
    assert [cell.value for cell in sheet[1]][:4] == ["Ticker", "Weight", "exposure name", "exposure status"]
    assert sheet["E2"].number_format == "0.0"


@pytest.mark.parametrize(
    ("make", "options", "words"),
    [
        (lambda path: own_workbook(path, stored=False), (), ("row 4", "'Ticker'", "no stored value", "save it")),
        (lambda path: path.write_bytes(b"nothing"), (), ("not a workbook",)),
        (lambda path: _plain_list(path), (), ("has no header",)),
        (lambda path: own_workbook(path, columns=16_370), (), ("free columns",)),
        (own_workbook, ("--estimates", "only"), ("--estimates: only",)),
        (own_workbook, ("--format", "csv"), ("--add-columns",)),
        (own_workbook, ("--sheet", "Nothing"), ("no sheet 'Nothing'",)),
    ],
)
def test_what_cannot_be_done_says_why_and_writes_nothing(
    tmp_path: Path, make: Any, options: tuple[str, ...], words: tuple[str, ...]
) -> None:
    own, scored = tmp_path / "own.xlsx", tmp_path / "scored.xlsx"
    make(own)
    done = score(own, scored, *options)
    assert done.returncode == 2
    said = " ".join(done.stderr.split())
    for word in words:
        assert word in said.replace("│ ", ""), said
    assert "Traceback" not in said
    assert not scored.exists()


def test_only_a_workbook_has_columns_added(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("ticker\nASML\n")
    assert "save it as .xlsx" in score(tmp_path / "own.csv", tmp_path / "scored.csv").stderr
    own_workbook(tmp_path / "own.xlsx")
    assert "ends in .xlsx" in score(tmp_path / "own.xlsx", tmp_path / "scored.csv").stderr


def _plain_list(path: Path) -> None:
    book = openpyxl.Workbook()
    for name in NAMES:
        book.active.append([name])
    buffer = io.BytesIO()
    book.save(buffer)
    path.write_bytes(buffer.getvalue())
