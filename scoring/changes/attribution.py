"""Attribution: the difference of every score between two ends, item by item.

A walk from the one end to the other takes one item after the other from where it is going; the step that an item makes
is its own, and all steps add up to the difference. What an item does depends on what came before it. So the walk is
made twice, in the order of `scoring.changes.items` and in the reverse order, and each item gets the mean of its two
steps: of any two items each comes once before and once after the other. Where items act on each other only in pairs,
this is their Shapley value. The steps of either walk sum to the difference, so their means do; and the way back is the
same two walks, so the attribution from b to a is the negative of that from a to b, to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from scoring.changes.ends import End, both_ends
from scoring.changes.items import Item, differing_items
from scoring.changes.mixture import Mixture
from scoring.score.evaluation import Evaluation, evaluate

if TYPE_CHECKING:
    from scoring.score.snapshot import Snapshot


@dataclass(frozen=True)
class Attributions:
    """Differences between two ends, company by company and item by item.

    Attributes
    ----------
    ends : tuple of End
    mixture : Mixture
        Back at the first end.
    items : list of Item
        Everything that differs, in the order of the walk; there are i.
    company_ids : list of str
        Companies of both ends; there are n.
    is_floor : ndarray of bool, shape (n,)
        Companies without a score at both ends, for which it is the floor that is taken apart.
    pillars : ndarray of float, shape (i, n, 3)
        Points of the market, control and retaliation exposure. They sum over the items and pillars to the difference.
        NaN where there is none: no number at one end, or one that says something else there.
    """

    ends: tuple[End, End]
    mixture: Mixture
    items: list[Item]
    company_ids: list[str]
    is_floor: np.ndarray
    pillars: np.ndarray

    @cached_property
    def points(self) -> np.ndarray:
        """Points of all pillars, shape (i, n)."""
        return self.pillars.sum(axis=-1)


def attribute(before: Snapshot | Evaluation, after: Snapshot | Evaluation) -> Attributions:
    """Take the difference of every score between two ends apart.

    Parameters
    ----------
    before, after : Snapshot or Evaluation
        Of any release, date, methodology and scenario. Two evaluations need one country axis and one timing.

    Raises
    ------
    SchemaMismatchError
        The releases differ in a column that enters scores.
    """
    ends = both_ends(before, after)
    mixture = Mixture(*ends)
    items = differing_items(mixture)
    one, other = (evaluate(end.own, end.methodology) for end in ends)
    scored = ~np.isnan(one.score) & ~np.isnan(other.score)
    # A floor with the market unknown and one with the mix unknown are not about the same thing.
    alike = (np.isnan(one.market) == np.isnan(other.market)) & (
        np.isnan(one.retaliation.supply) == np.isnan(other.retaliation.supply)
    )
    is_floor = ~np.isnan(one.floor) & ~np.isnan(other.floor) & alike
    pillars = _walked(mixture, items, is_floor)
    pillars[:, ~(scored | is_floor)] = np.nan
    return Attributions(ends, mixture, items, one.facts.company_ids, is_floor, pillars)


def _walked(mixture: Mixture, items: Sequence[Item], is_floor: np.ndarray) -> np.ndarray:
    """Mean of the steps of the walk there and, from the other end, of the walk back; shape (items, n, 3)."""
    points = np.zeros((len(items), is_floor.size, 3))
    value = mixture.value(is_floor)
    for end, sign in ((1, 0.5), (0, -0.5)):
        # The way back turns the items in the same order: read backwards, it is the walk in reverse order.
        for item, made in zip(items, points, strict=True):
            mixture.turn(item.toggles, end)
            reached = mixture.value(is_floor)
            made += sign * (reached - value)
            value = reached
    return points
