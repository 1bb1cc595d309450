"""The installed command as a process, and what its refusals look like."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "data" / "examples" / "book.csv"
EXPOSURE = str(Path(sys.executable).parent / "exposure")


def exposure(
    *arguments: object, stdin: str | bytes | None = None, cwd: Path | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess:
    given = stdin.encode() if isinstance(stdin, str) else stdin
    plain = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    command = [EXPOSURE, *map(str, arguments)]
    return subprocess.run(command, input=given, capture_output=True, cwd=cwd, env=plain | (env or {}), timeout=120)


def rows_of(text: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.decode())))


def rejected(*arguments: object, names: tuple[str, ...], stdin: bytes | None = None) -> str:
    """What is said of bad input: status 2, nothing on standard output, and what matters is named."""
    done = exposure(*arguments, stdin=stdin)
    text = done.stderr.decode()
    assert done.returncode == 2, (done.returncode, text, done.stdout[:300])
    assert done.stdout == b""
    assert "Traceback" not in text
    for name in names:
        assert name in text, text
    return text


def refused(*arguments: object, names: tuple[str, ...], stdin: bytes | None = None) -> None:
    """Rejected by the library, not by the parser of options: in one line, with the fix."""
    text = rejected(*arguments, names=names, stdin=stdin)
    assert text.startswith("error: ")
    assert len(text.strip().splitlines()) == 1, text
    assert "Fix: " in text
