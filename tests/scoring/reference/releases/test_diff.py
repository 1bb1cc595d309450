"""What differs between two releases: facts, and the scores that moved with them."""

import datetime as dt
import json

import pytest

from scoring.changes.releases import diff_releases
from scoring.errors import AsOfError, InputError
from scoring.reference.releases.build import build_release
from scoring.reference.releases.diff import estimate_changes
from scoring.reference.releases.release import open_release
from scoring.scorer import Scorer


@pytest.fixture
def build(tables, own_store, created):
    """Build the changed tables as the release after 2026.10.0."""

    def build():
        return build_release(tables.folder, own_store, "2026.11.0", created, "2026.10.0")

    return build


@pytest.fixture
def old(own_store):
    return open_release("2026.10.0", own_store)


def test_same_facts_no_difference(old, build):
    found = diff_releases(old, build())
    assert (found.old, found.new, found.as_of) == ("2026.10.0", "2026.11.0", dt.date(2026, 7, 31))
    assert found.facts == ()
    assert found.scores == ()
    assert found.counts() == {}


def test_changed_fact_and_the_score_it_moves(old, build, tables):
    line = tables.line_of("revenue", company_id="asml", fiscal_year="2024")
    before = float(tables.rows("revenue")[line - 1][7])
    tables.set("revenue", line, china_share="0.5", total_revenue="", china_revenue="")
    new = build()
    found = diff_releases(old, new, as_of="2025-06-30")
    (fact,) = found.facts
    assert (fact.table, fact.key, fact.change) == ("revenue", {"company_id": "asml", "fiscal_year": "2024"}, "changed")
    assert fact.values["china_share"] == (before, 0.5)
    assert set(fact.values) <= {"china_share", "total_revenue", "china_revenue"}
    (moved,) = found.scores
    assert moved.company_id == "asml"
    assert moved.status == ("ok", "ok")
    assert moved.exposures["market"] == (pytest.approx(before), 0.5)
    scores = tuple(Scorer(release, "2025-06-30").score(["asml"])["score"].iloc[0] for release in (old, new))
    assert moved.score == scores
    assert scores[0] != scores[1]


def test_a_fact_from_after_the_date_moves_nothing(old, build, tables):
    line = tables.line_of("revenue", company_id="asml", fiscal_year="2024")
    tables.set("revenue", line, china_share="0.5", total_revenue="", china_revenue="")
    found = diff_releases(old, build(), as_of=dt.date(2024, 6, 30))
    assert len(found.facts) == 1
    assert found.scores == ()


def test_added_and_removed_rows(old, build, tables):
    rows = tables.rows("coercion_events")
    removed = rows.pop()
    added = [*rows[-1]]
    added[0] = "1999-01-new-event"
    tables.write("coercion_events", [*rows, added])
    found = diff_releases(old, build())
    changes = {fact.change: fact for fact in found.facts}
    assert set(changes) == {"added", "removed"}
    assert changes["removed"].key == {"event_id": removed[0]}
    assert changes["removed"].values["kind"] == (removed[4], None)
    assert changes["added"].key == {"event_id": "1999-01-new-event"}
    assert changes["added"].values["kind"] == (None, added[4])
    assert found.counts() == {"coercion_events": {"added": 1, "removed": 1, "changed": 0}}


def test_company_that_came_is_listed(old, build, tables):
    companies, listings, mix = (tables.rows(table) for table in ("companies", "listings", "business_mix"))
    tables.write("companies", [*companies, ["new-company", *companies[1][1:]]])
    tables.write("listings", [*listings, ["new-company", "XNYS", "ZZZZ", "", "", "", "true", ""]])
    tables.write("business_mix", [*mix, ["new-company", "other", "1", "false", "2015-01-01", "expert-judgement", ""]])
    found = diff_releases(old, build())
    assert found.counts() == {t: {"added": 1, "removed": 0, "changed": 0} for t in found.counts()}
    (moved,) = found.scores
    assert moved.company_id == "new-company"
    assert moved.status[0] is None
    assert moved.score == (None, None)


def test_estimates_are_added_up_by_vintage():
    """Against the tables themselves, row by row, between the release that has estimates and one that has none."""
    newest, without = open_release(), open_release("2026.11.1")
    assert estimate_changes(newest, newest) is None
    found = estimate_changes(without, newest)
    rows = newest.table("estimates").num_rows
    assert found.counts == {"added": rows, "removed": 0, "changed": 0}
    assert found.vintages == tuple(sorted(set(newest.table("estimates").column("vintage").to_pylist())))
    assert found.median_change is None
    assert estimate_changes(newest, without).counts == {"added": 0, "removed": rows, "changed": 0}


def test_one_table_is_compared_alone(old, build, tables):
    tables.set("revenue", tables.line_of("revenue", company_id="asml", fiscal_year="2024"), note="read again")
    tables.set("rules", tables.line_of("rules", rule_id="jp-2023-07-23"), announced="2023-05-01")
    new = build()
    assert {fact.table for fact in diff_releases(old, new).facts} == {"revenue", "rules"}
    assert {fact.table for fact in diff_releases(old, new, table="rules").facts} == {"rules"}
    with pytest.raises(InputError, match=r"'rule' is in neither release.*nearest: rules"):
        diff_releases(old, new, table="rule")


def test_as_of_must_be_supported(old):
    with pytest.raises(AsOfError):
        diff_releases(old, old, as_of="2027-01-01")


def test_difference_as_json(old, build, tables):
    line = tables.line_of("rules", rule_id="jp-2023-07-23")
    tables.set("rules", line, announced="2023-05-01")
    found = diff_releases(old, build())
    plain = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    assert plain["counts"] == {"rules": {"added": 0, "removed": 0, "changed": 1}}
    assert plain["facts"][0]["values"]["announced"][1] == "2023-05-01"
    assert plain["as_of"] == "2026-07-31"
