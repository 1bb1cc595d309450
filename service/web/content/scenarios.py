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

_NAMES: Final = ("company_id", "name", "country", "sector", "status")
_FIGURES: Final = ("delta", "delta_control", "delta_retaliation", "score_before", "score")
_MONEY: Final = (
    *("share_at_risk", "share_at_risk_low", "share_at_risk_high"),
    *("revenue_at_risk_usd", "revenue_at_risk_usd_low", "revenue_at_risk_usd_high"),
)


def library_on(scorer: Scorer, company_id: str) -> list[dict[str, Any]]:
    """What each scenario of the library does to one company, the hardest first."""
    from scoring.scenario import list_scenarios, load_scenario

    place, found = scorer.evaluation.facts.company_ids.index(company_id), []
    for name in list_scenarios():
        moves = _of_library(scorer, name)
        one = {column: values[place : place + 1].tolist()[0] for column, values in moves.items()}
        retaliates = abs(_known(one["delta_retaliation"])) > abs(_known(one["delta_control"]))
        said = {"scenario_id": name, "title": load_scenario(name).title, "retaliates": retaliates}
        found.append(one | said)
    return sorted(found, key=lambda one: -_known(one["delta"]))


def hit_by(scorer: Scorer, scenario: Scenario, most: int) -> tuple[list[dict[str, Any]], int]:
    """Companies that a scenario moves, the hardest hit first, at most so many; and how many there are."""
    from scoring.scenario import list_scenarios, load_scenario

    name = scenario.scenario_id
    is_bundled = name in list_scenarios() and load_scenario(name).sha256 == scenario.sha256
    moves = _of_library(scorer, name) if is_bundled else _moves(scorer, scenario)
    size = np.abs(np.nan_to_num(moves["delta"].astype(float)))
    order = np.argsort(-size, kind="stable")
    order = order[size[order] > _LEAST]
    return rows_of({column: values[order[:most]] for column, values in moves.items()}), len(order)


@remembered(size=32)
def _of_library(scorer: Scorer, name: str) -> dict[str, np.ndarray]:
    """Moves by one scenario of the library: computed once for every company, so that the next one costs nothing."""
    from scoring.scenario import load_scenario

    return _moves(scorer, load_scenario(name))


def _moves(scorer: Scorer, scenario: Scenario) -> dict[str, np.ndarray]:
    """What a scenario adds to every company, on top of the one that the scorer has already.

    As `/v1/events/{event_id}/impact` gives it for a scenario of the library.
    """
    from scoring.acts.act import find_act
    from scoring.acts.states import States
    from scoring.acts.table import Added, rows_of_companies
    from scoring.scenario import compose
    from scoring.score.snapshot import Snapshot

    assumed = [one for one in (scorer.scenario, scenario) if one is not None]
    basis = scorer.release, scorer.as_of, scorer.methodology
    after = Snapshot(*basis, compose(assumed), scorer.estimates).evaluation
    act = find_act(scorer.release, scenario)
    added = Added(States(act, scorer.as_of, scorer.evaluation, after))
    columns = rows_of_companies(added, np.arange(after.score.size))
    return {name: columns[name] for name in (*_NAMES, *_FIGURES, *_MONEY)}


def _known(value: float) -> float:
    return 0.0 if value is None or value != value else float(value)
