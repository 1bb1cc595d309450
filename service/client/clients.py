"""Client of the HTTP service: scores as pandas, from synchronous or asynchronous code.

    >>> from service.client import Client
    >>> with Client("http://127.0.0.1:8000") as client:
    ...     frame = client.score(["8035.T", "ASML NA"], as_of="2024-09-02")

What is asked, retried and read is decided once, in `calls`; `Client` and `AsyncClient` only send and wait.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

import httpx

from scoring.explanation.document import Explanation
from service.client.calls import Calls, Flow, ProblemError, Send, Wait

if TYPE_CHECKING:
    import pandas as pd

    from scoring.changes import Changes
    from scoring.portfolio.knowledge import CoverageReport
    from scoring.portfolio.result import PortfolioScore

    Rows = Sequence[Mapping[str, Any]] | pd.DataFrame

__all__ = ["AsyncClient", "Client", "Connection", "ProblemError"]

T = TypeVar("T")


def _given(**options: Any) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in options.items()
        if value is not None
    }


def _book(holdings: Rows, benchmark: Rows | None, options: dict[str, Any]) -> dict[str, Any]:
    body = {"holdings": _records(holdings), **_given(**options)}
    return body if benchmark is None else body | {"benchmark": _records(benchmark)}


def _records(rows: Rows) -> list[dict[str, Any]]:
    """Rows as JSON objects, without what is missing in them."""
    found: Any = rows if isinstance(rows, Sequence) else rows.to_dict("records")
    return [{name: cell for name, cell in row.items() if cell is not None and cell == cell} for row in found]


def _compared(start: Any, end: Any, tickers: Sequence[str] | None, options: dict[str, Any]) -> dict[str, Any]:
    return _given(**{"from": start, "to": end, "tickers": None if tickers is None else list(tickers), **options})


def _query(filters: dict[str, Any]) -> dict[str, Any]:
    """Filters as a query: several values are parted with commas."""
    return {
        name: ",".join(map(str, value)) if isinstance(value, list | tuple) else value
        for name, value in _given(**filters).items()
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
        self._calls = Calls(retries, backoff, longest_wait, chunk)
        self._options: dict[str, Any] = {
            "base_url": url,
            "headers": {"Authorization": f"Bearer {key}"} if key else {},
            "timeout": timeout,
        }


def _arguments(send: Send) -> dict[str, Any]:
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
        uncertainty: bool = False,
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
            self._calls.score(
                tickers,
                _given(
                    as_of=as_of,
                    release=release,
                    methodology=methodology,
                    scenario=scenario,
                    uncertainty=uncertainty or None,
                ),
            )
        )

    def explain(
        self,
        ticker: str,
        *,
        as_of: str | dt.date | None = None,
        release: str | None = None,
        methodology: str | None = None,
        scenario: str | None = None,
        uncertainty: bool = False,
    ) -> Explanation:
        """Explain the score of one ticker; errors as in `score`."""
        return self._run(
            self._calls.explain(
                ticker,
                _given(
                    as_of=as_of,
                    release=release,
                    methodology=methodology,
                    scenario=scenario,
                    uncertainty=uncertainty or None,
                ),
            )
        )

    def changes(
        self,
        start: str | dt.date | None = None,
        end: str | dt.date | None = None,
        tickers: Sequence[str] | None = None,
        **options: Any,
    ) -> Changes:
        """What moved between two ends, and why.

        Parameters
        ----------
        start, end : str or date, optional
            Two dates, or two releases.
        tickers : sequence of str, optional
            Names to report, one row each in order. Default: every company that moved.
        **options
            Of ``POST /v1/changes``: as_of, release, from_release, to_release, methodology, from_methodology,
            to_methodology, from_scenario, to_scenario, threshold.

        Raises
        ------
        ProblemError, httpx.TransportError
            As in `score`.
        """
        return self._run(self._calls.changes(_compared(start, end, tickers, options)))

    def companies(
        self, q: str = "", *, country: str | None = None, sector: str | None = None, limit: int = 50, **options: Any
    ) -> pd.DataFrame:
        """Search companies; `options` are those of ``GET /v1/companies``, errors as in `score`."""
        return self._run(self._calls.companies(_given(q=q, country=country, sector=sector, limit=limit, **options)))

    def portfolio(self, holdings: Rows, benchmark: Rows | None = None, **options: Any) -> PortfolioScore:
        """Score a book.

        Parameters
        ----------
        holdings, benchmark : sequence of mapping, or DataFrame
            Rows with ``ticker`` and ``weight``, ``value``, or ``quantity`` and ``price``; see `scoring.Holdings`.
        **options
            Of ``POST /v1/portfolios/score``: long_only, drivers, as_of, release, methodology, scenario.

        Raises
        ------
        ProblemError, httpx.TransportError
            As in `score`.
        """
        return self._run(self._calls.portfolio(_book(holdings, benchmark, options)))

    def coverage(self, holdings: Rows, **options: Any) -> CoverageReport:
        """How well a list or book is known; rows and errors as in `portfolio`, and rows may be without sizes."""
        return self._run(self._calls.coverage(_book(holdings, None, options)))

    def screen(self, **filters: Any) -> pd.DataFrame:
        """Companies that filters leave, of all pages; `filters` are the options of ``GET /v1/screens``.

        Several values of one filter are a list, or a text with commas; errors as in `score`.
        """
        return self._run(self._calls.screen(_query(filters)))

    def screen_pages(self, **filters: Any) -> Iterator[pd.DataFrame]:
        """The same page by page, each asked for when it is needed; `limit` is the size of a page."""
        url: str | None = "/v1/screens"
        query = _query(filters)
        while url is not None:
            frame, url = self._run(self._calls.screen_page(url, query))
            query = {}
            yield frame

    def basket(self, count: int = 10, neutral: str | None = None, **filters: Any) -> pd.DataFrame:
        """Long/short basket of `count` companies on each side; `filters` as in `screen`."""
        return self._run(self._calls.basket(_query({"count": count, "neutral": neutral, **filters})))

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
        uncertainty: bool = False,
    ) -> pd.DataFrame:
        """As `Client.score`."""
        return await self._run(
            self._calls.score(
                tickers,
                _given(
                    as_of=as_of,
                    release=release,
                    methodology=methodology,
                    scenario=scenario,
                    uncertainty=uncertainty or None,
                ),
            )
        )

    async def explain(
        self,
        ticker: str,
        *,
        as_of: str | dt.date | None = None,
        release: str | None = None,
        methodology: str | None = None,
        scenario: str | None = None,
        uncertainty: bool = False,
    ) -> Explanation:
        """As `Client.explain`."""
        return await self._run(
            self._calls.explain(
                ticker,
                _given(
                    as_of=as_of,
                    release=release,
                    methodology=methodology,
                    scenario=scenario,
                    uncertainty=uncertainty or None,
                ),
            )
        )

    async def changes(
        self,
        start: str | dt.date | None = None,
        end: str | dt.date | None = None,
        tickers: Sequence[str] | None = None,
        **options: Any,
    ) -> Changes:
        """As `Client.changes`."""
        return await self._run(self._calls.changes(_compared(start, end, tickers, options)))

    async def companies(
        self, q: str = "", *, country: str | None = None, sector: str | None = None, limit: int = 50, **options: Any
    ) -> pd.DataFrame:
        """As `Client.companies`."""
        return await self._run(
            self._calls.companies(_given(q=q, country=country, sector=sector, limit=limit, **options))
        )

    async def portfolio(self, holdings: Rows, benchmark: Rows | None = None, **options: Any) -> PortfolioScore:
        """As `Client.portfolio`."""
        return await self._run(self._calls.portfolio(_book(holdings, benchmark, options)))

    async def coverage(self, holdings: Rows, **options: Any) -> CoverageReport:
        """As `Client.coverage`."""
        return await self._run(self._calls.coverage(_book(holdings, None, options)))

    async def screen(self, **filters: Any) -> pd.DataFrame:
        """As `Client.screen`."""
        return await self._run(self._calls.screen(_query(filters)))

    async def screen_pages(self, **filters: Any) -> AsyncIterator[pd.DataFrame]:
        """As `Client.screen_pages`, to iterate with ``async for``."""
        url: str | None = "/v1/screens"
        query = _query(filters)
        while url is not None:
            frame, url = await self._run(self._calls.screen_page(url, query))
            query = {}
            yield frame

    async def basket(self, count: int = 10, neutral: str | None = None, **filters: Any) -> pd.DataFrame:
        """As `Client.basket`."""
        return await self._run(self._calls.basket(_query({"count": count, "neutral": neutral, **filters})))

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
