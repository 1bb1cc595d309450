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
    facts, before = base.facts, base.restricted
    families, countries = len(facts.families), len(facts.countries)
    rules, variant = stacked_rules(blocks)
    package = package_strength(rules, base.parameters)
    entry = entry_strength(rules, package, base.parameters)
    touched = _touched(base, blocks, rules, variant, entry)
    now = _restricted(rules, variant, entry, touched)

    # In a family, alignment looks at all countries; where the allies are others, it looks at other ones in all.
    other_allies = np.logical_or.reduce(rules.allied != before.allied, axis=1)
    in_family = np.logical_or.reduce(touched, axis=2) | other_allies[:, None]
    row = (np.cumsum(in_family) - 1).reshape(in_family.shape)
    by, family = np.nonzero(in_family)
    fraction = before.now[:, family]
    v, f, j = np.nonzero(touched)
    fraction[:, row[v, f], j] = now
    some = Restrictions(package=package, entry=entry, by_imposer=now, allied=rules.allied[by], now=fraction)
    value = counted(some, base.parameters.alignment(facts.countries))
    service, r, j = np.nonzero(value != table.reshape(before.now.shape)[:, family])
    return Changes(by[r], (service * families + family[r]) * countries + j, value[service, r, j])


def _touched(
    base: Evaluation, blocks: Sequence[Rules], rules: Rules, variant: np.ndarray, entry: np.ndarray
) -> np.ndarray:
    """Families and countries that an entry reaches which only the variant or only the base has, shape (v, f, j)."""
    facts = base.facts
    touched = np.zeros((len(blocks), len(facts.families), len(facts.countries)), dtype=bool)
    new, lost_by, lost = _differing(base, blocks, rules, variant, entry)
    of_base = facts.rules
    for by, family, binds in (
        (lost_by, of_base.entry_family[lost], of_base.binds[of_base.entry_rule[lost]]),
        (variant[rules.entry_rule[new]], rules.entry_family[new], rules.binds[rules.entry_rule[new]]),
    ):
        of, country = np.nonzero(binds)
        touched[by[of], family[of], country] = True
    return touched


def _restricted(rules: Rules, variant: np.ndarray, entry: np.ndarray, touched: np.ndarray) -> np.ndarray:
    """Restricted fractions of product and service revenue in the touched cells, one after the other, shape (2, x).

    Whatever reaches a touched cell counts in it, whether the base has it or not.
    """
    _, families, countries = touched.shape
    of = variant[rules.entry_rule]
    in_family = np.logical_or.reduce(touched, axis=2)
    some = np.flatnonzero(in_family[of, rules.entry_family])
    among, country = np.nonzero(rules.binds[rules.entry_rule[some]] & touched[of[some], rules.entry_family[some]])
    reaching = some[among]
    number = np.cumsum(touched) - 1
    cell = number[(of[reaching] * families + rules.entry_family[reaching]) * countries + country]
    return overlapped(sums_by_imposer(rules, entry, reaching, cell, int(touched.sum())), axis=-3)


def _differing(
    base: Evaluation, blocks: Sequence[Rules], rules: Rules, variant: np.ndarray, entry: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Entries that the base does not have; variants, and an entry of the base that each does not have."""
    known, entries = base.facts.rules, base.facts.rules.entry_row.size
    if not entries:
        none = np.zeros(0, dtype=int)
        return np.arange(rules.entry_row.size), none, none
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
    found = variant[rules.entry_rule[same]] * entries + position[same]
    count = np.bincount(found, minlength=len(blocks) * entries).reshape(len(blocks), entries)
    by, lost = np.nonzero(count != 1)
    return np.flatnonzero(~same), by, lost
