"""Vintages: the estimates of every company at the first day of each quarter, from what was known by then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from scoring.estimate.disclosed import Disclosed, Disclosures
from scoring.estimate.features import labels, mixes
from scoring.estimate.level import Priors, Shares, priors, shares
from scoring.estimate.order import LEAST, Order, learn
from scoring.facts.compile import axes_of
from scoring.facts.mix import ProductMix
from scoring.methodology import load_methodology
from scoring.reference.releases.release import Release

FIRST: Final = 2018
"""Year of the first vintage: before it, too few companies of the release had disclosed a share."""

VERSION: Final = "1"
"""Version of the model: another one where the same facts would give other estimates."""

METHODOLOGY: Final = "2026.2"
"""Says when a figure is too old: its company is then among the silent."""

DIGITS: Final = 5
"""Decimals of an estimate: more would be false precision, and would not be the same on every machine."""


class Vintage(NamedTuple):
    """What was estimated on a day, and from what."""

    day: dt.date
    disclosed: Disclosed
    features: np.ndarray
    order: Order
    prior: Priors
    shares: Shares


class Trainer:
    """Learns the estimates of a release, one vintage at a time; the same release gives the same numbers.

    Parameters
    ----------
    release : Release
    """

    def __init__(self, release: Release) -> None:
        self.release = release
        self._disclosures = Disclosures(release, load_methodology(METHODOLOGY).fact_choices)
        self._labels, self._prior = labels(release), priors(release)
        self._axes = axes_of(release, release.last_as_of)
        self._mix = ProductMix(release, self._axes)

    def disclosed(self, day: dt.date) -> Disclosed:
        """What companies had disclosed by a day."""
        return self._disclosures.at(np.datetime64(day, "D"))

    def vintage(self, day: dt.date) -> Vintage:
        """Estimates from what was known on a day.

        Raises
        ------
        InputError
            Too few companies had disclosed a share.
        """
        when = np.datetime64(day, "D")
        disclosed = self.disclosed(day)
        features = np.hstack([self._labels, mixes(self._mix.at(when, inferred=True), self.release, self._axes)])
        order = learn(features, disclosed)
        return Vintage(day, disclosed, features, order, self._prior, shares(order, disclosed, self._prior))


def vintage_days(last: dt.date) -> list[dt.date]:
    """First days of the quarters from `FIRST` to a day."""
    days = (dt.date(year, month, 1) for year in range(FIRST, last.year + 1) for month in (1, 4, 7, 10))
    return [day for day in days if day <= last]


def vintage_tables(release: Release) -> Iterator[pa.Table]:
    """Rows of the table `estimates`, one vintage after the other, from the first day with enough disclosers.

    Raises
    ------
    InputError
        There are too few on every day; the message says how many it takes.
    """
    trainer = Trainer(release)
    days = vintage_days(release.last_as_of)
    enough = [day for day in days if np.count_nonzero(~np.isnan(trainer.disclosed(day).share)) >= LEAST]
    for day in enough or [release.last_as_of]:
        yield _table(trainer.vintage(day), release)


def _table(vintage: Vintage, release: Release) -> pa.Table:
    n = vintage.prior.cell.size
    columns = {
        "company_id": pa.array(release.columns("companies")["company_id"].tolist()),
        "vintage": pa.array([vintage.day] * n, pa.date32()),
        **{
            f"china_share_{name}": pa.array(np.round(share, DIGITS).astype(np.float32))
            for name, share in vintage.shares._asdict().items()
        },
        "prior_cell": pa.array([vintage.prior.name[cell] for cell in vintage.prior.cell.tolist()]),
        "own_figure": pa.array(vintage.order.own),
        "disclosers": pa.array(np.full(n, vintage.order.disclosers.size, dtype=np.int32)),
        "model": pa.array([VERSION] * n),
    }
    return pa.table(columns)
