"""What commands of the documents print fits a terminal of 40 columns, one that has the letters of Japan alone."""

from __future__ import annotations

import io
import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from service.cli.process import run
from tests.e2e.documents.blocks import of_kind
from tests.e2e.documents.exceptions import ELSEWHERE, SMALLER
from tests.e2e.documents.shell import outputs

COLUMNS = 40
FOR_PROGRAMS = re.compile(r"--json|--format|scenario show|release notes")
"""Documents in JSON, YAML and Markdown have the lines that they have."""

LASTING = re.compile(r"exposure (serve|mcp|key|alert|data (take|review .)|report|workbook)|s3://|[<>|;&$*]")
"""What writes, sends or stays."""


def written() -> list[str]:
    """Commands that only read, each once."""
    every = [command for kind in ("shell", "session") for block in of_kind(kind) for command in block.commands]
    return [
        command
        for command in dict.fromkeys(every)
        if command.startswith("exposure ")
        and not command.startswith(tuple(ELSEWHERE))
        and not (outputs(command) or FOR_PROGRAMS.search(command) or LASTING.search(command))
    ]


COMMANDS = written()
MADE_BEFORE = (
    "exposure score book.csv -o scores.csv --receipt receipt.json",
    "exposure screen --basket 3 -o basket.csv",
)
"""What makes the files that these commands read, in the documents and here."""


def test_there_are_commands() -> None:
    assert len(COMMANDS) > 40


@pytest.fixture(scope="module")
def folder(desk: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("narrow") / "desk"
    shutil.copytree(desk, copy)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(copy)
        for command in MADE_BEFORE:
            assert _run(shlex.split(command), patch)[0] == 0
    return copy


@pytest.mark.parametrize("command", COMMANDS)
def test_it_fits_and_nothing_is_cut(command: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = command.replace(" A B", " 2026.11.1 2026.12.0")
    for much, little in SMALLER.items():
        given = given.replace(much, little)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", str(COLUMNS))
    status, printed, said = _run(shlex.split(given), monkeypatch)
    assert status in (0, 3), said
    assert printed.strip(), said
    assert [line for line in printed.splitlines() if cell_len(line) > COLUMNS and "://" not in line] == []
    assert "..." not in re.sub(r"\w{12}\.\.\.$", "", printed, flags=re.MULTILINE)  # hashes are shortened on purpose
    assert not re.search(r"\b(nan|None|NaT)\b|\?{2}", printed)


def _run(words: list[str], monkeypatch: pytest.MonkeyPatch) -> tuple[int, str, str]:
    """Status, output and errors of a command in this process, which need not be started."""
    streams = {name: io.TextIOWrapper(io.BytesIO(), encoding="cp932") for name in ("stdout", "stderr")}
    for name, stream in streams.items():
        monkeypatch.setattr(sys, name, stream)
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as ended:
        run()
    for stream in streams.values():
        stream.flush()
    printed, said = (stream.buffer.getvalue().decode("cp932") for stream in streams.values())
    return ended.value.code or 0, printed, said
