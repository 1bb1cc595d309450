"""A methodology for people: every parameter with its range and reason."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel

from scoring.methodology.document import Methodology
from scoring.methodology.kinds import Choice, Parameter
from service.cli.render.console import console
from service.cli.render.table import code, note, print_table, text

_ROOM: Final = 80
"""Columns of a terminal from which on names of parameters are not broken over lines."""


def print_methodology(methodology: Methodology) -> None:
    """Print every parameter, one row each."""
    out = console()
    out.print(f"{methodology.version}: {methodology.title}", style="italic")
    rows = []
    for name, value in _parameters("", methodology):
        if isinstance(value, Parameter):
            rows.append([name, f"{value.value:g}", f"{value.low:g} to {value.high:g}", value.reason])
        elif isinstance(value, Choice):
            rows.append([name, value.value, "", value.reason])
        else:
            rows.append([name, f"{value}", "", ""])
    # A name is copied into a scenario, so it is whole wherever there is room for it.
    name_column = code("parameter") if out.width >= _ROOM else text("parameter", most=60)
    columns = [name_column, text("value"), text("range"), note("reason", most=100)]
    print_table(out, columns, rows)


def _parameters(prefix: str, value: object) -> list[tuple[str, object]]:
    if isinstance(value, Parameter | Choice) or not isinstance(value, BaseModel | dict):
        return [(prefix, value)]
    return [
        parameter
        for name, child in (value.items() if isinstance(value, dict) else value)
        for parameter in _parameters(f"{prefix}.{name}" if prefix else str(name), child)
    ]
