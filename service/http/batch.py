"""Result rows of a batch as JSON, each distinct query rendered once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from service.formats.encode import encode_rows

if TYPE_CHECKING:
    from scoring.scorer import Scorer

_ROWS_PER_PART: Final = 2_000


def json_rows(scorer: Scorer, tickers: Sequence[str], uncertainty: bool = False) -> list[bytes]:
    """Result row of each ticker as a JSON object.

    Books hold the same names again and again, and a row depends on nothing but its query.
    """
    distinct = list(dict.fromkeys(tickers))
    rows = encode_rows(scorer.columns(distinct, uncertainty=uncertainty))
    if len(distinct) == len(tickers):
        return rows
    row_of = dict(zip(distinct, rows, strict=True))
    return [row_of[ticker] for ticker in tickers]


def json_array(rows: list[bytes]) -> bytes:
    """Rows as one JSON array, with a single copy of what may be many megabytes."""
    if not rows:
        return b"[]"
    first, *others = rows
    others.insert(0, b"[" + first)
    others[-1] += b"]"
    return b",".join(others)


def table_parts(scorer: Scorer, tickers: Sequence[str], uncertainty: bool = False) -> Iterator[bytes]:
    """Result rows as NDJSON, scored and rendered some thousand at a time."""
    for start in range(0, len(tickers), _ROWS_PER_PART):
        yield b"".join(row + b"\n" for row in json_rows(scorer, tickers[start : start + _ROWS_PER_PART], uncertainty))


def explained_rows(scorer: Scorer, tickers: Sequence[str], rows: Sequence[bytes]) -> list[bytes]:
    """Rows with the member ``explanation``; null where the query names no single company."""
    resolved = {match.query for match in scorer.resolver.resolve_many(tickers) if match.status == "ok"}
    trees = {ticker: scorer.explain(ticker).model_dump_json().encode() for ticker in resolved}
    return [
        row[:-1] + b',"explanation":' + trees.get(ticker, b"null") + b"}"
        for ticker, row in zip(tickers, rows, strict=True)
    ]
