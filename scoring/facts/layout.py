"""Layout: where every segment and every mineral need looks, compiled once and shared by all rules, threats and draws.

Controls and countermeasures differ by family, mineral and country only. What a company feels is looked up in such
small tables, so a scenario, a day or a draw changes the tables and never this layout.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from scoring.facts.blocks import Minerals, Segments


@dataclass(frozen=True)
class Layout:
    """Positions that tie companies to the tables of controls, forces and leverage.

    A *need* is a product family in a country that depends on a mineral; a *use* is a segment with a need; a *stake*
    is a company with a mineral, and collects its uses of it.

    Attributes
    ----------
    segment_country : ndarray of int, shape (k,)
    segment_cell : ndarray of int, shape (k,)
        Position of each segment in a flattened (family, country) table.
    segment_restriction : ndarray of int, shape (k,)
        Position of each segment in a flattened (service, family, country) table.
    need_family, need_mineral, need_country : ndarray of int, shape (u,)
    need_family_cell, need_mineral_cell : ndarray of int, shape (u,)
        Position of each need in flattened (family, country) and (mineral, country) tables.
    use_need, use_segment, use_company : ndarray of int, shape (q,)
        Sorted by company, mineral, segment.
    use_share : ndarray of float, shape (..., q)
        Revenue share of the segment.
    use_stake : ndarray of int, shape (q,)
        Stake that collects each use.
    stake_company, stake_mineral : ndarray of int, shape (s,)
    stake_cell : ndarray of int, shape (s,)
        Position of each stake in a flattened (mineral, country) table.
    holder_starts, holders : ndarray of int
        First stake of each company that has any, and that company.
    """

    segment_country: np.ndarray
    segment_cell: np.ndarray
    segment_restriction: np.ndarray
    need_family: np.ndarray
    need_mineral: np.ndarray
    need_country: np.ndarray
    need_family_cell: np.ndarray
    need_mineral_cell: np.ndarray
    use_need: np.ndarray
    use_segment: np.ndarray
    use_company: np.ndarray
    use_share: np.ndarray
    use_stake: np.ndarray
    stake_company: np.ndarray
    stake_mineral: np.ndarray
    stake_cell: np.ndarray
    holder_starts: np.ndarray
    holders: np.ndarray

    def with_shares(self, share: np.ndarray) -> Layout:
        """The same layout with other revenue shares of the segments, shape (..., k)."""
        return replace(self, use_share=share.take(self.use_segment, axis=-1))

    def uses_of(self, companies: np.ndarray) -> np.ndarray:
        """Positions of the uses of some companies, given in order."""
        first, end = (np.searchsorted(self.use_company, companies, side) for side in ("left", "right"))
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
    # Uses: every segment with every mineral its family depends on.
    of_family = [np.flatnonzero(row >= 0) for row in mineral.dependence_row]
    count = np.array([found.size for found in of_family])
    starts = np.concatenate([[0], np.cumsum(count)[:-1]])
    flat = np.concatenate(of_family) if of_family else np.zeros(0, dtype=int)
    repeat = count[segments.family]
    segment = np.repeat(np.arange(segments.family.size), repeat)
    within = np.arange(segment.size) - np.repeat(np.cumsum(repeat) - repeat, repeat)
    used = flat[starts[segments.family[segment]] + within]
    company = segments.company[segment]
    stake = company * minerals + used
    order = np.argsort(stake, kind="stable")
    segment, used, company, stake = segment[order], used[order], company[order], stake[order]
    need, use_need = np.unique(cell[segment] * minerals + used, return_inverse=True)
    need_cell, need_mineral = np.divmod(need, minerals)
    first = np.diff(stake, prepend=-1) > 0  # sorted
    stakes, use_stake = stake[first], np.cumsum(first) - 1
    stake_company, stake_mineral = np.divmod(stakes, minerals)
    holders, holder_starts = np.unique(stake_company, return_index=True)
    return Layout(
        segment_country=home,
        segment_cell=cell,
        segment_restriction=segments.service * (families * countries) + cell,
        need_family=need_cell // countries,
        need_mineral=need_mineral,
        need_country=need_cell % countries,
        need_family_cell=need_cell,
        need_mineral_cell=need_mineral * countries + need_cell % countries,
        use_need=use_need,
        use_segment=segment,
        use_company=company,
        use_share=segments.share[segment],
        use_stake=use_stake,
        stake_company=stake_company,
        stake_mineral=stake_mineral,
        stake_cell=stake_mineral * countries + country[stake_company],
        holder_starts=holder_starts,
        holders=holders,
    )
