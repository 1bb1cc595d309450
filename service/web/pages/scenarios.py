"""Scenarios of the library on every company: what a page about one of them, or about all, shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.web.memory import remembered

if TYPE_CHECKING:
    from scoring.scenario.model import Scenario
    from scoring.score.snapshot import Columns
    from scoring.scorer import Scorer


@remembered()
def library(scorer: Scorer) -> list[tuple[Scenario, Columns, Columns]]:
    """Each scenario, what it does to every company, and the revenue at risk of every company with it."""
    from scoring.changes.impact import impact
    from scoring.scenario import compose, list_scenarios, load_scenario
    from scoring.scorer import Scorer

    ids = list(scorer.evaluation.facts.company_ids)
    found = []
    for name in list_scenarios():
        assumed = [one for one in (scorer.scenario, load_scenario(name)) if one is not None]
        after = Scorer(scorer.release, scorer.as_of, scorer.methodology, compose(assumed))
        found.append((load_scenario(name), impact(scorer, after, ids), after.risk_columns(ids)))
    return found


def library_on(scorer: Scorer, company_id: str) -> list[dict[str, Any]]:
    """What each scenario of the library does to one company, the hardest first."""
    row = list(scorer.evaluation.facts.company_ids).index(company_id)
    found = []
    for scenario, impact, risk in library(scorer):
        one = {name: column[row] for name, column in impact.items()}
        one |= {name: risk[name][row] for name in risk if name.startswith(("share_at_risk", "revenue_at_risk"))}
        retaliates = abs(_known(one["delta_retaliation"])) > abs(_known(one["delta_control"]))
        found.append(one | {"scenario_id": scenario.scenario_id, "title": scenario.title, "retaliates": retaliates})
    return sorted(found, key=lambda one: -_known(one["delta"]))


def _known(value: float) -> float:
    return 0.0 if value is None or value != value else float(value)


def entries() -> list[dict[str, Any]]:
    """The library, each with its title and description."""
    from scoring.scenario import list_scenarios, load_scenario

    return [load_scenario(name).document() for name in list_scenarios()]
