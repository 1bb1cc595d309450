"""Scenarios of the library on every company: what a page about one of them, or about all, shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from service.web.memory import remembered
from service.web.rows import rows_of

if TYPE_CHECKING:
    from scoring.scenario.model import Scenario
    from scoring.scorer import Scorer


_LEAST: Final = 1e-9
"""Points below which a score has not moved: sums are exact only up to the order of their terms."""

_MOVES: Final = (
    *("company_id", "name", "country", "sector"),
    "delta",
    "delta_control",
    "delta_retaliation",
    "score_before",
    "score",
)
_MONEY: Final = (
    *("share_at_risk", "share_at_risk_low", "share_at_risk_high"),
    *("revenue_at_risk_usd", "revenue_at_risk_usd_low", "revenue_at_risk_usd_high"),
)


@remembered(size=64)
def library_on(scorer: Scorer, company_id: str) -> list[dict[str, Any]]:
    """What each scenario of the library does to one company, the hardest first."""
    from scoring.scenario import list_scenarios, load_scenario

    found = []
    for scenario in map(load_scenario, list_scenarios()):
        after = _with(scorer, scenario)
        one = _moves(scorer, after, [company_id])[0]
        retaliates = abs(_known(one["delta_retaliation"])) > abs(_known(one["delta_control"]))
        found.append(one | {"scenario_id": scenario.scenario_id, "title": scenario.title, "retaliates": retaliates})
    return sorted(found, key=lambda one: -_known(one["delta"]))


def hit_by(scorer: Scorer, scenario: Scenario, most: int) -> tuple[list[dict[str, Any]], int]:
    """Companies that a scenario moves, the hardest hit first, at most so many; and how many there are."""
    after = _with(scorer, scenario)
    size = np.abs(np.nan_to_num(after.evaluation.score - scorer.evaluation.score))
    order = [row for row in np.argsort(-size, kind="stable").tolist() if size[row] > _LEAST]
    ids = scorer.evaluation.facts.company_ids
    return _moves(scorer, after, [ids[row] for row in order[:most]]), len(order)


def _with(scorer: Scorer, scenario: Scenario) -> Scorer:
    """The scorer with a scenario on top of the one that it has already."""
    from scoring.scenario import compose
    from scoring.scorer import Scorer

    assumed = [one for one in (scorer.scenario, scenario) if one is not None]
    return Scorer(scorer.release, scorer.as_of, scorer.methodology, compose(assumed), estimates=scorer.estimates)


def _moves(scorer: Scorer, after: Scorer, ids: list[str]) -> list[dict[str, Any]]:
    """Score and revenue at risk of some companies with what the second scorer assumes."""
    from scoring.changes.impact import impact

    if not ids:
        return []
    moved, risk = impact(scorer, after, ids), after.risk_columns(ids)
    return rows_of({name: moved[name] for name in _MOVES} | {name: risk[name] for name in _MONEY})


def _known(value: float) -> float:
    return 0.0 if value is None or value != value else float(value)
