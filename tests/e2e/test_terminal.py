"""The command on terminals as they are: any encoding, any width, a full disk, a reader that leaves, an interrupt."""

from __future__ import annotations

import functools
import os
import re
import signal
import subprocess
import time
import zipfile
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.e2e.command import BOOK, EXPOSURE, exposure, rejected, rows_of

AS_OF = ("--as-of", "2026-07-31")
COMMANDS = {
    "score": ("score", BOOK, *AS_OF),
    "explain": ("explain", "ASML", "--top", "3", *AS_OF),
    "portfolio": ("portfolio", BOOK, *AS_OF),
    "coverage": ("coverage", BOOK, *AS_OF),
    "history": ("history", "005930.KS", "--start", "2025-06-01", "--freq", "Q"),
    "changes": ("changes", "LRCX", "ASML", "--from", "2024-01-01", "--to", "2025-01-01"),
    "screen": ("screen", "--country", "JP", "--top", "5", *AS_OF),
    "event": ("event", "us-2022-10-07-sme-home", "LRCX", "AAPL"),
    "risk": ("risk", "LRCX", "ASML", *AS_OF),
    "impact": ("scenario", "run", "match-act-enacted", "LRCX", "8035.T", *AS_OF),
    "release": ("release", "show", "2026.12.0"),
    "methodology": ("methodology", "show", "2026.2"),
}


@functools.cache
def run(*arguments: object, columns: int | None = None, encoding: str = "utf-8") -> tuple[int, str, str]:
    """Status, output and errors of a command on a terminal of so many columns and such an encoding."""
    given = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    given |= {"PYTHONIOENCODING": encoding} | ({} if columns is None else {"COLUMNS": str(columns)})
    done = subprocess.run([EXPOSURE, *map(str, arguments)], capture_output=True, env=given, timeout=240)
    return done.returncode, done.stdout.decode(encoding), done.stderr.decode(encoding)


@pytest.mark.parametrize(("name", "encoding"), [
    *((name, "cp932") for name in COMMANDS), ("score", "ascii"), ("history", "ascii"), ("portfolio", "cp1252"),
])  # fmt: skip
def test_no_encoding_ends_a_command_and_every_figure_stays(name, encoding):
    status, output, errors = run(*COMMANDS[name], columns=100, encoding=encoding)
    assert status in (0, 3)
    assert "Traceback" not in errors
    usual = run(*COMMANDS[name], columns=100)[1]
    assert re.findall(r"\d+(?:\.\d+)?", output) == re.findall(r"\d+(?:\.\d+)?", usual)


def test_letters_that_an_encoding_lacks_become_the_nearest_ones():
    _, output, _ = run("score", "Estée Lauder", "ソニー", *AS_OF, columns=120, encoding="ascii")
    assert "The Estee Lauder Companies" in output
    assert "???" in output


@pytest.mark.parametrize("columns", [80, 40])
@pytest.mark.parametrize("name", COMMANDS)
def test_narrow_terminals_cut_no_figure_and_say_what_they_hide(name, columns):
    _, output, _ = run(*COMMANDS[name], columns=columns)
    lines = output.splitlines()
    assert "…" not in output
    assert [line for line in lines if cell_len(line) > columns and "://" not in line] == []
    whole = {word for word in re.findall(r"\S+", run(*COMMANDS[name], columns=400)[1]) if re.search(r"\d\.\d", word)}
    shown = {word for word in re.findall(r"\S+", output) if re.search(r"\d\.\d", word)}
    assert shown <= whole, sorted(shown - whole)[:5]
    if len(shown) < len(whole) and name not in ("explain", "history", "changes"):
        assert "Not shown, for want of room" in " ".join(output.split())


@pytest.mark.parametrize(
    "arguments",
    [("score", "LRCX"), ("score", "LRCX", "--format", "csv"), ("explain", "LRCX", "--json"), ("--help",)],
)
def test_a_full_disk_is_one_line(arguments):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([EXPOSURE, *arguments], stdout=full, stderr=subprocess.PIPE, timeout=120)
    assert done.returncode == 2
    assert done.stderr.decode().splitlines() == [
        "error: standard output: cannot be written (No space left on device). Fix: make room there"
    ]


def test_a_full_disk_behind_a_file():
    """A device cannot be replaced, so it is written to, and what it answers is said."""
    rejected("score", "LRCX", "-o", "/dev/full", "--format", "csv", names=("/dev/full", "No space left on device"))


