"""The blocks of code in the documents, and what each of them is."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[3]
# Not the changelog, which also names what there was.
_AT_THE_TOP = [path for path in ROOT.glob("*.md") if path.name != "CHANGELOG.md"]
DOCUMENTS = sorted([*_AT_THE_TOP, *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").glob("*.md")])

_PROGRAM = re.compile(r"(\$ )?(\.venv/bin/)?(exposure|curl|pip|python3?|make|docker|dask|export|pre-commit)\b")
_CRON = re.compile(r"((?:[\d*/,-]+ ){4}[\d*/,-]+)  (.*)")
_REMARK = re.compile(r"\s#\s")


@dataclass(frozen=True)
class Block:
    """One block of code, fenced or indented.

    Attributes
    ----------
    document : str
        Path from the root.
    line : int
        Where it begins.
    language : str
        What its fence says; empty without a fence.
    text : str
    """

    document: str
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.document}:{self.line}"

    @property
    def kind(self) -> str:
        """``shell``, ``session`` (a command and what it prints), ``text``, or the language."""
        if self.language:
            return self.language
        lines = [line for line in self.text.splitlines() if line.strip() and not line.startswith("#")]
        if lines and lines[0].startswith("$ "):
            return "session"
        if lines and (_PROGRAM.match(lines[0]) or _CRON.fullmatch(lines[0])):
            return "shell"
        return "python" if _is_python(self.text) else "text"

    @property
    def commands(self) -> list[str]:
        """Lines of a shell, without what is said beside them; of a crontab without the times."""
        joined = self.text.replace("\\\n", " ")
        lines = [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]
        if self.kind == "session":
            lines = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
        return [_without_remark(_CRON.sub(r"\2", line)) for line in lines]


def _without_remark(line: str) -> str:
    return _REMARK.split(line)[0].strip()


def _is_python(text: str) -> bool:
    try:
        return bool(ast.parse(text).body)
    except SyntaxError:
        return False


def is_command(line: str) -> bool:
    return _PROGRAM.match(line) is not None or re.match(r"[A-Z_]+=", line) is not None


def _blocks() -> list[Block]:
    found = []
    for path in DOCUMENTS:
        for token in MarkdownIt().parse(path.read_text("utf-8")):
            if token.type in ("fence", "code_block"):
                assert token.map is not None
                found.append(Block(path.relative_to(ROOT).as_posix(), token.map[0] + 1, token.info, token.content))
    return found


BLOCKS = _blocks()


def of_kind(kind: str) -> list[Block]:
    return [block for block in BLOCKS if block.kind == kind]


def pages(kind: str) -> dict[str, list[Block]]:
    """Blocks of a kind by their document, in order."""
    return {name: list(some) for name, some in groupby(of_kind(kind), lambda block: block.document)}


def spans(beginning: str) -> list[tuple[str, str]]:
    """Code in running text that begins so, by its document."""
    found = set()
    for path in DOCUMENTS:
        for token in MarkdownIt().enable("table").parse(path.read_text("utf-8")):
            for child in token.children or ():
                if child.type == "code_inline" and re.match(beginning, child.content):
                    found.add((path.relative_to(ROOT).as_posix(), child.content))
    return sorted(found)
