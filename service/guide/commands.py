"""The reference of the command line, from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def command_reference() -> str:
    """Every command with its arguments and options, as Markdown."""
    from typer.main import get_command

    from service.cli.app import make_app

    head = "# Commands\n\nEvery command, as its own `--help` has it; by job they are in the [guide](../guide.md)."
    return "\n\n".join([head, *_pages("exposure", get_command(make_app()))]) + "\n"


def _pages(name: str, command: Any) -> Iterator[str]:
    commands = getattr(command, "commands", None)
    if commands is not None:
        for word, below in commands.items():
            yield from _pages(f"{name} {word}", below)
        return
    yield f"## {name}\n\n{(command.help or '').strip()}"
    rows = [_row(one) for one in command.params if one.name != "help" and not getattr(one, "hidden", False)]
    if rows:
        yield "\n".join(["| argument or option | what |", "|---|---|", *rows])


def _row(one: Any) -> str:
    is_option = bool(getattr(one, "help", None)) and one.param_type_name == "option"
    shown = ", ".join(one.opts) if is_option else str(one.metavar or one.name.upper())
    metavar = f" {one.metavar}" if is_option and one.metavar else ""
    text = " ".join((getattr(one, "help", "") or "").split()).replace("|", "\\|")
    return f"| `{shown}{metavar}` | {text} |"
