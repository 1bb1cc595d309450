"""Families of a rule by the entries that it shares with others: suggested, and only a person makes a fact of them."""

from __future__ import annotations

import pytest

from scoring.errors import InputError
from service.ingest.review import Choice, Fill, decide
from tests.service.ingest.test_proposals import taken

RULE = "us-2024-12-02-hbm-home"


def test_a_rule_without_families_is_suggested_those_of_its_entries(working):
    working.without("family_rules", rule_id=RULE)
    rows = [row for row in taken(working, source="family-links").rows if row.cells["rule_id"] == RULE]
    assert {row.kind for row in rows} == {"suggested"}
    by_family = {row.cells["product_family"]: row for row in rows}
    assert "3A090.c (the same entry)" in by_family["hbm"].why
    for row in rows:
        low, fraction, high = (float(row.cells[name]) for name in ("fraction_low", "fraction", "fraction_high"))
        assert 0 <= low <= fraction <= high <= 1
        assert row.cells["evidence"] == "expert-judgement"


def test_rules_that_were_judged_are_left_alone(working):
    settled = {row["rule_id"] for row in working.rows("family_rules")}
    listing = {row["rule_id"] for row in working.rows("rule_items")}
    suggested = {row.cells["rule_id"] for row in taken(working, source="family-links").rows}
    assert suggested
    assert suggested <= listing - settled


def test_a_suggestion_counts_only_when_a_person_says_why_and_can_be_set_otherwise(working):
    working.without("family_rules", rule_id=RULE)
    proposal = taken(working, source="family-links")
    [row] = [row for row in proposal.rows if (row.cells["rule_id"], row.cells["product_family"]) == (RULE, "hbm")]
    before = working.bytes()
    for choice, why in ((Choice(), None), (Choice(rows=(row.number,)), None)):
        with pytest.raises(InputError):
            decide(working.proposals, proposal.name, working.reference, choice, "accepted", why)
    assert working.bytes() == before
    fills = [Fill(row.number, "fraction", "1"), Fill(row.number, "fraction_high", "1")]
    choice = Choice(rows=(row.number,))
    decide(working.proposals, proposal.name, working.reference, choice, "accepted", "all of it is listed", fills)
    [now] = [one for one in working.rows("family_rules") if (one["rule_id"], one["product_family"]) == (RULE, "hbm")]
    assert (now["fraction"], now["fraction_high"]) == ("1", "1")
    assert now["note"].endswith("decided: all of it is listed")


def test_an_entry_that_nobody_judged_suggests_nothing(working):
    working.without("family_rules")
    assert taken(working, source="family-links").rows == ()
