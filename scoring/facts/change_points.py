"""Change points: the days on which something that a score rests on changes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from scoring.reference.clock import days
from scoring.reference.releases.release import Release

_TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "rules": ("rules",),
    "measures": ("countermeasures",),
    "china": ("revenue",),
    "segments": ("segments", "business_mix"),
    "events": ("coercion_events",),
    "mineral": ("mineral_imports", "mineral_facts"),
}
"""Tables that each block of facts is taken from, as far as they change over time."""


def change_points(release: Release, start: dt.date, end: dt.date) -> dict[dt.date, set[str]]:
    """Days after `start` and up to `end` on which a block of facts changes, in order, with the blocks.

    Between two of them only the decay of the latent threat moves a score.

    Returns
    -------
    dict of date to set of str
        Blocks as `scoring.facts.facts.Facts.on` names them.
    """
    found: dict[dt.date, set[str]] = defaultdict(set)
    for block, tables in _TABLES.items():
        for table in tables:
            for day in days(table, release.columns(table)).astype(object).tolist():
                if start < day <= end:
                    found[day].add(block)
    return dict(sorted(found.items()))
