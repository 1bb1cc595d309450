"""`exposure methodology`: which documents exist and what they say."""

from __future__ import annotations

from typing import Annotated

import typer

from scoring.vocabulary import DEFAULT_METHODOLOGY
from service.cli.options import AsJson

app = typer.Typer(help="The choices behind the score: versions, values, ranges, reasons.", no_args_is_help=True)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the bundled methodologies."""
    from scoring.methodology import list_methodologies, load_methodology

    versions = list_methodologies()
    if as_json:
        import json

        typer.echo(json.dumps(versions))
        return
    for version in versions:
        typer.echo(f"{version}  {load_methodology(version).title}")


@app.command()
def show(
    version: Annotated[str, typer.Argument(help="Version, or path of a YAML document.")] = DEFAULT_METHODOLOGY,
    as_json: AsJson = False,
) -> None:
    """Show every parameter with its range and reason."""
    from scoring.methodology.document import Parameter, load_methodology

    document = load_methodology(version)
    if as_json:
        typer.echo(document.model_dump_json(indent=2))
        return
    from rich.table import Table

    from service.cli.render.scores import console

    table = Table("parameter", "value", "range", "reason", title=f"{document.version}: {document.title}", box=None)
    for name, value in _parameters("", document):
        if isinstance(value, Parameter):
            table.add_row(name, f"{value.value:g}", f"{value.low:g} to {value.high:g}", value.reason)
        else:
            table.add_row(name, f"{value}", "", "")
    console().print(table)


def _parameters(prefix: str, value: object) -> list[tuple[str, object]]:
    from pydantic import BaseModel

    from scoring.methodology.document import Parameter

    if isinstance(value, Parameter) or not isinstance(value, BaseModel | dict):
        return [(prefix, value)]
    return [
        found
        for name, child in (value.items() if isinstance(value, dict) else value)
        for found in _parameters(f"{prefix}.{name}" if prefix else str(name), child)
    ]
