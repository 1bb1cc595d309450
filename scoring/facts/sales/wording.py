"""China shares in words: the period that each describes, what it is a share of, and what to mind of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from scoring.facts.axes import years_until
from scoring.facts.sales.shares import ChinaShares
from scoring.reference.releases.arrow import Columns

SHARE_OF: Final[Mapping[str, str]] = {
    "revenue": "of revenue",
    "systems": "of sales of systems",
    "segment": "of the sales of a segment",
    "parent": "of the revenue of the parent company alone",
    "bound": "of revenue (an upper bound, or by the nationality of customers)",
}
"""What a share is of, in words that follow the number; keys are `scoring.vocabulary.ShareOf`."""

OLD_AFTER: Final = 1.5
"""Years from the end of its period after which a share is said to be old."""

_MONTHS: Final = 12


def periods(china: ChinaShares, revenue: Columns) -> np.ndarray:
    """Label of the period that each China share describes, None = none; of a sum the first and the last."""
    names = revenue["fiscal_year"]
    labels = np.full(china.row.size, None, dtype=object)
    for company in np.flatnonzero(china.row >= 0).tolist():
        rows = china.rows[company]
        labels[company] = names[rows[0]] if len(rows) == 1 else f"{names[rows[0]]}..{names[rows[-1]]}"
    return labels


def ages(china: ChinaShares, day: object) -> np.ndarray:
    """Years from the end of the period of each share to a day, or to an array of days; NaN = no period."""
    return np.where(np.isnat(china.period_end), np.nan, years_until(day, china.period_end))


def kinds(column: np.ndarray, china: ChinaShares) -> np.ndarray:
    """Words of a column behind each latest and structural share, the latest first; None = no figure.

    More than one says that the series mixes them, so that its moves are partly changes of definition.
    """
    words = np.full(china.row.size, None, dtype=object)
    for company in np.flatnonzero(china.row >= 0).tolist():
        rows = [china.row[company], *reversed(china.years[company])]
        words[company] = ";".join(dict.fromkeys(column[rows]))
    return words


def mixed(series: Sequence[np.ndarray]) -> np.ndarray:
    """Whether the series of each company mixes definitions, from its `kinds` of several columns."""
    found: np.ndarray = np.zeros(series[0].size, dtype=bool)
    for words in series:
        found |= [word is not None and ";" in word for word in words]
    return found


def cautions(china: ChinaShares, revenue: Columns, day: object, mixes: np.ndarray) -> np.ndarray:
    """What to mind of each share on a day before it is compared with another, None = nothing.

    It is older than a year and a half, is of a lesser base than revenue, or its series mixes definitions.
    """
    of, age = revenue["share_of"], ages(china, day)
    said = np.full(china.row.size, None, dtype=object)
    for company in np.flatnonzero(china.row >= 0).tolist():
        base = of[china.row[company]]
        parts = (
            f"its period ended {int(age[company] * _MONTHS)} months before" if age[company] > OLD_AFTER else "",
            f"{SHARE_OF[base]}, not of all revenue" if base != "revenue" else "",
            "its series mixes definitions" if mixes[company] else "",
        )
        said[company] = "; ".join(filter(None, parts)) or None
    return said


def last_known(revenue: Mapping[str, np.ndarray], row: int) -> str:
    """A figure that is too old to count, in words."""
    return f"last known {revenue['china_share'][row]:.1%} in {revenue['fiscal_year'][row]}, too old to count"
