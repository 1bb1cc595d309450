"""A methodology for people: every parameter with its range and reason."""

from __future__ import annotations

from pydantic import BaseModel
from rich.table import Table

from scoring.methodology.document import Methodology
from scoring.methodology.kinds import Choice, Parameter
from service.cli.render.console import console


def print_methodology(methodology: Methodology) -> None:
    """Print every parameter, one row each."""
    title = f"{methodology.version}: {methodology.title}"
    table = Table("parameter", "value", "range", "reason", title=title, box=None)
    for name, value in _parameters("", methodology):
        if isinstance(value, Parameter):
            table.add_row(name, f"{value.value:g}", f"{value.low:g} to {value.high:g}", value.reason)
        elif isinstance(value, Choice):
            table.add_row(name, value.value, "", value.reason)
        else:
            table.add_row(name, f"{value}", "", "")
    console().print(table)


def _parameters(prefix: str, value: object) -> list[tuple[str, object]]:
    if isinstance(value, Parameter | Choice) or not isinstance(value, BaseModel | dict):
        return [(prefix, value)]
    return [
        parameter
        for name, child in (value.items() if isinstance(value, dict) else value)
        for parameter in _parameters(f"{prefix}.{name}" if prefix else str(name), child)
    ]
