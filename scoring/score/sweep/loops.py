"""Compiled loops: what every way of finding the scores that variants move has in common.

Importing this module imports numba, and the first call of a process compiles for some seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final, NamedTuple, TypeVar, cast

import numba
import numpy as np

from scoring.score.sweep.baseline import Lists
from scoring.score.sweep.tables import Patch, Patches, Tables

F = TypeVar("F", bound=Callable[..., object])

# Not cached on disk: numba does not notice when a function of another file has changed. Compiled code must not hold a
# comprehension: the pass that inlines it drops writes to arrays of named tuples (numba issue 7135).
_jit: Any = partial(numba.njit, nogil=True, error_model="numpy")


def compiled(function: F) -> F:
    """Compiled to be called from Python."""
    return cast(F, _jit(function))


def inner(function: F) -> F:
    """Compiled to be called by compiled code only, which takes half as long."""
    return cast(F, _jit(function, no_cpython_wrapper=True, no_cfunc_wrapper=True))


CONTROL: Final = 1
ACCESS: Final = 2
SUPPLY: Final = 4
ALL_SUPPLY: Final = 8
"""What of a company has to be computed again: bits of one number."""


class State(NamedTuple):
    """What changes from variant to variant; between two of them it is as it was for the first.

    Attributes
    ----------
    now : Tables
        Of the variant.
    touched : ndarray of int, shape (n and a little more,)
        What of the company at each place has to be computed again.
    listed : ndarray of int
        Room for these places.
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


@compiled
def add(total: np.ndarray, of: np.ndarray, term: np.ndarray) -> None:
    """Add terms to the totals `of` which they are."""
    for k in range(term.size):
        total[of[k]] += term[k]


@compiled
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


@inner
def set_cells(table: np.ndarray, patch: Patch, v: int) -> None:
    """Give a table what a variant changes."""
    for q in range(patch.first[v], patch.first[v + 1]):
        table[patch.cell[q]] = patch.value[q]


@inner
def reset_cells(table: np.ndarray, before: np.ndarray, patch: Patch, v: int) -> None:
    """Take from a table what a variant changes."""
    for q in range(patch.first[v], patch.first[v + 1]):
        table[patch.cell[q]] = before[patch.cell[q]]


@inner
def set_tables(now: Tables, patches: Patches, v: int) -> None:
    """Give the tables what a variant changes."""
    set_cells(now.control, patches.control, v)
    set_cells(now.shut, patches.shut, v)
    set_cells(now.boycott, patches.boycott, v)
    set_cells(now.need, patches.need, v)
    set_cells(now.reach, patches.reach, v)
    set_cells(now.kit, patches.kit, v)
    set_cells(now.most, patches.most, v)
    set_cells(now.supplied, patches.supplied, v)
    set_cells(now.admitted, patches.admitted, v)


@inner
def reset_tables(now: Tables, before: Tables, patches: Patches, v: int) -> None:
    """Take from the tables what a variant changes."""
    reset_cells(now.control, before.control, patches.control, v)
    reset_cells(now.shut, before.shut, patches.shut, v)
    reset_cells(now.boycott, before.boycott, patches.boycott, v)
    reset_cells(now.need, before.need, patches.need, v)
    reset_cells(now.reach, before.reach, patches.reach, v)
    reset_cells(now.kit, before.kit, patches.kit, v)
    reset_cells(now.most, before.most, patches.most, v)
    reset_cells(now.supplied, before.supplied, patches.supplied, v)
    reset_cells(now.admitted, before.admitted, patches.admitted, v)


@inner
def restrict(v: int, restricted: Lists, revenue: np.ndarray, before: Tables, patch: Patch, state: State) -> None:
    """Add what the cells of `control` gain to the exposure of the companies that look at them."""
    first, companies = restricted.first, restricted.member
    touched, added = state.touched, state.added
    for q in range(patch.first[v], patch.first[v + 1]):
        c = patch.cell[q]
        more = patch.value[q] - before.control[c]
        for m in range(first[c], first[c + 1]):
            touched[companies[m]] |= CONTROL
            added[companies[m]] += revenue[m] * more


@inner
def touch(v: int, patch: Patch, companies: Lists, touched: np.ndarray, part: int) -> None:
    """Mark a part of the companies that look at the cells that change."""
    for q in range(patch.first[v], patch.first[v + 1]):
        c = patch.cell[q]
        for m in range(companies.first[c], companies.first[c + 1]):
            touched[companies.member[m]] |= part


@inner
def mark(v: int, patch: Patch, place: np.ndarray, touched: np.ndarray, part: int) -> None:
    """Mark a part of the companies that change themselves."""
    for q in range(patch.first[v], patch.first[v + 1]):
        touched[place[patch.cell[q]]] |= part


@inner
def take_control(
    known: np.ndarray, state: State, moved: Moved, i: int, parts: int, count: int, controls: int
) -> tuple[float, int]:
    """Move the control exposure of a touched company, if that is what was touched.

    Returns
    -------
    float
        Terms of its market and, where it does not move, its control.
    int
        Number of control exposures that have moved.
    """
    if not parts & CONTROL:
        return known[i, 0] + known[i, 1], controls
    # What was added may leave less than nothing by a rounding.
    moved.control[controls] = max(known[i, 3] + state.added[i], 0.0)
    moved.control_of[controls] = count
    state.added[i] = 0.0
    return known[i, 0], controls + 1


@inner
def listed(touched: np.ndarray, listed: np.ndarray) -> int:
    """List the touched companies in order; their number."""
    count, eights = 0, touched.view(np.uint64)
    for e in range(eights.size):
        if eights[e]:
            for i in range(8 * e, 8 * e + 8):
                listed[count] = i
                count += touched[i] != 0  # no branch to predict
    return count
