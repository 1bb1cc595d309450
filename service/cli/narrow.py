"""Help texts on narrow terminals: an option stands on a line, what it means below it, and nothing is cut."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

_NARROW: Final = 72
"""Cells below which the boxes of Rich would cut the names of options."""


def fit(app: typer.Typer) -> typer.Typer:
    """The same commands, with help texts that fit the terminal."""
    width = shutil.get_terminal_size().columns
    if width < _NARROW:
        app.rich_markup_mode = None
        _stack(app, {"terminal_width": width, "max_content_width": width})
    return app


def _stack(app: typer.Typer, settings: dict[str, Any]) -> None:
    app.info.cls, app.info.context_settings = _Group, (app.info.context_settings or {}) | settings
    for command in app.registered_commands:
        command.cls = _Command
    for group in app.registered_groups:
        if group.typer_instance is not None:
            group.cls = _Group
            _stack(group.typer_instance, settings)


class _Command(TyperCommand):
    def format_options(self, ctx: Any, formatter: Any) -> None:
        _write_options(self, ctx, formatter)


class _Group(TyperGroup):
    def format_options(self, ctx: Any, formatter: Any) -> None:
        _write_options(self, ctx, formatter)
        commands = [(name, command.get_short_help_str(1_000)) for name, command in self.commands.items()]
        _write(formatter, "Commands", commands)


def _write_options(command: Any, ctx: Any, formatter: Any) -> None:
    for title, kind in (("Arguments", "argument"), ("Options", "option")):
        records = [one.get_help_record(ctx) for one in command.get_params(ctx) if one.param_type_name == kind]
        _write(formatter, title, [record for record in records if record is not None])


def _write(formatter: Any, title: str, records: Iterable[tuple[str, str]]) -> None:
    if not records:
        return
    with formatter.section(title):
        for name, meaning in records:
            formatter.write_text(name)
            with formatter.indentation():
                formatter.write_text(meaning)
