"""Every act of a release, each from the state known the day before: in a row, or those that touched one company."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from scoring.acts.act import Act, every_act
from scoring.acts.states import States, between
from scoring.acts.table import Added, rows_of_matches
from scoring.columns import EVENT
from scoring.facts.change_points import change_points
from scoring.facts.compile import axes_of
from scoring.facts.facts import Facts
from scoring.facts.selection import ruling_countries
from scoring.methodology import Methodology, load_methodology
from scoring.reference.identifiers.resolver import Resolver
from scoring.reference.releases.release import Release
from scoring.score.evaluation import evaluate
from scoring.score.snapshot import counting
from scoring.vocabulary import DEFAULT_METHODOLOGY, Estimates

if TYPE_CHECKING:
    from scoring.reference.identifiers.resolver import Match
    from scoring.score.snapshot import Columns

_DAY = dt.timedelta(days=1)


def states_of_acts(
    release: Release, acts: Sequence[Act], methodology: Methodology, companies: Sequence[str] | None = None
) -> Iterator[States]:
    """The states without and with each act, as `scoring.acts.states.states_of` gives them, in order of announcement.

    Parameters
    ----------
    release : Release
    acts : sequence of Act
        Of the release, in the order of announcement.
    methodology : Methodology
    companies : sequence of str, optional
        Identifiers of the companies that the states have. Default: all of the release.
    """
    facts: Facts | None = None
    for announced, of_day in groupby(acts, key=lambda act: act.announced):
        day = (announced or release.last_as_of) - _DAY
        if facts is None:
            facts = _first(release, day, methodology, companies)
        else:
            changed = change_points(release, facts.as_of, day, methodology.fact_choices)
            facts = facts.on(day, {"events"}.union(*changed.values()))
        known = evaluate(facts, methodology)
        for act in of_day:
            yield between(act, facts, methodology, at_announcement=True, known=known)


def _first(release: Release, day: dt.date, methodology: Methodology, companies: Sequence[str] | None) -> Facts:
    """Facts of a day on axes that serve for all acts of the release."""
    ruling = ruling_countries(release.columns("rules"), np.datetime64(release.last_as_of, "D"))
    return methodology.facts(release, day, axes=axes_of(release, day, ruling, companies))


def events_of(
    release: Release,
    ticker: str,
    methodology: str | Path | Methodology = DEFAULT_METHODOLOGY,
    estimates: Estimates = "include",
) -> Columns:
    """Every act that ever moved one company, oldest first.

    Parameters
    ----------
    release : Release
    ticker : str
    methodology : str, Path or Methodology
    estimates : {"include", "exclude", "only"}
        Whether an estimated China share counts; ``only``: the acts on whose day it was estimated.

    Returns
    -------
    dict of str to ndarray
        `scoring.columns.EVENT`, one row per act.

    Raises
    ------
    QueryError
        `ticker` does not name exactly one company; the message lists the nearest.
    """
    match, numbers = Resolver(release).one(ticker), counting(load_methodology(methodology), estimates)
    company = release.columns("companies")["company_id"][match.company]
    alone = states_of_acts(release, every_act(release), numbers, [company])
    touching = [
        states.act
        for states in alone
        if states.touched[0] and (estimates != "only" or states.without.facts.estimated[0])
    ]
    return event_rows(release, touching, [match], numbers)


def event_rows(release: Release, acts: Sequence[Act], matches: Sequence[Match], methodology: Methodology) -> Columns:
    """Rows of every act and every query, by act and then in the order of the queries."""
    tables = [rows_of_matches(Added(states), matches) for states in states_of_acts(release, acts, methodology)]
    if not tables:
        return {name: np.array([], dtype=object) for name in EVENT}
    return {name: np.concatenate([table[name] for table in tables]) for name in EVENT}
