"""Standard output and error whatever the terminal can show, and whatever becomes of what reads them."""

from __future__ import annotations

import codecs
import os
import sys
import unicodedata
from collections.abc import Mapping
from io import TextIOWrapper
from pathlib import Path
from typing import Final

_PLAIN: Final[Mapping[str, str]] = {
    "·": "-",
    "→": "->",
    "−": "-",
    "–": "-",
    "—": "-",
    "…": "...",
    "×": "x",
    "≥": ">=",
    "≤": "<=",
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "ß": "ss",
    "ø": "o",
    "Ø": "O",
    "æ": "ae",
    "Æ": "AE",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "ı": "i",
}
"""What is written for a character that an encoding does not have, where a letter without its accent is not it."""

_NAME: Final = "nearest"


def prepare() -> None:
    """Let no character that the terminal cannot show, and no closed stream, end a command."""
    codecs.register_error(_NAME, _nearest)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by who started the command
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 (open until the end)
        elif isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=_NAME)


def flush() -> None:
    """Write out what is still held back, so that a full disk or a closed pipe is noticed here.

    Raises
    ------
    OSError
        Standard output cannot be written.
    """
    if sys.stdout is not None:
        sys.stdout.flush()


def give_up() -> None:
    """Let what standard output still holds go nowhere, when it cannot be written."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (AttributeError, OSError, ValueError):  # no such stream, or it is closed
        sys.stdout = None


def _nearest(error: UnicodeError) -> tuple[str, int]:
    """What is written in place of characters that an encoding does not have."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(map(_plain, missing)), error.end


def _plain(character: str) -> str:
    if character in _PLAIN:
        return _PLAIN[character]
    letters = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return letters or "?"
