"""No block of the documents is unseen: each is of a kind that a test runs, or says elsewhere why not."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
import typer.main
from packaging.requirements import Requirement

from service.cli.app import make_app
from service.settings import Settings
from tests.e2e.documents.blocks import BLOCKS, ROOT, Block, is_command, of_kind, spans
from tests.e2e.documents.exceptions import ELSEWHERE, KINDS_ELSEWHERE, SMALLER, STATUS, TEXT

COMMANDS = [(block, command) for kind in ("shell", "session") for block in of_kind(kind) for command in block.commands]
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]


def test_every_block_is_of_a_kind_that_is_run() -> None:
    run = {"shell", "session", "python", "text", *KINDS_ELSEWHERE}
    assert [(str(block), block.kind) for block in BLOCKS if block.kind not in run] == []
    assert len(COMMANDS) > 130


@pytest.mark.parametrize("block", of_kind("shell"), ids=str)
def test_every_line_of_a_shell_is_a_command(block: Block) -> None:
    assert [command for command in block.commands if not is_command(command)] == []
    # A reader may paste a line as it is: what is said beside it is a comment.
    assert [line for line in block.commands if re.search(r"\S {2,}\S", re.sub(r"'[^']*'", "x", line))] == []


def test_text_is_what_nobody_runs() -> None:
    beginnings = {name: [b.text for b in of_kind("text") if b.document == name] for name in TEXT}
    assert {b.document for b in of_kind("text")} == TEXT.keys()
    for name, told in TEXT.items():
        assert len(beginnings[name]) == len(told), name
        assert all(text.startswith(words) for text, words in zip(beginnings[name], told, strict=True)), name


def test_no_exception_is_left_over() -> None:
    commands = [command for _, command in COMMANDS]
    for beginning in ELSEWHERE:
        assert any(command.startswith(beginning) for command in commands), beginning
    for command in STATUS:
        assert command in commands
    for much in SMALLER:
        assert any(much in command for command in commands), much
    for kind in KINDS_ELSEWHERE:
        assert of_kind(kind), kind


def test_what_is_run_elsewhere_is_run_there() -> None:
    for _, path, words in ELSEWHERE.values():
        assert words in (ROOT / path).read_text("utf-8"), (path, words)
    for path, name in KINDS_ELSEWHERE.values():
        assert f"def {name}(" in (ROOT / path).read_text("utf-8"), (path, name)


def test_what_is_installed_and_made_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for block, command in COMMANDS:
        if found := re.match(r"(?:\.venv/bin/)?pip install '(.*)'", command):
            asked = Requirement(re.sub(r"^\.", "exposure-risk", found[1]))
            assert asked.extras <= EXTRAS.keys(), str(block)
        if command.startswith("make"):
            assert set(command.split()[1:]) <= targets, str(block)


@pytest.fixture(scope="module")
def every() -> Any:
    return typer.main.get_command(make_app(None))


NOT_RUN = [(block.document, c) for block, c in COMMANDS if c.startswith("exposure") and c.startswith(tuple(ELSEWHERE))]


@pytest.mark.parametrize(("document", "command"), [*spans("exposure "), *NOT_RUN], ids=lambda value: value)
def test_what_is_not_run_is_understood(document: str, command: str, every: Any) -> None:
    """Of a command in running text its name and its options, which may lack their values there."""
    _, *words = command.split()
    context, found = None, every
    while getattr(found, "commands", None) and words and not words[0].startswith("-"):
        assert words[0] in found.commands, f"{document}: {words[0]} is no command"
        found, words = found.commands[words[0]], words[1:]
    context = found.make_context(found.name, [], resilient_parsing=True)
    known = {option for parameter in found.get_params(context) for option in parameter.opts}
    settings = {f"--{name.replace('_', '-')}" for name in Settings.model_fields} if found.name == "serve" else set()
    assert {word for word in words if word.startswith("-")} <= known | settings
