"""Compiled loops where every mineral that a company needs counts, see `scoring.exposure.stakes`."""

from __future__ import annotations

import numpy as np

from scoring.exposure.stakes import through
from scoring.score.sweep.baseline import StakeBaseline
from scoring.score.sweep.loops import (
    ACCESS,
    ALL_SUPPLY,
    CONTROL,
    SUPPLY,
    Moved,
    State,
    compiled,
    inner,
    listed,
    mark,
    reset_tables,
    restrict,
    set_tables,
    take_control,
    touch,
)
from scoring.score.sweep.tables import Patches, Tables

_through = inner(through)


@compiled
def find(
    begin: int,
    end: int,
    base: StakeBaseline,
    before: Tables,
    patches: Patches,
    state: State,
    moved: Moved,
) -> tuple[int, int, int]:
    """List the scores that variants move.

    Parameters
    ----------
    begin, end : int
        First variant, and the one after the last.
    base : StakeBaseline
    before : Tables
        Of the base.
    patches : Patches
    state : State
    moved : Moved
        Is filled.

    Returns
    -------
    count, controls, others : int
        Scores that move, and those that move by their control or their retaliation exposure.
    """
    now = state.now
    count, controls, others = 0, 0, 0
    for v in range(begin, end):
        set_tables(now, patches, v)
        restrict(v, base.restricted, base.restricted_revenue, before, patches.control, state)
        _strike(v, base, patches, state)
        touch(v, patches.shut, base.shut, state.touched, ACCESS)
        mark(v, patches.admitted, base.place, state.touched, ACCESS)
        mark(v, patches.supplied, base.place, state.touched, ALL_SUPPLY)
        count, controls, others = _collect(base, state, moved, count, controls, others)
        moved.ends[v - begin] = count
        reset_tables(now, before, patches, v)
    return count, controls, others


@inner
def _strike(v: int, base: StakeBaseline, patches: Patches, state: State) -> None:
    """Take the stakes in cells whose force or leverage is another into what supply spares of their companies."""
    touched, factor, struck = state.touched, state.factor, state.struck
    need, reach, supplied = state.now.need, state.now.reach, state.now.supplied
    for q in range(patches.need.first[v], patches.need.first[v + 1]):
        struck[base.need_cell[patches.need.cell[q]]] = True
    for q in range(patches.reach.first[v], patches.reach.first[v + 1]):
        struck[patches.reach.cell[q]] = True
    first, companies, exposures = base.stake_first, base.stake_company, base.stake_exposure
    use_first, use_need, use_rests = base.uses.first, base.uses.member, base.use_rests
    for c in range(struck.size):
        if not struck[c]:
            continue
        struck[c] = False
        for s in range(first[c], first[c + 1]):
            i, old = companies[s], exposures[s]
            felt = _felt(use_first[s], use_first[s + 1], use_need, use_rests, need, supplied[base.order[i]])
            new = _through(reach[c], felt)
            if new == old:
                continue
            if old < 1.0:
                touched[i] |= SUPPLY
                factor[i] *= (1.0 - new) / (1.0 - old)
            else:  # supply spared nothing, and a factor cannot tell what it spares now
                touched[i] |= ALL_SUPPLY


@inner
def _felt(
    begin: int, end: int, use_need: np.ndarray, use_rests: np.ndarray, need: np.ndarray, supplied: float
) -> float:
    """Share of revenue that rests on a mineral over some uses, weighted by the force on it."""
    felt = 0.0
    for q in range(begin, end):
        felt += use_rests[q] * max(need[use_need[q]], supplied)
    return felt


@inner
def _collect(
    base: StakeBaseline, state: State, moved: Moved, count: int, controls: int, others: int
) -> tuple[int, int, int]:
    """List the touched companies with their exposures, and leave none touched."""
    known = base.known
    segment_first, segment_cell, china_revenue = base.segments.first, base.segments.member, base.china_revenue
    stake_first, stakes, stake_cell = base.stakes.first, base.stakes.member, base.stake_cell
    use_first, use_need, use_rests = base.uses.first, base.uses.member, base.use_rests
    shut, need, reach = state.now.shut, state.now.need, state.now.reach
    touched, chosen, factor = state.touched, state.listed, state.factor
    company, total = moved.company, moved.total
    retaliation_of, spared, access = moved.retaliation_of, moved.spared, moved.access
    for z in range(listed(touched, chosen)):
        i = chosen[z]
        parts = touched[i]
        touched[i] = 0
        rest, controls = take_control(known, state, moved, i, parts, count, controls)
        if parts > CONTROL:
            spares, exposure = known[i, 4], known[i, 5]
            if parts & ALL_SUPPLY:
                spares, supplied = 1.0, state.now.supplied[base.order[i]]
                for m in range(stake_first[i], stake_first[i + 1]):
                    s = stakes[m]
                    felt = _felt(use_first[s], use_first[s + 1], use_need, use_rests, need, supplied)
                    spares *= 1.0 - _through(reach[stake_cell[s]], felt)
                factor[i] = 1.0
            elif parts & SUPPLY:
                spares *= factor[i]
                factor[i] = 1.0
            if parts & ACCESS:
                exposure, admitted = 0.0, state.now.admitted[base.order[i]]
                for k in range(segment_first[i], segment_first[i + 1]):
                    exposure += china_revenue[k] * max(shut[segment_cell[k]], admitted)
            spared[others], access[others] = spares, exposure
            retaliation_of[others] = count
            others += 1
        else:
            rest += known[i, 2]
        company[count], total[count] = base.order[i], rest
        count += 1
    return count, controls, others
