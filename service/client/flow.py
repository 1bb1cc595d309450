"""How the client asks: what to send, what to wait for, when to try again; it does no input or output itself.

`service.client.clients` sends what these generators yield, and waits.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final, Generic, TypeVar

import httpx
from pydantic import BaseModel

from service.client.tables import JSON, Table, Tables

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)

_RETRIED: Final = frozenset({429, 503})


class ProblemError(Exception):
    """The service refused a request; the attributes are those of its problem document.

    Attributes
    ----------
    type : str
        Stable kind, such as ``/problems/as-of-invalid``.
    title, detail, field, fix : str
    status : int
    request_id : str
        Names the request in the service's logs.
    document : dict
        The whole document, such as the ``candidates`` of an ambiguous ticker.
    """

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.type: str = document.get("type", "about:blank")
        self.title: str = document.get("title", "")
        self.status: int = document.get("status", 0)
        self.detail: str = document.get("detail", "")
        self.field: str = document.get("field", "")
        self.fix: str = document.get("fix", "")
        self.request_id: str = document.get("request_id", "")
        super().__init__(f"{self.title} ({self.status}): {self.field}: {self.detail}. Fix: {self.fix}")


@dataclass(frozen=True)
class Send:
    """Ask for this; the answer is a response, or the exception that the connection ended with."""

    method: str
    url: str
    params: dict[str, Any]
    body: dict[str, Any] | None
    accept: str


@dataclass(frozen=True)
class Wait:
    """Wait before the next step."""

    seconds: float


Flow = Generator[Send | Wait, httpx.Response | httpx.TransportError | None, T]


class Asking(Generic[Table]):
    """Asks, and reads the answer.

    Parameters
    ----------
    tables : Tables
        How tables are asked for and read.
    retries : int
        Attempts after the first one.
    backoff, longest_wait : float
        Seconds before the first retry, doubled each time, and the most that is ever waited.
    chunk : int
        Most tickers in one request.
    """

    def __init__(self, tables: Tables[Table], retries: int, backoff: float, longest_wait: float, chunk: int) -> None:
        self.tables = tables
        self.retries = retries
        self.backoff = backoff
        self.longest_wait = longest_wait
        self.chunk = chunk

    def json(self, method: str, url: str, params: dict[str, Any] | None = None, body: Any = None) -> Flow[Any]:
        """Ask for JSON as it is."""
        response = yield from self.ask(Send(method, url, params or {}, body, JSON))
        return response.json()

    def document(self, model: type[M], method: str, url: str, given: dict[str, Any]) -> Flow[M]:
        """Ask for a document; of a GET what is given is its query, of a POST its body."""
        query, body = (given, None) if method == "GET" else ({}, given)
        response = yield from self.ask(Send(method, url, query, body, JSON))
        return model.model_validate_json(response.content)

    def table(self, method: str, url: str, given: dict[str, Any]) -> Flow[Table]:
        """Ask for a table."""
        query, body = (given, None) if method == "GET" else ({}, given)
        response = yield from self.ask(Send(method, url, query, body, self.tables.media_type))
        return self.tables.read(response.content)

    def ask(self, send: Send) -> Flow[httpx.Response]:
        """Ask until there is an answer that is not to be tried again.

        Raises
        ------
        ProblemError
            The service refused the request.
        httpx.TransportError
            The service could not be reached.
        """
        for attempt in range(self.retries + 1):
            answer = yield send
            if isinstance(answer, httpx.Response) and answer.status_code not in _RETRIED:
                break
            if attempt < self.retries:
                yield Wait(self._pause(attempt, answer))
        if isinstance(answer, httpx.TransportError):
            raise answer
        assert isinstance(answer, httpx.Response)  # noqa: S101 (drivers answer a Send with nothing else)
        if answer.is_success:
            return answer
        raise ProblemError(_problem(answer))

    def _pause(self, attempt: int, answer: httpx.Response | httpx.TransportError | None) -> float:
        seconds: float = self.backoff * 2**attempt
        if isinstance(answer, httpx.Response):
            seconds = max(seconds, _retry_after(answer.headers.get("Retry-After", "")))
        return min(seconds, self.longest_wait)


def _retry_after(value: str) -> float:
    if value.isdigit():
        return float(value)
    try:
        return (parsedate_to_datetime(value) - dt.datetime.now(dt.UTC)).total_seconds()
    except (TypeError, ValueError):
        return 0.0


def _problem(response: httpx.Response) -> dict[str, Any]:
    try:
        document = response.json()
    except ValueError:
        document = None
    if isinstance(document, dict) and "type" in document:
        return document
    # Something between client and service, such as a proxy, answered.
    return {"status": response.status_code, "title": response.reason_phrase, "detail": response.text[:200]}
