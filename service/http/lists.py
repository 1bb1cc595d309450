"""How long a list is, and where its other pages are: told in headers, as the body may be of any format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

if TYPE_CHECKING:
    from scoring.scorer import Scorer
    from service.http.exchange import Exchange

TOTAL: Final = "X-Total-Count"


def lead_on(exchange: Exchange[Any], scorer: Scorer, total: int) -> None:
    """Tell the length of the whole list, and the addresses of the pages before and after this one.

    They rest on the same facts, whatever day they are asked for.

    Parameters
    ----------
    exchange : Exchange
        Its options have `limit` and `offset`.
    scorer : Scorer
    total : int
        Rows on all pages.
    """
    limit, offset = exchange.options.limit, exchange.options.offset
    links = []
    if offset + limit < total:
        links.append(f'<{_address(exchange, scorer, offset + limit)}>; rel="next"')
    if offset > 0:
        links.append(f'<{_address(exchange, scorer, max(offset - limit, 0))}>; rel="prev"')
    exchange.extra[TOTAL] = str(total)
    if links:
        exchange.extra["Link"] = ", ".join(links)


def _address(exchange: Exchange[Any], scorer: Scorer, offset: int) -> str:
    query = exchange.options.model_dump(mode="json", exclude_defaults=True)
    query |= {
        "as_of": scorer.as_of.isoformat(),
        "release": scorer.release.version,
        "methodology": scorer.methodology.version,
        "offset": offset,
    }
    words = {name: str(value).lower() if isinstance(value, bool) else value for name, value in query.items()}
    return f"{exchange.kept.settings.root_path}{exchange.request.url.path}?{urlencode(words)}"
