"""A sweep gives what an evaluation of each variant gives: compiled, within 1e-12."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.reference.jurisdictions import WORLDWIDE
from scoring.scenario import list_scenarios, load_scenario
from scoring.score.evaluation import evaluate
from scoring.score.sweep import Variant, sweep, sweep_scenarios
from scoring.scorer import Scorer


def with_fraction(facts, pick):
    fraction = facts.rules.entry_fraction.copy()
    fraction[facts.rules.entry_rule == pick % facts.rules.row.size] *= 0.5
    return facts.replace(rules=dataclasses.replace(facts.rules, entry_fraction=fraction))


def with_reach(facts, pick):
    binds = facts.rules.binds.copy()
    binds[pick % binds.shape[0], pick % binds.shape[1]] ^= True
    return facts.replace(rules=dataclasses.replace(facts.rules, binds=binds))


def with_measure(side):
    def change(facts, pick):
        block = getattr(facts, side)
        if not block.measure.size:
            return facts
        words = block.measure.copy()
        words[pick % words.size] = "prohibition" if pick % 2 else "notification"
        return facts.replace(**{side: dataclasses.replace(block, measure=words)})

    return change


def with_age(facts, pick):
    return facts.replace(events=dataclasses.replace(facts.events, age=facts.events.age + pick / 1000))


def unchanged(facts, pick):
    return facts


CHANGES = (with_fraction, with_reach, with_measure("supply"), with_measure("access"), with_age, unchanged)
NUMBERS = (
    "control_stringency",
    "alignment_default",
    "supply_stringency",
    "access_stringency",
    "threat_maximum",
    "worldwide_share",
    "severity",
    "vulnerability",
    "unknown_import_share",
    "half_points",
    "beta",
)


def assert_close(scores, expected):
    np.testing.assert_allclose(scores, expected, rtol=0, atol=1e-12, equal_nan=True)


@given(
    as_of=st.sampled_from(["2022-10-12", "2024-09-02", "2026-07-31"]),
    steps=st.lists(st.tuples(st.sampled_from(CHANGES), st.integers(0, 10_000)), min_size=1, max_size=3),
    number=st.none() | st.sampled_from(NUMBERS),
)
@settings(max_examples=80, deadline=None)
def test_a_sweep_is_the_evaluations(scorer_at, as_of, steps, number):
    base = scorer_at(as_of).evaluation
    facts, parameters = base.facts, base.parameters
    for change, pick in steps:
        facts = change(facts, pick)
    if number is not None:
        parameters = dataclasses.replace(parameters, **{number: getattr(parameters, number) * 0.9})
    variants = [Variant(base.facts, base.parameters), Variant(facts, parameters)]
    scores = sweep(base, variants, compiled=True)
    assert np.array_equal(scores[0], base.score, equal_nan=True)
    expected = evaluate(facts, base.methodology, parameters).score
    assert_close(scores[1], expected)
    assert np.array_equal(sweep(base, variants, compiled=False)[1], expected, equal_nan=True)


def test_every_number_is_watched():
    from scoring.methodology.parameters import Parameters
    from scoring.score.sweep import moves

    watched = {*moves.COMPOSITE, *moves.CONTROL, *moves.RETALIATION, *moves.MONEY, *moves.FORM}
    assert watched == {field.name for field in dataclasses.fields(Parameters)}


@pytest.mark.parametrize("compiled", [False, True])
def test_other_companies_are_refused(scorer_at, compiled):
    base, other = scorer_at("2024-09-02").evaluation, scorer_at("2026-07-31").evaluation
    with pytest.raises(ValueError, match="segments"):
        sweep(base, [Variant(other.facts, base.parameters)], compiled=compiled)


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("rows", [1, 3])
def test_a_row_for_each_variant(scorer_at, compiled, rows):
    base = scorer_at("2024-09-02").evaluation
    variants = iter([Variant(base.facts, base.parameters)] * 2)
    with pytest.raises(ValueError, match=r"variants|zip"):
        sweep(base, variants, np.empty((rows, base.score.size)), compiled=compiled)


@pytest.mark.parametrize("as_of", ["2022-10-12", "2024-09-02", "2026-07-31"])
def test_a_sweep_of_the_library_is_a_scorer_of_each(release, scorer_at, as_of):
    names = list_scenarios()
    foreign = load_scenario(
        {
            "scenario_id": "india",
            "changes": [
                {
                    "op": "add_rule",
                    "imposed_by": "IN",
                    "families": {"osat": 0.9},
                    "measure": "prohibition",
                    "covers_servicing": False,
                }
            ],
        }
    )
    louder = load_scenario(
        {"scenario_id": "louder", "changes": [{"op": "set_parameter", "parameter": "beta", "value": 3.0}]}
    )
    scenarios = [*map(load_scenario, names), foreign, louder]
    base = scorer_at(as_of)
    scores = sweep_scenarios(base.evaluation.facts, base.methodology, scenarios)
    compiled = sweep_scenarios(base.evaluation.facts, base.methodology, scenarios, compiled=True)
    for row, near, scenario in zip(scores, compiled, scenarios, strict=True):
        expected = Scorer(release, as_of, base.methodology, scenario).evaluation.score
        assert np.array_equal(row, expected, equal_nan=True), scenario.scenario_id
        assert_close(near, expected)


MEASURES = (
    ("mineral", "gallium", "US", "prohibition", "supply"),
    ("mineral", "gallium", WORLDWIDE, "licence-required", "supply"),
    ("country", "JP", "JP", "prohibition", "supply"),
    ("company", "asml", WORLDWIDE, "prohibition", "supply"),
    ("product_family", "osat", "US", "listing", "access"),
)


def changed(op, **values):
    return {"op": op, **values}


def one_by_one(release):
    """Scenarios of one change each, and pairs of them: every operation, on what there is and on what there is not."""
    rules = release.columns("rules")["rule_id"].tolist()
    measures = release.columns("countermeasures")["measure_id"].tolist()
    families = release.columns("product_families")["product_family"].tolist()
    singles = [
        changed("end_rules", rule_ids=rules),
        changed("end_rules", rule_ids=rules[-1:]),
        changed("extend_rule", rule_id=rules[0], countries=["KR", "TW", "EU"]),
        changed("align", countries=["KR"], families=families, servicing=True, **{"with": "US"}),
        changed("align", countries=["DE", "IL"], families=families[:3], servicing=False, **{"with": "US"}),
        changed("add_rule", imposed_by="TW", families={families[0]: 0.7}, measure="prohibition", covers_servicing=True),
        changed("add_rule", imposed_by="US", families={families[0]: 0.7}, measure="prohibition", covers_servicing=True),
        changed("end_countermeasures", measure_ids=measures),
        changed("end_countermeasures", measure_ids=measures[:2]),
        changed("activate_scheduled"),
        *(
            changed(
                "add_countermeasure", subject_kind=kind, subject=[subject], target=[target], measure=word, side=side
            )
            for kind, subject, target, word, side in MEASURES
        ),
    ]
    chosen = [[one] for one in singles] + [[one, other] for one, other in itertools.pairwise(singles)]
    return [load_scenario({"scenario_id": f"made-{i}", "changes": changes}) for i, changes in enumerate(chosen)]


@pytest.mark.parametrize("methodology", ["2026.1", "2026.2"])
@pytest.mark.parametrize("as_of", ["2010-01-04", "2022-10-12", "2026-07-31"])
@pytest.mark.parametrize("first", [None, "match-act-enacted"])
def test_every_operation_is_found(release, as_of, methodology, first):
    """Where the base has no acts at all, and where it is itself of a scenario, whose facts are assumed."""
    start = Scorer(release, as_of, methodology, first)
    scenarios = one_by_one(release)
    scores = sweep_scenarios(start.evaluation.facts, start.methodology, scenarios, compiled=True)
    plain = sweep_scenarios(start.evaluation.facts, start.methodology, scenarios, compiled=False)
    assert_close(scores, plain)


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("shape", [(1, 3), (1, 405), (404,)])
def test_out_of_another_shape(scorer_at, compiled, shape):
    base = scorer_at("2024-09-02").evaluation
    with pytest.raises(ValueError, match="out has the shape"):
        sweep(base, [Variant(base.facts, base.parameters)], np.empty(shape), compiled=compiled)


def test_threads_give_the_same_bits(scorer_at):
    base = scorer_at("2024-09-02").evaluation
    variants = [Variant(with_fraction(base.facts, pick), base.parameters) for pick in range(600)]
    one, four = (sweep(base, variants, compiled=True, threads=threads) for threads in (1, 4))
    assert np.array_equal(one, four, equal_nan=True)
    assert (one != base.score).any()
    with pytest.raises(ValueError, match="more variants than the 500 rows"):
        sweep(base, variants, np.empty((500, base.score.size)), compiled=True, threads=4)


def test_nothing_left_by_supply_comes_back(scorer_at):
    """A company that loses everything through one mineral, and gets it back, has no factor to tell by."""
    base = scorer_at("2024-09-02")
    scorer = base.evaluation
    facts = scorer.facts
    full = dataclasses.replace(
        facts.mineral,
        supply_share=np.ones_like(facts.mineral.supply_share),
        import_share=np.ones_like(facts.mineral.import_share),
        criticality=np.ones_like(facts.mineral.criticality),
        substitutability=np.zeros_like(facts.mineral.substitutability),
    )
    banned = facts.replace(
        mineral=full,
        supply=dataclasses.replace(facts.supply, measure=np.full_like(facts.supply.measure, "prohibition")),
    )
    start = evaluate(banned, scorer.methodology)
    assert (start.retaliation.stakes.exposure == 1.0).any()
    eased = banned.replace(supply=facts.supply)
    scores = sweep(start, [Variant(eased, start.parameters)], compiled=True)
    assert_close(scores[0], evaluate(eased, scorer.methodology).score)
    assert (scores[0] < start.score).any()
