"""Every command in the documents is one that the command line understands: its name, its options, their values."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.main

from service.cli.app import make_app
from service.settings import Settings

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
LINE = re.compile(r"^(?: {4})?(?:\$ )?(exposure [^\n]*)", re.MULTILINE)


def written() -> list[tuple[str, str]]:
    """Commands of the documents, without what is said beside them."""
    found = []
    for document in DOCUMENTS:
        for line in LINE.findall(document.read_text("utf-8").replace("\\\n", " ")):
            command = re.split(r" {2,}|\s#|\s[|<>;&]| \.\.\.", line)[0].strip()
            found.append((document.name, command))
    return sorted(set(found))


COMMANDS = written()


@pytest.fixture(scope="module")
def every() -> Any:
    return typer.main.get_command(make_app(None))


def test_there_are_commands() -> None:
    assert len(COMMANDS) > 80


@pytest.mark.parametrize(("document", "command"), COMMANDS, ids=[" in ".join(reversed(pair)) for pair in COMMANDS])
def test_it_is_understood(document: str, command: str, every: Any) -> None:
    _, *words = shlex.split(command)
    context, found = None, every
    while True:
        context = found.make_context(found.name or "exposure", list(words), parent=context, resilient_parsing=False)
        words = [*getattr(context, "_protected_args", []), *context.args]
        if not getattr(found, "commands", None) or not words:
            break
        assert words[0] in found.commands, f"{words[0]} is no command"
        found = found.commands[words[0]]
        words = words[1:]
    # What `serve` does not know itself is a setting.
    unknown = [word for word in context.args if word.startswith("--")]
    assert {word.removeprefix("--").replace("-", "_") for word in unknown} <= Settings.model_fields.keys()
    assert bool(unknown) == bool(context.args)
