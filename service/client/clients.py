"""Client of the HTTP service: tables as pandas or as rows, from synchronous or asynchronous code.

    >>> from service.client import Client
    >>> with Client("http://127.0.0.1:8000") as client:
    ...     frame = client.score(["8035.T", "ASML NA"], as_of="2024-09-02")

What is asked, retried and read is decided once, in `calls` and `lookups`; the two clients only send and wait.
"""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, Generic, Literal, ParamSpec, Protocol, Self, TypeVar, cast, overload

import httpx

from service.client.calls import Calls
from service.client.flow import Flow, ProblemError, Send, Wait
from service.client.lookups import Lookups
from service.client.options import query
from service.client.tables import Row, Table, tables_as

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["AsyncClient", "Client", "Connection", "ProblemError"]

T = TypeVar("T")
P = ParamSpec("P")
A = TypeVar("A", Calls[Any], Lookups[Any])


class _Everything(Calls[Table], Lookups[Table]):
    """All calls."""


class Connection(Generic[Table]):
    """Arguments that both clients have.

    Parameters
    ----------
    url : str
        Address of the service, such as ``http://127.0.0.1:8000``.
    key : str, optional
        API key.
    tables : {"pandas", "rows"}
        What calls for tables return: DataFrames, which need pandas and pyarrow, or lists of dicts, which need nothing;
        in these a day is a text such as 2024-09-02, and what is missing is None.
    timeout : float
        Seconds to wait for a reply.
    retries : int
        Attempts after the first one, on 429, 503 and connection errors; every call may be repeated safely.
    backoff, longest_wait : float
        Seconds before the first retry, doubled each time; the most that is waited, also for ``Retry-After``.
    chunk : int
        Most tickers in one request; longer lists are sent in parts.

    Raises
    ------
    InputError
        `tables` is not known, or a package that it needs is not installed.
    """

    def __init__(
        self,
        url: str,
        key: str | None = None,
        *,
        tables: Literal["pandas", "rows"] = "pandas",
        timeout: float = 60.0,
        retries: int = 4,
        backoff: float = 0.5,
        longest_wait: float = 60.0,
        chunk: int = 10_000,
    ) -> None:
        self._calls: _Everything[Table] = _Everything(tables_as(tables), retries, backoff, longest_wait, chunk)
        self._options: dict[str, Any] = {
            "base_url": url,
            "headers": {"Authorization": f"Bearer {key}"} if key else {},
            "timeout": timeout,
        }


def _arguments(send: Send) -> dict[str, Any]:
    return {"params": send.params or None, "json": send.body, "headers": {"Accept": send.accept}}


class _Waited(Protocol[P]):
    """Method that answers with a table of the kind that its client was made for."""

    def __get__(self, client: Client[Table], kind: object = None) -> Callable[P, Table]: ...


class _Awaited(Protocol[P]):
    """The same of the asynchronous client."""

    def __get__(self, client: AsyncClient[Table], kind: object = None) -> Callable[P, Awaitable[Table]]: ...


def _waited(call: Callable[Concatenate[A, P], Flow[T]]) -> Callable[Concatenate[Client[Any], P], T]:
    """A call as a method that waits for the answer."""

    @functools.wraps(call)
    def method(client: Client[Any], /, *args: P.args, **kwargs: P.kwargs) -> T:
        return client._run(call(client._calls, *args, **kwargs))

    return method


