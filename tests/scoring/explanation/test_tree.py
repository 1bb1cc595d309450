"""Explanations: every leaf names facts, every fact a source, nothing in them was unknown at the date."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest

from scoring.errors import QueryError
from scoring.explanation.document import Explanation

JUDGED = "expert-judgement"
CASES = [("2024-09-02", 0), ("2026-07-31", 1), ("2022-10-12", 2), ("2018-06-30", 3)]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case[0])
def explanations(request, scorer_at):
    """Explanations of every ninth company at a date."""
    as_of, first = request.param
    scorer = scorer_at(as_of)
    return scorer, [scorer.explain(company) for company in scorer.evaluation.facts.company_ids[first::9]]


def walk(node):
    yield node
    for child in node.children:
        yield from walk(child)


def leaves_of(explanation):
    kinds = {"market", "control", "alignment", "supply", "access"}
    return [n for n in walk(explanation.tree) if not n.children and n.kind in kinds and n.certainty is not None]


def test_json_round_trip(explanations):
    _, found = explanations
    for explanation in found:
        text = explanation.model_dump_json()
        assert Explanation.model_validate_json(text) == explanation
        assert json.loads(text)["tree"]["kind"] == "score"
        assert Explanation.model_validate(explanation.model_dump()) == explanation


def test_every_leaf_names_facts_that_are_there(explanations):
    _, found = explanations
    seen = 0
    for explanation in found:
        for leaf in leaves_of(explanation):
            assert leaf.facts
            assert len(leaf.facts) == len(set(leaf.facts))
            assert set(leaf.facts) <= set(explanation.facts)
            assert leaf.label
            seen += 1
        for event in explanation.threat.events:
            assert event.fact in explanation.facts
    assert seen > 50 or found[0].as_of.year < 2020


def test_no_fact_is_there_for_nothing(explanations):
    _, found = explanations
    for explanation in found:
        used = {fact for leaf in leaves_of(explanation) for fact in leaf.facts}
        used |= {event.fact for event in explanation.threat.events}
        assert set(explanation.facts) == used


def test_every_fact_has_a_source_unless_it_is_judgement(explanations):
    """The business mix has no column for a source, also where it was computed."""
    _, found = explanations
    for explanation in found:
        for name, fact in explanation.facts.items():
            assert fact.fact_id == name
            assert fact.statement
            assert "None" not in fact.statement
            assert "nan" not in fact.statement.split()
            if fact.source is None:
                assert fact.evidence == JUDGED or fact.table == "business_mix"
            else:
                assert fact.source.title


def test_no_fact_was_unknown_at_the_date(explanations):
    scorer, found = explanations
    for explanation in found:
        assert explanation.as_of == scorer.as_of
        for fact in explanation.facts.values():
            assert fact.known_from is None or fact.known_from <= scorer.as_of


def test_head_of_an_explanation_is_the_row(explanations):
    scorer, found = explanations
    for explanation in found:
        row = {name: column[0] for name, column in scorer.columns([explanation.company_id]).items()}
        for field in ("company_id", "name", "country", "status", "band", "confidence_grade"):
            assert getattr(explanation, field) == row[field]
        for field in ("score", "score_floor", "confidence"):
            value = getattr(explanation, field)
            assert (value is None and np.isnan(row[field])) or value == row[field]
        assert explanation.release == scorer.release.version
        assert explanation.release_sha256 == scorer.release.sha256
        assert explanation.methodology_sha256 == scorer.methodology.sha256


def test_what_is_unknown_is_said(scorer_at):
    toyota = scorer_at("2024-09-02").explain("toyota")
    assert toyota.status == "partial"
    assert any(note.startswith("China share of revenue: not disclosed") for note in toyota.unknown)
    assert toyota.threat.country == "JP"
    assert toyota.threat.value == pytest.approx(0.15144542287, abs=1e-9)
    hynix = scorer_at("2025-01-15").explain("sk-hynix")
    assert any(note.lower().startswith("helium") for note in hynix.unknown)


def test_the_threat_lists_its_acts_heaviest_first(scorer_at):
    threat = scorer_at("2024-09-02").explain("tokyo-electron").threat
    weights = [event.weight for event in threat.events]
    assert weights == sorted(weights, reverse=True)
    assert len(weights) == 10
    assert threat.events[0].fact == "coercion_events/2023-08-japan-seafood"
    assert threat.value == pytest.approx(0.4 * (1 - np.exp(-sum(weights) / 6)), abs=1e-12)


def test_a_leaf_of_the_tree_by_hand(scorer_at):
    """Etch of Lam Research on 2022-10-12: of 0.3807 x 0.35 of revenue, 0.264 x 0.9 under the rule of that week."""
    explanation = scorer_at("2022-10-12").explain("LRCX")
    etch = [n for n in walk(explanation.tree) if n.kind == "segment" and "etch" in n.label.lower()]
    assert len(etch) == 1
    by_fact = {leaf.facts[-1]: leaf for leaf in etch[0].children}
    new, smic = by_fact["rules/us-2022-10-07-sme-home"], by_fact["rules/us-2020-12-18-smic-entity-list"]
    assert new.exposure == pytest.approx(0.3807 * 0.35 * 0.264 * 0.9, abs=1e-12)
    assert smic.exposure == pytest.approx(0.3807 * 0.35 * 0.0099 * 0.5, abs=1e-12)
    assert new.certainty == 0.4
    assert new.facts == [
        "revenue/lam-research/2021",
        "business_mix/lam-research/etch/2015-01-01",
        "family_rules/etch/us-2022-10-07-sme-home",
        "rules/us-2022-10-07-sme-home",
    ]
    fact = explanation.facts["revenue/lam-research/2021"]
    assert (fact.value, fact.evidence, fact.known_from) == (0.35, "reported", dt.date(2021, 10, 25))


@pytest.mark.parametrize(("query", "word"), [("no such company", "unresolved"), ("", "unresolved")])
def test_what_names_no_company_is_refused(scorer_at, query, word):
    with pytest.raises(QueryError, match=word) as error:
        scorer_at("2024-09-02").explain(query)
    assert error.value.field == "ticker"
    assert error.value.fix


def test_what_was_assumed_is_said(scorer_at):
    """An import share that is not measured, and a quarter that stands for a year."""
    said = scorer_at("2024-09-02").explain("8035.T").unknown
    assert [note for note in said if "JP imports of Molybdenum" in note and "0.5 of its share" in note] == said
    assert "2025Q3 stands for the year" in " ".join(scorer_at("2026-07-31").explain("axt").unknown)
    assert scorer_at("2026-07-31").explain("nike").unknown == []
