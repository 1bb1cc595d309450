"""The server: options from the command line and the environment, then uvicorn with one or more workers."""

from __future__ import annotations

import inspect
import os
import socket
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from scoring.errors import InputError
from scoring.reference.drafts import draft_in
from service.http.access.keys import Guard, check_binding
from service.http.access.ratelimit import check_storage
from service.http.cache.releases import Releases
from service.settings import MULTIPROCESS_DIRECTORY, PREFIX, Settings

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def serve(**options: Any) -> None:
    """Serve scores over HTTP until stopped; requests in flight are finished first.

    Every option is also an environment variable: EXPOSURE_ and its name, such as EXPOSURE_PORT.
    """
    settings = read_settings({name: value for name, value in options.items() if value is not None})
    _check(settings)
    _hand_down(settings)
    if settings.workers == 1:
        _run(settings)
        return
    with draft_in(Path(tempfile.gettempdir())) as folder:
        os.environ[MULTIPROCESS_DIRECTORY] = str(folder)
        _run(settings)


def read_settings(given: dict[str, Any]) -> Settings:
    """Settings from options and, for those that are not given, the environment.

    Raises
    ------
    InputError
        An option or variable has a value that it cannot have.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        name, message = str(error.errors()[0]["loc"][0]), error.errors()[0]["msg"]
        option = f"--{name.replace('_', '-')}" if name in given else PREFIX + name.upper()
        raise InputError(option, message, "see `exposure serve --help`") from None


def _check(settings: Settings) -> None:
    """Find out here, once and in one line, what would stop every worker."""
    check_binding(settings, Guard(settings.key_file))
    _check_address(settings.host, settings.port)
    check_storage(settings.rate_limit_storage)
    if settings.workers > 1:
        Releases(settings.release_store, settings.overlay, settings.release_key, settings.release)


def _check_address(host: str, port: int) -> None:
    """Bind the address for a moment: the server itself would tell in its log alone that it cannot."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError:
        raise InputError(
            "--host", f"{host!r} names no address of this machine", "give one, such as 127.0.0.1"
        ) from None
    with socket.socket(family, kind, protocol) as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(address)
        except OSError as error:
            problem = f"{port} cannot be taken on {host} ({error.strerror})"
            raise InputError("--port", problem, "choose another, or 0 for a free one") from None


def _hand_down(settings: Settings) -> None:
    """Workers are processes of their own and read the environment."""
    for name, value in settings.model_dump(mode="json", exclude_none=True).items():
        os.environ[PREFIX + name.upper()] = ",".join(value) if isinstance(value, list) else str(value)


def _run(settings: Settings) -> None:
    import uvicorn

    from service.http import logs
    from service.http.connection import Connection

    logs.configure(settings.log_level)
    uvicorn.run(
        "service.app:create_app",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        loop="uvloop",
        http=Connection,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.forwarded_from),
        forwarded_allow_ips=settings.forwarded_from,
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )


def _signature() -> inspect.Signature:
    """One option for each setting, with its description as help."""
    parameters = []
    for name, field in Settings.model_fields.items():
        kind: Any = field.annotation if field.annotation in (int, float, bool) else str
        default = "" if field.default in (None, "", (), False) else f" Default: {field.default}."
        option = typer.Option(f"--{name.replace('_', '-')}", help=f"{field.description}{default}", show_default=False)
        annotation = Annotated[kind | None, option]
        parameters.append(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation))
    return inspect.Signature(parameters)


serve.__signature__ = _signature()  # type: ignore[attr-defined]
app.command()(serve)
