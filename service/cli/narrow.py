"""Help texts on narrow terminals: an option stands on a line, what it means below it, and nothing is cut."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

_OPTIONS: Final = 100
_COMMANDS: Final = 72
"""Cells below which the boxes of Rich would cut the names of options, and of commands."""


def fit(app: typer.Typer) -> typer.Typer:
    """The same commands, with help texts that fit the terminal."""
    width = shutil.get_terminal_size().columns
    if width < _OPTIONS:
        _stack(app, width)
    return app


def _stack(app: typer.Typer, width: int) -> None:
    app.info.context_settings = (app.info.context_settings or {}) | {"max_content_width": width}
    if width < _COMMANDS:
        # The library has a page no narrower than 50 otherwise.
        app.info.cls, app.info.context_settings["terminal_width"] = _Group, width
    for command in app.registered_commands:
        command.cls = _Command
    for group in app.registered_groups:
        if group.typer_instance is not None:
            _stack(group.typer_instance, width)


class _Command(TyperCommand):
    def format_help(self, ctx: Any, formatter: Any) -> None:
        self.rich_markup_mode = None
        super().format_help(ctx, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        _write_options(self, ctx, formatter)


class _Group(TyperGroup):
    def format_help(self, ctx: Any, formatter: Any) -> None:
        self.rich_markup_mode = None
        super().format_help(ctx, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        _write_options(self, ctx, formatter)
        rooms: dict[str, list[tuple[str, str]]] = {}
        for name, command in self.commands.items():
            rooms.setdefault(_room(command), []).append((name, command.get_short_help_str(1_000)))
        for room, commands in rooms.items():
            _write(formatter, room, commands)


def _room(command: Any) -> str:
    room = command.rich_help_panel
    return room if isinstance(room, str) else "Commands"


def _write_options(command: Any, ctx: Any, formatter: Any) -> None:
    for title, kind in (("Arguments", "argument"), ("Options", "option")):
        records = [one.get_help_record(ctx) for one in command.get_params(ctx) if one.param_type_name == kind]
        _write(formatter, title, [record for record in records if record is not None])


def _write(formatter: Any, title: str, records: Sequence[tuple[str, str]]) -> None:
    if not records:
        return
    with formatter.section(title):
        for name, meaning in records:
            formatter.write_text(name)
            with formatter.indentation():
                formatter.write_text(meaning)
