"""Compiled loops where the scarcest mineral of a segment counts, see `scoring.exposure.bottleneck`."""

from __future__ import annotations

from scoring.exposure.force import joint
from scoring.score.sweep.baseline import KitBaseline
from scoring.score.sweep.loops import (
    ACCESS,
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

_joint = inner(joint)


@compiled
def find(
    begin: int,
    end: int,
    base: KitBaseline,
    before: Tables,
    patches: Patches,
    state: State,
    moved: Moved,
) -> tuple[int, int, int]:
    """List the scores that variants move; see `scoring.score.sweep.stakes.find`."""
    now = state.now
    count, controls, others = 0, 0, 0
    for v in range(begin, end):
        set_tables(now, patches, v)
        restrict(v, base.restricted, base.restricted_revenue, before, patches.control, state)
        touch(v, patches.shut, base.shut, state.touched, ACCESS)
        touch(v, patches.kit, base.kits, state.touched, SUPPLY)
        touch(v, patches.most, base.kits, state.touched, SUPPLY)
        mark(v, patches.admitted, base.place, state.touched, ACCESS)
        mark(v, patches.supplied, base.place, state.touched, SUPPLY)
        count, controls, others = _collect(base, state, moved, count, controls, others)
        moved.ends[v - begin] = count
        reset_tables(now, before, patches, v)
    return count, controls, others


@inner
def _collect(
    base: KitBaseline, state: State, moved: Moved, count: int, controls: int, others: int
) -> tuple[int, int, int]:
    """List the touched companies with their exposures, and leave none touched."""
    known, touched, chosen = base.known, state.touched, state.listed
    company, total = moved.company, moved.total
    retaliation_of, spared, access = moved.retaliation_of, moved.spared, moved.access
    for z in range(listed(touched, chosen)):
        i = chosen[z]
        parts = touched[i]
        touched[i] = 0
        rest, controls = take_control(known, state, moved, i, parts, count, controls)
        if parts > CONTROL:
            spared[others] = 1.0 - _supply(base, state.now, i) if parts & SUPPLY else known[i, 4]
            access[others] = _access(base, state.now, i) if parts & ACCESS else known[i, 5]
            retaliation_of[others] = count
            others += 1
        else:
            rest += known[i, 2]
        company[count], total[count] = base.order[i], rest
        count += 1
    return count, controls, others


@inner
def _supply(base: KitBaseline, now: Tables, i: int) -> float:
    first, kits, share = base.segments_first, base.segment_kit, base.segment_share
    exposure, single = 0.0, now.supplied[base.order[i]]
    for k in range(first[i], first[i + 1]):
        exposure += share[k] * max(now.kit[kits[k]], now.most[kits[k]] * single)
    return min(exposure, 1.0)


@inner
def _access(base: KitBaseline, now: Tables, i: int) -> float:
    first, cells, revenue = base.segments_first, base.segment_cell, base.china_revenue
    exposure, single = 0.0, now.admitted[base.order[i]]
    for k in range(first[i], first[i + 1]):
        force = now.shut[cells[k]]
        if single > 0.0:
            force = max(force, _joint(now.boycott[cells[k]], single, base.adds))
        exposure += revenue[k] * force
    return exposure
