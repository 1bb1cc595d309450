"""Product mix: disclosed segments and the business mix, compiled once, from which a day takes what it knew."""

from __future__ import annotations

from dataclasses import fields
from functools import cached_property

import numpy as np

from scoring.arrays import runs
from scoring.facts.axes import Axes, index, positions, years_until
from scoring.facts.blocks import Segments
from scoring.facts.evidence import MODELLED, evidence_codes
from scoring.facts.peers import Peers
from scoring.facts.selection import business_mix_blocks, segment_blocks
from scoring.reference.releases.release import Release

_UNALLOCATED = "other"
"""Product family of what cannot be allocated."""

_GROUPINGS = ("industry", "industry_group")
"""Columns of `companies` by which companies are peers, the narrower first."""

_OF_OWNERS = ("starts", "owners")


class ProductMix:
    """Product mix of the companies of a release, by day: disclosed segments, else the business mix, else the peers'.

    Parameters
    ----------
    release : Release
    axes : Axes
    """

    def __init__(self, release: Release, axes: Axes) -> None:
        reported, judged = release.columns("segments"), release.columns("business_mix")
        companies = release.columns("companies")["company_id"]
        # Of all companies of the release, on whatever axes: who is left out of them is still a peer.
        self.place = positions(companies, axes.position["company"], absent=-1)
        row = index(companies)
        owner = [positions(table["company_id"], row, absent=-1) for table in (reported, judged)]
        self._blocks = segment_blocks(reported, owner[0]), business_mix_blocks(judged, owner[1])
        self._companies = companies.size
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
        self._groups = [release.columns("companies")[name] for name in _GROUPINGS]
        self._families = axes.position["product_family"]

    @cached_property
    def peers(self) -> Peers:
        """Companies of the release by industry and by industry group."""
        return Peers(self._groups, self._families[_UNALLOCATED] * 2, len(self._families) * 2)

    def owners(self, day: np.datetime64) -> np.ndarray:
        """Companies of the release, on whatever axes, of which a mix was known on a day, in order."""
        return np.unique(np.concatenate([blocks.at(day)[0] for blocks in self._blocks]))

    def at(self, day: np.datetime64, inferred: bool = False) -> Segments:
        """What was known on a day.

        Parameters
        ----------
        day : datetime64[D]
        inferred : bool
            Whether a company of which no mix is known has that of its peers.
        """
        (company, row), (judged_company, judged_row) = (blocks.at(day) for blocks in self._blocks)
        disclosing = np.zeros(self._companies, dtype=bool)
        disclosing[company] = True
        rest = ~disclosing[judged_company]
        company = np.concatenate([company, judged_company[rest]])
        order = np.argsort(company, kind="stable")
        company = company[order]
        at = np.concatenate([row, judged_row[rest] + self._behind])[order]
        disclosed = at < self._behind
        owners, starts = runs(company)
        share = self._share[at]
        if share.size:
            share = share / np.repeat(np.add.reduceat(share, starts), np.diff([*starts, share.size]))
        # The business mix is structural: it says what kind of business this is and does not age.
        age = np.zeros(at.size)
        age[disclosed] = years_until(day, self._known_by[at[disclosed]])
        known = Segments(
            company=company,
            family=self._family[at],
            service=self._service[at],
            share=share,
            china=self._china[at],
            disclosed=disclosed,
            inferred=np.zeros(at.size, dtype=bool),
            row=np.where(disclosed, at, at - self._behind),
            evidence=self._evidence[at],
            age=age,
            starts=starts,
            owners=owners,
        )
        if inferred:
            without = self.place >= 0
            without[owners] = False
            known = _with_peers(known, self.peers, np.flatnonzero(without))
        return _placed(known, self.place)


def peer_groups(mix: ProductMix, segments: Segments, rows: np.ndarray, day: np.datetime64) -> np.ndarray:
    """Group of peers that each inferred mix is the mean of, shape (n,); None = not inferred, or unallocated.

    Parameters
    ----------
    mix : ProductMix
        Behind the segments. Peers that are not among the companies count, as they do in the mean.
    segments : Segments
    rows : ndarray of int, shape (n,)
        Row in `companies` of each company of the segments.
    day : datetime64[D]
        On which they were known.
    """
    names = np.array([*mix.peers.names, None], dtype=object)[mix.peers.group_of(mix.owners(day))]
    inferred = np.zeros(rows.size, dtype=bool)
    inferred[segments.company[segments.inferred]] = True
    labels: np.ndarray = np.where(inferred, names[rows], np.array(None, dtype=object))
    return labels


def _with_peers(known: Segments, peers: Peers, without: np.ndarray) -> Segments:
    """The segments, and those of some companies without any, which have the mean mix of their peers."""
    if not without.size:
        return known
    found = peers.mix(without, known.company, known.family * 2 + known.service, known.share)
    size = found.company.size
    company = np.concatenate([known.company, found.company])
    order = np.argsort(company, kind="stable")
    company = company[order]
    owners, starts = runs(company)

    def joined(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        return np.concatenate([one, other])[order]

    return Segments(
        company=company,
        family=joined(known.family, found.cell // 2),
        service=joined(known.service, found.cell % 2),
        share=joined(known.share, found.share),
        china=joined(known.china, np.full(size, np.nan)),
        disclosed=joined(known.disclosed, np.zeros(size, dtype=bool)),
        inferred=joined(known.inferred, np.ones(size, dtype=bool)),
        row=joined(known.row, np.full(size, -1)),
        evidence=joined(known.evidence, np.full(size, MODELLED)),
        age=joined(known.age, np.zeros(size)),
        starts=starts,
        owners=owners,
    )


def _placed(segments: Segments, place: np.ndarray) -> Segments:
    """The segments on the axis of companies; those of companies that are not on it are left out."""
    if np.array_equal(place, np.arange(place.size)):
        return segments
    company = place[segments.company]
    order = np.argsort(company, kind="stable")
    order = order[company[order] >= 0]
    owners, starts = runs(company[order])
    columns = {
        field.name: getattr(segments, field.name)[order] for field in fields(segments) if field.name not in _OF_OWNERS
    }
    return Segments(**columns | {"company": company[order], "starts": starts, "owners": owners})
