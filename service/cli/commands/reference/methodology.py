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
    from service.cli.render.console import console
    from service.cli.render.table import code, note, print_table

    rows = [[version, load_methodology(version).title] for version in versions]
    print_table(console(), [code(""), note("")], rows)


@app.command()
def show(
    version: Annotated[str, typer.Argument(help="Version, or path of a YAML document.")] = DEFAULT_METHODOLOGY,
    as_json: AsJson = False,
) -> None:
    """Show every parameter with its range and reason."""
    from scoring.methodology.document import load_methodology

    document = load_methodology(version)
    if as_json:
        typer.echo(document.model_dump_json(indent=2))
        return
    from service.cli.render.methodology import print_methodology

    print_methodology(document)
