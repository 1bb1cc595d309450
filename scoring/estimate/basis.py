"""On what an estimate rests: its prior cell, the nearest companies that disclose, its interval, the model's error."""

from __future__ import annotations

import datetime as dt
from typing import Final, Literal

import numpy as np

from scoring.answers import Answer
from scoring.errors import QueryError
from scoring.estimate.order import logit, share_of
from scoring.estimate.vintages import Trainer, Vintage
from scoring.facts.facts import parse_as_of
from scoring.facts.sales.estimated import vintage_row, vintages
from scoring.reference.identifiers.resolver import Resolver
from scoring.reference.releases.release import Release

NEAREST: Final = 5
"""Disclosing companies that are named."""

LEAST_COMPANIES: Final = 5
"""Disclosing companies from which on an error is told of them: the median of fewer says nothing."""

ErrorOf = Literal["region and sector", "sector", "all"]


class Cell(Answer):
    """The prior cell: what companies like it that disclose nothing are thought to earn in China."""

    name: str
    """Region / sector / group."""
    mean: float
    """Mean share of revenue, 0..1."""
    p10: float
    """Nine in ten are above this."""
    p90: float
    """Nine in ten are below this."""
    p_zero: float
    """Chance of next to nothing."""
    confidence: str
    """Of the judgement: high, medium or low."""
    basis: str
    """Published aggregates that it was judged from."""


class Discloser(Answer):
    """A company that discloses a China share, and is like the estimated one."""

    company_id: str
    """Identifier of the company here."""
    name: str
    """Name of the company."""
    china_share: float
    """Its latest known share, however old, 0..1."""
    predicted: float
    """What models that never saw it predicted from its features, 0..1."""


class EstimateBasis(Answer):
    """An estimate and what it rests on."""

    company_id: str
    """Identifier of the company here."""
    name: str
    """Name of the company."""
    as_of: dt.date
    """Only facts known by this day were used."""
    release: str
    """Version of the reference data."""
    counts: bool
    """Whether the score uses it: no figure of the company's own counts on the day."""
    vintage: dt.date
    """First day of the quarter from which the estimate is."""
    p05: float
    """The share is below this with a chance of one in twenty."""
    p50: float
    """The estimate: median of what the share may be."""
    p95: float
    """The share is above this with a chance of one in twenty."""
    own_figure: float | None
    """The company's own latest figure, on which the estimate mostly rests; None if it never disclosed one."""
    cell: Cell
    """Its prior cell."""
    nearest: list[Discloser]
    """Disclosing companies that are most like it, the most alike first."""
    disclosers: int
    """Companies from which the order was learnt."""
    error: float
    """Median error of the model for companies like it that it never saw, in share."""
    error_companies: int
    """Companies behind the error."""
    error_of: ErrorOf
    """What these have in common with it: the narrowest in which at least five disclose."""


def estimate_basis(release: Release, ticker: str, as_of: str | dt.date | None = None) -> EstimateBasis:
    """Say on what the estimate of a company rests.

    Raises
    ------
    QueryError
        `ticker` does not name exactly one company, or there is no estimate of it by the day.
    AsOfError
        `as_of` is not a date, or later than the release supports.
    """
    day = parse_as_of(release.last_as_of if as_of is None else as_of, release)
    match = Resolver(release).one(ticker)
    company = match.company
    companies = release.columns("companies")
    company_id = str(companies["company_id"][company])
    row = vintage_row(release, company_id, np.datetime64(day, "D"))
    if row is None:
        first = vintages(release)
        since = f"its estimates begin on {first[0]}" if first.size else "it was built without estimates"
        raise QueryError(
            "ticker",
            f"{ticker!r} has no estimate on {day} in release {release.version}: {since}",
            "choose a later day or another release",
        )
    trainer = Trainer(release)
    trained = trainer.vintage(_date(row["vintage"]))
    own = trained.disclosed.share[company]
    count, error, of = _error(trained, company, companies["sector"])
    return EstimateBasis(
        company_id=company_id,
        name=str(companies["name"][company]),
        as_of=day,
        release=release.version,
        counts=not trainer.disclosed(day).fresh[company],
        vintage=trained.day,
        p05=float(row["china_share_p05"]),
        p50=float(row["china_share_p50"]),
        p95=float(row["china_share_p95"]),
        own_figure=None if np.isnan(own) else float(own),
        cell=_cell(release, trained, company),
        nearest=_nearest(trained, company, companies["company_id"], companies["name"]),
        disclosers=trained.order.disclosers.size,
        error=error,
        error_companies=count,
        error_of=of,
    )


def _date(value: object) -> dt.date:
    day: dt.date = np.datetime64(value, "D").astype(object)  # type: ignore[call-overload]
    return day


def _cell(release: Release, trained: Vintage, company: int) -> Cell:
    cell, table = int(trained.prior.cell[company]), release.columns("industry_priors")
    return Cell(
        name=trained.prior.name[cell],
        **{name: float(table[name][cell]) for name in ("mean", "p10", "p90", "p_zero")},
        confidence=str(table["confidence"][cell]),
        basis=str(table["basis"][cell]),
    )


def _nearest(trained: Vintage, company: int, ids: np.ndarray, names: np.ndarray) -> list[Discloser]:
    """Disclosers with the least difference of features, other than itself; ties in the order of the companies."""
    order = trained.order
    away = np.abs(trained.features[order.disclosers] - trained.features[company]).sum(axis=1)
    away[order.disclosers == company] = np.inf
    value = share_of(_target(trained) - order.residual)
    return [
        Discloser(
            company_id=str(ids[order.disclosers[at]]),
            name=str(names[order.disclosers[at]]),
            china_share=float(trained.disclosed.share[order.disclosers[at]]),
            predicted=float(value[at]),
        )
        for at in np.argsort(away, kind="stable")[:NEAREST].tolist()
    ]


def _target(trained: Vintage) -> np.ndarray:
    return logit(trained.disclosed.share[trained.order.disclosers])


def errors(trained: Vintage) -> np.ndarray:
    """Absolute error of held-back disclosures, in share, shape (d,): of models that never saw the company."""
    predicted = share_of(_target(trained) - trained.order.residual)
    found: np.ndarray = np.abs(trained.disclosed.share[trained.order.disclosers] - predicted)
    return found


def _error(trained: Vintage, company: int, sector: np.ndarray) -> tuple[int, float, ErrorOf]:
    """Number of disclosers like a company, the median error among them, and what they have in common with it."""
    who, region = trained.order.disclosers, trained.prior.region
    alike = sector[who] == sector[company]
    everyone = np.ones(who.size, dtype=bool)
    groups: dict[ErrorOf, np.ndarray] = {"region and sector": alike & (region[who] == region[company]), "sector": alike}
    of, chosen = next(
        ((of, of_it) for of, of_it in groups.items() if of_it.sum() >= LEAST_COMPANIES), ("all", everyone)
    )
    return int(chosen.sum()), float(np.median(errors(trained)[chosen])), of
