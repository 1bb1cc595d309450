"""Compiled loops: the scores that variants move are found, and what they rest on is looked up and summed.

Importing this module imports numba, and the first call of a process compiles for some seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final, NamedTuple, TypeVar, cast

import numba
import numpy as np

from scoring.exposure.retaliation import through
from scoring.score.sweep.ground import Ground, Lists
from scoring.score.sweep.moves import Patch, Patches, Tables

F = TypeVar("F", bound=Callable[..., object])

# Not cached on disk: numba does not notice when a function of another file has changed. Compiled code must not hold a
# comprehension: the pass that inlines it drops writes to arrays of named tuples (numba issue 7135).
_jit: Any = partial(numba.njit, nogil=True, error_model="numpy")


def _compiled(function: F) -> F:
    return cast(F, _jit(function))


def _inner(function: F) -> F:
    """Compiled to be called by compiled code only, which takes half as long."""
    return cast(F, _jit(function, no_cpython_wrapper=True, no_cfunc_wrapper=True))


_through = _inner(through)

_CONTROL: Final = 1
_ACCESS: Final = 2
_SUPPLY: Final = 4
_ALL_SUPPLY: Final = 8
"""What of a company has to be computed again: bits of one number."""


class State(NamedTuple):
    """What changes from variant to variant; between two of them it is as it was for the first.

    Attributes
    ----------
    now : Tables
        Of the variant.
    touched : ndarray of int, shape (n and a little more,)
        What of each company has to be computed again.
    listed : ndarray of int
        Room for the numbers of these companies.
    added : ndarray of float, shape (n,)
        What the control exposure of each company gains.
    factor : ndarray of float, shape (n,)
        Factor of what supply spares of each company.
    struck : ndarray of bool, shape (m j,)
        Cells of `reach` in which force or leverage is another.
    """

    now: Tables
    touched: np.ndarray
    listed: np.ndarray
    added: np.ndarray
    factor: np.ndarray
    struck: np.ndarray

    @classmethod
    def of(cls, before: Tables) -> State:
        """State before the first variant, with the tables of the base."""
        n = before.supplied.size
        eighths = -(-n // 8) * 8  # companies are searched eight at a time
        return cls(
            now=Tables(*(table.copy() for table in before)),
            touched=np.zeros(eighths, dtype=np.uint8),
            listed=np.empty(eighths, dtype=np.uint32),
            added=np.zeros(n),
            factor=np.ones(n),
            struck=np.zeros(before.reach.size, dtype=bool),
        )


class Moved(NamedTuple):
    """Room for the scores that some variants move.

    Attributes
    ----------
    ends : ndarray of int, shape (variants,)
        Position after the last score that each variant moves.
    company : ndarray of int
        Whose score it is.
    total : ndarray of float
        Sum of the pillars' terms: at first of those that do not move.
    control_of, retaliation_of : ndarray of int
        Which of these scores has another control or retaliation exposure.
    control, spared, access : ndarray of float
        Control exposure, and what makes up retaliation exposure.
    """

    ends: np.ndarray
    company: np.ndarray
    total: np.ndarray
    control_of: np.ndarray
    control: np.ndarray
    retaliation_of: np.ndarray
    spared: np.ndarray
    access: np.ndarray

    @classmethod
    def room(cls, variants: int, n: int) -> Moved:
        """Room for every score of n companies under some variants; memory is taken as it is filled."""
        kinds = (np.uint32, float, np.uint32, float, np.uint32, float, float)
        return cls(np.empty(variants, dtype=int), *(np.empty(variants * n, dtype=kind) for kind in kinds))


@_compiled
def add(total: np.ndarray, of: np.ndarray, term: np.ndarray) -> None:
    """Add terms to the totals `of` which they are."""
    for k in range(term.size):
        total[of[k]] += term[k]


@_compiled
def put(out: np.ndarray, base: np.ndarray, moved: Moved) -> None:
    """Write rows of scores: those of the base, but for what moves."""
    company, score, z = moved.company, moved.total, 0
    for v in range(out.shape[0]):
        row = out[v]
        for i in range(base.size):
            row[i] = base[i]
        while z < moved.ends[v]:
            row[company[z]] = score[z]
            z += 1


@_compiled
def find(
    begin: int,
    end: int,
    base: Ground,
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
    base : Ground
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
        _set(now.control, patches.control, v)
        _set(now.shut, patches.shut, v)
        _set(now.need, patches.need, v)
        _set(now.reach, patches.reach, v)
        _set(now.supplied, patches.supplied, v)
        _set(now.admitted, patches.admitted, v)
        _restrict(v, base, before, patches.control, state)
        _strike(v, base, patches, state)
        _touch(v, patches.shut, base.shut, state.touched)
        _mark(v, patches.admitted, state.touched, _ACCESS)
        _mark(v, patches.supplied, state.touched, _ALL_SUPPLY)
        count, controls, others = _collect(base, state, moved, count, controls, others)
        moved.ends[v - begin] = count
        _reset(now.control, before.control, patches.control, v)
        _reset(now.shut, before.shut, patches.shut, v)
        _reset(now.need, before.need, patches.need, v)
        _reset(now.reach, before.reach, patches.reach, v)
        _reset(now.supplied, before.supplied, patches.supplied, v)
        _reset(now.admitted, before.admitted, patches.admitted, v)
    return count, controls, others


@_inner
def _set(table: np.ndarray, patch: Patch, v: int) -> None:
    for q in range(patch.first[v], patch.first[v + 1]):
        table[patch.cell[q]] = patch.value[q]


@_inner
def _reset(table: np.ndarray, before: np.ndarray, patch: Patch, v: int) -> None:
    for q in range(patch.first[v], patch.first[v + 1]):
        table[patch.cell[q]] = before[patch.cell[q]]


@_inner
def _restrict(v: int, base: Ground, before: Tables, patch: Patch, state: State) -> None:
    """Add what the cells of `control` gain to the exposure of the companies that look at them."""
    first, companies, revenue = base.restricted.first, base.restricted.member, base.restricted_revenue
    touched, added = state.touched, state.added
    for q in range(patch.first[v], patch.first[v + 1]):
        c = patch.cell[q]
        more = patch.value[q] - before.control[c]
        for m in range(first[c], first[c + 1]):
            touched[companies[m]] |= _CONTROL
            added[companies[m]] += revenue[m] * more


@_inner
def _touch(v: int, patch: Patch, companies: Lists, touched: np.ndarray) -> None:
    for q in range(patch.first[v], patch.first[v + 1]):
        c = patch.cell[q]
        for m in range(companies.first[c], companies.first[c + 1]):
            touched[companies.member[m]] |= _ACCESS


@_inner
def _mark(v: int, patch: Patch, touched: np.ndarray, part: int) -> None:
    for q in range(patch.first[v], patch.first[v + 1]):
        touched[patch.cell[q]] |= part


@_inner
def _strike(v: int, base: Ground, patches: Patches, state: State) -> None:
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
            felt = _felt(use_first[s], use_first[s + 1], use_need, use_rests, need, supplied[i])
            new = _through(reach[c], felt)
            if new == old:
                continue
            if old < 1.0:
                touched[i] |= _SUPPLY
                factor[i] *= (1.0 - new) / (1.0 - old)
            else:  # supply spared nothing, and a factor cannot tell what it spares now
                touched[i] |= _ALL_SUPPLY


@_inner
def _felt(
    begin: int, end: int, use_need: np.ndarray, use_rests: np.ndarray, need: np.ndarray, supplied: float
) -> float:
    """Share of revenue that rests on a mineral over some uses, weighted by the force on it."""
    felt = 0.0
    for q in range(begin, end):
        felt += use_rests[q] * max(need[use_need[q]], supplied)
    return felt


@_inner
def _collect(base: Ground, state: State, moved: Moved, count: int, controls: int, others: int) -> tuple[int, int, int]:
    """List the touched companies with their exposures, and leave none touched."""
    known = base.known
    segment_first, segment_cell, china_revenue = base.segments.first, base.segments.member, base.china_revenue
    stake_first, stakes, stake_cell = base.stakes.first, base.stakes.member, base.stake_cell
    use_first, use_need, use_rests = base.uses.first, base.uses.member, base.use_rests
    shut, need, reach = state.now.shut, state.now.need, state.now.reach
    touched, listed, added, factor = state.touched, state.listed, state.added, state.factor
    company, total, control_of, control = moved.company, moved.total, moved.control_of, moved.control
    retaliation_of, spared, access = moved.retaliation_of, moved.spared, moved.access
    for z in range(_list(touched, listed)):
        i = listed[z]
        parts = touched[i]
        touched[i] = 0
        rest = known[i, 0]
        if parts & _CONTROL:
            # What was added may leave less than nothing by a rounding.
            control[controls] = max(known[i, 3] + added[i], 0.0)
            control_of[controls] = count
            controls += 1
            added[i] = 0.0
        else:
            rest += known[i, 1]
        if parts > _CONTROL:
            spares, exposure = known[i, 4], known[i, 5]
            if parts & _ALL_SUPPLY:
                spares, supplied = 1.0, state.now.supplied[i]
                for m in range(stake_first[i], stake_first[i + 1]):
                    s = stakes[m]
                    felt = _felt(use_first[s], use_first[s + 1], use_need, use_rests, need, supplied)
                    spares *= 1.0 - _through(reach[stake_cell[s]], felt)
                factor[i] = 1.0
            elif parts & _SUPPLY:
                spares *= factor[i]
                factor[i] = 1.0
            if parts & _ACCESS:
                exposure, admitted = 0.0, state.now.admitted[i]
                for k in range(segment_first[i], segment_first[i + 1]):
                    exposure += china_revenue[k] * max(shut[segment_cell[k]], admitted)
            spared[others], access[others] = spares, exposure
            retaliation_of[others] = count
            others += 1
        else:
            rest += known[i, 2]
        company[count], total[count] = i, rest
        count += 1
    return count, controls, others


@_inner
def _list(touched: np.ndarray, listed: np.ndarray) -> int:
    """List the touched companies in order; their number."""
    count, eights = 0, touched.view(np.uint64)
    for e in range(eights.size):
        if eights[e]:
            for i in range(8 * e, 8 * e + 8):
                listed[count] = i
                count += touched[i] != 0  # no branch to predict
    return count