@pytest.mark.parametrize(
    "arguments",
    [("screen",), ("screen", "--format", "csv"), ("explain", "LRCX", "--json"), ("--help",), ("score", "--help")],
)
def test_a_reader_that_leaves_is_no_error(arguments):
    command = subprocess.Popen([EXPOSURE, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    command.stdout.read(1)
    command.stdout.close()
    errors = command.stderr.read().decode()
    assert command.wait(timeout=120) == 0
    assert errors == ""


def test_closed_streams_are_no_error():
    done = subprocess.run(f"'{EXPOSURE}' score LRCX >&- 2>&-", shell=True, timeout=120)
    assert done.returncode == 0


def test_an_interrupt_leaves_nothing_half_written(tmp_path):
    out = tmp_path / "panel"
    command = subprocess.Popen(
        [EXPOSURE, "panel", BOOK, "--start", "2016-01-01", "-o", out], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    while not out.exists() and command.poll() is None:
        time.sleep(0.05)
    command.send_signal(signal.SIGINT)
    _, errors = command.communicate(timeout=120)
    assert command.returncode == 130
    assert errors.decode().splitlines()[-1] == "interrupted; nothing half-written"
    assert not list(tmp_path.rglob("*.part"))


def test_standard_output_as_a_file_is_the_table_alone():
    plain = exposure("score", "LRCX", "ASML", *AS_OF, "--format", "csv")
    dash = exposure("score", "LRCX", "ASML", *AS_OF, "-o", "-")
    assert dash.stdout == plain.stdout
    assert dash.stderr == b""
    named = exposure("score", "LRCX", *AS_OF, "-o", "-", "--format", "ndjson").stdout
    assert named.startswith(b'{"query":"LRCX"')
    matches = exposure("score", "LRCX", *AS_OF, "--matches", "-", "--format", "csv", "-o", os.devnull).stdout
    assert rows_of(matches)[0]["company_id"] == "lam-research"


@pytest.mark.parametrize(
    "arguments",
    [
        ("panel", "LRCX", "--start", "2026-07-01"),
        ("sweep", "LRCX"),
        ("intervals", "LRCX"),
        ("panel", "LRCX", "--events"),
    ],
)
def test_a_dataset_cannot_go_to_standard_output(tmp_path, arguments):
    done = exposure(*arguments, "-o", "-", cwd=tmp_path)
    assert done.returncode == 2
    assert "name a folder" in " ".join(done.stderr.decode().split())
    assert list(tmp_path.iterdir()) == []


OVERLAY = (
    "company_id,fiscal_year,period_end,currency,unit,total_revenue,china_revenue,china_share,share_of,china_scope,basis,"
    "evidence,published,known_by,source_id,locator,note\n"
    "toyota,2025,2026-03-31,JPY,million,48000000,9600000,0.2,revenue,mainland,unspecified,analyst-estimate,2026-05-10,"
    "2026-05-10,house-view,the only line,a view of the house\n"
)
SOURCES = "source_id,title,url,kind\nhouse-view,View of the house,https://example.com/view,news\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("score", "7203.T"),
        ("portfolio", "BOOK"),
        ("coverage", "BOOK"),
        ("screen", "--country", "JP", "--min", "china_share:0.2", "--max", "china_share:0.2"),
        ("history", "7203.T", "--start", "2026-06-01"),
        ("scenario", "run", "match-act-enacted", "7203.T"),
        ("risk", "7203.T"),
    ],
)
def test_an_overlay_is_laid_wherever_facts_enter(tmp_path, arguments):
    folder = tmp_path / "house"
    folder.mkdir()
    (folder / "revenue.csv").write_text(OVERLAY)
    (folder / "sources.csv").write_text(SOURCES)
    book = tmp_path / "book.csv"
    book.write_text("ticker,weight\n7203.T,1\n")
    done = exposure(*(book if word == "BOOK" else word for word in arguments), "--overlay", folder)
    assert done.returncode == 0, done.stderr
    text = done.stdout.decode()
    assert "2026.12.0+house" in text
    assert "Toyota" in text or arguments[0] in ("coverage", "portfolio")


@pytest.mark.parametrize(("command", "name"), [("report", "out.html"), ("workbook", "out.xlsx")])
def test_an_overlay_is_laid_under_what_is_sent_on(tmp_path, command, name):
    folder = tmp_path / "house"
    folder.mkdir()
    (folder / "revenue.csv").write_text(OVERLAY)
    (folder / "sources.csv").write_text(SOURCES)
    book = tmp_path / "book.csv"
    book.write_text("ticker,weight\n7203.T,1\n")
    out = tmp_path / name
    done = exposure(command, book, "--overlay", folder, "-o", out)
    assert done.returncode == 0, done.stderr
    written = out.read_bytes()
    if name.endswith("xlsx"):
        with zipfile.ZipFile(out) as parts:
            written = b"".join(parts.read(part) for part in parts.namelist())
    assert b"2026.12.0+house" in written
