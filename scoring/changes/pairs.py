"""Result rows of two scorers, company by company: what both a comparison and a difference of releases begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from scoring.arrays import value_or_none
from scoring.reference.identifiers.resolver import Match

if TYPE_CHECKING:
    from scoring.score.snapshot import Snapshot

LEAST: Final = 1e-9
"""Points or exposure below which nothing has moved: sums are exact only up to the order of their terms."""

Pair = tuple[Any, Any]


class Pairs:
    """Result rows of every company at two ends.

    Parameters
    ----------
    before, after : Snapshot

    Attributes
    ----------
    company_ids : list of str
        Of the second release in its order, then those that only the first has.
    """

    def __init__(self, before: Snapshot, after: Snapshot) -> None:
        self._rows = [_universe(scorer) for scorer in (before, after)]
        self.company_ids = list(dict.fromkeys((*self._rows[1]["index"], *self._rows[0]["index"])))

    def of(self, company_id: str, column: str) -> Pair:
        """Values of a company at both ends; None = missing, or no such company there."""
        was, now = (_value(rows, company_id, column) for rows in self._rows)
        return was, now


def moved(pair: Pair) -> bool:
    """Whether a number is another one, or is known at one end only."""
    old, new = pair
    if old is None or new is None:
        return old is not new
    return bool(abs(new - old) > LEAST)


def difference(pair: Pair) -> float | None:
    """New minus old; None unless both are known."""
    old, new = pair
    return None if old is None or new is None else float(new - old)


def _universe(scorer: Snapshot) -> dict[str, Any]:
    ids = scorer.evaluation.facts.company_ids
    matches = [Match(query=name, status="ok", company=i) for i, name in enumerate(ids)]
    columns = {name: column.tolist() for name, column in scorer.columns_of(matches).items()}
    return {"index": {name: i for i, name in enumerate(ids)}, **columns}


def _value(rows: dict[str, Any], company_id: str, column: str) -> Any:
    at = rows["index"].get(company_id)
    return None if at is None else value_or_none(rows[column][at])
