"""What each call of the client asks and how it reads the answer: told once, for both clients."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Unpack
from urllib.parse import quote

from service.client.flow import Asking, Flow, Send
from service.client.options import Versions, WhatIf, given, query, records
from service.client.tables import Table

if TYPE_CHECKING:
    from scoring.changes.result import Changes
    from scoring.explanation.document import Explanation
    from scoring.portfolio.knowledge import CoverageReport
    from scoring.portfolio.result import PortfolioScore
    from scoring.receipt.document import Receipt
    from scoring.risk.result import RiskDetail
    from scoring.timeseries.result import History
    from scoring.vocabulary import Estimates
    from service.client.options import Rows


def _path(*parts: str) -> str:
    return "/v1/" + "/".join(quote(part, safe="") for part in parts)


class Calls(Asking[Table]):
    """Scores, books and what-ifs.

    Every call raises `ProblemError` where it is refused, and `httpx.TransportError` where the service is out of reach;
    `as_of`, `release`, `methodology`, `scenario` and `estimates` are the options of the resource.
    """

    def score(self, /, tickers: Sequence[str], *, uncertainty: bool = False, **versions: Unpack[WhatIf]) -> Flow[Table]:
        """Score a list of tickers, one row each, in order; columns as in `scoring.Scorer.score`."""
        asked = given(uncertainty=uncertainty or None, **versions)
        parts = []
        for start in range(0, max(len(tickers), 1), self.chunk):
            body = {"tickers": list(tickers[start : start + self.chunk]), **asked}
            response = yield from self.ask(Send("POST", "/v1/scores", {}, body, self.tables.media_type))
            parts.append(self.tables.read(response.content))
            # Later parts must rest on the same facts as the first, whatever happens on the server meanwhile.
            asked |= {
                "release": response.headers["X-Exposure-Release"],
                "methodology": response.headers["X-Exposure-Methodology"],
                "as_of": response.headers["X-Exposure-As-Of"],
            }
        return self.tables.joined(parts)

    def explain(self, /, ticker: str, *, uncertainty: bool = False, **versions: Unpack[WhatIf]) -> Flow[Explanation]:
        """Why the score of one ticker is what it is."""
        from scoring.explanation.document import Explanation

        asked = given(uncertainty=uncertainty or None, **versions)
        return (yield from self.document(Explanation, "GET", _path("scores", ticker, "explanation"), asked))

    def history(
        self, /, ticker: str, start: str | dt.date, *, freq: str = "M", **versions: Unpack[WhatIf]
    ) -> Flow[History]:
        """A score over time, from `start` to `as_of`, and what moved it; `freq` is B, D, W, M or Q."""
        from scoring.timeseries.result import History

        asked = given(start=start, freq=freq, **versions)
        return (yield from self.document(History, "GET", _path("scores", ticker, "history"), asked))

    def receipt(self, /, tickers: Sequence[str], **versions: Unpack[WhatIf]) -> Flow[Receipt]:
        """What the scores of a list are computed from, and the scores, to be verified later."""
        from scoring.receipt.document import Receipt

        asked = given(tickers=list(tickers), **versions)
        return (yield from self.document(Receipt, "POST", "/v1/receipts", asked))

    def revenue_at_risk(self, /, tickers: Sequence[str], **versions: Unpack[WhatIf]) -> Flow[Table]:
        """Revenue at risk of a list, one row each, in order; columns as in `scoring.Scorer.revenue_at_risk`."""
        return (yield from self.table("POST", "/v1/revenue-at-risk", given(tickers=list(tickers), **versions)))

    def revenue_at_risk_detail(self, /, ticker: str, **versions: Unpack[WhatIf]) -> Flow[RiskDetail]:
        """Revenue at risk of one company taken apart, with the facts behind each part."""
        from scoring.risk.result import RiskDetail

        return (yield from self.document(RiskDetail, "GET", _path("revenue-at-risk", ticker), given(**versions)))

    def changes(
        self,
        /,
        start: str | dt.date | None = None,
        end: str | dt.date | None = None,
        tickers: Sequence[str] | None = None,
        **options: Any,
    ) -> Flow[Changes]:
        """What moved between two ends, and why.

        Parameters
        ----------
        start, end : str or date, optional
            Two dates, or two releases.
        tickers : sequence of str, optional
            Names to report, one row each in order. Default: every company that moved.
        **options
            Of ``POST /v1/changes``: as_of, release, from_release, to_release, methodology, from_methodology,
            to_methodology, from_scenario, to_scenario, estimates, threshold.
        """
        from scoring.changes.result import Changes

        names = None if tickers is None else list(tickers)
        asked = given(**{"from": start, "to": end, "tickers": names, **options})
        return (yield from self.document(Changes, "POST", "/v1/changes", asked))

    def evaluate_scenario(
        self,
        /,
        scenario: str | dict[str, Any] | Sequence[str | dict[str, Any]],
        tickers: Sequence[str],
        **versions: Unpack[Versions],
    ) -> Flow[Table]:
        """Scores of a list without and with a scenario: a name of the library, a document, or several in order."""
        several = scenario if isinstance(scenario, str | dict) else list(scenario)
        asked = given(scenario=several, tickers=list(tickers), **versions)
        return (yield from self.table("POST", "/v1/scenarios/evaluate", asked))

    def event_impact(
        self,
        /,
        event: str | Sequence[str],
        tickers: Sequence[str] | None = None,
        estimates: Estimates | None = None,
        **versions: Unpack[Versions],
    ) -> Flow[Table]:
        """What a rule, measure or scenario adds, as known the day before; default: to all that it touches."""
        name = event if isinstance(event, str) else ",".join(event)
        asked = query({"tickers": None if tickers is None else list(tickers), "estimates": estimates, **versions})
        return (yield from self.table("GET", _path("events", name, "impact"), asked))

    def portfolio(self, /, holdings: Rows, benchmark: Rows | None = None, **options: Any) -> Flow[PortfolioScore]:
        """Score a book.

        Parameters
        ----------
        holdings, benchmark : sequence of mapping, or DataFrame
            Rows with ``ticker`` and ``weight``, ``value``, or ``quantity`` and ``price``; see `scoring.Holdings`.
        **options
            Of ``POST /v1/portfolios/score``: long_only, drivers, as_of, release, methodology, scenario, estimates.
        """
        from scoring.portfolio.result import PortfolioScore

        other = None if benchmark is None else records(benchmark)
        asked = given(holdings=records(holdings), benchmark=other, **options)
        return (yield from self.document(PortfolioScore, "POST", "/v1/portfolios/score", asked))

    def coverage(self, /, holdings: Rows, **versions: Unpack[WhatIf]) -> Flow[CoverageReport]:
        """How well a list or book is known; rows as in `portfolio`, and they may be without sizes."""
        from scoring.portfolio.knowledge import CoverageReport

        asked = given(holdings=records(holdings), **versions)
        return (yield from self.document(CoverageReport, "POST", "/v1/coverage", asked))

    def screen(self, /, **filters: Any) -> Flow[Table]:
        """Companies that filters leave, of all pages; `filters` are the options of ``GET /v1/screens``.

        Several values of one filter are a list, or a text with commas.
        """
        parts = []
        url: str | None = "/v1/screens"
        asked = query(filters)
        while url is not None:
            page, url = yield from self.page(url, asked)
            asked = {}  # the address of a further page says everything
            parts.append(page)
        return self.tables.joined(parts)

    def page(self, /, url: str, asked: dict[str, Any]) -> Flow[tuple[Table, str | None]]:
        """One page of a list, and the address of the next."""
        response = yield from self.ask(Send("GET", url, asked, None, self.tables.media_type))
        return self.tables.read(response.content), response.links.get("next", {}).get("url")

    def basket(self, /, count: int = 10, neutral: str | None = None, **filters: Any) -> Flow[Table]:
        """Long/short basket of `count` companies on each side; `filters` as in `screen`."""
        asked = query({"count": count, "neutral": neutral, **filters})
        return (yield from self.table("GET", "/v1/screens/basket", asked))
