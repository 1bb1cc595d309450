"""Event study: whether whom an act hits more lost more on a user's returns, and more than the China share alone says.

Nothing of it enters a score. Every figure is from the state known the day before the announcement.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from scoring.acts.act import Act, announcements, find_act
from scoring.acts.history import states_of_acts
from scoring.acts.states import States
from scoring.errors import InputError
from scoring.methodology import Methodology, load_methodology
from scoring.reference.identifiers.resolver import Resolver
from scoring.reference.releases.release import Release
from scoring.score.snapshot import counting
from scoring.studies.market_model import Abnormal, abnormal_returns
from scoring.studies.rank_tests import LEAST_NAMES, Pooled, clusters_of, mean_and_interval, pooled, rank_correlation
from scoring.studies.study_result import EventRow, LeftOut, PooledRow, Study
from scoring.vocabulary import DEFAULT_METHODOLOGY, Estimates

if TYPE_CHECKING:
    import pandas as pd

FIGURES: Final = ("act", "control", "retaliation", "score", "china_share")
"""What is correlated with returns: what the act itself puts at risk, two exposures, the score; last the baseline."""

WINDOW: Final = (0, 1)
SEED: Final = 2026
PLACEBO_DAYS: Final = 3
"""Random days for each event."""


@dataclass(frozen=True)
class _Asked:
    """What is asked of every event; `company` are positions of the user's names, shape (c,)."""

    methodology: Methodology
    company: np.ndarray
    window: tuple[int, int]
    only_estimated: bool


@dataclass(frozen=True)
class _Sample:
    """One event on the user's names: figures of shape (c,), the trading day, and the abnormal returns around it."""

    act: Act
    day: int
    figures: Mapping[str, np.ndarray]
    found: Abnormal

    def correlation(self, name: str, outcome: np.ndarray | None = None, given: np.ndarray | None = None) -> float:
        """Rank correlation of a figure with the returns, on the names for which act and baseline are known."""
        returned = self.found.cumulated if outcome is None else outcome
        known = ~np.isnan(self.figures["act"]) & ~np.isnan(self.figures["china_share"]) & ~np.isnan(returned)
        return rank_correlation(self.figures[name][known], returned[known], None if given is None else given[known])

    @property
    def names(self) -> int:
        figures = self.figures["act"] + self.figures["china_share"] + self.found.cumulated
        return int((~np.isnan(figures)).sum())


def event_study(
    release: Release,
    returns: pd.DataFrame,
    market: pd.Series[float] | None = None,
    events: Sequence[tuple[str, dt.date | None]] | None = None,
    *,
    window: tuple[int, int] = WINDOW,
    methodology: str | Path | Methodology = DEFAULT_METHODOLOGY,
    seed: int = SEED,
    estimates: Estimates = "include",
) -> Study:
    """Test the acts of a release on returns.

    Parameters
    ----------
    release : Release
    returns : DataFrame, shape (days, names)
        Simple daily returns by trading day and ticker, NaN where there is none.
    market : Series, optional
        Return of the market by day. Default: the mean over the names.
    events : sequence of (str, date or None), optional
        Acts, several together joined by ``+``, and the day of the event. Default of a day: that of the announcement;
        of the acts: all of the release, those of one government and day as one.
    window : (int, int)
        Trading days over which abnormal returns are summed, relative to the event. A day on which nothing was traded
        is the next trading day.
    methodology : str, Path or Methodology
    seed : int
        Of the resampling and the random days.
    estimates : {"include", "exclude", "only"}
        Whether estimated China shares count; ``only``: of each event, the names whose share is estimated on its day.

    Returns
    -------
    Study

    Raises
    ------
    InputError
        A day or ticker is there twice, no ticker names a company, no event can be used, or the window is none.
    NotFoundError
        An act that does not exist.
    """
    if window[1] < window[0]:
        raise InputError("window", f"{window[0]},{window[1]} ends before it begins", "give FIRST,LAST, such as 0,1")
    if returns.columns.has_duplicates or returns.index.has_duplicates:
        raise InputError("returns", "has a day or a ticker twice", "keep one row per day and one column per ticker")
    numbers, rng = counting(load_methodology(methodology), estimates), np.random.Generator(np.random.PCG64(seed))
    company, left_out = _companies(release, list(returns.columns))
    returns = returns[list(company)].sort_index()
    index = returns.mean(axis=1) if market is None else market.reindex(returns.index)
    days = returns.index.to_numpy().astype("datetime64[D]")
    acts = _acts(release, events)
    placed, skipped = _placed(release, acts, days)
    asked = _Asked(numbers, np.array(list(company.values())), window, only_estimated=estimates == "only")
    samples, too_few = _samples(release, placed, asked, returns, index)
    if not samples:
        raise InputError("events", "none can be used", f"first reason: {(skipped + too_few)[0].reason}")
    apart = window[1] - window[0] + 1
    clusters = clusters_of(np.array([sample.day for sample in samples]), apart)
    rows = [_row(release, sample, int(cluster), days) for sample, cluster in zip(samples, clusters, strict=True)]
    table = {name: np.array([getattr(row, name) for row in rows], dtype=float) for name in FIGURES}
    table["act_given_beta"] = np.array([row.act_given_beta for row in rows], dtype=float)
    figures = [PooledRow.of(name, pooled(values, clusters, rng)) for name, values in table.items()]
    difference = np.arctanh(_inside(table["act"])) - np.arctanh(_inside(table["china_share"]))
    known = ~np.isnan(difference)
    mean, low, high = mean_and_interval(difference[known], clusters[known], rng) if known.any() else (np.nan,) * 3
    return Study(
        release=release.version,
        methodology=numbers.version,
        window=window,
        market="mean of the names" if market is None else str(market.name),
        names=len(company),
        first_day=days[0].item(),
        last_day=days[-1].item(),
        events=rows,
        pooled=figures,
        difference=PooledRow(figure="act less china_share", mean=mean, low=low, high=high, events=int(known.sum())),
        placebo=PooledRow.of("act on random days", _placebo(samples, returns, index, window, rng)),
        skipped=skipped + too_few,
        left_out=left_out,
    )


