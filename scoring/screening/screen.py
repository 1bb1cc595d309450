"""Screen: the universe filtered, sorted and paged, with neutral ranks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scoring.columns import SCREEN
from scoring.errors import FilterError
from scoring.screening.filters import Filters, numeric, passes
from scoring.screening.ranks import neutral_ranks
from scoring.vocabulary import ESTIMATED, Estimates

if TYPE_CHECKING:
    import pandas as pd

    from scoring.score.snapshot import Columns, Snapshot


@dataclass(frozen=True)
class Screened:
    """One page of a screen.

    Attributes
    ----------
    columns : dict of str to ndarray
        `SCREEN`; ``query`` is the company's identifier.
    total : int
        Companies that the filters leave, on all pages.
    offset : int
        Companies before this page.
    """

    columns: Columns
    total: int
    offset: int


def screen(
    scorer: Snapshot,
    filters: Filters | None = None,
    *,
    sort: str = "score",
    descending: bool = True,
    limit: int | None = None,
    offset: int = 0,
) -> pd.DataFrame:
    """Companies of the universe that filters leave, in order, as a frame; parameters and errors as in `screen_page`.

    Returns
    -------
    DataFrame
        `SCREEN_COLUMNS`, one row per company; ``attrs["total"]`` is how many the filters leave.
    """
    import pandas as pd  # imported here: the arrays need no pandas, and it is slow to import

    page = screen_page(scorer, filters, sort=sort, descending=descending, limit=limit, offset=offset)
    frame = pd.DataFrame(page.columns)
    frame.attrs["total"] = page.total
    return frame


def screen_page(
    scorer: Snapshot,
    filters: Filters | None = None,
    *,
    sort: str = "score",
    descending: bool = True,
    limit: int | None = None,
    offset: int = 0,
) -> Screened:
    """Companies of the universe that filters leave, in order.

    Parameters
    ----------
    scorer : Snapshot
    filters : Filters, optional
        Default: every company.
    sort : str
        Any numeric column. Missing values come last in either direction; companies with equal values are in the
        order of their identifiers.
    descending : bool
        Highest first.
    limit : int, optional
        Most rows. Default: all.
    offset : int
        Rows left out at the beginning.

    Raises
    ------
    FilterError
        An unknown filter value or column, with the nearest that exist; a negative limit or offset.
    """
    if offset < 0 or (limit is not None and limit < 0):
        raise FilterError("limit" if offset >= 0 else "offset", "is negative", "give 0 or more")
    columns = universe(scorer)
    kept = passes(scorer, filters or Filters(), columns) & asked_for(columns["status"], scorer.estimates)
    order = sorted_rows(columns, kept, sort, descending)
    page = order[offset : None if limit is None else offset + limit]
    return Screened({name: column[page] for name, column in columns.items()}, order.size, offset)


def universe(scorer: Snapshot) -> Columns:
    """Result row of every company with its neutral ranks, in the order of the release."""
    columns = scorer.columns_of(scorer.resolver.resolve_many(scorer.evaluation.facts.company_ids))
    estimated = columns["status"] == ESTIMATED
    ranks = neutral_ranks(columns["score"], columns["sector"], columns["country"], estimated)
    return {name: ranks[name] if name in ranks else columns[name] for name in SCREEN}


def asked_for(status: np.ndarray, estimates: Estimates) -> np.ndarray:
    """Rows that are wanted, by their status: those of estimated companies, all but these, or all."""
    estimated: np.ndarray = status == ESTIMATED
    return {"include": np.ones_like(estimated), "exclude": ~estimated, "only": estimated}[estimates]


def sorted_rows(columns: Columns, mask: np.ndarray, sort: str, descending: bool) -> np.ndarray:
    """Rows of a mask by a numeric column, missing values last, ties by company_id."""
    values = columns[numeric(columns, sort, "sort")]
    rows = np.flatnonzero(mask)
    keys = np.where(np.isnan(values), np.inf, -values if descending else values)[rows]
    return rows[np.lexsort((columns["company_id"][rows].astype(str), keys))]
