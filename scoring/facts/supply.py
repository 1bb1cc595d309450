"""Mineral supply: China's shares and what depends on them, from which a day takes what it knew."""

from __future__ import annotations

import numpy as np

from scoring.facts.axes import Axes, index, positions, years_until
from scoring.facts.blocks import Minerals
from scoring.facts.choices import FactChoices
from scoring.facts.evidence import DERIVED, MODELLED, evidence_codes, source_codes
from scoring.facts.selection import ImportShares
from scoring.reference.releases.release import Release


class Supply:
    """Minerals of a release by day. What depends on what is structural: it is the same on every day.

    Parameters
    ----------
    release : Release
    axes : Axes
    homes : ndarray of int
        Countries, as positions on their axis, whose imports are looked up: those in which companies are at home.
    choices : FactChoices
    """

    def __init__(self, release: Release, axes: Axes, homes: np.ndarray, choices: FactChoices) -> None:
        self._release, self._axes = release, axes
        self._homes = {axes.countries[j]: j for j in np.unique(homes).tolist()}
        self._shares = ImportShares(
            release.columns("mineral_imports"),
            release.columns("mineral_codes"),
            release.columns("mineral_facts"),
            choices.import_share_years,
        )
        sources = release.columns("sources")
        kinds = dict(zip(sources["source_id"], sources["kind"], strict=True))
        self._survey_evidence = source_codes(kinds, release.columns("mineral_facts")["source_id"])
        minerals = release.columns("minerals")
        self._row = positions(np.array(axes.minerals, dtype=object), index(minerals["mineral"]), absent=-1)
        self._supply_evidence = np.where(self._row < 0, MODELLED, source_codes(kinds, minerals["source_id"])[self._row])
        needs = release.columns("family_minerals")
        cell = (
            positions(needs["product_family"], axes.position["product_family"]),
            positions(needs["mineral"], axes.position["mineral"]),
        )
        shape = (len(axes.families), len(axes.minerals))
        self._criticality, self._substitutability = np.zeros((2, *shape))
        self._criticality[cell], self._substitutability[cell] = needs["criticality"], needs["substitutability"]
        self._dependence_row = np.full(shape, -1)
        self._dependence_row[cell] = np.arange(needs["mineral"].size)
        makers = release.columns("producers")
        company = positions(makers["company_id"], axes.position["company"], absent=-1)
        made = positions(makers["mineral"], axes.position["mineral"], absent=-1)
        known = (company >= 0) & (made >= 0)
        self._producers = company[known], made[known]
        default = np.where(self._row < 0, np.nan, minerals["import_share_default"][self._row])
        self._default = np.repeat(default[:, None], len(axes.countries), axis=1)
        self._dependence_evidence = evidence_codes(needs["evidence"])[self._dependence_row]

    def at(self, day: np.datetime64) -> Minerals:
        """What was known on a day."""
        position, shape = self._axes.position["mineral"], (len(self._axes.minerals), len(self._axes.countries))
        found = {
            (position[mineral], self._homes[country]): share
            for (mineral, country), share in self._shares.at(day).items()
            if mineral in position and country in self._homes
        }
        cell = tuple(np.array(list(found), dtype=int).reshape(-1, 2).T)
        import_share, import_known = self._default.copy(), np.full(shape, day)
        evidence = np.full(shape, MODELLED)
        import_share[cell] = [share.share for share in found.values()]
        import_known[cell] = np.array([share.known_from for share in found.values()], dtype="datetime64[D]")
        evidence[cell] = [
            DERIVED if share.table == "mineral_imports" else self._survey_evidence[share.rows[0]]
            for share in found.values()
        ]
        supply = {
            name: np.where(self._row < 0, np.nan, self._release.columns("minerals")[name][self._row])
            for name in ("china_mine_share", "china_refined_share", "latest_year")
        }
        year = supply["latest_year"]
        year_end = np.where(np.isnan(year), 1970, year).astype(int) - 1969
        return Minerals(
            supply_share=np.fmax(supply["china_mine_share"], supply["china_refined_share"]),
            supply_evidence=self._supply_evidence,
            supply_age=years_until(day, year_end.astype("datetime64[Y]")),
            import_share=import_share,
            import_evidence=evidence,
            import_age=years_until(day, import_known),
            imports=found,
            criticality=self._criticality,
            substitutability=self._substitutability,
            dependence_row=self._dependence_row,
            dependence_evidence=self._dependence_evidence,
            producer_company=self._producers[0],
            producer_mineral=self._producers[1],
        )
