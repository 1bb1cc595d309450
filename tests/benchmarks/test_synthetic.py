"""The synthetic universe holds what a benchmark needs to meet every branch of the equations."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.synthetic.release import AS_OF, SyntheticRelease
from benchmarks.synthetic.scenarios import scenarios
from benchmarks.universe import compiled
from scoring.methodology import load_methodology
from scoring.scenario import apply
from scoring.score.sweep.scores import compilable


@pytest.fixture(scope="module")
def facts(synthetic):
    return compiled(synthetic(5_000), AS_OF).facts


def test_same_seed_same_tables(synthetic):
    one, other, different = synthetic(), SyntheticRelease(600, seed=1), synthetic(seed=2)
    assert all(one.table(name).equals(other.table(name)) for name in one.names)
    assert not one.table("revenue").equals(different.table("revenue"))
    assert one.sha256 == other.sha256 != different.sha256


def test_tables_have_the_columns_of_a_release(synthetic, newest):
    assert synthetic().names == newest.names
    for name in newest.names:
        assert synthetic().table(name).schema.equals(newest.table(name).schema)


def test_a_column_that_was_not_made_says_what_it_does_in_releases_without_it(synthetic):
    assert set(synthetic().columns("revenue")["share_of"]) == {"revenue"}
    assert set(synthetic().columns("companies")["coverage"]) == {"researched"}
    assert set(synthetic().columns("listings")["isin_evidence"]) == {None}


def test_companies(facts):
    inferred = facts.segments.inferred
    count = np.bincount(facts.segments.company[~inferred], minlength=5_000)
    assert set(count) == {0, 1, 2, 3, 4, 5, 6}
    assert 0.03 < (count == 0).mean() < 0.07
    assert np.array_equal(np.unique(facts.segments.company[inferred]), np.flatnonzero(count == 0))
    assert len({facts.countries[j] for j in facts.country}) == 30
    assert 0.04 < np.isnan(facts.china.latest).mean() < 0.08
    assert 0.04 < facts.china.estimated.mean() < 0.08
    disclosing = np.unique(facts.segments.company[~np.isnan(facts.segments.china)]).size / 5_000
    assert 0.02 < disclosing < 0.08
    assert 0.01 < facts.unsold.mean() < 0.1
    assert set(facts.segments.disclosed) == {True, False}
    assert set(facts.segments.service) == {0, 1}


def test_disclosed_shares_meet_every_case(facts):
    """Some fit the company's share, some must be scaled, and some leave nothing undisclosed."""
    segments, n = facts.segments, 5_000
    stated = ~np.isnan(segments.china)
    taken = np.bincount(segments.company, np.where(stated, segments.share * np.nan_to_num(segments.china), 0), n)
    room = np.bincount(segments.company, np.where(stated, 0.0, segments.share), n)
    mine = (np.bincount(segments.company, stated, n) > 0) & ~np.isnan(facts.china.latest)
    left = facts.china.latest - taken
    assert (mine & (left >= 0) & (left <= room)).sum() > 10
    assert (mine & (left < 0) & (room > 0)).sum() > 10
    assert (mine & (room == 0) & (taken > 0)).sum() > 10
    assert (mine & (room == 0) & (taken == 0)).sum() > 1


def test_controls(facts):
    rules = facts.rules
    assert rules.row.size == 60
    assert len(rules.imposers) == 7
    reach = facts.release.columns("rules")["reach"][rules.row]
    assert set(reach) == {"home-exports", "extraterritorial"}
    assert 550 < rules.entry_row.size < 650
    assert set(rules.servicing[rules.entry_rule]) == {True, False}
    assert 0.05 < rules.entry_lost.mean() < 0.15
    assert len(facts.release.columns("rules")["rule_id"]) > rules.row.size


def test_measures_and_events(facts):
    supply, access = facts.supply, facts.access
    assert 80 < supply.row.size < 120
    assert 25 < access.row.size < 40
    assert set(supply.kind) == {"mineral", "product_family", "country", "company"}
    assert set(access.kind) == {"product_family", "company"}
    minerals = supply.kind == "mineral"
    both = set(supply.subject[minerals & supply.worldwide]) & set(supply.subject[minerals & ~supply.worldwide])
    assert both, "no mineral on which a named measure prevails over a worldwide one"
    assert facts.events.row.size == 80
    assert facts.events.worldwide.any()
    for side in (supply, access):
        assert 0 < (side.scope < 1).mean() < 0.5
    units = np.isin(
        facts.release.columns("countermeasures")["subject"], facts.release.columns("entity_parents")["entity"]
    )
    assert ((supply.kind == "company") & (supply.subject >= 0) & units[supply.row]).any()


def test_a_universe_without_customers_is_compilable():
    """The loops of a sweep hold no named customers."""
    release = SyntheticRelease(600, customers=False)
    assert compilable(compiled(release, AS_OF).base)
    assert not compilable(compiled(SyntheticRelease(600), AS_OF).base)


def test_named_customers(synthetic):
    """Some sell more to a listed party than the package takes through families, some less, and some without a share."""
    evaluation = compiled(synthetic(5_000), AS_OF).base
    named = evaluation.named
    assert (named.excess > 0).any()
    assert ((named.held > 0) & (named.excess == 0)).any()
    assert ((named.excess > 0) & (named.excess < named.held)).any()


def test_minerals(facts):
    assert len(facts.minerals) == 40
    assert facts.mineral.producer_company.size == 12
    assert (np.bincount(facts.segments.company)[facts.mineral.producer_company] > 0).all()
    assert np.isnan(facts.mineral.supply_share).sum() == 2
    home = np.unique(facts.country)
    assert 0.1 < np.isnan(facts.mineral.import_share[:, home]).mean() < 0.6


def test_scenarios_apply_and_cover_the_operations(facts):
    drawn = scenarios(facts, 40)
    assert drawn == scenarios(facts, 40)
    assert {scenario.changes[0].op for scenario in drawn} == {
        "extend_rule",
        "align",
        "add_rule",
        "end_rules",
        "add_countermeasure",
        "end_countermeasures",
    }
    methodology = load_methodology()
    silent = [scenario for scenario in drawn if apply(scenario, facts, methodology).notes]
    assert len(silent) < 4
