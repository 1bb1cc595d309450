"""A book under scenarios, and what acts added to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from scoring.acts.act import every_act
from scoring.acts.history import states_of_acts
from scoring.portfolio.holdings import Holdings
from scoring.portfolio.result import Leg
from scoring.portfolio.weighed import leg, weigh
from scoring.scenario import load_scenario
from scoring.score.snapshot import Snapshot


class ScenarioOfBook(NamedTuple):
    """A book under one scenario.

    Attributes
    ----------
    scenario_id, title : str
    both : Leg
        Score of the book, both sides counted.
    scores : ndarray of float, shape (positions,)
        Score of each position, in order; NaN = unknown.
    """

    scenario_id: str
    title: str
    both: Leg
    scores: np.ndarray


class ActOfBook(NamedTuple):
    """What one act added to a book.

    Attributes
    ----------
    act_id, kind : str
    announced : datetime.date
    companies : int
        Companies of the book that it touched.
    points : float
        What it added to the score of the book at the weights of today, as known the day before the announcement.
    unknown : int
        Companies of the book without a score on that day; they are in no points.
    hardest_hit : str
        Company of the book whose points are most.
    """

    act_id: str
    kind: str
    announced: dt.date
    companies: int
    points: float
    unknown: int
    hardest_hit: str


def under_scenarios(snapshot: Snapshot, holdings: Holdings, names: Sequence[str]) -> Iterator[ScenarioOfBook]:
    """A book under each of some scenarios of the library, from the snapshot's facts and methodology.

    Raises
    ------
    ScenarioNotFoundError, ScenarioInvalidError
        No such scenario, or it names what the release does not have.
    HoldingsError
        No position names a company.
    """
    for name in names:
        scenario = load_scenario(name)
        assumed = [*([snapshot.scenario] if snapshot.scenario else []), scenario]
        after = Snapshot(snapshot.release, snapshot.as_of, snapshot.methodology, assumed, snapshot.estimates)
        book = weigh(after, holdings)
        both = leg(after, book, np.ones(book.weight.size, dtype=bool))
        yield ScenarioOfBook(scenario.scenario_id, scenario.title, both, book.rows["score"])


def acts_of_book(snapshot: Snapshot, holdings: Holdings, since: dt.date) -> Iterator[ActOfBook]:
    """What each act from a day on, and known by the snapshot's, added to a book; those that touch nothing are left out.

    Parameters
    ----------
    snapshot : Snapshot
    holdings : Holdings
    since : datetime.date
        First day of announcement.
    """
    book = weigh(snapshot, holdings)
    ids = snapshot.evaluation.facts.company_ids
    held = np.unique(book.company[book.company >= 0])
    weights = {ids[place]: book.gross[place] for place in held}
    acts = [act for act in every_act(snapshot.release) if act.announced and since <= act.announced <= snapshot.as_of]
    for states in states_of_acts(snapshot.release, acts, snapshot.methodology, sorted(weights)):
        if not states.touched.any() or states.act.announced is None:
            continue
        companies = states.without.facts.company_ids
        added = np.array([weights[company] for company in companies]) * (states.with_it.score - states.without.score)
        unknown = np.isnan(added)
        points = np.where(unknown, 0.0, added)
        yield ActOfBook(
            states.act.act_id,
            states.act.kind,
            states.act.announced,
            int(states.touched.sum()),
            float(points.sum()),
            int(unknown.sum()),
            companies[int(np.argmax(np.abs(points)))] if points.any() else "",
        )
