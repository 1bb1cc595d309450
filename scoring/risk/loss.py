"""Loss: the share of revenue that goes between two states of controls and measures (methodology, section 8)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.arrays import look_up
from scoring.score.evaluation import Evaluation


@dataclass(frozen=True)
class Loss:
    """Share of revenue lost between a base state and another; NaN = unknown.

    Attributes
    ----------
    control : ndarray of float, shape (..., n)
        What controls take away since the base.
    retaliation : ndarray of float, shape (..., n)
        What China's acts take away: by closing its market where the methodology holds a dependence on minerals apart
        (`supply`), else by both.
    supply : ndarray of float, shape (..., n)
        What of a greater dependence on minerals is lost; NaN where the methodology does not hold it apart.
    """

    control: np.ndarray
    retaliation: np.ndarray
    supply: np.ndarray

    @property
    def total(self) -> np.ndarray:
        """Share of revenue at risk, 0..1: 1 - (1 - control) (1 - retaliation)."""
        return 1.0 - (1.0 - self.control) * (1.0 - self.retaliation)

    @property
    def with_supply(self) -> np.ndarray:
        """Share of revenue at risk with the supply side."""
        return np.where(np.isnan(self.supply), self.total, 1.0 - (1.0 - self.total) * (1.0 - self.supply))


def loss(after: Evaluation, before: Evaluation) -> Loss:
    """Share of revenue lost from one state of the same companies to another."""
    control, part = control_loss(after, before), after.parameters.supply_loss
    now, then = after.retaliation, before.retaliation
    if part is None:
        return Loss(control, growth(now.total, then.total), np.full(after.score.shape[-1:], np.nan))
    return Loss(control, growth(now.access, then.access), part * growth(now.supply, then.supply))


def control_increase(after: Evaluation, before: Evaluation) -> np.ndarray:
    """Share of the company's revenue that controls take from each segment since the base, shape (..., k).

    Where the methodology tells loss from strictness, of what the base has left: a segment of which the base had taken
    everything loses nothing more.
    """
    cell = after.facts.layout.segment_restriction
    now, then = look_up(after.lost.now, cell, 3), _same_axis(before, after, cell)
    more = np.maximum(now - then, 0.0)
    if after.parameters.control_loss is not None:
        more = np.where(then < 1.0, more / np.where(then < 1.0, 1.0 - then, 1.0), 0.0)
    increase: np.ndarray = after.china_revenue * more
    return increase


def named_increase(after: Evaluation, before: Evaluation) -> np.ndarray:
    """Share of the company's revenue that controls take from its named customers since the base, shape (..., n)."""
    now, then = (e.named_loss.strictest(e.facts, e.named_loss.excess)[0] for e in (after, before))
    return np.maximum(now - then, 0.0)


def control_loss(after: Evaluation, before: Evaluation) -> np.ndarray:
    """Control part of the loss, shape (..., n)."""
    facts = after.facts
    of_families = facts.segments.total(control_increase(after, before), facts.country.size)
    if not facts.customers.row.size:
        return of_families
    named = named_increase(after, before)
    return np.where(named > 0, np.minimum(of_families + named, after.market), of_families)


def growth(now: np.ndarray, then: np.ndarray) -> np.ndarray:
    """Part of what an exposure had spared that it takes since, 1 - (1 - now) / (1 - then); 0 where it has not grown."""
    with np.errstate(divide="ignore", invalid="ignore"):
        taken = np.where(now > then, 1.0 - (1.0 - now) / (1.0 - then), 0.0)
    return np.where(np.isnan(now) | np.isnan(then), np.nan, taken)


def _same_axis(before: Evaluation, after: Evaluation, cell: np.ndarray) -> np.ndarray:
    """Restriction of each segment in the base, whose country axis may lack countries that a scenario names."""
    if len(before.facts.countries) == len(after.facts.countries):
        return look_up(before.lost.now, cell, 3)
    return look_up(before.lost.now, before.facts.layout.segment_restriction, 3)
