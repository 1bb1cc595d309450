"""Which company each query was matched to and by which evidence, as a table to sign off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.columns import MATCH
from scoring.reference.identifiers.row import Queries, Row, as_queries

if TYPE_CHECKING:
    from scoring.reference.identifiers.resolver import Resolver
    from scoring.reference.identifiers.row_match import RowMatch


def match_columns(resolver: Resolver, queries: Queries) -> dict[str, np.ndarray]:
    """Match table of a list, one row per query in order.

    Parameters
    ----------
    resolver : Resolver
    queries : str, or iterable of str or Row

    Returns
    -------
    dict of str to ndarray
        `MATCH`: the line in the file and what the row is called; what became of it; the company and its
        listing as ``MIC:ticker``; the columns that point to it, separated by semicolons; the name in the file and
        how it compares with that of the company (``same``, ``similar``, ``differs``, ``incomparable`` or
        ``missing``); the companies it may mean; what was assumed, or why it did not resolve.
    """
    given = as_queries(queries)
    rows = [query if isinstance(query, Row) else Row(query, (("query", query),) if query else ()) for query in given]
    records = [_record(resolver, found) for found in resolver.match_rows(rows)]
    columns = {name: np.empty(len(records), dtype=object) for name in MATCH}
    for i, record in enumerate(records):
        for name, value in zip(MATCH, record, strict=True):
            columns[name][i] = value
    return columns


def _record(resolver: Resolver, found: RowMatch) -> tuple[Any, ...]:
    match = found.match
    known = match.company >= 0
    return (
        found.row.number or None,
        match.query,
        match.status,
        resolver.company_ids[match.company] if known else None,
        resolver.names[match.company] if known else None,
        f"{resolver.mics[match.listing]}:{resolver.tickers[match.listing]}" if match.listing >= 0 else None,
        "; ".join(found.evidence) or None,
        found.row.name or None,
        found.agreement,
        "; ".join(map(str, match.candidates)) or None,
        match.reason or None,
    )
