"""The scores that variants move: one pass over the companies that each variant touches.

NumPy scores a universe at the speed of memory, but where a variant moves one company in fifteen it spends most of its
time on finding them. Compiled loops find them here; the formulas are those of `scoring.score.composite` and
`scoring.exposure.retaliation`. Tests hold the result to the evaluation of every variant.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np

from scoring.exposure.retaliation import either
from scoring.score.composite import height, pillar_term
from scoring.score.evaluation import Evaluation
from scoring.score.sweep import kits, stakes
from scoring.score.sweep.baseline import kit_baseline, stake_baseline
from scoring.score.sweep.loops import Moved, State, add, put
from scoring.score.sweep.tables import Patches, Tables


class Kernel:
    """Scores variants of an evaluation.

    Parameters
    ----------
    base : Evaluation
        Without a leading axis.
    tables : Tables
        Of the evaluation.
    """

    def __init__(self, base: Evaluation, tables: Tables) -> None:
        self._numbers, self._tables = base.parameters, tables
        self._baseline: Any = kit_baseline(base, tables) if self._numbers.bottleneck else stake_baseline(base, tables)
        self._find = kits.find if self._numbers.bottleneck else stakes.find

    def score(self, patches: Patches, out: np.ndarray, threads: int = 1) -> None:
        """Write the scores of variants.

        Parameters
        ----------
        patches : Patches
            What each variant changes.
        out : ndarray of float, shape (variants, n)
        threads : int

        Raises
        ------
        ValueError
            `out` has another shape.
        """
        count = patches.control.first.size - 1
        if out.shape != (count, self._baseline.score.size):  # the loops would write beyond its end
            raise ValueError(f"out has the shape {out.shape}, not {(count, self._baseline.score.size)}")

        def work(first: int) -> None:
            state, moved = State.of(self._tables), Moved.room(_ROWS, out.shape[1])
            for begin in range(first, min(first + _SHARE, count), _ROWS):
                self._rows(begin, min(begin + _ROWS, count), out, patches, state, moved)

        if threads > 1:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(work, range(0, count, _SHARE)))
        else:
            for first in range(0, count, _SHARE):
                work(first)

    def _rows(self, begin: int, end: int, out: np.ndarray, patches: Patches, state: State, moved: Moved) -> None:
        """Write the rows from `begin` to before `end`."""
        numbers = self._numbers
        count, controls, others = self._find(begin, end, self._baseline, self._tables, patches, state, moved)
        for some in _chunks(controls):
            add(moved.total, moved.control_of[some], pillar_term(1, moved.control[some], numbers))
        for some in _chunks(others):
            retaliation = either(1.0 - moved.spared[some], moved.access[some])
            add(moved.total, moved.retaliation_of[some], pillar_term(2, retaliation, numbers))
        for some in _chunks(count):
            moved.total[some] = height(moved.total[some], numbers)
        put(out[begin:end], self._baseline.score, moved)


def _chunks(count: int) -> Iterator[slice]:
    for first in range(0, count, _CHUNK):
        yield slice(first, min(first + _CHUNK, count))


_CHUNK: Final = 1 << 14
"""Numbers that a formula is computed of at once: its intermediate arrays are then not fetched from the system."""

_SHARE: Final = 128
"""Variants that a thread takes: rows that lie side by side are new to the memory of one thread only."""

_ROWS: Final = 32
"""Variants that are found before their formulas are computed: so few that a core has them at hand."""
