"""Unsold: what could not be sold to China in the period that a China share describes.

Sales that a control prevented are not in the share, so none of it is the segment's whose sales were all prevented.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scoring.facts.blocks import Rules
from scoring.facts.selection import active
from scoring.reference.clock import CLOCK

if TYPE_CHECKING:
    from scoring.facts.facts import Facts


def unsold(facts: Facts, rules: Rules) -> np.ndarray:
    """Segments that lost at least the methodology's fraction to the controls in force in the middle of the period.

    Parameters
    ----------
    facts : Facts
    rules : Rules
        Every package of the release, on the axes of `facts`.

    Returns
    -------
    ndarray of bool, shape (k,)
        Product and service segments apart: services only by packages that cover them.
    """
    least, segments = facts.choices.unsold_from, facts.segments
    if least is None:
        return np.zeros(segments.row.size, dtype=bool)
    of = dict(facts.choices.loss)
    taken = rules.entries_taken(np.array([of[measure] for measure in rules.measure]), discounted=True)
    segment, entry = _absorbed(facts, rules)
    imposers = max(len(rules.imposers), 1)
    cell = segment * imposers + rules.imposer[rules.entry_rule[entry]]
    lost = np.bincount(cell, taken[entry], segments.row.size * imposers).reshape(-1, imposers)
    shut: np.ndarray = lost.max(axis=1) >= least
    return shut


def _absorbed(facts: Facts, rules: Rules) -> tuple[np.ndarray, np.ndarray]:
    """Segments, and entries of packages that were in force for them at the midpoint of their company's period."""
    segments, midpoint = facts.segments, facts.china.midpoint
    known = np.flatnonzero(~np.isnat(midpoint[segments.company]))
    order = np.argsort(rules.entry_family, kind="stable")
    ordered = rules.entry_family[order]
    first = np.searchsorted(ordered, segments.family[known], "left")
    count = np.searchsorted(ordered, segments.family[known], "right") - first
    segment = np.repeat(known, count)
    entry = order[np.repeat(first - (np.cumsum(count) - count), count) + np.arange(segment.size)]
    rule, company = rules.entry_rule[entry], segments.company[segment]
    binds = rules.binds[rule, facts.country[company]] & (rules.servicing[rule] | (segments.service[segment] == 0))
    segment, entry, rule, company = segment[binds], entry[binds], rule[binds], company[binds]
    table, row = facts.release.columns("rules"), rules.row[rule]
    acts = {name: table[name][row] for name in (*CLOCK["rules"].enters, "status")}
    then = active("rules", acts, midpoint[company], facts.timing)
    return segment[then], entry[then]
