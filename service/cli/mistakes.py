"""Mistakes that the parser of options finds, in the words of all other errors."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import typer

from scoring.errors import InputError
from scoring.suggest import nearest


def in_own_words(error: typer.TyperException) -> InputError | None:
    """The error with field, problem and fix; None for what is no mistake, such as a bare `exposure`."""
    context: Any = getattr(error, "ctx", None)
    if getattr(error, "param", None) is not None:
        return _of_value(error, context)
    for pattern, worded in _WORDED.items():
        match = re.match(pattern, str(getattr(error, "message", "")))
        if match:
            return worded(context, match.group(1) if match.groups() else "")
    return None


def _of_value(error: Any, context: Any) -> InputError:
    """A value that is missing or cannot be what its option or argument takes."""
    name = error.param.get_error_hint().replace("'", "")
    if hasattr(error, "param_type"):
        is_option = name.startswith("-")
        wanted = f"add {name.partition(' /')[0]} {error.param.metavar or ''}".rstrip() if is_option else _usage(context)
        return InputError(name, "is missing", f"{wanted}; {_see(context)}")
    message = re.sub(r"^Value error, ", "", error.message).rstrip(".")
    cause = error.__cause__
    if message.startswith("Input ") and cause is not None:
        message = f"{cause.errors()[0]['input']!r} {message.removeprefix('Input ').partition(',')[0]}"
    return InputError(name, message, _see(context))


def _no_command(context: Any, name: str) -> InputError:
    near = nearest(name, sorted(context.command.commands))
    return InputError(name, f"is no command of {context.command_path}", f"{near}{_see(context)}")


def _no_option(context: Any, name: str) -> InputError:
    known = [option for parameter in context.command.params for option in parameter.opts if option.startswith("--")]
    near = nearest(name, known)
    return InputError(name, f"is no option of {context.command_path}", f"{near}{_see(context)}")


def _too_many(context: Any, name: str) -> InputError:
    return InputError(name, "is more than the command takes", f"{_usage(context)}; {_see(context)}")


def _no_value(context: Any, name: str) -> InputError:
    return InputError(name, "has no value", f"give it one; {_see(context)}")


def _surplus_value(context: Any, name: str) -> InputError:
    return InputError(name, "takes no value", f"leave the value out; {_see(context)}")


def _no_command_at_all(context: Any, _name: str) -> InputError:
    return InputError(context.command_path, "has no command", _see(context))


_WORDED: Final[dict[str, Callable[[Any, str], InputError]]] = {
    r"No such command '(.*?)'": _no_command,
    r"No such option: (\S+)": _no_option,
    r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)": _too_many,
    r"Option '(.*?)' requires an? argument": _no_value,
    r"Option '(.*?)' requires \d+ arguments": _no_value,
    r"Option '(.*?)' does not take a value": _surplus_value,
    r"Missing command": _no_command_at_all,
}
"""What the parser says, by how it begins, and who says it here."""


def _usage(context: Any) -> str:
    """How the command is written, in one line."""
    written = " ".join(context.get_usage().split()).removeprefix("Usage: ")
    return f"write {written.replace('{', '').replace('}', '')}"


def _see(context: Any) -> str:
    return f"`{context.command_path if context else 'exposure COMMAND'} --help` lists all"
