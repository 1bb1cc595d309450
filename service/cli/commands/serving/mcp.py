"""`exposure mcp`: the Model Context Protocol over standard input and output, for assistants on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scoring.errors import InputError

if TYPE_CHECKING:
    from service.mcp.asking import Service

Url = Annotated[
    str | None,
    typer.Option("--url", metavar="URL", help="Ask a service elsewhere. Default: score on this machine."),
]
Key = Annotated[
    str | None,
    typer.Option("--key", envvar="EXPOSURE_KEY", metavar="KEY", help="API key of the service at --url."),
]
Version = Annotated[
    str | None, typer.Option("--release", metavar="VERSION", help="Release to serve. Default: the newest bundled.")
]
Overlay = Annotated[
    Path | None, typer.Option("--overlay", metavar="DIR", help="Private tables laid over every release.")
]


def mcp(url: Url = None, key: Key = None, release: Version = None, overlay: Overlay = None) -> None:
    """Answer an assistant over the Model Context Protocol (standard input and output) until it hangs up.

    An assistant starts this command itself; its settings name it. See docs/assistants.md.
    """
    from service.mcp import check_installed

    check_installed()
    if url is None and key is not None:
        raise InputError("--key", "is of a service elsewhere", "name it with --url")
    if url is not None and (release is not None or overlay is not None):
        raise InputError("--release, --overlay", "are chosen by the service at --url", "leave them out")
    import anyio

    from service.mcp.asking import Service
    from service.mcp.server import serve_stdio

    anyio.run(serve_stdio, Service.at(url, key) if url else _here(release, overlay))


def _here(release: str | None, overlay: Path | None) -> Service:
    """The service in this process; whoever can start it has no need of a key."""
    from service.app import create_app
    from service.mcp.asking import Service
    from service.server import read_settings

    chosen = {"release": release, "overlay": overlay, "key_file": None, "host": "127.0.0.1", "log_level": "error"}
    settings = read_settings({name: value for name, value in chosen.items() if value is not None or name == "key_file"})
    return Service.here(create_app(settings))
