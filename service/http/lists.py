"""How long a list is, and where its other pages are: told in headers, as the body may be of any format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from service.http.exchange import TOTAL, Exchange

if TYPE_CHECKING:
    from scoring.scorer import Scorer


def lead_on(exchange: Exchange[Any], pinned: Mapping[str, str], total: int) -> None:
    """Tell the length of the whole list, and the addresses of the pages before and after this one.

    Parameters
    ----------
    exchange : Exchange
        Its options have `limit` and `offset`.
    pinned : mapping of str to str
        Options that make the other pages rest on the same facts, whatever day they are asked for.
    total : int
        Rows on all pages.
    """
    limit, offset = exchange.options.limit, exchange.options.offset
    links = []
    if offset + limit < total:
        links.append(f'<{_address(exchange, pinned, offset + limit)}>; rel="next"')
    if offset > 0:
        links.append(f'<{_address(exchange, pinned, max(offset - limit, 0))}>; rel="prev"')
    exchange.extra[TOTAL] = str(total)
    if links:
        exchange.extra["Link"] = ", ".join(links)


def versions_of(scorer: Scorer) -> dict[str, str]:
    """What a list of scores rests on."""
    return {
        "as_of": scorer.as_of.isoformat(),
        "release": scorer.release.version,
        "methodology": scorer.methodology.version,
    }


def _address(exchange: Exchange[Any], pinned: Mapping[str, str], offset: int) -> str:
    query = exchange.options.model_dump(mode="json", exclude_defaults=True) | pinned | {"offset": offset}
    words = {name: str(value).lower() if isinstance(value, bool) else value for name, value in query.items()}
    return f"{exchange.kept.settings.root_path}{exchange.request.url.path}?{urlencode(words)}"
