"""Layout: where every segment and every mineral need looks, compiled once and shared by all rules, threats and draws.

Controls and countermeasures differ by family, mineral and country only. What a company feels is looked up in such
small tables, so a scenario, a day or a draw changes the tables and never this layout.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from scoring.facts.blocks import Minerals, Segments


@dataclass(frozen=True)
class Layout:
    """Positions that tie companies to the tables of controls, forces and leverage.

    A *need* is a product family in a country that depends on a mineral. Segments of one family in one country share
    their needs, which are a *kit*; a company that produces one of the minerals itself has kits of its own, without it.

    Attributes
    ----------
    segment_country : ndarray of int, shape (k,)
    segment_cell : ndarray of int, shape (k,)
        Position of each segment in a flattened (family, country) table.
    segment_restriction : ndarray of int, shape (k,)
        Position of each segment in a flattened (service, family, country) table.
    segment_kit : ndarray of int, shape (k,)
    need_family, need_mineral, need_country : ndarray of int, shape (u,)
        Sorted by kit, mineral.
    need_family_cell, need_mineral_cell : ndarray of int, shape (u,)
        Position of each need in flattened (family, country) and (mineral, country) tables.
    kit_first, kit_needs : ndarray of int, shape (s,)
        First need of each kit, and their number, which may be 0.
    """

    segment_country: np.ndarray
    segment_cell: np.ndarray
    segment_restriction: np.ndarray
    segment_kit: np.ndarray
    need_family: np.ndarray
    need_mineral: np.ndarray
    need_country: np.ndarray
    need_family_cell: np.ndarray
    need_mineral_cell: np.ndarray
    kit_first: np.ndarray
    kit_needs: np.ndarray
    _segments: Segments
    _minerals: int

    def with_shares(self, segments: Segments) -> Layout:
        """The same layout for the same segments with other revenue shares."""
        moved = replace(self, _segments=segments)
        if "uses" in self.__dict__:
            moved.__dict__["uses"] = self.uses.with_shares(segments.share)
        return moved

    @cached_property
    def needing(self) -> np.ndarray:
        """Kits that have needs."""
        return np.flatnonzero(self.kit_needs)

    def needs_of(self, segments: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Needs of some segments, one segment after the other, and the number of each."""
        kit = self.segment_kit[segments]
        count = self.kit_needs[kit]
        end = np.cumsum(count)
        return np.repeat(self.kit_first[kit] - (end - count), count) + np.arange(end[-1] if end.size else 0), count

    @cached_property
    def uses(self) -> Uses:
        """Every segment with each of its needs, collected by company and mineral."""
        segments, minerals = self._segments, self._minerals
        need, count = self.needs_of(np.arange(segments.row.size))
        segment = np.repeat(np.arange(segments.row.size), count)
        stake = segments.company[segment] * minerals + self.need_mineral[need]
        order = np.argsort(stake, kind="stable")
        segment, need, stake = segment[order], need[order], stake[order]
        first = np.diff(stake, prepend=-1) > 0  # sorted
        stakes = stake[first]
        stake_company, stake_mineral = np.divmod(stakes, minerals)
        holders, holder_starts = np.unique(stake_company, return_index=True)
        return Uses(
            need=need,
            segment=segment,
            company=segments.company[segment],
            share=segments.share[..., segment],
            stake=np.cumsum(first) - 1,
            stake_company=stake_company,
            stake_mineral=stake_mineral,
            stake_cell=self.need_mineral_cell[need[first]],
            holder_starts=holder_starts,
            holders=holders,
        )


@dataclass(frozen=True)
class Uses:
    """Uses: every segment with each of its needs. A *stake* is a company with a mineral, and collects its uses of it.

    Attributes
    ----------
    need, segment, company : ndarray of int, shape (q,)
        Sorted by company, mineral, segment.
    share : ndarray of float, shape (..., q)
        Revenue share of the segment.
    stake : ndarray of int, shape (q,)
        Stake that collects each use.
    stake_company, stake_mineral : ndarray of int, shape (s,)
    stake_cell : ndarray of int, shape (s,)
        Position of each stake in a flattened (mineral, country) table.
    holder_starts, holders : ndarray of int
        First stake of each company that has any, and that company.
    """

    need: np.ndarray
    segment: np.ndarray
    company: np.ndarray
    share: np.ndarray
    stake: np.ndarray
    stake_company: np.ndarray
    stake_mineral: np.ndarray
    stake_cell: np.ndarray
    holder_starts: np.ndarray
    holders: np.ndarray

    def with_shares(self, share: np.ndarray) -> Uses:
        """The same uses with other revenue shares of the segments, shape (..., k)."""
        return replace(self, share=share.take(self.segment, axis=-1))

    def of(self, companies: np.ndarray) -> np.ndarray:
        """Positions of the uses of some companies, given in order."""
        first, end = (np.searchsorted(self.company, companies, side) for side in ("left", "right"))
        ranges = [np.arange(a, b) for a, b in zip(first, end, strict=True)]
        return np.concatenate(ranges) if ranges else np.zeros(0, dtype=int)


def lay_out(segments: Segments, mineral: Minerals, country: np.ndarray, countries: int) -> Layout:
    """Compile the layout.

    Parameters
    ----------
    segments : Segments
    mineral : Minerals
    country : ndarray of int, shape (n,)
        Home of each company.
    countries : int
        Length of the country axis.
    """
    families, minerals = mineral.dependence_row.shape
    home = country[segments.company]
    cell = segments.family * countries + home
    needed = mineral.dependence_row >= 0
    kit, kit_cell, produced = _kits(segments, mineral, needed, cell, families * countries)
    kit_family = kit_cell // countries
    kit_of, need_mineral = np.nonzero(needed[kit_family] & ~produced)
    need_cell = kit_cell[kit_of]
    count = np.bincount(kit_of, minlength=kit_cell.size)
    return Layout(
        segment_country=home,
        segment_cell=cell,
        segment_restriction=segments.service * (families * countries) + cell,
        segment_kit=kit,
        need_family=need_cell // countries,
        need_mineral=need_mineral,
        need_country=need_cell % countries,
        need_family_cell=need_cell,
        need_mineral_cell=need_mineral * countries + need_cell % countries,
        kit_first=np.cumsum(count) - count,
        kit_needs=count,
        _segments=segments,
        _minerals=minerals,
    )


def _kits(
    segments: Segments, mineral: Minerals, needed: np.ndarray, cell: np.ndarray, cells: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Kit of each segment; the (family, country) cell of each kit, and the minerals it goes without, shape (s, m)."""
    key = cell.copy()
    own: list[tuple[int, np.ndarray]] = []
    for company in np.unique(mineral.producer_company).tolist():
        made = np.zeros(needed.shape[1], dtype=bool)
        made[mineral.producer_mineral[mineral.producer_company == company]] = True
        mine = np.arange(*np.searchsorted(segments.company, [company, company + 1]))
        for k in mine[(needed[segments.family[mine]] & made).any(axis=1)].tolist():
            key[k] = cells + len(own)
            own.append((cell[k], made))
    present = np.zeros(cells + len(own), dtype=bool)
    present[key] = True
    kept = np.flatnonzero(present)
    kit = (np.cumsum(present) - 1)[key]
    kit_cell = np.where(kept < cells, kept, 0)
    produced = np.zeros((kept.size, needed.shape[1]), dtype=bool)
    for at, (of, made) in enumerate(own, start=kept.size - len(own)):
        kit_cell[at], produced[at] = of, made
    return kit, kit_cell, produced
