"""Help texts on terminals of any width: every option by its whole name, and nothing cut."""

from __future__ import annotations

from typing import Any

import pytest
import typer.main
from rich.cells import cell_len
from typer.testing import CliRunner

from service import server
from service.cli.app import _FIRST_STEPS, COMMANDS, make_app
from service.cli.narrow import fit

EVERY: Any = typer.main.get_command(make_app(None))
PATHS = [
    path
    for name, command in EVERY.commands.items()
    for path in ((name,), *((name, sub) for sub in getattr(command, "commands", ())))
    if name != "serve"  # whose options are those of the server
]


def shown(monkeypatch: pytest.MonkeyPatch, width: int, *words: str) -> str:
    monkeypatch.setenv("COLUMNS", str(width))
    app = fit(server.app if words[:1] == ("serve",) else make_app(None))
    result = CliRunner().invoke(app, [word for word in words if word != "serve"] + ["--help"], prog_name="exposure")
    assert result.exit_code == 0
    return result.stdout


@pytest.mark.parametrize("width", [40, 80])
@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_every_option_is_whole(path, width, monkeypatch):
    printed = shown(monkeypatch, width, *path)
    found = EVERY
    for name in path:
        found = found.commands[name]
    for parameter in found.params:
        for option in parameter.opts if parameter.param_type_name == "option" else ():
            assert option in printed
    assert "…" not in printed
    assert [line for line in printed.splitlines() if cell_len(line.rstrip()) > width] == []


@pytest.mark.parametrize("width", [40, 80])
def test_the_first_help_names_every_command_and_the_first_steps(width, monkeypatch):
    printed = shown(monkeypatch, width)
    assert all(f" {name} " in printed.replace("\n", " ") for name in COMMANDS)
    assert " ".join(_FIRST_STEPS.replace("`", " ").split()) in " ".join(printed.replace("`", " ").split())
    assert [line for line in printed.splitlines() if cell_len(line.rstrip()) > width] == []


def test_an_option_of_the_server_without_a_default_names_none(monkeypatch):
    printed = shown(monkeypatch, 40, "serve")
    assert "--forwarded-from" in printed
    assert "Default: ." not in printed
