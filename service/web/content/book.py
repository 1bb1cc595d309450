"""A scored book: its positions by what they contribute, and where its points come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from service.web.memory import remembered
from service.web.rows import bands

if TYPE_CHECKING:
    from scoring.portfolio.result import PortfolioScore
    from scoring.scorer import Scorer

POSITIONS: Final = 150
"""Positions of a page; a workbook and a report have all."""

_GROUPS: Final = 12


def book_content(scorer: Scorer, result: PortfolioScore, most: int | None = POSITIONS) -> dict[str, Any]:
    """What is told of a scored book, by name; at most so many positions."""
    return {
        "result": result,
        "bands": bands(scorer),
        "positions": sorted(result.positions, key=lambda one: -abs(one.contribution or 0.0))[:most],
        "causes": _causes(scorer, result),
        "groups": {one.by: one.groups[:_GROUPS] for one in result.concentration},
    }


def _causes(scorer: Scorer, result: PortfolioScore) -> dict[str, list[str]]:
    """Rules and minerals of the groups that touch each company of the book, by its id."""
    held = {one.company_id for one in result.positions if one.company_id is not None}
    found: dict[str, list[str]] = {}
    for part in result.concentration:
        if part.by in ("rule", "mineral"):
            for group in part.groups[:_GROUPS]:
                for company_id in held & _touched(scorer, f"{part.by}s", group.key):
                    found.setdefault(company_id, []).append(group.key)
    return found


@remembered(size=256)
def _touched(scorer: Scorer, kind: str, key: str) -> frozenset[str]:
    """Ids of the companies that a rule or mineral touches."""
    from scoring.lookup.touched import touches

    return frozenset(touches(scorer, kind, key)["company_id"].tolist())
