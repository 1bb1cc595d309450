"""Product mix of a company of which none is known: that of its researched peers (methodology, section 9)."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from scoring.arrays import Groups
from scoring.facts.axes import positions

LEAST: Final = 2
"""A group of peers needs more companies than this for a mean of theirs to count."""

KEPT: Final = 0.02
"""Families below this part of the peers' mean are left out, and the rest is scaled to one: they are noise of single
peers, and would be most of the arithmetic."""


class PeerMix(NamedTuple):
    """Inferred product mix, one entry per segment, by company.

    Attributes
    ----------
    company, cell : ndarray of int, shape (e,)
        Company, and family times two plus service.
    share : ndarray of float, shape (e,)
        Sums to 1 within a company.
    """

    company: np.ndarray
    cell: np.ndarray
    share: np.ndarray


class Peers:
    """Companies by the groups in which they are peers, the narrowest first: industry, industry group.

    Parameters
    ----------
    groups : sequence of ndarray of str, shape (n,)
        Name of the group of each company, None = in none; the narrowest grouping first.
    unallocated : int
        Cell of the companies that have too few peers in every group.
    cells : int
        Number of cells.
    """

    def __init__(self, groups: list[np.ndarray], unallocated: int, cells: int) -> None:
        self._unallocated, self._cells = unallocated, cells
        # Numbers of groups go on from one grouping to the next; the last group of all is that of the unallocated.
        self.names: list[str] = []
        codes = []
        for names in groups:
            known = sorted(set(names.tolist()) - {None})
            number = {name: len(self.names) + i for i, name in enumerate(known)}
            self.names += known
            codes.append(positions(names, number, absent=-1))
        self._codes = codes

    def group_of(self, company: np.ndarray) -> np.ndarray:
        """Group whose mean each company would take, shape (n,); the number of all groups = none has enough peers.

        Parameters
        ----------
        company : ndarray of int
            Companies whose mix is known, each once.
        """
        none = len(self.names)
        chosen = np.full(self._codes[0].size, none)
        for codes in reversed(self._codes):
            mine = codes[company]
            enough = np.append(np.bincount(mine[mine >= 0], minlength=none) > LEAST, False)
            chosen = np.where(enough[codes] & (codes >= 0), codes, chosen)
        return chosen

    def mix(self, wanted: np.ndarray, company: np.ndarray, cell: np.ndarray, share: np.ndarray) -> PeerMix:
        """Mix of some companies that have none; it does not depend on which of them are asked for.

        Parameters
        ----------
        wanted : ndarray of int
            In order.
        company, cell : ndarray of int, share : ndarray of float
            The mixes that are known, one entry per segment.
        """
        groups, group = np.unique(self.group_of(np.unique(company))[wanted], return_inverse=True)
        cells, shares, count = [], [], []
        for number in groups.tolist():
            found, part = self._mean(number, company, cell, share)
            cells.append(found)
            shares.append(part)
            count.append(found.size)
        if not groups.size:
            return PeerMix(wanted, wanted, wanted.astype(float))
        entry, repeat = Groups.sizes(np.array(count)).of(group)
        return PeerMix(np.repeat(wanted, repeat), np.concatenate(cells)[entry], np.concatenate(shares)[entry])

    def _mean(
        self, number: int, company: np.ndarray, cell: np.ndarray, share: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Mean mix of a group, as cells and their shares."""
        if number == len(self.names):
            return np.array([self._unallocated]), np.ones(1)
        codes = next(codes for codes in self._codes if (codes == number).any())
        mine = codes[company] == number
        total = np.bincount(cell[mine], share[mine], self._cells)
        mean = total / total.sum()
        kept = np.flatnonzero(mean >= KEPT)
        if not kept.size:  # where every family is as small, none is noise
            kept = np.flatnonzero(mean)
        return kept, mean[kept] / mean[kept].sum()
