"""Panels: scores of many companies on many days, each as a `Scorer` of that day gives it (within 1e-12)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from scoring.columns import PANEL
from scoring.errors import InputError
from scoring.facts.facts import Facts, parse_as_of
from scoring.facts.sales.wording import ages
from scoring.methodology import Methodology, load_methodology
from scoring.reference.identifiers.resolver import Resolver
from scoring.reference.identifiers.row import Queries, as_queries
from scoring.reference.releases.release import Release
from scoring.score.by_day import exposures_by_day
from scoring.score.evaluation import Exposures
from scoring.score.ranking import percentiles, ranks
from scoring.score.snapshot import counting
from scoring.timeseries.calendar import business_days
from scoring.vocabulary import DEFAULT_METHODOLOGY, Estimates

if TYPE_CHECKING:
    import pandas as pd

    from scoring.scenario.library import ScenarioLike

_VALUES: Final[Mapping[str, Callable[[Exposures], np.ndarray]]] = {
    "score": lambda e: e.score,
    "score_floor": lambda e: e.floor,
    "rank": lambda e: np.array([ranks(row, e.facts.estimated) for row in np.atleast_2d(e.score)]),
    "percentile": lambda e: np.array([percentiles(row, apart=e.facts.estimated) for row in np.atleast_2d(e.score)]),
    "market": lambda e: e.market,
    "control": lambda e: e.control.total,
    "control_now": lambda e: e.control.now,
    "alignment_gap": lambda e: e.control.gap,
    "retaliation": lambda e: e.retaliation.total,
    "retaliation_supply": lambda e: e.retaliation.supply,
    "retaliation_access": lambda e: e.retaliation.access,
    "score_market": lambda e: e.points[..., 0],
    "score_control": lambda e: e.points[..., 1],
    "score_retaliation": lambda e: e.points[..., 2],
    "china_share": lambda e: e.facts.china.latest,
    "china_share_p05": lambda e: e.facts.china.low,
    "china_share_p95": lambda e: e.facts.china.high,
}
_AMONG_ALL: Final = {"rank", "percentile"}
"""Columns whose value for one company depends on every other."""

DEFAULT_COLUMNS: Final = ("score", "market", "control", "retaliation")


class PanelJob:
    """What a panel is computed from; the same job gives the same numbers, whole or in parts.

    Parameters
    ----------
    release : Release
    tickers : sequence of str
        Identifiers; each is an asset of the panel.
    days : sequence of datetime.date
        In order, each once.
    methodology, scenario
        As in `scoring.Scorer`.
    columns : sequence of str
        Of `PANEL`.
    estimates : {"include", "exclude", "only"}
        Whether days on which a company's figures are estimated have numbers; ``only`` leaves all others empty.

    Attributes
    ----------
    assets, unresolved : list of str
        Tickers that name a company, and those that do not.
    company : ndarray of int, shape (assets,)
        Position of each asset on the company axis of the release.

    Raises
    ------
    InputError
        No ticker resolves, a ticker is given twice, a column is unknown, or the days are not in order.
    """

    def __init__(
        self,
        release: Release,
        tickers: Queries,
        days: Sequence[dt.date],
        methodology: str | Path | Methodology = DEFAULT_METHODOLOGY,
        scenario: ScenarioLike | Sequence[ScenarioLike] | None = None,
        columns: Sequence[str] = DEFAULT_COLUMNS,
        estimates: Estimates = "include",
    ) -> None:
        from scoring.scenario.library import composed

        self.release, self.days, self.columns = release, list(days), tuple(columns)
        self.methodology, self.estimates = counting(load_methodology(methodology), estimates), estimates
        self.scenario = composed(scenario)
        unknown = [name for name in self.columns if name not in PANEL]
        if unknown or not self.columns:
            raise InputError("columns", f"{', '.join(unknown) or 'none'} cannot be", f"use {', '.join(PANEL)}")
        if not self.days or any(b <= a for a, b in zip(self.days, self.days[1:], strict=False)):
            raise InputError("dates", "are empty, or not in order and each once", "sort them and drop duplicates")
        for day in (self.days[0], self.days[-1]):
            parse_as_of(day, release)
        twice = [ticker for ticker, count in Counter(map(str, as_queries(tickers))).items() if count > 1]
        if twice:
            raise InputError("tickers", f"{twice[0]!r} is given twice", "an asset may be in a panel once")
        matches = Resolver(release).resolve_many(tickers)
        self.unresolved = [match.query for match in matches if match.company < 0]
        known = [match for match in matches if match.company >= 0]
        if not known:
            raise InputError("tickers", "none of them names a company", "see `exposure score` for the nearest names")
        self.assets = [match.query for match in known]
        self.company = np.array([match.company for match in known])

    def about(self) -> dict[str, Any]:
        """What the numbers rest on: two jobs are the same if this and their days and columns are equal."""
        return {
            "release": self.release.version,
            "release_sha256": self.release.sha256,
            "methodology": self.methodology.version,
            "methodology_sha256": self.methodology.sha256,
            "estimates": self.estimates,
            "scenario": self.scenario.scenario_id if self.scenario else None,
            "scenario_sha256": self.scenario.sha256 if self.scenario else None,
            "assets": self.assets,
            "unresolved": self.unresolved,
        }

    def blocks(self) -> Iterator[tuple[list[dt.date], Exposures, np.ndarray]]:
        """Days with the exposures of those days, in order, and the place of each asset among their companies."""
        companies, place = None, self.company
        if not _AMONG_ALL & {*self.columns}:  # nobody else is looked at
            distinct, place = np.unique(self.company, return_inverse=True)
            companies = self.release.columns("companies")["company_id"][distinct].tolist()
        for days, exposures in exposures_by_day(self.release, self.days, self.methodology, self.scenario, companies):
            yield days, exposures, place

    def parts(self) -> Iterator[tuple[list[dt.date], dict[str, np.ndarray]]]:
        """Days with the columns of those days, each of shape (days, assets), in order."""
        for days, exposures, place in self.blocks():
            yield days, self.columns_of(exposures, days, place)

    def left_out(self, facts: Facts) -> np.ndarray:
        """Companies of some facts that have no numbers: where only estimates are asked for, those that are known."""
        return ~facts.estimated if self.estimates == "only" else np.zeros(facts.country.size, dtype=bool)

    def columns_of(self, exposures: Exposures, days: Sequence[dt.date], place: np.ndarray) -> dict[str, np.ndarray]:
        """Columns of the assets, which have these places among the companies of the exposures."""
        shape, left_out = (len(days), exposures.facts.country.size), self.left_out(exposures.facts)

        def values(name: str) -> np.ndarray:
            if name == "china_share_age":  # of all columns the only one that the day itself changes
                return ages(exposures.facts.china, np.array(days, dtype="datetime64[D]")[:, None])
            return np.broadcast_to(_VALUES[name](exposures), shape)

        return {name: np.where(left_out, np.nan, values(name)).take(place, axis=1) for name in self.columns}


def panel(
    release: Release,
    tickers: Queries,
    start: str | dt.date,
    end: str | dt.date | None = None,
    freq: str = "B",
    *,
    dates: Sequence[dt.date] | None = None,
    calendar: str | None = None,
    **options: Any,
) -> pd.DataFrame:
    """Scores over time, one row per day and asset; accepted by alphalens as it is.

    Parameters
    ----------
    release : Release
    tickers : sequence of str
        Identifiers; one that does not resolve is left out and named in ``frame.attrs["unresolved"]``.
    start, end, freq, calendar
        As in `business_days`.
    dates : sequence of datetime.date, optional
        Days to use in place of these.
    **options
        ``methodology``, ``scenario``, ``columns`` and ``estimates`` of `PanelJob`.

    Returns
    -------
    DataFrame
        With a MultiIndex (date, asset); missing values are missing.

    Raises
    ------
    AsOfError, InputError
        As in `business_days` and `PanelJob`.
    """
    import pandas as pd

    days = list(dates) if dates is not None else business_days(release, start, end, freq, calendar)
    job = PanelJob(release, tickers, days, **options)
    values = np.empty((len(job.columns), len(job.days), len(job.assets)))
    done = 0
    for some, columns in job.parts():
        for out, name in zip(values, job.columns, strict=True):
            out[done : done + len(some)] = columns[name]
        done += len(some)
    index = pd.MultiIndex.from_product([pd.DatetimeIndex(job.days), job.assets], names=["date", "asset"])
    frame = pd.DataFrame(values.reshape(len(values), -1).T, index=index, columns=list(job.columns), copy=False)
    frame.attrs["unresolved"] = job.unresolved
    return frame
