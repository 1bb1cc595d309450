"""`exposure serve`: the HTTP service; its options are those of `service.settings`."""

from __future__ import annotations

import inspect
import os
import tempfile
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scoring.errors import ExposureError, InputError
from service.metrics_directory import MULTIPROCESS_DIRECTORY

if TYPE_CHECKING:
    from service.settings import Settings


def serve(**options: Any) -> None:
    """Serve scores over HTTP until stopped; requests in flight are finished first.

    Every option is also an environment variable, EXPOSURE_ and its name: EXPOSURE_PORT for --port.
    """
    settings = _settings({name: value for name, value in options.items() if value is not None})
    _check(settings)
    _hand_down(settings)
    if settings.workers > 1:
        with tempfile.TemporaryDirectory(prefix="exposure-metrics-") as folder:
            os.environ[MULTIPROCESS_DIRECTORY] = folder
            _run(settings)
    else:
        _run(settings)


def _settings(given: dict[str, Any]) -> Settings:
    from pydantic import ValidationError

    from service.settings import PREFIX, Settings

    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        raise InputError(
            f"--{name.replace('_', '-')} / {PREFIX}{name.upper()}",
            f"{first['msg']}",
            "see `exposure serve --help`",
        ) from None


def _check(settings: Settings) -> None:
    """Find out here, in one process and in one line, what would stop every worker."""
    from scoring.reference.release import list_releases
    from service.ratelimit import check_rate_limit
    from service.security import Guard, check_binding

    check_binding(settings, Guard(settings.key_file))
    check_rate_limit(settings.rate_limit_storage)
    if not list_releases(settings.release_store):
        raise InputError(
            "release_store", f"{settings.release_store} holds no release", "build one with `exposure release build`"
        )


def _hand_down(settings: Settings) -> None:
    """Workers are processes of their own and read the environment."""
    from service.settings import PREFIX

    for name, value in settings.model_dump(mode="json", exclude_none=True).items():
        os.environ[PREFIX + name.upper()] = ",".join(value) if isinstance(value, list) else str(value)


def _run(settings: Settings) -> None:
    import uvicorn

    from service import logs

    logs.configure(settings.log_level)
    try:
        uvicorn.run(
            "service.app:create_app",
            factory=True,
            host=settings.host,
            port=settings.port,
            workers=settings.workers,
            loop="uvloop",
            http="httptools",
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=settings.shutdown_seconds,
        )
    except ExposureError as error:  # a release that does not verify, found by the only worker
        raise typer.Exit(_said(error)) from None


def _said(error: ExposureError) -> int:
    typer.echo(f"error: {error}", err=True)
    return 2


def _signature() -> inspect.Signature:
    """One option for each setting, with its description as help."""
    from service.settings import Settings

    parameters = []
    for name, field in Settings.model_fields.items():
        kind: Any = {int: int, float: float}.get(field.annotation, str)  # type: ignore[call-overload]
        default = "" if field.default in (None, ()) else f" [default: {field.default}]"
        option = typer.Option(f"--{name.replace('_', '-')}", help=f"{field.description}{default}", show_default=False)
        parameters.append(
            inspect.Parameter(
                name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind | None, option]
            )
        )
    return inspect.Signature(parameters)


serve.__signature__ = _signature()  # type: ignore[attr-defined]