def _companies(release: Release, tickers: Sequence[str]) -> tuple[dict[str, int], list[LeftOut]]:
    """Position of the company of each ticker, each company once, and the tickers that are left out."""
    company: dict[str, int] = {}
    left_out = []
    for match in Resolver(release).resolve_many([str(ticker) for ticker in tickers]):
        if match.company < 0:
            left_out.append(LeftOut(name=match.query, reason=match.reason or match.status))
        elif match.company in company.values():
            left_out.append(LeftOut(name=match.query, reason="names a company that another ticker names"))
        else:
            company[match.query] = match.company
    if not company:
        raise InputError("returns", "no ticker names a company", "see `exposure score` for the nearest names")
    return company, left_out


def _acts(release: Release, events: Sequence[tuple[str, dt.date | None]] | None) -> list[tuple[Act, dt.date]]:
    """Acts with their days, in the order of announcement."""
    named: list[tuple[Act, dt.date | None]]
    if events is None:
        named = [(act, None) for act in announcements(release)]
    else:
        named = [(find_act(release, name.split("+"), files=False), day) for name, day in events]
    found = []
    for act, day in named:
        if act.announced is None:
            raise InputError("events", f"{act.act_id} is a scenario, which nobody announced", "name rules or measures")
        found.append((act, day or act.announced))
    return sorted(found, key=lambda pair: (pair[0].announced or dt.date.min, pair[0].act_id))


def _placed(
    release: Release, acts: Sequence[tuple[Act, dt.date]], days: np.ndarray
) -> tuple[list[tuple[Act, int]], list[LeftOut]]:
    """Position of the trading day of each event: the day itself, else the next."""
    placed, skipped = [], []
    for act, day in acts:
        at = int(np.searchsorted(days, np.datetime64(day, "D")))
        if at == 0 or at >= days.size:
            skipped.append(_skipped(release, act, f"{day} is outside the returns"))
        else:
            placed.append((act, at))
    return placed, skipped


def _skipped(release: Release, act: Act, reason: str) -> LeftOut:
    return LeftOut(name=act.act_id, label=act.label(release), reason=reason)


def _samples(
    release: Release,
    placed: Sequence[tuple[Act, int]],
    asked: _Asked,
    returns: pd.DataFrame,
    market: pd.Series[float],
) -> tuple[list[_Sample], list[LeftOut]]:
    samples, skipped = [], []
    abnormal: dict[int, Abnormal] = {}
    every = states_of_acts(release, [act for act, _ in placed], asked.methodology)
    for (act, day), states in zip(placed, every, strict=True):
        if day not in abnormal:
            abnormal[day] = abnormal_returns(returns, market, day, asked.window)
        sample = _Sample(act, day, _figures(states, asked), abnormal[day])
        if sample.names < LEAST_NAMES:
            reason = f"{sample.names} names have both figures and returns, fewer than {LEAST_NAMES}"
        elif np.isnan(sample.correlation("act")):
            reason = "hits all names alike, or none"
        else:
            samples.append(sample)
            continue
        skipped.append(_skipped(release, act, reason))
    return samples, skipped


def _figures(states: States, asked: _Asked) -> dict[str, np.ndarray]:
    before, company = states.without, asked.company
    left_out = asked.only_estimated & ~before.facts.estimated[company]
    every = (states.hit, before.control.total, before.retaliation.total, before.score, before.market)
    return {name: np.where(left_out, np.nan, values[company]) for name, values in zip(FIGURES, every, strict=True)}


def _row(release: Release, sample: _Sample, cluster: int, days: np.ndarray) -> EventRow:
    return EventRow(
        event=sample.act.act_id,
        label=sample.act.label(release),
        announced=sample.act.announced or dt.date.min,
        traded=days[sample.day].item(),
        cluster=cluster,
        names=sample.names,
        act_given_beta=sample.correlation("act", given=sample.found.beta),
        **{name: sample.correlation(name) for name in FIGURES},
    )


def _placebo(
    samples: Sequence[_Sample],
    returns: pd.DataFrame,
    market: pd.Series[float],
    window: tuple[int, int],
    rng: np.random.Generator,
) -> Pooled:
    """The figures of each act against returns around days on which nothing in the list happened."""
    near = np.unique([sample.day + offset for sample in samples for offset in range(-5, 6)])
    free = np.setdiff1d(np.arange(251, len(returns) - window[1]), near)
    correlations: list[float] = []
    drawn: list[int] = []
    if free.size:
        for day in rng.choice(free, min(PLACEBO_DAYS * len(samples), free.size), replace=False).tolist():
            sample = samples[len(drawn) % len(samples)]
            correlations.append(sample.correlation("act", abnormal_returns(returns, market, day, window).cumulated))
            drawn.append(day)
    clusters = clusters_of(np.array(drawn, dtype=int), window[1] - window[0] + 1)
    return pooled(np.array(correlations, dtype=float), clusters, rng)


def _inside(correlations: np.ndarray) -> np.ndarray:
    return np.clip(correlations, -1 + 1e-9, 1 - 1e-9)
