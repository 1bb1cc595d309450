"""Sweep: the score of every company under many variants of the same facts.

A scenario changes some controls, some measures, or a number of the methodology. It moves only the companies whose
families, minerals and countries these touch; everyone else keeps the base score. A large sweep computes no more than
that, compiled; a small one is done before anything could be compiled, by one evaluation after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

import numpy as np

from scoring.facts.facts import Facts
from scoring.methodology import Methodology
from scoring.score.evaluation import Evaluation, evaluate
from scoring.score.sweep.moves import COMPOSITE, Base, Variant, same

if TYPE_CHECKING:
    from scoring.scenario import Scenario

PAYS: Final = 1 << 23
"""Scores from which it pays to compile the loops, which takes some seconds in a process."""

_AT_ONCE: Final = 256
"""Variants whose changed cells are held at once."""


def sweep(
    base: Evaluation,
    variants: Iterable[Variant],
    out: np.ndarray | None = None,
    *,
    compiled: bool | None = None,
    threads: int = 1,
) -> np.ndarray:
    """Score every company under every variant.

    Parameters
    ----------
    base : Evaluation
        Without a leading axis.
    variants : iterable of Variant
        With an iterable that has no length, `out` must be given.
    out : ndarray of float, shape (s, n), optional
        Where to write.
    compiled : bool, optional
        Whether to compile the loops. Default: if there are at least `PAYS` scores. Scores differ by less than
        1e-12 from those of an evaluation if so, and are the same if not.
    threads : int
        That share the compiled loops; the scores do not depend on it.

    Returns
    -------
    ndarray of float, shape (s, n)
        Scores 0..100; NaN = no score.

    Raises
    ------
    ValueError
        A variant differs from the base in more than rules, measures, events and parameters, or `out` has another
        shape.
    """
    n = base.score.size
    if out is None:
        variants = list(variants)
        out = np.empty((len(variants), n))
    if out.ndim != 2 or out.shape[1] != n:
        raise ValueError(f"out has the shape {out.shape}, and a row must have {n} scores")
    shared = Base(base)
    pays = out.size >= PAYS if compiled is None else compiled
    if not (pays and compilable(base)):
        for row, variant in zip(out, variants, strict=True):
            shared.check(variant)
            row[:] = evaluate(variant.facts, base.methodology, variant.parameters).score
        return out
    from scoring.score.sweep.kernel import Kernel

    kernel, left, done = Kernel(base, shared.tables), iter(variants), 0
    while some := list(islice(left, _AT_ONCE)):
        rows = out[done : done + len(some)]
        if len(rows) < len(some):
            raise ValueError(f"there are more variants than the {len(out)} rows to write")
        kernel.score(shared.patches(some), rows, threads)
        for row, variant in zip(rows, some, strict=True):
            # Every score moves, or the loops do not hold what moves.
            if not same(variant.parameters, base.parameters, *COMPOSITE) or names_customers(variant.facts):
                row[:] = evaluate(variant.facts, base.methodology, variant.parameters).score
        done += len(some)
    if done < len(out):
        raise ValueError(f"there are {done} variants for {len(out)} rows to write")
    return out


def compilable(base: Evaluation) -> bool:
    """Whether the compiled loops hold the formulas of an evaluation.

    They hold no named customers, and no acts that add to the threat where every mineral counts.
    """
    return not names_customers(base.facts) and (base.parameters.bottleneck or not base.parameters.adds)


def names_customers(facts: Facts) -> bool:
    """Whether a package names a customer of any company."""
    return not set(facts.customers.entity.tolist()).isdisjoint(facts.rules.listed_entity.tolist())


def sweep_scenarios(
    facts: Facts,
    methodology: Methodology,
    scenarios: Sequence[Scenario],
    out: np.ndarray | None = None,
    *,
    compiled: bool | None = None,
    threads: int = 1,
) -> np.ndarray:
    """Score every company under every scenario.

    Parameters
    ----------
    facts : Facts
    methodology : Methodology
    scenarios : sequence of Scenario
    out, compiled, threads
        As in `sweep`.

    Returns
    -------
    ndarray of float, shape (s, n)
        Scores 0..100; NaN = no score.

    Raises
    ------
    ScenarioInvalidError
        A scenario names what the release or the methodology does not have.
    """
    from scoring.scenario.apply import apply, on_axis

    facts = on_axis(facts, scenarios)
    base = evaluate(facts, methodology)
    if out is None:
        out = np.empty((len(scenarios), base.score.size))

    def variants() -> Iterator[Variant]:
        for scenario in scenarios:
            applied = apply(scenario, facts, methodology)
            own = applied.methodology is not methodology
            yield Variant(applied.facts, applied.methodology.parameters if own else base.parameters)

    return sweep(base, variants(), out, compiled=compiled, threads=threads)
