"""Identifiers in a request: how many, how long, and the one company that one of them names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from service.http.errors import RefusedError
from service.http.exchange import Exchange
from service.http.parameters import in_path

if TYPE_CHECKING:
    from scoring.reference.identifiers.match import Match
    from scoring.scorer import Scorer

Ticker = Annotated[str, in_path("ticker")]


def check_tickers(
    exchange: Exchange[Any], tickers: list[str], *, explained: bool = False, field: str = "tickers"
) -> None:
    """Refuse a list that is too long, or has a query that is; `field` is the list's member of the body.

    Raises
    ------
    RefusedError
        Naming the position of the query.
    """
    limits = exchange.kept.settings
    most = limits.max_explained if explained else limits.max_tickers
    if len(tickers) > most:
        what = " with explanations" if explained else ""
        raise RefusedError(
            "too-many-tickers", field, f"has {len(tickers)}, more than {most}{what}", "send several lists"
        )
    for position, ticker in enumerate(tickers):
        if len(ticker) > limits.max_ticker_length:
            raise _too_long(f"{field}.{position}", len(ticker), limits.max_ticker_length)


def one_match(scorer: Scorer, ticker: str) -> Match:
    """Match of a ticker that must name one company.

    Raises
    ------
    RefusedError
        It names none, or several; the problem lists candidates.
    """
    match = scorer.resolver.resolve(ticker)
    if match.status == "ok":
        return match
    raise RefusedError(
        "query-ambiguous" if match.status == "ambiguous" else "query-unresolved",
        "ticker",
        f"{ticker[:200]!r}: {match.reason}",
        "use the company_id or the ticker of a candidate" if match.candidates else "search /v1/companies?q=",
        candidates=[
            {"company_id": c.company_id, "name": c.name, "ticker": c.ticker, "similarity": c.similarity}
            for c in match.candidates
        ],
    )


def one_company(scorer: Scorer, ticker: str) -> str:
    """Id of the company that a ticker must name; errors as in `one_match`."""
    return scorer.resolver.company_ids[one_match(scorer, ticker).company]


def check_length(exchange: Exchange[Any], ticker: str) -> None:
    """Refuse a ticker that is too long."""
    most = exchange.kept.settings.max_ticker_length
    if len(ticker) > most:
        raise _too_long("ticker", len(ticker), most)


def _too_long(field: str, length: int, most: int) -> RefusedError:
    return RefusedError(
        "request-invalid", field, f"has {length} characters, more than {most}", "send an identifier or a name"
    )
