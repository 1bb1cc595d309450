"""Bottlenecks: what a segment ships stops with its scarcest mineral, so its needs do not add up.

The supply side of retaliation under methodology 2026.2 (section 3): R = sum over segments of w max over minerals of
L d (1 - sigma) kappa. Segments of one family in one country share their bottleneck.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scoring.arrays import look_up, raised
from scoring.exposure.force import Pressure
from scoring.exposure.leverage import leverage, needs
from scoring.facts.facts import Facts
from scoring.facts.layout import Layout
from scoring.methodology.parameters import Parameters


@dataclass(frozen=True)
class Bottlenecks:
    """Supply exposure by kits of needs, see `scoring.facts.layout`.

    Attributes
    ----------
    hold : ndarray of float, shape (..., u)
        Part of the revenue of a need's segments that China could stop: leverage times what rests on the mineral; 0
        where China's supply share is unknown.
    kit : ndarray of float, shape (..., s)
        Exposure of revenue through each kit, before measures on single companies.
    segment : ndarray of float, shape (..., k)
        Exposure of each segment's revenue.
    supply : ndarray of float, shape (..., n)
        Exposure of each company; NaN = unknown.
    """

    hold: np.ndarray
    kit: np.ndarray
    segment: np.ndarray
    supply: np.ndarray
    _facts: Facts
    _pressed: Pressure

    @classmethod
    def of(cls, facts: Facts, parameters: Parameters, pressed: Pressure) -> Bottlenecks:
        """Bottlenecks of the companies of `facts` under a pressure."""
        layout, segments = facts.layout, facts.segments
        hold = holds(facts, parameters)
        kit = scarcest(layout, hold * pressed.need)
        segment: np.ndarray = kit.take(layout.segment_kit, axis=-1)
        single = pressed.supplied
        hit: np.ndarray = np.any(single > 0, axis=tuple(range(single.ndim - 1)))
        if hit.any():
            # The strictest act counts, and the order of maximum and product does not matter.
            at = np.flatnonzero(hit[segments.company])
            most = scarcest(layout, hold).take(layout.segment_kit[at], axis=-1)
            segment = raised(segment, at, most * single[..., segments.company[at]])
        supply = segments.total(segments.share * segment, facts.country.size)
        return cls(hold, kit, segment, np.minimum(supply, 1.0), facts, pressed)

    @cached_property
    def need(self) -> np.ndarray:
        """The need that is each segment's bottleneck, of equal ones the first; -1 = none, shape (k,)."""
        need, of, value = self._exposed(np.arange(self.segment.size))
        scarcest = np.flatnonzero((value == self.segment[of]) & (value > 0))[::-1]
        found = np.full(self.segment.size, -1)
        found[of[scarcest]] = need[scarcest]  # of equal ones the first is written last, and stays
        return found

    def ranked(self, segments: np.ndarray) -> np.ndarray:
        """Needs of some segments through which revenue is exposed, segment after segment, the scarcest first."""
        need, of, value = self._exposed(segments)
        order = np.lexsort((-value, of))
        return need[order[value[order] > 0]]

    def _exposed(self, segments: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Every need of some segments, the position of its segment among them, and the exposure through it."""
        layout, company = self._facts.layout, self._facts.segments.company[segments]
        need, count = layout.needs_of(segments)
        of = np.repeat(np.arange(segments.size), count)
        return need, of, self.hold[need] * np.maximum(self._pressed.need[need], self._pressed.supplied[company[of]])

    @cached_property
    def mineral(self) -> np.ndarray:
        """Exposure of every company through the minerals that are its bottlenecks, shape (n, m)."""
        segments, shape = self._facts.segments, (self.supply.size, len(self._facts.minerals))
        x = np.where(np.isnan(self.supply)[:, None], np.nan, np.zeros(shape))
        some = np.flatnonzero(self.need >= 0)
        cell = segments.company[some], self._facts.layout.need_mineral[self.need[some]]
        np.add.at(x, cell, segments.share[some] * self.segment[some])
        return x


def holds(facts: Facts, parameters: Parameters) -> np.ndarray:
    """Part of the revenue of a need's segments that China could stop, shape (..., u)."""
    reach = look_up(np.nan_to_num(leverage(facts, parameters)), facts.layout.need_mineral_cell, 2)
    hold: np.ndarray = reach * needs(facts)
    return hold


def scarcest(layout: Layout, values: np.ndarray) -> np.ndarray:
    """Greatest of the values (..., u) of the needs of each kit, 0 of a kit without needs, shape (..., s)."""
    most = np.zeros((*values.shape[:-1], layout.kit_first.size))
    if layout.needing.size:
        most[..., layout.needing] = np.maximum.reduceat(values, layout.kit_first[layout.needing], axis=-1)
    return most