def _awaited(call: Callable[Concatenate[A, P], Flow[T]]) -> Callable[Concatenate[AsyncClient[Any], P], Awaitable[T]]:
    """The same as a method to await."""

    @functools.wraps(call)
    async def method(client: AsyncClient[Any], /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await client._run(call(client._calls, *args, **kwargs))

    return method


def _waited_table(call: Callable[Concatenate[A, P], Flow[Any]]) -> _Waited[P]:
    return cast(Any, _waited(call))


def _awaited_table(call: Callable[Concatenate[A, P], Flow[Any]]) -> _Awaited[P]:
    return cast(Any, _awaited(call))


class Client(Connection[Table]):
    """Synchronous client; parameters as in `Connection`. Use it as a context manager, or close it."""

    @overload
    def __init__(
        self: Client[pd.DataFrame], url: str, key: str | None = None, *, tables: Literal["pandas"] = ..., **options: Any
    ) -> None: ...

    @overload
    def __init__(
        self: Client[list[Row]], url: str, key: str | None = None, *, tables: Literal["rows"], **options: Any
    ) -> None: ...

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

    score = _waited_table(Calls.score)
    explain = _waited(Calls.explain)
    history = _waited(Calls.history)
    receipt = _waited(Calls.receipt)
    revenue_at_risk = _waited_table(Calls.revenue_at_risk)
    revenue_at_risk_detail = _waited(Calls.revenue_at_risk_detail)
    changes = _waited(Calls.changes)
    evaluate_scenario = _waited_table(Calls.evaluate_scenario)
    event_impact = _waited_table(Calls.event_impact)
    portfolio = _waited(Calls.portfolio)
    coverage = _waited(Calls.coverage)
    screen = _waited_table(Calls.screen)
    basket = _waited_table(Calls.basket)
    companies = _waited_table(Lookups.companies)
    company = _waited(Lookups.company)
    reference = _waited_table(Lookups.reference)
    touched = _waited_table(Lookups.touched)
    leverage = _waited_table(Lookups.leverage)
    threat = _waited(Lookups.threat)
    scenarios = _waited(Lookups.scenarios)
    scenario = _waited(Lookups.scenario)
    methodology = _waited(Lookups.methodology)
    releases = _waited(Lookups.releases)
    release = _waited(Lookups.release)
    release_diff = _waited(Lookups.release_diff)

    def screen_pages(self, **filters: Any) -> Iterator[Table]:
        """As `screen`, page by page, each asked for when it is needed; `limit` is the size of a page."""
        url: str | None = "/v1/screens"
        asked = query(filters)
        while url is not None:
            table, url = self._run(self._calls.page(url, asked))
            asked = {}
            yield table

    def _run(self, flow: Flow[T]) -> T:
        answer: httpx.Response | httpx.TransportError | None = None
        while True:
            try:
                step = flow.send(answer)
            except StopIteration as done:
                return done.value
            if isinstance(step, Wait):
                time.sleep(step.seconds)
                answer = None
                continue
            try:
                answer = self._http.request(step.method, step.url, **_arguments(step))
            except httpx.TransportError as error:
                answer = error


class AsyncClient(Connection[Table]):
    """Asynchronous client; parameters as in `Connection`. Use it as an asynchronous context manager, or close it."""

    @overload
    def __init__(
        self: AsyncClient[pd.DataFrame],
        url: str,
        key: str | None = None,
        *,
        tables: Literal["pandas"] = ...,
        **options: Any,
    ) -> None: ...

    @overload
    def __init__(
        self: AsyncClient[list[Row]], url: str, key: str | None = None, *, tables: Literal["rows"], **options: Any
    ) -> None: ...

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

    score = _awaited_table(Calls.score)
    explain = _awaited(Calls.explain)
    history = _awaited(Calls.history)
    receipt = _awaited(Calls.receipt)
    revenue_at_risk = _awaited_table(Calls.revenue_at_risk)
    revenue_at_risk_detail = _awaited(Calls.revenue_at_risk_detail)
    changes = _awaited(Calls.changes)
    evaluate_scenario = _awaited_table(Calls.evaluate_scenario)
    event_impact = _awaited_table(Calls.event_impact)
    portfolio = _awaited(Calls.portfolio)
    coverage = _awaited(Calls.coverage)
    screen = _awaited_table(Calls.screen)
    basket = _awaited_table(Calls.basket)
    companies = _awaited_table(Lookups.companies)
    company = _awaited(Lookups.company)
    reference = _awaited_table(Lookups.reference)
    touched = _awaited_table(Lookups.touched)
    leverage = _awaited_table(Lookups.leverage)
    threat = _awaited(Lookups.threat)
    scenarios = _awaited(Lookups.scenarios)
    scenario = _awaited(Lookups.scenario)
    methodology = _awaited(Lookups.methodology)
    releases = _awaited(Lookups.releases)
    release = _awaited(Lookups.release)
    release_diff = _awaited(Lookups.release_diff)

    async def screen_pages(self, **filters: Any) -> AsyncIterator[Table]:
        """As `Client.screen_pages`, to iterate with ``async for``."""
        url: str | None = "/v1/screens"
        asked = query(filters)
        while url is not None:
            table, url = await self._run(self._calls.page(url, asked))
            asked = {}
            yield table

    async def _run(self, flow: Flow[T]) -> T:
        answer: httpx.Response | httpx.TransportError | None = None
        while True:
            try:
                step = flow.send(answer)
            except StopIteration as done:
                return done.value
            if isinstance(step, Wait):
                await asyncio.sleep(step.seconds)
                answer = None
                continue
            try:
                answer = await self._http.request(step.method, step.url, **_arguments(step))
            except httpx.TransportError as error:
                answer = error
