"""What must hold under methodology 2026.2, whatever the facts."""

from __future__ import annotations

import datetime as dt
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.facts.change_points import change_points
from scoring.facts.sales.figures import last_days
from scoring.methodology import load_methodology
from scoring.reference.releases.release import open_release
from scoring.scenario import load_scenario
from scoring.score.by_day import exposures_by_day
from scoring.score.evaluation import evaluate
from scoring.score.leaves import CUSTOMER, leaves
from scoring.score.snapshot import Snapshot
from scoring.score.sweep import Variant, sweep
from tests.conftest import AlteredRelease

METHOD = load_methodology("2026.2").without_estimates()
DAYS = ("2019-06-10", "2022-10-12", "2024-09-02", "2026-07-31")
WITHIN = 1e-9


@cache
def universe():
    return open_release("2026.12.0")


@cache
def facts_at(day):
    return METHOD.facts(universe(), day)


@cache
def evaluated(day):
    return evaluate(facts_at(day), METHOD)


@given(day=st.sampled_from(DAYS), pick=st.integers(0, 10_000))
def test_adding_a_rule_never_lowers_control(day, pick):
    whole, rules = evaluated(day), facts_at(day).rules
    kept = np.arange(rules.row.size) != pick % rules.row.size
    without = evaluate(facts_at(day).replace(rules=rules.only(kept)), METHOD)
    known = ~np.isnan(whole.control.total)
    assert (whole.control.now[known] >= without.control.now[known] - 1e-12).all()
    assert (whole.control.total[known] >= without.control.total[known] - 1e-12).all()
    assert (np.nan_to_num(whole.floor) >= np.nan_to_num(without.floor) - WITHIN).all()


@given(day=st.sampled_from(DAYS), side=st.sampled_from(["supply", "access"]), pick=st.integers(0, 10_000))
def test_a_measure_adds_to_the_threat(day, side, pick):
    """With a measure nobody's retaliation is lower than with the threat alone, and control and market stay."""
    base, facts = evaluated(day), facts_at(day)
    block = getattr(facts, side)
    one = np.arange(block.row.size) == pick % max(block.row.size, 1)
    none, single = (evaluate(facts.replace(**{side: block.only(keep)}), METHOD) for keep in (one & False, one))
    for name in ("supply", "access"):
        grown = getattr(single.retaliation, name) - getattr(none.retaliation, name)
        assert (np.nan_to_num(grown) >= -1e-12).all()
    np.testing.assert_array_equal(single.points[:, :2], base.points[:, :2])


@pytest.mark.parametrize("day", DAYS)
def test_leaves_add_up_with_named_customers(day):
    evaluation, found = evaluated(day), leaves(evaluated(day))
    n, scored = evaluation.score.size, ~np.isnan(evaluation.score)
    points = np.bincount(found.company, np.nan_to_num(found.points), n)
    np.testing.assert_allclose(points[scored], evaluation.score[scored], rtol=0, atol=WITHIN)
    named = np.bincount(found.company, np.where(found.kind == CUSTOMER, found.exposure, 0.0), n)
    np.testing.assert_allclose(named[scored], evaluation.control.named[scored], rtol=0, atol=1e-12)


def test_a_named_customer_is_somewhere_at_work():
    assert (leaves(evaluated("2019-06-10")).kind == CUSTOMER).sum() >= 4


@pytest.mark.parametrize("day", DAYS)
def test_expired_figures_never_enter(day):
    """Turned upside down, figures that are too old change nothing; and each that counts is young enough."""
    revenue, when = universe().columns("revenue"), np.datetime64(day)
    old = last_days(revenue, METHOD.fact_choices) < when
    assert old.any()

    def upside_down(rows):
        return [
            {**row, "china_share": 1 - row["china_share"]} if gone else row for row, gone in zip(rows, old, strict=True)
        ]

    altered = AlteredRelease(universe(), set={"revenue": upside_down})
    facts = METHOD.facts(altered, day)
    np.testing.assert_array_equal(evaluate(facts, METHOD).score, evaluated(day).score)
    rows = [row for some in facts_at(day).china.rows for row in some]
    assert rows
    assert not old[rows].any()


def test_a_figure_is_gone_on_the_day_after_its_last():
    revenue, ids = universe().columns("revenue"), facts_at(DAYS[0]).company_ids
    last = last_days(revenue, METHOD.fact_choices)
    names, count = np.unique(revenue["company_id"].astype(str), return_counts=True)
    alone = np.isin(revenue["company_id"].astype(str), names[count == 1]) & (revenue["share_of"] != "bound")
    gone = np.flatnonzero(alone & (last < np.datetime64(universe().last_as_of)) & (last > revenue["known_by"]))
    assert gone.size
    for row in gone[:3].tolist():
        i, day = ids.index(revenue["company_id"][row]), last[row].astype(dt.date)
        before, after = (METHOD.facts(universe(), day + dt.timedelta(days)).china for days in (0, 1))
        assert before.row[i] == row
        assert after.row[i] < 0
        assert after.last_known[i] == row
        assert np.isnan(after.latest[i])


def test_a_panel_is_the_evaluation_of_each_day():
    turns = list(change_points(universe(), dt.date(2019, 1, 1), dt.date(2026, 7, 30), METHOD.fact_choices))
    some = turns[:: len(turns) // 12]
    days = sorted({day + dt.timedelta(shift) for day in some for shift in (-1, 0)})
    seen = 0
    for block, exposures in exposures_by_day(universe(), days, METHOD):
        scores = np.broadcast_to(exposures.score, (len(block), exposures.score.shape[-1]))
        for day, score in zip(block, scores, strict=True):
            np.testing.assert_array_equal(score, evaluate(METHOD.facts(universe(), day), METHOD).score)
            seen += 1
    assert seen == len(days)


@pytest.mark.parametrize("day", DAYS)
def test_a_sweep_is_the_evaluation_of_each_variant(day):
    base, facts = evaluated(day), facts_at(day)
    variants = [Variant(base.facts, base.parameters)]
    for pick in range(8):
        kept = np.arange(facts.rules.row.size) % 8 != pick
        held = np.arange(facts.supply.row.size) % 8 != pick
        changed = facts.replace(rules=facts.rules.only(kept), supply=facts.supply.only(held))
        variants.append(Variant(changed, base.parameters))
    expected = [evaluate(variant.facts, METHOD, variant.parameters).score for variant in variants]
    np.testing.assert_allclose(sweep(base, variants, compiled=True), expected, rtol=0, atol=1e-12, equal_nan=True)
    np.testing.assert_array_equal(sweep(base, variants, compiled=False), expected)


def test_listing_a_customer_moves_those_who_sell_to_it():
    """A scenario that puts Lenovo on a list of the United States moves the one company that names it as a customer."""
    listed = {
        "scenario_id": "lenovo-listed",
        "changes": [{"op": "list_entity", "rule_id": "us-2019-05-16-huawei-entity-list", "entities": ["lenovo"]}],
    }
    base = Snapshot(universe(), "2024-09-02", METHOD)
    after = Snapshot(universe(), "2024-09-02", METHOD, load_scenario(listed))
    moved = np.flatnonzero(np.nan_to_num(after.evaluation.control.now - base.evaluation.control.now))
    assert [base.evaluation.facts.company_ids[i] for i in moved] == ["intel"]
    assert after.evaluation.control.now[moved] > base.evaluation.control.now[moved]
    assert after.evaluation.control.now[moved] <= after.evaluation.market[moved]
