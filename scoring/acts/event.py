"""Events: what one act adds to every company, and every act that ever touched one company."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scoring.acts.act import ActLike, find_act
from scoring.acts.states import states_of
from scoring.acts.table import Added, rows_of_companies, rows_of_matches
from scoring.methodology import Methodology, load_methodology
from scoring.reference.identifiers.resolver import Resolver
from scoring.reference.identifiers.row import Queries
from scoring.reference.releases.release import Release
from scoring.score.snapshot import counting
from scoring.vocabulary import DEFAULT_METHODOLOGY, Estimates

if TYPE_CHECKING:
    import pandas as pd

    from scoring.reference.identifiers.resolver import Match
    from scoring.score.snapshot import Columns


def added_by(
    release: Release,
    act: ActLike | Sequence[str],
    as_of: str | dt.date | None = None,
    methodology: str | Path | Methodology = DEFAULT_METHODOLOGY,
    estimates: Estimates = "include",
) -> Added:
    """What an act adds to every company, as arrays; see `event`."""
    numbers = counting(load_methodology(methodology), estimates)
    return Added(states_of(release, find_act(release, act), numbers, as_of))


def event_columns(
    added: Added,
    matches: Sequence[Match] | None = None,
    *,
    uncertainty: bool = False,
    estimates: Estimates = "include",
) -> Columns:
    """Rows of an event as one array per column, of resolved queries or of all that the act touches; see `event`."""
    is_estimated = added.states.without.facts.estimated
    if matches is None:
        companies = added.states.hardest_first
        if estimates == "only":
            companies = companies[is_estimated[companies]]
        return rows_of_companies(added, companies, uncertainty=uncertainty)
    if estimates == "only":
        matches = [match for match in matches if match.company >= 0 and is_estimated[match.company]]
    return rows_of_matches(added, matches, uncertainty=uncertainty)


def event(
    release: Release,
    act: ActLike | Sequence[str],
    tickers: Queries | None = None,
    *,
    as_of: str | dt.date | None = None,
    methodology: str | Path | Methodology = DEFAULT_METHODOLOGY,
    uncertainty: bool = False,
    estimates: Estimates = "include",
) -> pd.DataFrame:
    """What one rule, measure or scenario adds to companies, from the state known the day before.

    Parameters
    ----------
    release : Release
    act : str, Path, mapping, Scenario or sequence of str
        rule_id, measure_id or scenario; several rules, or several measures, that one government announced on one day
        are one act.
    tickers : str, Row or iterable of these, optional
        Identifiers of any kind. Default: every company that the act touches, hardest hit first.
    as_of : str or datetime.date, optional
        Day whose knowledge counts. Default: the day before the announcement; for a scenario the last day of the
        release. With it nothing ends that the same government ended with the announcement.
    methodology : str, Path or Methodology
    uncertainty : bool
        Whether to add `scoring.columns.RISK_INTERVAL`, percentiles over all assumptions.
    estimates : {"include", "exclude", "only"}
        Whether estimated China shares count; ``only``: as included, of which the estimated companies are shown.

    Returns
    -------
    DataFrame
        With the columns `scoring.columns.EVENT`; shares are 0..1 of revenue, money in units of the currency and in
        US dollars, points 0..100. Missing is missing.

    Raises
    ------
    NotFoundError
        No such act; the message lists the nearest.
    AsOfError
        It is announced after the release ends, or `as_of` is no day that the release supports.
    InputError
        Several acts that were not announced together, or a day on which nothing is known of any company.

    Notes
    -----
    Methodology, section 11.
    """
    import pandas as pd

    added = added_by(release, act, as_of, methodology, estimates)
    matches = None if tickers is None else Resolver(release).resolve_many(tickers)
    return pd.DataFrame(event_columns(added, matches, uncertainty=uncertainty, estimates=estimates))
