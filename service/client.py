"""Client of the HTTP service: scores as pandas, from synchronous or asynchronous code.

    >>> from service.client import Client
    >>> with Client("http://127.0.0.1:8000") as client:
    ...     frame = client.score(["8035.T", "ASML NA"], as_of="2024-09-02")

What is asked, retried and read is decided once, in generators that do no input or output; `Client` and
`AsyncClient` only send and wait.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar
from urllib.parse import quote

import httpx

from scoring.explain import Explanation

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")

_RETRIED: Final = frozenset({429, 503})
_ARROW: Final = "application/vnd.apache.arrow.stream"


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
class _Send:
    """Ask for this; the answer is a response, or the exception that the connection ended with."""

    method: str
    url: str
    params: dict[str, Any]
    body: dict[str, Any] | None
    accept: str


@dataclass(frozen=True)
class _Wait:
    """Wait before the next step."""

    seconds: float


_Flow = Generator[_Send | _Wait, httpx.Response | httpx.TransportError | None, T]


class _Calls:
    """What each call asks and how it reads the answer.

    Parameters
    ----------
    retries : int
        Attempts after the first one.
    backoff, longest_wait : float
        Seconds before the first retry, doubled each time, and the most that is ever waited.
    chunk : int
        Most tickers in one request.
    """

    def __init__(self, retries: int, backoff: float, longest_wait: float, chunk: int) -> None:
        self.retries = retries
        self.backoff = backoff
        self.longest_wait = longest_wait
        self.chunk = chunk

    def score(self, tickers: Sequence[str], versions: dict[str, Any]) -> _Flow[pd.DataFrame]:
        import pandas as pd

        frames = []
        for start in range(0, max(len(tickers), 1), self.chunk):
            body = {"tickers": list(tickers[start : start + self.chunk]), **versions}
            response = yield from self._ask(_Send("POST", "/v1/scores", {}, body, _ARROW))
            frames.append(_frame(response))
            # Later parts must rest on the same facts as the first, whatever happens on the server meanwhile.
            versions = {
                "release": response.headers["X-Exposure-Release"],
                "methodology": response.headers["X-Exposure-Methodology"],
                "as_of": response.headers["X-Exposure-As-Of"],
                **({"scenario": versions["scenario"]} if "scenario" in versions else {}),
            }
        return frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)

    def explain(self, ticker: str, versions: dict[str, Any]) -> _Flow[Explanation]:
        path = f"/v1/scores/{quote(ticker, safe='')}/explanation"
        response = yield from self._ask(_Send("GET", path, versions, None, "application/json"))
        return Explanation.model_validate_json(response.content)

    def companies(self, query: dict[str, Any]) -> _Flow[pd.DataFrame]:
        response = yield from self._ask(_Send("GET", "/v1/companies", query, None, _ARROW))
        return _frame(response)

    def _ask(self, send: _Send) -> _Flow[httpx.Response]:
        for attempt in range(self.retries + 1):
            answer = yield send
            if isinstance(answer, httpx.Response) and answer.status_code not in _RETRIED:
                break
            if attempt < self.retries:
                yield _Wait(self._pause(attempt, answer))
        if isinstance(answer, httpx.TransportError):
            raise answer
        assert isinstance(answer, httpx.Response)  # noqa: S101 (drivers answer a _Send with nothing else)
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


def _frame(response: httpx.Response) -> pd.DataFrame:
    import pyarrow as pa

    frame: pd.DataFrame = pa.ipc.open_stream(response.content).read_pandas()
    return frame


def _given(**options: Any) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in options.items()
        if value is not None
    }


class Connection:
    """Arguments that both clients have.

    Parameters
    ----------
    url : str
        Address of the service, such as ``http://127.0.0.1:8000``.
    key : str, optional
        API key.
    timeout : float
        Seconds to wait for a reply.
    retries : int
        Attempts after the first one, on 429, 503 and connection errors; every call may be repeated safely.
    backoff, longest_wait : float
        Seconds before the first retry, doubled each time; the most that is waited, also for ``Retry-After``.
    chunk : int
        Most tickers in one request; longer lists are sent in parts.
    """

    def __init__(
        self,
        url: str,
        key: str | None = None,
        *,
        timeout: float = 60.0,
        retries: int = 4,
        backoff: float = 0.5,
        longest_wait: float = 60.0,
        chunk: int = 10_000,
    ) -> None:
        self._calls = _Calls(retries, backoff, longest_wait, chunk)
        self._options: dict[str, Any] = {
            "base_url": url,
            "headers": {"Authorization": f"Bearer {key}"} if key else {},
            "timeout": timeout,
        }


def _arguments(send: _Send) -> dict[str, Any]:
    return {"params": send.params or None, "json": send.body, "headers": {"Accept": send.accept}}


class Client(Connection):
    """Synchronous client; parameters as in `Connection`. Use it as a context manager, or close it."""

    def __init__(self, url: str, key: str | None = None, **options: Any) -> None:
        super().__init__(url, key, **options)
        self._http = httpx.Client(**self._options)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def score(
        self,
        tickers: Sequence[str],
        *,
        as_of: str | dt.date | None = None,
        release: str | None = None,
        methodology: str | None = None,
        scenario: str | None = None,
    ) -> pd.DataFrame:
        """Score a list of tickers, one row each, in order; columns as in `scoring.Scorer.score`.

        Raises
        ------
        ProblemError
            The service refused the request.
        httpx.TransportError
            The service could not be reached.
        """
        return self._run(
            self._calls.score(tickers, _given(as_of=as_of, release=release, methodology=methodology, scenario=scenario))
        )

    def explain(
        self,
        ticker: str,
        *,
        as_of: str | dt.date | None = None,
        release: str | None = None,
        methodology: str | None = None,
        scenario: str | None = None,
    ) -> Explanation:
        """Explain the score of one ticker; errors as in `score`."""
        return self._run(
            self._calls.explain(
                ticker, _given(as_of=as_of, release=release, methodology=methodology, scenario=scenario)
            )
        )

    def companies(
        self, q: str = "", *, country: str | None = None, sector: str | None = None, limit: int = 50, **options: Any
    ) -> pd.DataFrame:
        """Search companies; `options` are those of ``GET /v1/companies``, errors as in `score`."""
        return self._run(self._calls.companies(_given(q=q, country=country, sector=sector, limit=limit, **options)))

    def _run(self, flow: _Flow[T]) -> T:
        answer: httpx.Response | httpx.TransportError | None = None
        while True:
            try:
                step = flow.send(answer)
            except StopIteration as done:
                result: T = done.value
                return result
            if isinstance(step, _Wait):
                time.sleep(step.seconds)
                answer = None
                continue
            try:
                answer = self._http.request(step.method, step.url, **_arguments(step))
            except httpx.TransportError as error:
                answer = error


class AsyncClient(Connection):
    """Asynchronous client; parameters as in `Connection`. Use it as an asynchronous context manager, or close it."""

    def __init__(self, url: str, key: str | None = None, **options: Any) -> None:
        super().__init__(url, key, **options)
        self._http = httpx.AsyncClient(**self._options)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def score(
        self,
        tickers: Sequence[str],
        *,
        as_of: str | dt.date | None = None,
        release: str | None = None,
        methodology: str | None = None,
        scenario: str | None = None,
    ) -> pd.DataFrame:
        """As `Client.score`."""
        return await self._run(
            self._calls.score(tickers, _given(as_of=as_of, release=release, methodology=methodology, scenario=scenario))
        )

    async def explain(
        self,
        ticker: str,
        *,
        as_of: str | dt.date | None = None,
        release: str | None = None,
        methodology: str | None = None,
        scenario: str | None = None,
    ) -> Explanation:
        """As `Client.explain`."""
        return await self._run(
            self._calls.explain(
                ticker, _given(as_of=as_of, release=release, methodology=methodology, scenario=scenario)
            )
        )

    async def companies(
        self, q: str = "", *, country: str | None = None, sector: str | None = None, limit: int = 50, **options: Any
    ) -> pd.DataFrame:
        """As `Client.companies`."""
        return await self._run(
            self._calls.companies(_given(q=q, country=country, sector=sector, limit=limit, **options))
        )

    async def _run(self, flow: _Flow[T]) -> T:
        answer: httpx.Response | httpx.TransportError | None = None
        while True:
            try:
                step = flow.send(answer)
            except StopIteration as done:
                result: T = done.value
                return result
            if isinstance(step, _Wait):
                await asyncio.sleep(step.seconds)
                answer = None
                continue
            try:
                answer = await self._http.request(step.method, step.url, **_arguments(step))
            except httpx.TransportError as error:
                answer = error
