"""A book laid on the companies of a snapshot: the weight of each position, and the points that they carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast, get_args

import numpy as np

from scoring.columns import PILLAR_POINTS
from scoring.errors import HoldingsError
from scoring.portfolio.holdings import Holdings
from scoring.portfolio.result import Coverage, Leg, Points
from scoring.vocabulary import ESTIMATED, Status

if TYPE_CHECKING:
    from scoring.score.snapshot import Snapshot

_POINTS: Final = ("score", *PILLAR_POINTS)


@dataclass(frozen=True)
class Weighed:
    """A book on the companies of a snapshot.

    Attributes
    ----------
    holdings : Holdings
    rows : dict of str to ndarray
        Result row of each position, as `Snapshot.columns` gives them.
    company : ndarray of int, shape (n,)
        Company of each position, -1 = none.
    weight : ndarray of float, shape (n,)
        Signed share of the gross; the absolute values sum to 1.
    scored : ndarray of bool, shape (n,)
        Whether its exposure is known: a company with a score, or cash, whose exposure is zero.
    held, cash : ndarray of bool, shape (n,)
        The scored positions in companies, and those in cash.
    covered : float
        Scored part of the gross, 0..1.
    gross, net : ndarray of float, shape (companies,)
        Share of the scored gross weight in each company, and with short positions negative; cash is the rest.
    """

    holdings: Holdings
    rows: dict[str, np.ndarray]
    company: np.ndarray
    weight: np.ndarray
    scored: np.ndarray
    held: np.ndarray
    cash: np.ndarray
    covered: float
    gross: np.ndarray
    net: np.ndarray


def weigh(snapshot: Snapshot, holdings: Holdings, name: str = "holdings") -> Weighed:
    """Put a book on the companies of a snapshot.

    Raises
    ------
    HoldingsError
        No position names a company.
    """
    matches = snapshot.resolver.resolve_many(holdings.tickers)
    company = np.array([match.company for match in matches], dtype=int)
    rows = snapshot.columns_of(matches)
    cash = rows["status"] == "cash"
    if (company < 0).all() and not cash.any():
        first = matches[0]
        nearest = ", ".join(map(str, first.candidates[:3]))
        raise HoldingsError(
            name,
            f"name no company: none of {company.size} resolves, such as {first.query[:50]!r} ({first.reason})",
            f"check the ticker column; nearest to the first: {nearest}" if nearest else "check the ticker column",
        )
    # Divided by the largest first, so that no sum can overflow.
    scaled = holdings.amounts / np.abs(holdings.amounts).max()
    weight = scaled / np.abs(scaled).sum()
    for column in _POINTS:  # cash is exposed to nothing, which is known
        rows[column] = np.where(cash, 0.0, rows[column])
    scored = ~np.isnan(rows["score"])
    if snapshot.estimates == "only":
        scored &= rows["status"] == ESTIMATED
    held = scored & ~cash
    covered = float(np.abs(weight[scored]).sum())
    n = snapshot.evaluation.facts.country.size
    part = weight[held] / covered if covered > 0 else weight[held]
    return Weighed(
        holdings=holdings,
        rows=rows,
        company=company,
        weight=weight,
        scored=scored,
        held=held,
        cash=cash,
        covered=covered,
        gross=np.bincount(company[held], np.abs(part), n),
        net=np.bincount(company[held], part, n),
    )


def leg(snapshot: Snapshot, book: Weighed, member: np.ndarray) -> Leg:
    """Weighted mean score of some positions."""
    weight = np.abs(book.weight)
    whole, scored = float(weight[member].sum()), float(weight[member & book.scored].sum())
    held = member & book.held
    part = weight[held] / scored if scored > 0 else weight[held]
    return Leg(
        **_points(snapshot, book.company[held], part, scored > 0),
        weight=whole,
        coverage=scored / whole if whole > 0 else None,
    )


def net_points(snapshot: Snapshot, book: Weighed) -> Points:
    """Points of the book with short positions counted negative, per scored gross weight."""
    part = book.weight[book.held] / book.covered if book.covered > 0 else book.weight[book.held]
    return Points(**_points(snapshot, book.company[book.held], part, book.covered > 0))


def difference(one: Points, other: Points) -> Points:
    """One minus the other, pillar by pillar; empty where either is."""
    fields = Points.model_fields
    pairs = {name: (getattr(one, name), getattr(other, name)) for name in fields}
    return Points(**{name: None if None in pair else pair[0] - pair[1] for name, pair in pairs.items()})


def coverage(book: Weighed) -> list[Coverage]:
    """How much of the gross weight each status has; statuses that do not occur are left out."""
    weight, status = np.abs(book.weight), book.rows["status"]
    return [
        Coverage(status=name, weight=float(weight[status == name].sum()), positions=int((status == name).sum()))
        for name in cast(tuple[Status, ...], get_args(Status))
        if (status == name).any()
    ]


def _points(snapshot: Snapshot, company: np.ndarray, part: np.ndarray, is_known: bool) -> dict[str, float | None]:
    """Sum of the points of companies times their parts, by pillar; the score is the sum of the pillars."""
    if not is_known:
        return dict.fromkeys(Points.model_fields)
    pillars = (part @ snapshot.evaluation.points[company]).tolist()
    return dict(zip(Points.model_fields, [sum(pillars), *pillars], strict=True))
