"""How concentrated the mining of minerals is, and how weakly governed the countries are that it lies in."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final, NamedTuple, get_args

import numpy as np

from scoring.reference.clock import known_by
from scoring.vocabulary import GovernanceDimension

if TYPE_CHECKING:
    from scoring.reference.releases.release import Release

_STRONGEST: Final = 2.5
"""Estimate of a country that is governed about as well as any; its negative is the other end of the scale."""

_DIMENSIONS: Final = len(get_args(GovernanceDimension))


class Concentration(NamedTuple):
    """Concentration of the world's mine output of a mineral.

    Attributes
    ----------
    mined_year : float
        Year of the output.
    mined_named : float
        Part of the output whose country is named, 0 to about 1: amounts and their total are rounded.
    mined_hhi : float
        Herfindahl-Hirschman index: the sum of the squared shares of the named countries, 0..1. At most ``(1 -
        mined_named)²`` is missing from it.
    mined_hhi_governance : float
        The same, each country weighted by its weakness, 0..1; missing where one of them has not all dimensions.
    governance_year : float
        Year of the estimates; missing where none are known.
    mined_source, governance_source : str
        Titles of the documents; empty where there is none.
    """

    mined_year: float
    mined_named: float
    mined_hhi: float
    mined_hhi_governance: float
    governance_year: float
    mined_source: str
    governance_source: str


def concentrations(release: Release, as_of: dt.date) -> dict[str, Concentration]:
    """Concentration of the minerals whose output by country was known on a day, of the latest year of each.

    Parameters
    ----------
    release : Release
    as_of : datetime.date

    Returns
    -------
    dict of str to Concentration
        By mineral; empty for a release without the table `mineral_output`.

    Notes
    -----
    HHI_WGI of the European Commission's methodology for its list of critical raw materials (Blengini et al. 2017,
    EUR 28654 EN, doi:10.2760/73303), without its parameter of trade: the sum of ``share² · weakness``. The weakness of
    a country is ``(2.5 - mean) / 5`` within 0..1, of the mean of the six Worldwide Governance Indicators; there shares
    are percentages and the weakness runs to 10, so that the number is 100,000 times this one. It is in no score.
    """
    day = np.datetime64(as_of, "D")
    output = _known("mineral_output", release, day)
    governance = _known("governance", release, day)
    weakness = _weaknesses(governance)
    found = {}
    for mineral in sorted(set(output["mineral"].tolist())):
        of_mineral = output["mineral"] == mineral
        year = output["year"][of_mineral].max()
        rows = np.flatnonzero(of_mineral & (output["year"] == year))
        shares = output["share"][rows]
        weak = np.array([weakness.get(country, np.nan) for country in output["country"][rows].tolist()])
        found[mineral] = Concentration(
            float(year),
            float(shares.sum()),
            float((shares**2).sum()),
            float((shares**2 * weak).sum()),
            float(governance["year"].max()) if weakness else np.nan,
            _titles(release, output["source_id"][rows]),
            _titles(release, governance["source_id"]),
        )
    return found


def _known(table: str, release: Release, day: np.datetime64) -> dict[str, Any]:
    """Rows of a table that may be used on a day; of a table with editions, the last year of the last one."""
    columns = release.columns(table)
    known = known_by(table, columns, day)
    for newest in ("published", "year") if "published" in columns else ():
        if known.any():
            known = known & (columns[newest] == columns[newest][known].max())
    rows = np.flatnonzero(known)
    return {name: column[rows] for name, column in columns.items()}


def _weaknesses(governance: dict[str, Any]) -> dict[str, float]:
    """Weakness by country, of the countries with all dimensions."""
    estimates: dict[str, list[float]] = {}
    for country, estimate in zip(governance["country"].tolist(), governance["estimate"].tolist(), strict=True):
        estimates.setdefault(country, []).append(estimate)
    return {
        country: float(np.clip((_STRONGEST - np.mean(values)) / (2 * _STRONGEST), 0, 1))
        for country, values in estimates.items()
        if len(values) == _DIMENSIONS
    }


def _titles(release: Release, source_ids: np.ndarray) -> str:
    titles = release.columns("sources")["title"]
    return "; ".join(titles[release.source_index[one]] for one in sorted(set(source_ids.tolist())))
