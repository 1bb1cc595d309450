"""What a scenario may ask for is bounded, and refused at the first thing that is too much."""

from __future__ import annotations

import contextlib
import itertools

import pytest

from scoring.errors import ScenarioInvalidError
from scoring.scenario import list_scenarios, load_scenario
from scoring.score.snapshot import Snapshot
from scoring.scorer import Scorer

ADD = {"op": "add_rule", "imposed_by": "US", "measure": "licence-required", "covers_servicing": True}


@pytest.fixture(scope="module")
def families(release) -> list[str]:
    return release.columns("product_families")["product_family"].tolist()


def align(country: str, leader: str, families: list[str]) -> dict:
    return {"op": "align", "countries": [country], "with": leader, "families": families, "servicing": True}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ([{"op": "end_rules", "rule_ids": [f"rule-{i}" for i in range(300_000)]}], "end_rules.rule_ids"),
        ([{"op": "end_rules", "rule_ids": [1] * 300_000}], "end_rules.rule_ids.0"),
        ([{"op": "activate_scheduled"}] * 50_000, "changes"),
        ([1] * 50_000, "changes.0"),
    ],
    ids=["names", "numbers", "changes", "no-changes"],
)
def test_a_document_without_end_is_refused_in_one_line(changes, field):
    with pytest.raises(ScenarioInvalidError, match="changes") as refused:
        load_scenario({"scenario_id": "endless", "changes": changes})
    assert field in refused.value.field
    assert len(str(refused.value)) < 500


@pytest.mark.parametrize("leaders", [("US",), ("US", "JP")], ids=["itself", "each-other"])
def test_changes_that_copy_each_others_copies_end(release, families, leaders):
    circle = itertools.cycle(leaders)
    leader = next(circle)
    changes = []
    for count in range(1, 40):
        country = next(circle)
        changes.append(align(country, leader, families[: 1 + count % len(families)]))
        leader = country
    with pytest.raises(ScenarioInvalidError, match="packages of controls are assumed, more than 1000"):
        Scorer(release, scenario={"scenario_id": "circle", "changes": changes})


def test_assumed_facts_are_counted(release, families):
    changes = [{**ADD, "families": dict.fromkeys(families, i / 1000)} for i in range(1000)]
    with pytest.raises(ScenarioInvalidError, match="facts are assumed, more than 20000"):
        Scorer(release, scenario={"scenario_id": "many", "changes": changes})


def test_an_assumed_rule_is_followed_like_one_of_the_release(release, families):
    made = {**ADD, "imposed_by": "JP", "families": {families[0]: 0.5}}
    scorer = Scorer(release, scenario={"scenario_id": "both", "changes": [made, align("KR", "JP", families)]})
    copies = [a for a in scorer.evaluation.facts.assumptions if a.row.get("imposed_by") == "KR"]
    assert "assumed: as JP under both" in {copy.row["title"] for copy in copies}


@pytest.mark.parametrize("first", list_scenarios())
def test_scenarios_of_the_library_compose_in_any_order(release, first):
    for second in list_scenarios():
        with contextlib.suppress(ScenarioInvalidError):  # the two contradict each other
            Snapshot(release, scenario=[first, second])
