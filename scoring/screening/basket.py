"""Basket: a long/short book of the least and the most exposed companies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from scoring.columns import BASKET
from scoring.errors import FilterError
from scoring.screening.filters import Filters, passes
from scoring.screening.screen import asked_for, sorted_rows, universe
from scoring.vocabulary import Estimates

if TYPE_CHECKING:
    from scoring.score.snapshot import Columns, Snapshot

Neutral = Literal["sector", "country", "both"]


def basket(
    scorer: Snapshot,
    count: int,
    filters: Filters | None = None,
    *,
    sort: str = "score",
    neutral: Neutral | None = None,
    estimates: Estimates = "exclude",
) -> Columns:
    """Short the highest, long the lowest.

    Parameters
    ----------
    scorer : Snapshot
    count : int
        Companies on each side.
    filters : Filters, optional
        Which companies may be in it; only those whose `sort` column is known are.
    sort : str
        Numeric column that the companies are taken by.
    neutral : {'sector', 'country', 'both'}, optional
        Take pairs from within a sector, a country, or a sector of a country: in each, the highest with the lowest,
        the second highest with the second lowest and so on, as long as they differ; of all these pairs those that
        lie farthest apart. Both sides then have the same weight in every sector, country or both.
    estimates : {'exclude', 'include', 'only'}
        Whether companies whose figures are estimated may be in it.

    Returns
    -------
    dict of str to ndarray
        `BASKET`; the long side, lowest first, then the short side, highest first. Weights are equal; the long
        side sums to 1, the short side to -1.

    Raises
    ------
    FilterError
        Fewer companies or pairs than asked for, `count` below 1, an unknown filter value or column.
    """
    if count < 1:
        raise FilterError("basket", f"{count} companies on a side", "give 1 or more")
    if neutral is not None and neutral not in get_args(Neutral):
        raise FilterError("neutral", f"{str(neutral)[:50]!r} is unknown", f"use {', '.join(get_args(Neutral))}")
    columns = universe(scorer)
    kept = passes(scorer, filters or Filters(), columns) & asked_for(columns["status"], estimates)
    ascending = sorted_rows(columns, kept, sort, descending=False)
    ascending = ascending[~np.isnan(columns[sort][ascending])]
    if neutral is None:
        if ascending.size < 2 * count:
            known, more = ("", "") if estimates == "include" else (" that is known", ", or take in what is estimated")
            raise FilterError(
                "basket",
                f"{ascending.size} companies have a {sort}{known}; {count} on each side need {2 * count}",
                f"take fewer, or widen the filters{more}",
            )
        long, short = ascending[:count], ascending[::-1][:count]
    else:
        long, short = _pairs(columns, ascending, count, sort, neutral)
    rows = np.concatenate([long, short])
    ids = columns["company_id"]
    out: Columns = {name: columns[name][rows] for name in BASKET if name in columns}
    listed = columns["ticker"] != None  # noqa: E711 (elementwise)
    tickers = [f"{columns['mic'][i]}:{columns['ticker'][i]}" if listed[i] else ids[i] for i in rows.tolist()]
    out["ticker"] = np.array(tickers, dtype=object)
    out["weight"] = np.repeat([1.0 / count, -1.0 / count], count)
    out["side"] = np.repeat(np.array(["long", "short"], dtype=object), count)
    pairs = np.tile(np.arange(1.0, count + 1), 2)
    out["pair"] = np.full(2 * count, np.nan) if neutral is None else pairs
    out["sort"] = np.full(2 * count, sort, dtype=object)
    out["sort_value"] = columns[sort][rows]
    return {name: out[name] for name in BASKET}


def _pairs(
    columns: Columns, ascending: np.ndarray, count: int, sort: str, neutral: Neutral
) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest of the groups in pairs, those that lie farthest apart first."""
    names = ("sector", "country") if neutral == "both" else (neutral,)
    groups: dict[tuple[str, ...], list[int]] = {}
    for row in ascending.tolist():
        groups.setdefault(tuple(columns[name][row] for name in names), []).append(row)
    values = columns[sort]
    pairs = [(low, high) for members in groups.values() for low, high in zip(members, members[::-1], strict=True)]
    pairs = [(low, high) for low, high in pairs if values[low] < values[high]]
    if len(pairs) < count:
        raise FilterError(
            "basket",
            f"there are {len(pairs)} pairs within {' and '.join(names)} that differ in {sort}, fewer than {count}",
            "take fewer, widen the filters, or be neutral to less",
        )
    ids = columns["company_id"]
    pairs.sort(key=lambda pair: (values[pair[0]] - values[pair[1]], ids[pair[0]]))
    chosen = np.array(pairs[:count])
    return chosen[:, 0], chosen[:, 1]
