"""Tables of results as rows that a template reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from scoring.columns import PILLAR_POINTS
from service.web.memory import remembered

if TYPE_CHECKING:
    from scoring.score.snapshot import Columns
    from scoring.scorer import Scorer

Row = dict[str, Any]


def rows_of(columns: Mapping[str, Sequence[Any]] | Columns) -> list[Row]:
    """One mapping of column names to values per row."""
    lists = [column.tolist() if hasattr(column, "tolist") else list(column) for column in columns.values()]
    return [dict(zip(columns, row, strict=True)) for row in zip(*lists, strict=True)]


_SHOWN: Final = (
    *("company_id", "name", "country", "sector", "status", "score", "band"),
    *PILLAR_POINTS,
)
"""Columns of a company among others; all columns of a large universe would take much memory for each scorer."""


@remembered()
def universe(scorer: Scorer) -> list[Row]:
    """Row of every company as in a screen without filters, the highest score first."""
    from scoring.screening.screen import screen_page

    found = screen_page(scorer).columns
    return rows_of({name: found[name] for name in _SHOWN})


@remembered(size=4)
def listed_rows(scorer: Scorer, kind: str) -> list[dict[str, Any]]:
    """Rows of a kind of reference data as `/v1/{kind}` gives them."""
    from scoring.lookup.touched import listed

    return rows_of(listed(scorer, kind))


def bands(scorer: Scorer) -> list[str]:
    """Bands of the scorer's methodology, the least first."""
    return list(scorer.methodology.bands)


def number_scored(scorer: Scorer) -> int:
    """Companies that have a score which rests on a known China share: those that ranks count."""
    evaluation = scorer.evaluation
    return int((~np.isnan(evaluation.score) & ~evaluation.facts.estimated).sum())
