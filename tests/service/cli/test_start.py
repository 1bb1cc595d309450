"""What a command loads: itself alone, and nothing that it does not use."""

from __future__ import annotations

import subprocess
import sys

import pytest
import typer.main

from scoring.methodology import list_methodologies
from scoring.reference.releases.release import list_releases
from service.cli.app import COMMANDS, make_app
from tests.e2e.command import exposure


def commands_of(only: str | None) -> dict[str, object]:
    return typer.main.get_command(make_app(only)).commands


def test_all_commands_are_there_unless_one_is_asked_for() -> None:
    every = commands_of(None)
    assert sorted(every) == sorted(COMMANDS)
    assert sorted(commands_of("scor")) == sorted(COMMANDS), "a wrong name is told from all of them"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_alone_is_the_command_among_all(name: str) -> None:
    (alone,) = commands_of(name).items()
    among = commands_of(None)[name]
    assert alone[0] == name
    assert [parameter.opts for parameter in alone[1].params] == [parameter.opts for parameter in among.params]
    assert sorted(getattr(alone[1], "commands", {})) == sorted(getattr(among, "commands", {}))


def test_a_score_loads_no_frame_and_no_other_command() -> None:
    code = (
        "import sys; sys.argv[1:] = ['score', 'AMAT']\n"
        "from service.cli import main\n"
        "try: main()\n"
        "except SystemExit as done: assert not done.code\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    loaded = done.stderr.decode().split()
    assert "scoring.score.snapshot" in loaded
    unused = ("pandas", "pandera", "sklearn", "scipy", "fastapi", "rapidfuzz", "service.cli.commands.what_if.event")
    assert not set(unused) & set(loaded)


def test_the_version_lists_what_comes_with_it() -> None:
    shown = exposure("--version").stdout.decode()
    for name in (*list_releases(), *list_methodologies()):
        assert name in shown
