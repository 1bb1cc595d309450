"""Concentration of a portfolio's score, and its largest drivers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from scoring.explanation.causes import Causes, describe
from scoring.portfolio.result import Concentration, Driver, Group
from scoring.portfolio.weighed import Weighed
from scoring.score.leaves import CONTROL, KINDS, SUPPLY

if TYPE_CHECKING:
    from scoring.score.snapshot import Snapshot

By = Literal["company", "country", "sector", "rule", "mineral"]

_OF_COMPANY: Final[tuple[tuple[By, str, str], ...]] = (
    ("company", "company_id", "name"),
    ("country", "country", "country"),
    ("sector", "sector", "sector"),
)
_OF_CAUSE: Final[tuple[tuple[By, int], ...]] = (("rule", CONTROL), ("mineral", SUPPLY))


def concentration(snapshot: Snapshot, book: Weighed, causes: Causes) -> list[Concentration]:
    """Groups of companies, countries, sectors, rules and minerals, by the points that come from them."""
    held = np.flatnonzero(book.gross > 0)
    score = snapshot.evaluation.score
    total = float(book.gross[held] @ score[held])
    companies = snapshot.release.columns("companies")
    out = []
    for by, key, label in _OF_COMPANY:
        keys, group = np.unique(companies[key][held].astype(str), return_inverse=True)
        first = np.unique(group, return_index=True)[1]
        labels = companies[label][held[first]].astype(str)
        names = list(zip(keys.tolist(), labels.tolist(), strict=True))
        out.append(_dimension(book, by, names, group, held, score[held], total))
    for by, kind in _OF_CAUSE:
        mine = np.flatnonzero((causes.kind == kind) & (book.gross[causes.company] > 0))
        codes, group = np.unique(causes.code[mine], return_inverse=True)
        names = [describe(snapshot, kind, int(code)) for code in codes]
        out.append(_dimension(book, by, names, group, causes.company[mine], causes.points[mine], total))
    return out


def top_drivers(snapshot: Snapshot, book: Weighed, causes: Causes, count: int) -> list[Driver]:
    """Companies and causes with the most points of the portfolio's score."""
    points = book.gross[causes.company] * causes.points
    order = np.lexsort((causes.code, causes.kind, causes.company, -points))[:count]
    companies = snapshot.release.columns("companies")
    out = []
    for i in order[points[order] > 0]:
        company, kind = int(causes.company[i]), int(causes.kind[i])
        cause, label = describe(snapshot, kind, int(causes.code[i]))
        out.append(
            Driver(
                company_id=companies["company_id"][company],
                name=companies["name"][company],
                kind=KINDS[kind],
                cause=cause,
                label=f"{companies['name'][company]} · {label}",
                points=float(points[i]),
                points_net=float(book.net[company] * causes.points[i]),
            )
        )
    return out


def _dimension(
    book: Weighed,
    by: By,
    names: list[tuple[str, str]],
    group: np.ndarray,
    company: np.ndarray,
    points: np.ndarray,
    total: float,
) -> Concentration:
    """Sum entries, each of a group and a company with points of that company, by group."""
    count = len(names)

    def summed(values: np.ndarray) -> np.ndarray:
        return np.bincount(group, values, count)

    weight, net = summed(book.gross[company]), summed(book.net[company])
    gross_points, net_points = summed(book.gross[company] * points), summed(book.net[company] * points)
    number = np.bincount(group, minlength=count)
    order = np.lexsort((np.arange(count), -gross_points))
    return Concentration(
        by=by,
        points=float(gross_points.sum()),
        hhi_points=_hhi(gross_points),
        hhi_weight=_hhi(weight) if by in ("company", "country", "sector") else None,
        groups=[
            Group(
                key=names[i][0],
                label=names[i][1],
                companies=int(number[i]),
                weight=float(weight[i]),
                weight_net=float(net[i]),
                points=float(gross_points[i]),
                points_net=float(net_points[i]),
                share=float(gross_points[i]) / total if total > 0 else None,
            )
            for i in order.tolist()
        ],
    )


def _hhi(sizes: np.ndarray) -> float | None:
    total = sizes.sum()
    return float(((sizes / total) ** 2).sum()) if total > 0 else None
