"""How well a book is known: how much of it rests on figures that are disclosed, old, estimated, or missing.

Weights are shares of the gross, as in `scoring.portfolio.score`. With S the score of the book, c the scored part of
its gross weight, and w and s the weight and the score of a name,

    moves  S - (S c - w s) / (c - w)     points by which the book would be lower without the estimate of the name

A name in several lots is one name: its weight is their sum, and w the sum of their sizes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, get_args

import numpy as np

from scoring.arrays import number_or_none
from scoring.portfolio.holdings import Holdings
from scoring.portfolio.knowledge import (
    CoverageReport,
    CoveredGroup,
    CoveredName,
    Estimate,
    Knowledge,
    Known,
    Missing,
    Part,
)
from scoring.portfolio.weighed import Weighed, weigh

if TYPE_CHECKING:
    from scoring.score.snapshot import Snapshot

OLD_YEARS: Final = 2
"""Years after which a disclosed figure is called old."""

MOST_NAMES: Final = 10
"""Names shown of those that would help most."""

_NUMBERS: Final = ("score", "china_share", "china_share_p05", "china_share_p95")

_DIGITS: Final = 12
"""Digits of a weight or of points up to which names weigh alike: the order of the rows decides the digits below."""

_ROUNDING: Final = 1e-12

_MISSING: Final = ("partial", "no-data", "unresolved", "ambiguous")


def coverage_report(snapshot: Snapshot, holdings: Holdings) -> CoverageReport:
    """Say how well a book is known.

    Parameters
    ----------
    snapshot : Snapshot
    holdings : Holdings
        A list without sizes is one of equal weights.

    Returns
    -------
    CoverageReport
        Weights are shares of the gross, 0..1, and sum to 1.

    Raises
    ------
    HoldingsError
        No position names a company.
    """
    book = weigh(snapshot, holdings)
    known = _known(book, snapshot.as_of)
    shown = [name for name in CoveredName.model_fields if name in book.rows and name not in ("weight", *_NUMBERS)]
    columns: dict[str, list[Any]] = {name: book.rows[name].tolist() for name in shown}
    columns |= {name: [number_or_none(value) for value in book.rows[name].tolist()] for name in _NUMBERS}
    columns |= {"known": known.tolist(), "weight": book.weight.tolist()}
    rows = zip(*(columns[name] for name in CoveredName.model_fields), strict=True)
    return CoverageReport(
        **dict(knowledge(book, snapshot.as_of)),
        names=[CoveredName(**dict(zip(CoveredName.model_fields, row, strict=True))) for row in rows],
        **snapshot.versions,
    )


def knowledge(book: Weighed, as_of: dt.date) -> Knowledge:
    """How well a weighed book is known at a date."""
    known, weight = _known(book, as_of), np.abs(book.weight)
    return Knowledge(
        parts=_parts(known, weight),
        sectors=_groups(book.rows["sector"], known, weight),
        countries=_groups(book.rows["country"], known, weight),
        estimates=_estimates(book, known),
        missing=_missing(book, known),
    )


def _known(book: Weighed, as_of: dt.date) -> np.ndarray:
    """How well each position is known, shape (n,)."""
    status = book.rows["status"]
    ends = book.rows["china_share_period_end"].tolist()
    oldest = _years_before(as_of, OLD_YEARS)
    old = np.array([end is not None and end < oldest for end in ends], dtype=bool)
    return np.where(status == "ok", np.where(old, "old", "known"), status).astype(object)


def _years_before(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year - years, day=28)


def _parts(known: np.ndarray, weight: np.ndarray) -> list[Part]:
    return [
        Part(known=word, weight=float(weight[known == word].sum()), positions=int((known == word).sum()))
        for word in get_args(Known)
        if (known == word).any()
    ]


def _groups(labels: np.ndarray, known: np.ndarray, weight: np.ndarray) -> list[CoveredGroup]:
    members = {label: labels == label for label in dict.fromkeys(labels.tolist())}
    groups = [
        CoveredGroup(label=label, weight=float(weight[inside].sum()), parts=_parts(known[inside], weight[inside]))
        for label, inside in members.items()
    ]
    return sorted(groups, key=lambda group: (-group.weight, group.label is None, group.label or ""))


def _estimates(book: Weighed, known: np.ndarray) -> list[Estimate]:
    """Names whose estimates move the score of the book most."""
    weight, score = np.abs(book.weight), book.rows["score"]
    points, whole = float((weight * score)[book.scored].sum()), book.covered
    names = []
    for rows in _names(book, (known == "estimated") & book.scored & (weight > 0)):
        mine = float(weight[rows].sum())
        rest = whole - mine
        without = (points - mine * score[rows[0]]) / rest if rest > _ROUNDING else 0.0
        names.append(
            Estimate(
                **_of(book, rows[0], ("query", "company_id", "name")),
                weight=float(book.weight[rows].sum()),
                score=number_or_none(score[rows[0]]),
                moves=points / whole - without,
            )
        )
    return sorted(names, key=lambda one: (-round(abs(one.moves), _DIGITS), one.company_id or ""))[:MOST_NAMES]


def _missing(book: Weighed, known: np.ndarray) -> list[Missing]:
    """The heaviest names that are in no mean."""
    names = []
    for rows in _names(book, np.isin(known, _MISSING)):
        told = _of(book, rows[0], ("query", "name", "reason"))
        one = Missing(**told, known=known[rows[0]], weight=float(book.weight[rows].sum()))
        names.append((-round(float(np.abs(book.weight[rows]).sum()), _DIGITS), one.name or one.query, one))
    return [one for _, _, one in sorted(names, key=lambda name: name[:2])][:MOST_NAMES]


def _names(book: Weighed, chosen: np.ndarray) -> list[list[int]]:
    """Rows of each name among some positions: of one company, or of one query that names none."""
    rows: dict[tuple[str | None, str | None], list[int]] = {}
    for row in np.flatnonzero(chosen).tolist():
        company = book.rows["company_id"][row]
        rows.setdefault((company, None if company else book.rows["query"][row]), []).append(row)
    return list(rows.values())


def _of(book: Weighed, row: int, names: Iterable[str]) -> dict[str, Any]:
    return {name: book.rows[name][row] for name in names}
