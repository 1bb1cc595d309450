"""`exposure key`: API keys of the HTTP service."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from scoring.errors import InputError
from service.cli.options import AsJson

app = typer.Typer(help="API keys of the HTTP service: create, list, revoke.", no_args_is_help=True)

KeyFileOption = Annotated[
    Path,
    typer.Option("--key-file", envvar="EXPOSURE_KEY_FILE", metavar="FILE", help="File of keys; only hashes are in it."),
]
_DEFAULT = Path("exposure-keys.json")


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Whom the key is for.")],
    scope: Annotated[
        list[str] | None, typer.Option("--scope", help="read or admin; may be given twice. Default: read.")
    ] = None,
    days: Annotated[
        int | None, typer.Option("--days", min=1, max=36_500, help="Days after which it is over. Default: never.")
    ] = None,
    key_file: KeyFileOption = _DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Make a key and print it: the only time that it can be seen."""
    from service.http.access.keys import SCOPES, KeyFile

    scopes = tuple(known for known in SCOPES if known in (scope or ["read"]))
    unknown = sorted(set(scope or ()) - set(SCOPES))
    if unknown:
        raise InputError("--scope", f"{unknown[0]!r} is not a scope", f"use {' or '.join(SCOPES)}")
    key, token = KeyFile(key_file).create(name, scopes, days)
    if as_json:
        typer.echo(json.dumps({"id": key.id, "name": key.name, "scopes": key.scopes, "key": token}))
        return
    typer.echo(token)
    typer.echo(f"Key {key.id} for {name} ({', '.join(scopes)}). It is kept nowhere: store it now.", err=True)


@app.command("list")
def list_(key_file: KeyFileOption = _DEFAULT, as_json: AsJson = False) -> None:
    """List the keys, revoked ones too; never the keys themselves, which are not kept."""
    from service.http.access.keys import KeyFile

    keys = KeyFile(key_file).read()
    if as_json:
        typer.echo(json.dumps([key.model_dump(mode="json", exclude={"sha256"}) for key in keys]))
        return
    if not keys:
        typer.echo(f"note: {key_file} has no keys; `exposure key create NAME` makes one", err=True)
    for key in keys:
        state = f"revoked {key.revoked:%Y-%m-%d}" if key.revoked else "active"
        if key.expires and not key.revoked:
            state = f"until {key.expires:%Y-%m-%d}"
        typer.echo(f"{key.id}  {key.created:%Y-%m-%d}  {state}  {','.join(key.scopes)}  {key.name}")


@app.command()
def revoke(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="Id of the key, see `exposure key list`.")],
    key_file: KeyFileOption = _DEFAULT,
) -> None:
    """Make a key useless at once, also for servers that are running."""
    from service.http.access.keys import KeyFile

    key = KeyFile(key_file).revoke(identifier)
    typer.echo(f"key {key.id} for {key.name} is revoked")
