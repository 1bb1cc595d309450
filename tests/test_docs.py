"""What the documents point to is there: their links, and the files and modules that they name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").glob("*.md")])

FOLDERS = "scoring|service|tests|benchmarks|data|docs|reference|facts|exposure|score|explanation"
"""First part of a path from the root, or from `scoring/`."""


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def is_module(dotted: str) -> bool:
    """Whether a dotted name begins with a module of this project below its top."""
    parts = dotted.split(".")
    paths = [ROOT.joinpath(*parts[:depth]) for depth in range(2, len(parts) + 1)]
    return len(parts) == 2 or any(path.is_dir() or path.with_suffix(".py").is_file() for path in paths)


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_what_is_named_exists(document):
    text = document.read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text) if "://" not in link]
    assert [link for link in links if not (document.parent / link).exists()] == []
    paths = re.findall(rf"`((?:{FOLDERS})/[\w/.-]+)`", text)
    assert [p for p in paths if not (ROOT / p).exists() and not (ROOT / "scoring" / p).exists()] == []
    assert [dotted for dotted in re.findall(r"`((?:scoring|service)(?:\.\w+)+)`", text) if not is_module(dotted)] == []


def test_every_decision_is_listed():
    folder = ROOT / "docs" / "adr"
    listed = set(re.findall(r"\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text("utf-8")))
    assert listed == {path.name for path in folder.glob("[0-9]*.md")}
