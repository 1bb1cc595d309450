"""Long work in steps: between two of them whoever asked may say that nobody waits for the answer any more.

The library knows no clock and no client; it only asks, where a loop may take long, whether to go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_ASKED: Final[ContextVar[Callable[[], None] | None]] = ContextVar("asked between steps", default=None)


def step() -> None:
    """Say that a step is done; raises what `stopping` was given to raise when the work is to end."""
    ask = _ASKED.get()
    if ask is not None:
        ask()


@contextmanager
def stopping(ask: Callable[[], None]) -> Iterator[None]:
    """Have `ask` called between the steps of what runs inside; what it raises ends the work.

    Parameters
    ----------
    ask : callable
        Returns to go on, raises to stop. Called from the thread that works, often.
    """
    token = _ASKED.set(ask)
    try:
        yield
    finally:
        _ASKED.reset(token)
