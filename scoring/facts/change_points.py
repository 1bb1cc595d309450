"""Timeline: the days on which something that a score rests on changes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

import numpy as np

from scoring.facts.selection import YEARLY_FIGURES, figure_known_from
from scoring.reference.releases.release import Release

_DATES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "rules": (
        ("rules", "announced"),
        ("rules", "effective_from"),
        ("rules", "effective_to"),
        ("rules", "end_announced"),
    ),
    "measures": (
        ("countermeasures", "announced"),
        ("countermeasures", "effective_from"),
        ("countermeasures", "effective_to"),
        ("countermeasures", "end_announced"),
    ),
    "china": (("revenue", "known_by"),),
    "segments": (("segments", "known_by"), ("business_mix", "valid_from")),
    "events": (("coercion_events", "date"),),
}
"""Columns of dates on which each block of facts may change."""


def change_points(release: Release, start: dt.date, end: dt.date) -> dict[dt.date, set[str]]:
    """Days after `start` and up to `end` on which a block of facts changes, in order, with the blocks.

    Between two of them only the decay of the latent threat moves a score.

    Returns
    -------
    dict of date to set of str
        Blocks as `scoring.facts.facts.Facts.on` names them.
    """
    found: dict[dt.date, set[str]] = defaultdict(set)
    for block, columns in _DATES.items():
        for table, column in columns:
            days = release.columns(table)[column]
            for day in np.unique(days[~np.isnat(days)]).astype(object).tolist():
                if start < day <= end:
                    found[day].add(block)
    for table in YEARLY_FIGURES:
        years = release.columns(table)["year"]
        for year in np.unique(years[~np.isnan(years.astype(float))]).tolist():
            day = figure_known_from(table, int(year))
            if start < day <= end:
                found[day].add("mineral")
    return dict(sorted(found.items()))
