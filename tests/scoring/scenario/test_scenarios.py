"""Scenarios: every operation, what they refuse, and that they are data."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

import scoring
from scoring.errors import ScenarioInvalidError, ScenarioNotFoundError
from scoring.scenario import compose, list_scenarios, load_scenario, parse_scenario
from scoring.scenario.library import to_yaml

AS_OF = "2024-09-02"
SERVICING = "jp-matches-us-servicing-ban"


def made(*changes, name="mine"):
    return {"scenario_id": name, "changes": list(changes)}


@pytest.fixture(scope="module")
def under(release):
    def score(*changes, as_of=AS_OF):
        return scoring.Scorer(release, as_of, "2026.1", scenario=made(*changes))

    return score


def restricted(scorer, family, country, service=0):
    facts = scorer.evaluation.facts
    return scorer.evaluation.restricted.now[service, facts.families.index(family), facts.countries.index(country)]


def test_the_library_says_what_the_reference_table_says():
    table = list(csv.DictReader((Path(__file__).parents[3] / "data/reference/scenarios.csv").open(encoding="utf-8")))
    assert list_scenarios() == sorted(row["scenario_id"] for row in table)
    for row in table:
        document = load_scenario(row["scenario_id"]).document()
        assert document.pop("changes") == json.loads(row["changes"])
        assert document == {name: cell for name, cell in row.items() if cell and name != "changes"}


@pytest.mark.parametrize("name", list_scenarios())
def test_a_scenario_survives_yaml_and_json(name):
    scenario = load_scenario(name)
    assert parse_scenario(to_yaml(scenario), "again") == scenario
    assert parse_scenario(json.dumps(scenario.document()), "again") == scenario
    shuffled = json.loads(json.dumps(scenario.document(), sort_keys=True))
    assert load_scenario(shuffled).sha256 == scenario.sha256


@pytest.mark.parametrize("as_of", ["2022-06-30", AS_OF, "2026-07-31"])
@pytest.mark.parametrize("name", list_scenarios())
def test_applied_twice_is_applied_once(release, name, as_of):
    once, twice = (scoring.Scorer(release, as_of, "2026.1", scenario=[name] * times) for times in (1, 2))
    assert np.array_equal(once.evaluation.points, twice.evaluation.points, equal_nan=True)
    assert np.array_equal(once.evaluation.floor, twice.evaluation.floor, equal_nan=True)


def test_applying_nothing_gives_the_base_bit_for_bit(release, under):
    base, nothing = scoring.Scorer(release, AS_OF, "2026.1"), under()
    assert np.array_equal(base.evaluation.points, nothing.evaluation.points, equal_nan=True)
    assert nothing.score(["8035.T"]).loc[0, "scenario"] == "mine"
    assert base.score(["8035.T"]).loc[0, "scenario"] is None


def test_a_rule_that_ended_binds_no_one(under, release):
    base = scoring.Scorer(release, AS_OF, "2026.1")
    without = under({"op": "end_rules", "rule_ids": ["jp-2023-07-23"]})
    assert restricted(base, "coater-developer", "JP") > restricted(without, "coater-developer", "JP")


def test_alignment_is_the_greater_of_both_and_never_their_sum(release, under):
    base = scoring.Scorer(release, AS_OF, "2026.1")
    aligned = under(
        {"op": "align", "countries": ["JP"], "with": "US", "families": ["etch", "semicap-services"], "servicing": True}
    )
    for family in ("etch", "semicap-services"):
        for service in (0, 1):
            own, leader = (restricted(base, family, country, service) for country in ("JP", "US"))
            assert restricted(aligned, family, "JP", service) == max(own, leader)
    for country in ("US", "NL", "KR"):
        assert restricted(aligned, "etch", country) == restricted(base, "etch", country)


def test_alignment_without_servicing_leaves_services_free(under, release):
    base = scoring.Scorer(release, AS_OF, "2026.1")
    change = {"op": "align", "countries": ["JP"], "with": "US", "families": ["semicap-services"], "servicing": False}
    assert restricted(under(change), "semicap-services", "JP", 1) == restricted(base, "semicap-services", "JP", 1)


def test_a_rule_extended_to_a_country_binds_it_as_it_binds_others(under, release):
    base = scoring.Scorer(release, "2026-07-31", "2026.1")
    change = {"op": "extend_rule", "rule_id": "us-2024-12-02-sme-fdp", "countries": ["JP"]}
    extended = under(change, as_of="2026-07-31")
    facts = extended.evaluation.facts
    japan = facts.countries.index("JP")
    added = facts.rules.binds[facts.rules.row < 0]
    assert added.sum() == 1
    assert added[0, japan]
    raised = extended.evaluation.restricted.now[..., japan] - base.evaluation.restricted.now[..., japan]
    assert raised.max() > 0
    assert raised.min() == 0


def test_an_added_rule_catches_its_fraction(under):
    added = under(
        {"op": "add_rule", "imposed_by": "IN", "families": {"osat": 0.4},
         "measure": "prohibition", "covers_servicing": False}
    )  # fmt: skip
    # India imposes no rule and no company of the release is at home there: it counts as an ally from now on.
    assert restricted(added, "osat", "IN") == 0.4
    facts = added.evaluation.facts
    assert added.evaluation.restricted.aligned[0, facts.families.index("osat")] >= 0.4


def test_the_side_of_a_measure_follows_its_word():
    def side(word, kind="product_family", **more):
        change = {"op": "add_countermeasure", "subject_kind": kind, "subject": ["x"], "target": ["US"], "measure": word}
        return load_scenario(made(change | more)).changes[0].on_side

    assert side("prohibition") == "supply"
    assert side("procurement-ban") == "access"
    assert side("prohibition", side="access") == "access"


def test_scheduled_measures_come_into_force(release, under):
    base, active = (
        scoring.Scorer(release, "2026-07-31", "2026.1"),
        under({"op": "activate_scheduled"}, as_of="2026-07-31"),
    )
    assert active.evaluation.facts.supply.row.size > base.evaluation.facts.supply.row.size
    assert active.evaluation.facts.rules.row.size == base.evaluation.facts.rules.row.size + 2
    # Nothing that was announced later.
    early = under({"op": "activate_scheduled"})
    assert (
        early.evaluation.facts.supply.row.size
        == scoring.Scorer(release, AS_OF, "2026.1").evaluation.facts.supply.row.size
    )
    assert early.scenario_notes == ("nothing was scheduled on 2024-09-02",)


def test_a_number_of_the_methodology(under, release):
    louder = under({"op": "set_parameter", "parameter": "latent_threat.maximum", "value": 0.8})
    parameter = louder.evaluation.methodology.latent_threat.maximum
    assert (parameter.value, parameter.high) == (0.8, 0.8)
    base = scoring.Scorer(release, AS_OF, "2026.1")
    assert np.allclose(louder.evaluation.force.latent, 2 * base.evaluation.force.latent, atol=1e-12)
    weights = [
        {"op": "set_parameter", "parameter": f"weights.{pillar}", "value": value}
        for pillar, value in (("market", 1.0), ("control", 0.0), ("retaliation", 0.0))
    ]
    assert np.nanmax(under(*weights).evaluation.points[:, 1:]) == 0


def test_what_is_assumed_is_cited_as_assumed(release):
    explanation = scoring.Scorer(
        release, AS_OF, "2026.1", scenario="china-cuts-rare-earths-to-japan-2010-style"
    ).explain("6594.T")
    assumed = [fact for fact in explanation.facts.values() if fact.table == "scenario"]
    assert assumed
    assert {fact.evidence for fact in assumed} == {"expert-judgement"}
    assert all(fact.statement.startswith("assumed: ") for fact in assumed)
    assert all(fact.source is not None for fact in assumed)
    assert explanation.scenario == "china-cuts-rare-earths-to-japan-2010-style"
    leaves = sum_of_leaves(explanation.tree)
    assert leaves == pytest.approx(explanation.score, abs=1e-9)


def sum_of_leaves(node):
    return sum(map(sum_of_leaves, node.children)) if node.children else node.points


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"op": "end_rules", "rule_ids": ["jp-2023-07-24"]}, "nearest: jp-2023-07-23"),
        ({"op": "end_countermeasures", "measure_ids": ["cn-2023-08-01-galium"]}, "nearest: cn-2023-08-01-gallium"),
        ({"op": "extend_rule", "rule_id": "us-sme", "countries": ["JP"]}, "changes.0.rule_id"),
        ({"op": "extend_rule", "rule_id": "jp-2023-07-23", "countries": ["Japan"]}, "'Japan' is no ISO 3166 country"),
        ({"op": "extend_rule", "rule_id": "jp-2023-07-23", "countries": []}, "at least 1 item"),
        ({"op": "align", "countries": ["JP"], "with": "US", "families": ["etching"], "servicing": True}, "etch"),
        ({"op": "add_rule", "imposed_by": "US", "families": {"etch": 1.2}, "measure": "prohibition",
          "covers_servicing": True}, "less than or equal to 1"),
        ({"op": "add_rule", "imposed_by": "US", "families": {"etch": float("nan")}, "measure": "prohibition",
          "covers_servicing": True}, "finite"),
        ({"op": "add_rule", "imposed_by": "US", "families": {"etch": 1.0}, "measure": "ban",
          "covers_servicing": True}, "presumption-of-denial"),
        ({"op": "add_countermeasure", "subject_kind": "mineral", "subject": ["galium"], "target": ["JP"],
          "measure": "prohibition"}, "nearest: gallium"),
        ({"op": "add_countermeasure", "subject_kind": "mineral", "subject": ["gallium"], "target": ["JP"],
          "measure": "procurement-ban"}, "an access measure is on a product_family or a company"),
        ({"op": "set_parameter", "parameter": "latent_threat.maximun", "value": 0.1}, "nearest: latent_threat.maximum"),
        ({"op": "set_parameter", "parameter": "beta", "value": 0.5}, "from 1 to 20"),
        ({"op": "set_parameter", "parameter": "weights.market", "value": 0.9}, "sum to 1"),
        ({"op": "forget_rules"}, "forget_rules"),
        ({"op": "end_rules", "rule_ids": ["jp-2023-07-23"], "why": "x"}, "Extra inputs"),
    ],
)  # fmt: skip
def test_a_mistake_names_the_field_and_what_is_near(under, change, says):
    with pytest.raises(ScenarioInvalidError) as error:
        under(change)
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_contradictions_are_refused():
    end = {"op": "end_rules", "rule_ids": ["jp-2023-07-23"]}
    extend = {"op": "extend_rule", "rule_id": "jp-2023-07-23", "countries": ["NL"]}
    with pytest.raises(ScenarioInvalidError, match="both ended and extended"):
        load_scenario(made(end, extend))
    one, other = ({"op": "set_parameter", "parameter": "beta", "value": value} for value in (2.0, 3.0))
    with pytest.raises(ScenarioInvalidError, match="set to 2 and to 3"):
        compose([made(one), made(other)])


@pytest.mark.parametrize("text", ["", "[]", "scenario_id: x", "a: b: c", "scenario_id: x\nscenario_id: y\nchanges: []"])
def test_a_document_that_is_none(text, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(ScenarioInvalidError, match=r"mine\.yaml"):
        load_scenario(path)


@pytest.mark.parametrize("name", ["nope", "", "../jp-matches-us-servicing-ban", "missing.yaml"])
def test_a_name_that_is_none(name):
    with pytest.raises(ScenarioNotFoundError):
        load_scenario(name)


def test_the_nearest_names_are_offered():
    with pytest.raises(ScenarioNotFoundError, match=f"nearest: {SERVICING}"):
        load_scenario("jp-matches-us-servicing")
