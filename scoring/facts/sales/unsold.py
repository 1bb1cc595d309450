"""Unsold: what could not be sold to China in the period that a China share describes.

Sales that a control prevented are not in the share, so none of it is the segment's whose sales were all prevented.
"""

from __future__ import annotations

import numpy as np

from scoring.facts.blocks import Rules, Segments
from scoring.facts.choices import FactChoices
from scoring.facts.selection import Table, active
from scoring.reference.clock import CLOCK
from scoring.vocabulary import Timing


def unsold(
    segments: Segments,
    midpoint: np.ndarray,
    rules: Rules,
    table: Table,
    *,
    country: np.ndarray,
    timing: Timing,
    choices: FactChoices,
) -> np.ndarray:
    """Segments that lost at least the methodology's fraction to the controls in force in the middle of the period.

    Parameters
    ----------
    segments : Segments
    midpoint : ndarray of datetime64[D], shape (n,)
        Middle of the period that each company's China share describes, NaT = none.
    rules : Rules
        Every package of the release.
    table : mapping of str to ndarray
        Table `rules`.
    country : ndarray of int, shape (n,)
        Home of each company.
    timing : {"announced", "effective"}
    choices : FactChoices

    Returns
    -------
    ndarray of bool, shape (k,)
        Product and service segments apart: services only by packages that cover them.
    """
    if choices.unsold_from is None:
        return np.zeros(segments.row.size, dtype=bool)
    of = dict(choices.loss)
    taken = rules.entries_taken(np.array([of[measure] for measure in rules.measure]), discounted=True)
    segment, entry = _binding(segments, np.flatnonzero(~np.isnat(midpoint[segments.company])), rules, country)
    rule = rules.entry_rule[entry]
    acts = {name: table[name][rules.row[rule]] for name in CLOCK["rules"].enters}
    then = active("rules", acts, midpoint[segments.company[segment]], timing)
    imposers = max(len(rules.imposers), 1)
    cell = (segment * imposers + rules.imposer[rule])[then]
    lost = np.bincount(cell, taken[entry[then]], segments.row.size * imposers).reshape(-1, imposers)
    shut: np.ndarray = lost.max(axis=1) >= choices.unsold_from
    return shut


def _binding(segments: Segments, known: np.ndarray, rules: Rules, country: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each of the known segments with each entry of its family in a package that binds its company."""
    order = np.argsort(rules.entry_family, kind="stable")
    ordered = rules.entry_family[order]
    first = np.searchsorted(ordered, segments.family[known], "left")
    count = np.searchsorted(ordered, segments.family[known], "right") - first
    segment = np.repeat(known, count)
    entry = order[np.repeat(first - (np.cumsum(count) - count), count) + np.arange(segment.size)]
    rule = rules.entry_rule[entry]
    binds = rules.binds[rule, country[segments.company[segment]]]
    binds &= rules.servicing[rule] | (segments.service[segment] == 0)
    return segment[binds], entry[binds]
