"""Controls: what many variants' packages change in the restricted fractions, computed only where they differ."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoring.exposure.control import (
    Restrictions,
    counted,
    entry_strength,
    overlapped,
    package_strength,
    sums_by_imposer,
)
from scoring.facts.blocks import Rules
from scoring.score.evaluation import Evaluation
from scoring.score.sweep.stack import places, stacked_rules
from scoring.score.sweep.tables import Changes


def control_changes(base: Evaluation, table: np.ndarray, blocks: Sequence[Rules]) -> Changes:
    """Cells of the table of restricted fractions that variants change.

    Parameters
    ----------
    base : Evaluation
    table : ndarray of float, shape (2 f j,)
        Of the evaluation.
    blocks : sequence of Rules
        Of variants with the numbers of the evaluation.
    """
    if not blocks:
        return Changes(np.zeros(0, dtype=int), np.zeros(0, dtype=int), np.zeros(0))
    facts, before = base.facts, base.restricted
    variants, families, countries = len(blocks), len(facts.families), len(facts.countries)
    rules, variant = stacked_rules(blocks)
    package = package_strength(rules, base.parameters)
    entry = entry_strength(rules, package, base.parameters)
    of = variant[rules.entry_rule]
    new, (lost_by, lost) = _differing(base, blocks, rules, variant, entry)
    touched = np.zeros((variants, families, countries), dtype=bool)
    binds = facts.rules.binds[facts.rules.entry_rule[lost]]
    _reach(touched, lost_by, facts.rules.entry_family[lost], binds)
    _reach(touched, of[new], rules.entry_family[new], rules.binds[rules.entry_rule[new]])

    # Whatever reaches a touched cell counts in it, whether it is new or not.
    some = np.flatnonzero(touched.any(axis=2)[of, rules.entry_family])
    among, country = np.nonzero(rules.binds[rules.entry_rule[some]] & touched[of[some], rules.entry_family[some]])
    reaching = some[among]
    number = np.cumsum(touched) - 1
    cell = number[(of[reaching] * families + rules.entry_family[reaching]) * countries + country]
    now = overlapped(sums_by_imposer(rules, entry, reaching, cell, int(touched.sum())), axis=-3)

    # In a family, alignment looks at all countries; where the allies are others, it looks at other ones in all.
    families_of = touched.any(axis=2) | (rules.allied != before.allied).any(axis=1)[:, None]
    row = (np.cumsum(families_of) - 1).reshape(variants, families)
    by, family = np.nonzero(families_of)
    fractions = before.now[:, family]
    v, f, j = np.nonzero(touched)
    fractions[:, row[v, f], j] = now
    some_families = Restrictions(package=package, entry=entry, by_imposer=now, allied=rules.allied[by], now=fractions)
    value = counted(some_families, base.parameters.alignment(facts.countries))
    service, r, j = np.nonzero(value != table.reshape(before.now.shape)[:, family])
    return Changes(by[r], (service * families + family[r]) * countries + j, value[service, r, j])


def _differing(
    base: Evaluation, blocks: Sequence[Rules], rules: Rules, variant: np.ndarray, entry: np.ndarray
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Entries that the base does not have, and of each variant those of the base that it does not have."""
    known = base.facts.rules
    named_alike = np.array([block.imposers[: len(known.imposers)] == known.imposers for block in blocks])
    at = places(known.row, rules.row)
    same_package = (
        (at >= 0)
        & named_alike[variant]
        & (rules.imposer == known.imposer[at])
        & (rules.servicing == known.servicing[at])
        & (rules.binds == known.binds[at]).all(axis=1)
    )
    position = places(known.entry_row, rules.entry_row)
    same = (
        (position >= 0)
        & same_package[rules.entry_rule]
        & (at[rules.entry_rule] == known.entry_rule[position])
        & (rules.entry_family == known.entry_family[position])
        & (entry == base.restricted.entry[position])
    )
    entries = known.entry_row.size
    found = variant[rules.entry_rule[same]] * entries + position[same]
    count = np.bincount(found, minlength=len(blocks) * entries).reshape(len(blocks), entries)
    by, lost = np.nonzero(count != 1)
    return np.flatnonzero(~same), (by, lost)


def _reach(touched: np.ndarray, variant: np.ndarray, family: np.ndarray, binds: np.ndarray) -> None:
    """Mark the cells that some entries reach."""
    of, country = np.nonzero(binds)
    touched[variant[of], family[of], country] = True
