"""The command as a process: what it runs, and how every end of it is told."""

from __future__ import annotations

import errno
import gc
import os
import sys
from typing import Any, Final, cast

import typer

from scoring.errors import ExposureError, OutputError
from service.cli import EXIT_BAD_INPUT
from service.cli.narrow import fit
from service.cli.streams import flush, give_up, prepare

EXIT_INTERRUPTED: Final = 130

_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG)
"""Why standard output may not be written: a full disk, a quota, a device that fails."""


def run() -> None:
    """Run the command; every foreseen mistake is one line on standard error."""
    # What a start makes stays, two hundred thousand objects: looking for garbage in them is an eighth of the time of a
    # short command.
    gc.set_threshold(300_000)
    prepare()
    out = sys.stdout
    try:
        status = _run(sys.argv[1:])
        if status == EXIT_INTERRUPTED:  # Typer takes an interrupt for itself and says nothing
            raise KeyboardInterrupt
        flush()
        sys.exit(status)
    except ExposureError as error:
        _fail(f"error: {_in_words_of_the_command(error, sys.argv[1:])}", EXIT_BAD_INPUT)
    except (typer.Abort, KeyboardInterrupt):
        _fail("interrupted; nothing half-written", EXIT_INTERRUPTED)
    except typer.TyperException as error:
        from service.cli.mistakes import in_own_words  # imported here: only mistakes need it

        mistake = in_own_words(error)
        if mistake is not None:
            _fail(f"error: {mistake}", EXIT_BAD_INPUT)
        cast(Any, error).show()  # the help text of a command without arguments
        sys.exit(EXIT_BAD_INPUT)
    except BrokenPipeError:  # the reader of a pipe, such as head, has seen enough
        give_up()
        sys.exit(0)
    except SystemExit as ended:
        if sys.stdout is out and not isinstance(ended.__context__, BrokenPipeError):
            raise
        # Typer, or Rich for a help text, has noticed that the reader is gone and calls it an error.
        sys.stdout = out
        give_up()
        raise SystemExit(0) from ended
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        give_up()
        unwritten = OutputError("standard output", f"cannot be written ({error.strerror})", "make room there")
        _fail(f"error: {unwritten}", EXIT_BAD_INPUT)


def _in_words_of_the_command(error: ExposureError, arguments: list[str]) -> str:
    """The error with the option that was given in place of the argument of the library: ``--as-of`` for ``as_of``."""
    option = f"--{error.field.replace('_', '-')}"
    short = ["-o"] if option == "--output" else []
    given = [argument.partition("=")[0] for argument in arguments]
    return f"{option if {option, *short} & {*given} else error.field}: {error.problem}. Fix: {error.fix}"


def _fail(message: str, status: int) -> None:
    print(message, file=sys.stderr)
    sys.exit(status)


def _run(arguments: list[str]) -> Any:
    if arguments[:1] == ["serve"]:  # a service is up sooner when it need not load the other commands
        from service.server import app as server

        return fit(server)(args=arguments[1:], prog_name="exposure serve", standalone_mode=False)
    # Looking for plugins of pydantic reads what is installed, all of it; the command has no use for any.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from service.cli.app import make_app

    return fit(make_app(*arguments[:1]))(args=arguments, prog_name="exposure", standalone_mode=False)
