"""Asking again: which failures of another server pass, how often it is asked, and how long to wait between."""

from __future__ import annotations

from typing import Final, NamedTuple

import httpx
import tenacity

_PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses of a server that may answer otherwise later."""


class NotYetError(Exception):
    """A server that may answer otherwise later.

    Parameters
    ----------
    said : str
    wait : float, optional
        Seconds for which it asks.
    """

    def __init__(self, said: str, wait: float | None = None) -> None:
        super().__init__(said)
        self.wait = wait


def check_now(reply: httpx.Response) -> None:
    """Check that a server answered for good.

    Raises
    ------
    NotYetError
        It may answer otherwise later.
    """
    if reply.status_code in _PASSING:
        raise NotYetError(f"status {reply.status_code}", _seconds(reply.headers.get("Retry-After")))


class Patience(NamedTuple):
    """How often another server is asked.

    Attributes
    ----------
    attempts : int
    longest_wait_seconds : float
        Longest time between two attempts.
    answer_seconds : float
        Time that the server has to answer.
    """

    attempts: int
    longest_wait_seconds: float
    answer_seconds: float


def attempts(patience: Patience) -> tenacity.Retrying:
    """Attempts at asking a server; the last failure is raised.

    Between two of them is the time that the server asks for, else twice as long each time, at random so that not all
    come back at once; never longer than the longest.
    """
    backoff = tenacity.wait_random_exponential(multiplier=1, max=patience.longest_wait_seconds)

    def wait(state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome is not None else None
        asked = error.wait if isinstance(error, NotYetError) else None
        return min(asked if asked is not None else backoff(state), patience.longest_wait_seconds)

    return tenacity.Retrying(
        stop=tenacity.stop_after_attempt(patience.attempts),
        wait=wait,
        retry=tenacity.retry_if_exception_type((NotYetError, httpx.TransportError)),
        reraise=True,
    )


def _seconds(retry_after: str | None) -> float | None:
    return float(retry_after) if retry_after is not None and retry_after.isdigit() else None
