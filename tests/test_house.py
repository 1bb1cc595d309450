"""The house stays a house: short files, folders that are taken in at a glance, functions with few parameters."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("scoring", "service", "tests", "benchmarks")
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))

LINES, FILES_OF_A_FOLDER, PARAMETERS = 400, 16, 8

OPTIONS = ("service/cli/commands/", "service/http/parameters.py", "service/http/routes/")
"""Where each parameter is an option of a command or a request."""


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    given = function.args
    count = len(given.posonlyargs + given.args + given.kwonlyargs)
    return count - (bool(given.args) and given.args[0].arg in ("self", "cls"))


def test_no_file_is_long():
    lines = {name(path): len(path.read_text("utf-8").splitlines()) for path in FILES}
    assert {path: n for path, n in lines.items() if n > LINES} == {}


def test_no_folder_is_crowded():
    files = Counter(path.parent for path in FILES if path.name != "__init__.py")
    assert {name(folder): n for folder, n in files.items() if n > FILES_OF_A_FOLDER} == {}


@pytest.mark.parametrize("room", [room for room in ROOMS if room != "tests"])
def test_no_function_has_many_parameters(room):
    many = {
        f"{name(path)}:{node.lineno} {node.name}": parameters(node)
        for path in FILES
        if name(path).startswith(f"{room}/") and not name(path).startswith(OPTIONS)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {function: n for function, n in many.items() if n > PARAMETERS} == {}


def test_tests_mirror_the_packages():
    """A folder of tests is called as the package it tests."""
    for room in ("scoring", "service", "benchmarks"):
        folders = {path.relative_to(ROOT / "tests") for path in (ROOT / "tests" / room).rglob("*") if path.is_dir()}
        stray = [str(folder) for folder in folders if folder.name != "__pycache__" and not (ROOT / folder).is_dir()]
        assert stray == []
