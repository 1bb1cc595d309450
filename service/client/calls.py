"""What each call of the client asks, retries and reads, in generators that do no input or output.

`service.client.clients` sends what they yield, and waits.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import quote

import httpx

from scoring.explanation.document import Explanation

if TYPE_CHECKING:
    import pandas as pd

    from scoring.changes import Changes
    from scoring.portfolio.knowledge import CoverageReport
    from scoring.portfolio.result import PortfolioScore

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


class Calls:
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

    def score(self, tickers: Sequence[str], versions: dict[str, Any]) -> Flow[pd.DataFrame]:
        """Score a list, in parts."""
        import pandas as pd

        frames = []
        for start in range(0, max(len(tickers), 1), self.chunk):
            body = {"tickers": list(tickers[start : start + self.chunk]), **versions}
            response = yield from self._ask(Send("POST", "/v1/scores", {}, body, _ARROW))
            frames.append(_frame(response))
            # Later parts must rest on the same facts as the first, whatever happens on the server meanwhile.
            versions = {
                "release": response.headers["X-Exposure-Release"],
                "methodology": response.headers["X-Exposure-Methodology"],
                "as_of": response.headers["X-Exposure-As-Of"],
                **{name: versions[name] for name in ("scenario", "uncertainty") if name in versions},
            }
        return frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)

    def explain(self, ticker: str, versions: dict[str, Any]) -> Flow[Explanation]:
        """Explain one score."""
        path = f"/v1/scores/{quote(ticker, safe='')}/explanation"
        response = yield from self._ask(Send("GET", path, versions, None, "application/json"))
        return Explanation.model_validate_json(response.content)

    def changes(self, body: dict[str, Any]) -> Flow[Changes]:
        """Compare two ends."""
        from scoring.changes import Changes

        response = yield from self._ask(Send("POST", "/v1/changes", {}, body, "application/json"))
        return Changes.model_validate_json(response.content)

    def companies(self, query: dict[str, Any]) -> Flow[pd.DataFrame]:
        """Search companies."""
        response = yield from self._ask(Send("GET", "/v1/companies", query, None, _ARROW))
        return _frame(response)

    def coverage(self, body: dict[str, Any]) -> Flow[CoverageReport]:
        """Say how well a book is known."""
        from scoring.portfolio.knowledge import CoverageReport

        response = yield from self._ask(Send("POST", "/v1/coverage", {}, body, "application/json"))
        return CoverageReport.model_validate_json(response.content)

    def portfolio(self, body: dict[str, Any]) -> Flow[PortfolioScore]:
        """Score a book."""
        from scoring.portfolio.result import PortfolioScore

        response = yield from self._ask(Send("POST", "/v1/portfolios/score", {}, body, "application/json"))
        return PortfolioScore.model_validate_json(response.content)

    def screen(self, query: dict[str, Any]) -> Flow[pd.DataFrame]:
        """Screen, all pages."""
        import pandas as pd

        frames = []
        url: str | None = "/v1/screens"
        while url is not None:
            frame, url = yield from self.screen_page(url, query)
            query = {}  # the address of a further page says everything
            frames.append(frame)
        return frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)

    def screen_page(self, url: str, query: dict[str, Any]) -> Flow[tuple[pd.DataFrame, str | None]]:
        """One page of a screen, and the address of the next."""
        response = yield from self._ask(Send("GET", url, query, None, _ARROW))
        return _frame(response), response.links.get("next", {}).get("url")

    def basket(self, query: dict[str, Any]) -> Flow[pd.DataFrame]:
        """Make a basket."""
        response = yield from self._ask(Send("GET", "/v1/screens/basket", query, None, _ARROW))
        return _frame(response)

    def _ask(self, send: Send) -> Flow[httpx.Response]:
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


def _frame(response: httpx.Response) -> pd.DataFrame:
    import pyarrow as pa

    return pa.ipc.open_stream(response.content).read_pandas()
