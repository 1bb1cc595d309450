"""Product mix: disclosed segments and the business mix, compiled once, from which a day takes what it knew."""

from __future__ import annotations

import numpy as np

from scoring.facts.axes import Axes, positions, years_until
from scoring.facts.blocks import Segments
from scoring.facts.evidence import evidence_codes
from scoring.facts.selection import business_mix_blocks, segment_blocks
from scoring.reference.releases.release import Release


class ProductMix:
    """Product mix of the companies of a release, by day: disclosed segments, else the business mix.

    Parameters
    ----------
    release : Release
    axes : Axes
    """

    def __init__(self, release: Release, axes: Axes) -> None:
        reported, judged = release.columns("segments"), release.columns("business_mix")
        owner = [positions(table["company_id"], axes.position["company"], absent=-1) for table in (reported, judged)]
        self._blocks = segment_blocks(reported, owner[0]), business_mix_blocks(judged, owner[1])
        self._companies = len(axes.company_ids)
        # Rows of the business mix stand behind those of the segments.
        self._behind = owner[0].size
        both = {
            name: np.concatenate([reported[name], judged[name]])
            for name in ("product_family", "is_service", "evidence")
        }
        self._family = positions(both["product_family"], axes.position["product_family"])
        self._service, self._evidence = both["is_service"].astype(int), evidence_codes(both["evidence"])
        self._share = np.concatenate([reported["revenue_share"], judged["share"]])
        self._china = np.concatenate([reported["china_share"], np.full(owner[1].size, np.nan)])
        self._known_by = reported["known_by"]

    def at(self, day: np.datetime64) -> Segments:
        """What was known on a day."""
        (company, row), (judged_company, judged_row) = (blocks.at(day) for blocks in self._blocks)
        disclosing = np.zeros(self._companies, dtype=bool)
        disclosing[company] = True
        rest = ~disclosing[judged_company]
        company = np.concatenate([company, judged_company[rest]])
        order = np.argsort(company, kind="stable")
        company = company[order]
        at = np.concatenate([row, judged_row[rest] + self._behind])[order]
        disclosed = at < self._behind
        owners, starts = np.unique(company, return_index=True)
        share = self._share[at]
        if share.size:
            share = share / np.repeat(np.add.reduceat(share, starts), np.diff([*starts, share.size]))
        # The business mix is structural: it says what kind of business this is and does not age.
        age = np.zeros(at.size)
        age[disclosed] = years_until(day, self._known_by[at[disclosed]])
        return Segments(
            company=company,
            family=self._family[at],
            service=self._service[at],
            share=share,
            china=self._china[at],
            disclosed=disclosed,
            row=np.where(disclosed, at, at - self._behind),
            evidence=self._evidence[at],
            age=age,
            starts=starts,
            owners=owners,
        )
