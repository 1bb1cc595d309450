"""The latent threat toward a country: the acts behind it, and the companies that it touches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from scoring.arrays import number_or_none
from scoring.explanation.threat import acts_behind
from scoring.exposure.force import latent_threat
from scoring.facts.axes import years_until
from scoring.lookup.result import CoerciveAct, Threat, ThreatenedCompany
from scoring.lookup.touched import NotFoundError, companies_of, from_latent_threat

if TYPE_CHECKING:
    from scoring.score.snapshot import Snapshot


def threat(snapshot: Snapshot, country: str) -> Threat:
    """Latent threat toward a country at the snapshot's date.

    Raises
    ------
    NotFoundError
        No company, rule or act of the release concerns the country.
    """
    j = _country(snapshot, country)
    evaluation, release = snapshot.evaluation, snapshot.release
    facts, leaves = evaluation.facts, snapshot.leaves
    touched = companies_of(snapshot, from_latent_threat(snapshot) & (facts.country[leaves.company] == j))
    columns = [touched[name].tolist() for name in ("company_id", "name", "sector", "exposure")]
    columns.append([number_or_none(points) for points in touched["points"]])
    return Threat(
        country=facts.countries[j],
        value=float(evaluation.force.latent[j]),
        as_of=snapshot.as_of,
        release=release.version,
        methodology=snapshot.methodology.version,
        events=[
            CoerciveAct(**release.row("coercion_events", row), weight=weight)
            for row, weight in acts_behind(evaluation, j)
        ],
        companies=[
            ThreatenedCompany(company_id=company_id, name=name, sector=sector, exposure=exposure, points=points)
            for company_id, name, sector, exposure, points in zip(*columns, strict=True)
        ],
    )


def threat_by_day(snapshot: Snapshot, country: str, days: Sequence[dt.date]) -> np.ndarray:
    """Latent threat toward a country on days up to the snapshot's, each as it was known on the day, shape (d,), 0..1.

    Raises
    ------
    NotFoundError
        No company, rule or act of the release concerns the country.
    """
    j = _country(snapshot, country)
    facts, parameters = snapshot.evaluation.facts, snapshot.evaluation.parameters
    happened = snapshot.release.columns("coercion_events")["date"][facts.events.row]
    values = []
    for day in days:
        known = np.flatnonzero(happened <= np.datetime64(day, "D"))
        events = replace(
            facts.events,
            row=facts.events.row[known],
            names=facts.events.names[known],
            worldwide=facts.events.worldwide[known],
            severity=facts.events.severity[known],
            age=years_until(day, happened[known]),
        )
        values.append(latent_threat(facts.replace(events=events), parameters)[j])
    return np.array(values)


def _country(snapshot: Snapshot, country: str) -> int:
    known = snapshot.evaluation.facts.countries
    if country.upper() not in known:
        raise NotFoundError(
            "country",
            f"{country[:50]!r} is in no fact of this release",
            f"use an ISO 3166 code, one of {', '.join(known)}",
        )
    return known.index(country.upper())
