"""Impact: what a scenario does to a list of names, and whom a rule, measure, mineral or scenario hits."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from scoring.columns import IMPACT
from scoring.errors import ScenarioInvalidError
from scoring.scenario import Scenario, apply
from scoring.score.evaluation import Evaluation, evaluate
from scoring.score.snapshot import Snapshot
from scoring.suggest import nearest

if TYPE_CHECKING:
    from scoring.reference.identifiers.resolver import Match
    from scoring.reference.identifiers.row import Queries
    from scoring.score.snapshot import Columns

What = Literal["rule", "measure", "mineral", "scenario"]

_LEAST: Final = 1e-9
"""Points below which a score has not moved: sums are exact only up to the order of their terms."""


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


def who_is_hit(scorer: Snapshot, what: What, name: str | Scenario) -> Columns:
    """Every company that one thing moves, hardest hit first.

    Parameters
    ----------
    scorer : Snapshot
    what : {"rule", "measure", "mineral", "scenario"}
        A rule, measure or mineral that counts at the date is compared with a world without it: the delta is what it
        adds to the score. A scenario is compared with a world without it.
    name : str or Scenario
        rule_id, measure_id, mineral, or a scenario.

    Returns
    -------
    dict of str to ndarray
        `IMPACT`, one row per company whose score, or floor where it has no score, moves by more than 1e-9.

    Raises
    ------
    ScenarioNotFoundError, ScenarioInvalidError
        No such thing; the message lists near matches.
    """
    known = scorer.evaluation
    if what == "scenario":
        after = Snapshot(scorer.release, scorer.as_of, scorer.methodology, name)
        before_evaluation, after_evaluation = known, after.evaluation
        label = after.versions["scenario"]
    else:
        before_evaluation, after_evaluation = _without(scorer, what, str(name)), known
        label = scorer.versions["scenario"]
    moved = _moved(before_evaluation, after_evaluation)
    matches = scorer.resolver.resolve_many([known.facts.company_ids[company] for company in moved])
    columns = _columns(scorer, before_evaluation, after_evaluation, matches)
    return columns | {"scenario": np.full(len(matches), label, dtype=object)}


def _without(scorer: Snapshot, what: str, name: str) -> Evaluation:
    """The world without one thing."""
    facts, methodology = scorer.evaluation.facts, scorer.evaluation.methodology
    if what == "mineral":
        if name not in facts.minerals:
            raise ScenarioInvalidError(
                "mineral",
                f"{name[:200]!r} is not in release {scorer.release.version}",
                f"{nearest(name, facts.minerals)}see the table minerals",
            )
        share = np.where(np.array(facts.minerals) == name, 0.0, facts.mineral.supply_share)
        return evaluate(facts.replace(mineral=dataclasses.replace(facts.mineral, supply_share=share)), methodology)
    change = {
        "rule": {"op": "end_rules", "rule_ids": [name]},
        "measure": {"op": "end_countermeasures", "measure_ids": [name]},
    }[what]
    ended = Scenario.model_validate({"scenario_id": "without", "changes": [change]})
    applied = apply(ended, facts, methodology)
    return evaluate(applied.facts, methodology)


def _moved(before: Evaluation, after: Evaluation) -> np.ndarray:
    """Companies that moved, hardest hit first."""
    delta = after.score - before.score
    size = np.abs(np.where(np.isnan(delta), after.floor - before.floor, delta))
    moved = np.flatnonzero(np.nan_to_num(size) > _LEAST)
    order: np.ndarray = moved[np.lexsort((moved, -size[moved]))]
    return order


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
        "rank_before": ranks(before.score),
        "rank": ranks(after.score),
    }
    found = {name: pick(values) for name, values in numbers.items()}
    return {name: found[name] if name in found else rows[name] for name in IMPACT}
