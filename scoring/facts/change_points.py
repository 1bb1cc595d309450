"""Change points: the days on which something that a score rests on changes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

import numpy as np

from scoring.facts.choices import AS_BEFORE, FactChoices
from scoring.facts.sales.customers import last_days as of_customers
from scoring.facts.sales.estimated import vintages
from scoring.facts.sales.figures import last_days as of_figures
from scoring.reference.clock import days
from scoring.reference.releases.release import Release

_TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "rules": ("rules",),
    "measures": ("countermeasures", "entity_parents"),
    "china": ("revenue",),
    "customers": ("customers",),
    "segments": ("segments", "business_mix"),
    "events": ("coercion_events",),
    "mineral": ("mineral_imports", "mineral_facts"),
}
"""Tables that each block of facts is taken from, as far as they change over time."""


def change_points(
    release: Release, start: dt.date, end: dt.date, choices: FactChoices = AS_BEFORE
) -> dict[dt.date, set[str]]:
    """Days after `start` and up to `end` on which a block of facts changes, in order, with the blocks.

    Between two of them only the decay of the latent threat moves a score. A figure that does not count for ever
    changes its block on the day after the last on which it counts.

    Returns
    -------
    dict of date to set of str
        Blocks as `scoring.facts.facts.Facts.on` names them.
    """
    found: dict[dt.date, set[str]] = defaultdict(set)
    turns = [
        *((block, days(table, release.columns(table))) for block, tables in _TABLES.items() for table in tables),
        ("china", of_figures(release.columns("revenue"), choices) + np.timedelta64(1, "D")),
        *((block, vintages(release)) for block in ("china", "segments") if choices.estimates),
        ("customers", of_customers(release.columns("customers"), choices) + np.timedelta64(1, "D")),
    ]
    for block, turn in turns:
        for day in np.unique(turn[~np.isnat(turn)]).astype(object).tolist():
            if start < day <= end:
                found[day].add(block)
    return dict(sorted(found.items()))
