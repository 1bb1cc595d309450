"""Impact: what a scenario does to a list of names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from scoring.columns import IMPACT
from scoring.score.evaluation import Evaluation
from scoring.score.snapshot import Snapshot

if TYPE_CHECKING:
    from scoring.reference.identifiers.resolver import Match
    from scoring.reference.identifiers.row import Queries
    from scoring.score.snapshot import Columns


def impact(before: Snapshot, after: Snapshot, tickers: Queries) -> Columns:
    """Scores of a list before and after, one row per query in order.

    Parameters
    ----------
    before, after : Snapshot
        Of one release and date; usually without and with a scenario.
    tickers : iterable of str

    Returns
    -------
    dict of str to ndarray
        `IMPACT`. A company without a score has no delta; what is known of it moves ``score_floor``.
    """
    matches = before.resolver.resolve_many(tickers)
    return _columns(before, before.evaluation, after.evaluation, matches) | {
        "scenario": np.full(len(matches), after.versions["scenario"], dtype=object)
    }


def _columns(scorer: Snapshot, before: Evaluation, after: Evaluation, matches: list[Match]) -> Columns:
    from scoring.score.ranking import ranks

    rows = scorer.columns_of(matches)
    company = np.array([match.company for match in matches], dtype=int)

    def pick(values: np.ndarray) -> np.ndarray:
        # Row -1 of one past the last company is empty: a query that named no company.
        picked: np.ndarray = np.append(values, np.nan)[company]
        return picked

    points = after.points - before.points
    numbers: Mapping[str, np.ndarray] = {
        "score_before": before.score,
        "score": after.score,
        "delta": after.score - before.score,
        "delta_market": points[:, 0],
        "delta_control": points[:, 1],
        "delta_retaliation": points[:, 2],
        "score_floor_before": before.floor,
        "score_floor": after.floor,
        "control_before": before.control.total,
        "control": after.control.total,
        "retaliation_before": before.retaliation.total,
        "retaliation": after.retaliation.total,
        "retaliation_supply_before": before.retaliation.supply,
        "retaliation_supply": after.retaliation.supply,
        "rank_before": ranks(before.score, before.facts.estimated),
        "rank": ranks(after.score, after.facts.estimated),
    }
    found = {name: pick(values) for name, values in numbers.items()}
    return {name: found[name] if name in found else rows[name] for name in IMPACT}
