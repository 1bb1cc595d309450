"""Tables: the small tables in which companies look up what they feel, and what variants change in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np


class Changes(NamedTuple):
    """Cells of a table that some variants change.

    Attributes
    ----------
    variant, cell : ndarray of int, shape (x,)
    value : ndarray of float, shape (x,)
    """

    variant: np.ndarray
    cell: np.ndarray
    value: np.ndarray

    @classmethod
    def between(cls, before: np.ndarray, variant: np.ndarray, cell: np.ndarray, value: np.ndarray) -> Changes:
        """What differs from the flat table `before` among some cells of variants."""
        differs = value != before[cell]
        return cls(variant[differs], cell[differs], value[differs])

    @classmethod
    def of_table(cls, before: np.ndarray, variant: int, after: np.ndarray) -> Changes:
        """What differs from the flat table `before` in that of one variant."""
        cell = np.flatnonzero(after != before)
        return cls(np.full(cell.size, variant), cell, after[cell])

    def of(self, variants: np.ndarray) -> Changes:
        """The same of variants that are numbered otherwise."""
        return self._replace(variant=variants[self.variant])


_NO_CHANGES: Final = Changes(np.zeros(0, dtype=int), np.zeros(0, dtype=int), np.zeros(0))


class Tables(NamedTuple):
    """What companies look up, each flat.

    Attributes
    ----------
    control : ndarray of float, shape (2 f j,)
        Restricted fraction of product and service revenue of a family by home, what alignment would add counted in.
    shut : ndarray of float, shape (f j,)
        Force that shuts a family out of China's market, by home.
    boycott : ndarray of float, shape (f j,)
        Force of the threat alone that shuts a family out.
    need : ndarray of float, shape (u,)
        Force on each need of the layout; empty where only the scarcest counts.
    reach : ndarray of float, shape (m j,)
        China's leverage; 0 where its share of supply is unknown, which leaves the mineral out. Empty as `need`.
    kit, most : ndarray of float, shape (s,)
        Exposure through each kit of needs, and what it would be under the greatest force; empty where every need
        counts.
    supplied, admitted : ndarray of float, shape (n,)
        Force of the measures on single companies, of supply and of access.
    """

    control: np.ndarray
    shut: np.ndarray
    boycott: np.ndarray
    need: np.ndarray
    reach: np.ndarray
    kit: np.ndarray
    most: np.ndarray
    supplied: np.ndarray
    admitted: np.ndarray


class Patch(NamedTuple):
    """Cells of a table that differ from the base: those of variant v are at first[v] : first[v + 1].

    Attributes
    ----------
    first : ndarray of int, shape (variants + 1,)
    cell : ndarray of int
    value : ndarray of float
    """

    first: np.ndarray
    cell: np.ndarray
    value: np.ndarray

    @classmethod
    def of(cls, parts: Sequence[Changes], variants: int) -> Patch:
        """The changes of a table, variant after variant; no two parts change the same."""
        variant, cell, value = (np.concatenate(some) for some in zip(_NO_CHANGES, *parts, strict=True))
        order = np.argsort(variant, kind="stable")
        first = np.append(0, np.cumsum(np.bincount(variant, minlength=variants)))
        return cls(first, cell[order], value[order])


class Patches(NamedTuple):
    """A patch for each of `Tables`."""

    control: Patch
    shut: Patch
    boycott: Patch
    need: Patch
    reach: Patch
    kit: Patch
    most: Patch
    supplied: Patch
    admitted: Patch
