"""Scenarios of the library on every company: what a page about one of them, or about all, shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from service.web.memory import remembered

if TYPE_CHECKING:
    from scoring.scenario.model import Scenario
    from scoring.score.snapshot import Columns
    from scoring.scorer import Scorer


_MOVES: Final = ("delta", "delta_control", "delta_retaliation", "score_before", "score")
_MONEY: Final = (
    *("share_at_risk", "share_at_risk_low", "share_at_risk_high"),
    *("revenue_at_risk_usd", "revenue_at_risk_usd_low", "revenue_at_risk_usd_high"),
)


@remembered()
def library(scorer: Scorer) -> list[tuple[Scenario, Columns]]:
    """Each scenario, and what it does to every company: its score, and its revenue at risk with it."""
    from scoring.scenario import list_scenarios, load_scenario

    return [(load_scenario(name), moves(scorer, load_scenario(name))) for name in list_scenarios()]


def moves(scorer: Scorer, scenario: Scenario) -> Columns:
    """What a scenario does to every company, on top of the one that the scorer has already."""
    from scoring.changes.impact import impact
    from scoring.scenario import compose
    from scoring.scorer import Scorer

    ids = list(scorer.evaluation.facts.company_ids)
    assumed = [one for one in (scorer.scenario, scenario) if one is not None]
    after = Scorer(scorer.release, scorer.as_of, scorer.methodology, compose(assumed))
    moved, risk = impact(scorer, after, ids), after.risk_columns(ids)
    return {name: moved[name] for name in _MOVES} | {name: risk[name] for name in _MONEY}


def library_on(scorer: Scorer, company_id: str) -> list[dict[str, Any]]:
    """What each scenario of the library does to one company, the hardest first."""
    row = list(scorer.evaluation.facts.company_ids).index(company_id)
    found = []
    for scenario, columns in library(scorer):
        one = {name: column[row] for name, column in columns.items()}
        retaliates = abs(_known(one["delta_retaliation"])) > abs(_known(one["delta_control"]))
        found.append(one | {"scenario_id": scenario.scenario_id, "title": scenario.title, "retaliates": retaliates})
    return sorted(found, key=lambda one: -_known(one["delta"]))


def hit_by(scorer: Scorer, scenario: Scenario) -> list[dict[str, Any]]:
    """Companies that a scenario moves, the hardest hit first."""
    columns = moves(scorer, scenario)
    size = np.abs(np.nan_to_num(columns["delta"]))
    rows = [row for row in np.argsort(-size, kind="stable").tolist() if size[row] > 0]
    companies = scorer.release.columns("companies")
    who = ("company_id", "name", "country", "sector")
    return [
        {name: companies[name][row] for name in who} | {name: column[row] for name, column in columns.items()}
        for row in rows
    ]


def _known(value: float) -> float:
    return 0.0 if value is None or value != value else float(value)
