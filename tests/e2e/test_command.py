"""The installed command, run as users run it."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import subprocess
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import scoring
from scoring.columns import RESULT
from service.formats.encode import FORMATS
from tests.e2e.command import BOOK, EXPOSURE, exposure, rows_of


@pytest.fixture(scope="module")
def expected():
    with BOOK.open(encoding="utf-8") as file:
        tickers = [row["ticker"] for row in csv.DictReader(file)]
    return scoring.Scorer(scoring.open_release(), as_of="2026-07-31").score(tickers)


def test_book_to_csv_keeps_every_row_and_the_library_numbers(expected):
    done = exposure("score", BOOK, "--as-of", "2026-07-31", "--format", "csv")
    rows = rows_of(done.stdout)
    assert done.returncode == 3, "a typo and an unknown are in the book"
    assert list(rows[0]) == list(RESULT)
    assert [row["query"] for row in rows] == expected["query"].tolist()
    assert len(rows) == 41
    for row, score, status in zip(rows, expected["score"], expected["status"], strict=True):
        assert row["status"] == status
        assert (row["score"] == "") == (score != score)
        if row["score"]:
            assert float(row["score"]) == score
    status = {row["query"]: row["status"] for row in rows}
    assert status["AMTA"] == status["ZZZZ9"] == "unresolved"
    assert status["Toyota Motor"] == "estimated"
    matched = {row["query"]: row["matched_by"] for row in rows}
    assert matched["Tokyo Electorn"] == "name-fuzzy"


@pytest.mark.parametrize("suffix", ["csv", "json", "ndjson", "parquet", "arrows", "xlsx"])
def test_every_file_format_holds_the_same_scores(tmp_path, expected, suffix):
    out = tmp_path / f"scores.{suffix}"
    done = exposure("score", BOOK, "--as-of", "2026-07-31", "-o", out)
    assert done.returncode == 3
    assert b"41 rows" in done.stderr
    data = out.read_bytes()
    read = {
        "csv": lambda: [float(r["score"]) if r["score"] else None for r in rows_of(data)],
        "json": lambda: [r["score"] for r in json.loads(data)],
        "ndjson": lambda: [json.loads(line)["score"] for line in data.splitlines()],
        "parquet": lambda: pq.read_table(io.BytesIO(data)).column("score").to_pylist(),
        "arrows": lambda: pa.ipc.open_stream(data).read_all().column("score").to_pylist(),
        "xlsx": lambda: _sheet_column(out, "score"),
    }[suffix]()
    assert read == pytest.approx([None if s != s else s for s in expected["score"]], abs=1e-12, nan_ok=False)


def _sheet_column(path: Path, name: str) -> list[object]:
    header, *rows = openpyxl.load_workbook(path, read_only=True).active.iter_rows(values_only=True)
    return [row[header.index(name)] for row in rows]


def test_arguments_standard_input_and_files_mix():
    done = exposure("score", "AMAT", "-", "--format", "ndjson", "--as-of", "2024-09-02", stdin="8035.T\nASML NA\n")
    assert [json.loads(line)["company_id"] for line in done.stdout.splitlines()] == [
        "applied-materials",
        "tokyo-electron",
        "asml",
    ]
    assert done.returncode == 0


def test_table_for_people_names_what_it_was_computed_from():
    done = exposure("score", "8035.T", "7203.T", "--as-of", "2024-09-02")
    text = done.stdout.decode()
    assert "as of 2024-09-02 · release 2026.12.0 · methodology 2026.2" in text
    assert "49.5" in text
    assert "China share estimated, not disclosed" in text
    assert "partial" not in text
    assert done.stderr == b"", "nothing but the table in a pipe"


def test_default_as_of_is_never_beyond_the_release():
    done = exposure("score", "AMAT", "--format", "json")
    assert json.loads(done.stdout)[0]["as_of"] <= "2026-07-31"


def test_far_past_is_no_data_and_not_an_error():
    done = exposure("score", "AMAT", "--format", "json", "--as-of", "1999-12-31")
    row = json.loads(done.stdout)[0]
    assert (done.returncode, row["status"], row["score"]) == (0, "no-data", None)


def test_explain_json_is_a_tree_whose_leaves_add_up():
    tree = json.loads(exposure("explain", "ASML NA", "--as-of", "2024-09-30", "--json").stdout)

    def leaves(node):
        return [node] if not node["children"] else [leaf for child in node["children"] for leaf in leaves(child)]

    assert sum(leaf["points"] for leaf in leaves(tree["tree"])) == pytest.approx(tree["score"], abs=1e-9)
    for fact in tree["facts"].values():
        assert fact["source"] or fact["evidence"] in ("expert-judgement", "derived"), fact
    cited = {fact for leaf in leaves(tree["tree"]) for fact in leaf["facts"]}
    assert cited <= set(tree["facts"])


def test_explain_reads_like_a_note():
    text = exposure("explain", "8035.T", "--as-of", "2024-09-02").stdout.decode()
    for expected in ("Tokyo Electron", "Score 49.5 of 100, high", "2023-05-23", "https://", "known since", "grade C"):
        assert expected in text


def test_explain_under_the_methodology_before():
    given = ("--as-of", "2024-09-02", "--methodology", "2026.1", "--release", "2026.11.1")
    text = exposure("explain", "8035.T", *given).stdout.decode()
    for expected in ("release 2026.11.1 · methodology 2026.1", "Score 50.0 of 100, moderate", "grade B"):
        assert expected in text


def test_explain_of_a_company_without_a_china_share_says_so():
    text = exposure("explain", "Toyota Motor", "--as-of", "2026-01-31", "--estimates", "exclude").stdout.decode()
    assert "No score" in text
    assert "China share of revenue: not disclosed" in text
    assert "China share of revenue, estimated, not disclosed" not in text
    estimated = exposure("explain", "Toyota Motor", "--as-of", "2026-01-31").stdout.decode()
    assert "No score" not in estimated
    assert "China share of revenue, estimated, not disclosed" in estimated


def test_a_closed_pipe_ends_quietly():
    done = subprocess.run(
        f"'{EXPOSURE}' score '{BOOK}' --format ndjson --as-of 2026-07-31 | head -1",
        shell=True, capture_output=True, timeout=60,
    )  # fmt: skip
    assert len(done.stdout.splitlines()) == 1
    assert b"Traceback" not in done.stderr


def test_large_file_is_scored_whole_with_a_progress_bar_only_on_a_terminal(tmp_path):
    book = tmp_path / "big.csv"
    names = ["8035.T", "ASML NA", "nonsense", "AMAT", "7203.T"]
    book.write_text("ticker\n" + "\n".join(names[i % 5] for i in range(200_000)))
    out = tmp_path / "big.parquet"
    main, terminal = pty.openpty()
    process = subprocess.Popen([EXPOSURE, "score", str(book), "-o", str(out)], stderr=terminal)
    os.close(terminal)
    shown = b""
    try:
        while chunk := os.read(main, 65536):
            shown += chunk
    except OSError:  # the other end of the terminal is closed: the process has ended
        pass
    assert process.wait(timeout=60) == 3
    assert b"Scoring" in shown
    table = pq.read_table(out, columns=["query", "status"])
    assert table.num_rows == 200_000
    assert table.column("query").to_pylist()[:5] == names
    assert table.column("status").to_pylist()[:5] == ["ok", "ok", "unresolved", "ok", "estimated"]
    done = exposure("score", book, "-o", tmp_path / "again.csv")
    assert done.stderr.splitlines() == [f"200,000 rows written to {tmp_path / 'again.csv'}".encode()]


def test_formula_cells_are_defused(tmp_path):
    book = tmp_path / "book.txt"
    book.write_text('=HYPERLINK("http://x")\n@SUM(A1)\nAMAT\n')
    rows = rows_of(exposure("score", book, "--format", "csv", "--as-of", "2024-09-02").stdout)
    assert [row["query"][0] for row in rows] == ["'", "'", "A"]


def test_version_and_completion():
    assert b"2026.12.0" in exposure("--version").stdout
    assert b"exposure" in subprocess.run(
        [EXPOSURE, "--show-completion", "bash"], capture_output=True, timeout=30
    ).stdout  # fmt: skip


def test_methodology_commands():
    assert exposure("methodology", "list").stdout.startswith(b"2026.1")
    shown = json.loads(exposure("methodology", "show", "--json").stdout)
    assert shown["version"] == "2026.2"
    assert shown["weights"]["market"]["value"] == pytest.approx(1 / 3, abs=1e-12)
    before = json.loads(exposure("methodology", "show", "2026.1", "--json").stdout)
    assert before["weights"]["market"]["value"] == 0.4
    assert "half_points.control" in exposure("methodology", "show").stdout.decode()


def test_an_end_announced_later_is_not_told_before():
    """The affiliates rule of 2025-09-29 was suspended from 2025-11-10, which was announced on 2025-10-30."""

    def statement(as_of: str) -> str:
        facts = json.loads(exposure("explain", "LRCX", "--as-of", as_of, "--json").stdout)["facts"]
        return facts["rules/us-2025-09-29-affiliates-home"]["statement"]

    assert "ends" not in statement("2025-10-29")
    assert "ends 2025-11-10 (known 2025-10-30)" in statement("2025-10-30")


def test_help_names_every_format():
    text = exposure("score", "--help").stdout.decode()
    assert all(name in text for name in FORMATS)
