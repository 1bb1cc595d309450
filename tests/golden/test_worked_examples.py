"""Twelve scored cases of a separate plain implementation, number by number.

Its figures are rounded to nine decimals, so the library must agree to 2e-9. It used the United States' import shares
of the geological survey's edition of February 2026 at any date; the two cases this touches must differ by that alone.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from scoring.score.composite import saturate
from scoring.score.evaluation import evaluate

HERE = Path(__file__).parent
EXAMPLES = json.loads((HERE / "worked_examples.json").read_text("utf-8"))
EARLY = {("apple", "2024-09-02"), ("nike", "2025-10-31")}
"""Cases with shares that were not published yet."""

WITHIN = 2e-9


def name(example):
    return f"{example['company_id']}-{example['as_of']}"


def is_early(example):
    return (example["company_id"], example["as_of"]) in EARLY


@pytest.fixture
def agree():
    def check(got, expected):
        assert got == pytest.approx(expected, rel=0, abs=WITHIN, nan_ok=True)

    return check


def unknown_as_nan(value):
    return np.nan if value is None else value


def exposures(evaluation, i):
    control, retaliation = evaluation.control, evaluation.retaliation
    return {
        "market": evaluation.market[i],
        "control_now": control.now[i],
        "alignment_gap": control.gap[i],
        "control": control.total[i],
        "retaliation_supply": retaliation.supply[i],
        "retaliation_access": retaliation.access[i],
        "retaliation": retaliation.total[i],
    }


def saturated(evaluation, i):
    half = evaluation.methodology.half_points
    three = np.array([evaluation.market[i], evaluation.control.total[i], evaluation.retaliation.total[i]])
    return saturate(three, np.array([half.market.value, half.control.value, half.retaliation.value])).tolist()


def test_there_are_twelve():
    assert len({name(example) for example in EXAMPLES}) == 12
    assert sum(is_early(example) for example in EXAMPLES) == 2


@pytest.mark.parametrize("example", EXAMPLES, ids=name)
def test_facts_and_segments(scorer_at, agree, example):
    scorer = scorer_at(example["as_of"])
    evaluation = scorer.evaluation
    facts, segments = evaluation.facts, evaluation.facts.segments
    i = facts.company_ids.index(example["company_id"])
    j = facts.country[i]
    row = {column: values[0] for column, values in scorer.columns([example["company_id"]]).items()}
    assert row["country"] == example["country"]
    assert str(row["product_mix"]).removeprefix("business-") == example["mix"]
    assert str(row["china_share_period_end"]) == str(example["china_share_period_end"])
    agree(row["china_share"], unknown_as_nan(example["china_share"]))
    agree(float(evaluation.force.latent[j]), example["latent_threat"])

    def key(segment):
        return segment["product_family"], segment["is_service"], segment["revenue_share"]

    got = [
        {
            "product_family": facts.families[segments.family[k]],
            "is_service": bool(segments.service[k]),
            "revenue_share": segments.share[k],
            "china_share": evaluation.segment_china[k],
            "restricted_now": evaluation.restricted.now[segments.service[k], segments.family[k], j],
            "restricted_aligned": evaluation.restricted.aligned[segments.service[k], segments.family[k]],
        }
        for k in np.flatnonzero(segments.company == i)
    ]
    assert len(got) == len(example["segments"])
    for ours, theirs in zip(sorted(got, key=key), sorted(example["segments"], key=key), strict=True):
        assert (ours["product_family"], ours["is_service"]) == (theirs["product_family"], theirs["is_service"])
        for field in ("revenue_share", "china_share", "restricted_now", "restricted_aligned"):
            agree(float(ours[field]), unknown_as_nan(theirs[field]))


@pytest.mark.parametrize("example", [e for e in EXAMPLES if not is_early(e)], ids=name)
def test_exposures_and_score(scorer_at, agree, example):
    evaluation = scorer_at(example["as_of"]).evaluation
    i = evaluation.facts.company_ids.index(example["company_id"])
    got = exposures(evaluation, i)
    for field, value in example["exposures"].items():
        agree(got[field], unknown_as_nan(value))
    agree(evaluation.score[i], unknown_as_nan(example["score"]))
    if example["score"] is not None:
        agree(saturated(evaluation, i), example["u"])
        agree(evaluation.points[i].tolist(), example["points"])


@pytest.mark.parametrize("example", [e for e in EXAMPLES if is_early(e)], ids=name)
def test_early_shares_change_retaliation_supply_alone(scorer_at, agree, example):
    evaluation = scorer_at(example["as_of"]).evaluation
    i = evaluation.facts.company_ids.index(example["company_id"])
    got, theirs = exposures(evaluation, i), example["exposures"]
    for field in ("market", "control_now", "alignment_gap", "control", "retaliation_access"):
        agree(got[field], theirs[field])
    agree(saturated(evaluation, i)[:2], example["u"][:2])
    for field in ("retaliation_supply", "retaliation"):
        assert abs(got[field] - theirs[field]) > 1e-4
    assert abs(evaluation.score[i] - example["score"]) > 0.1


@pytest.mark.parametrize("example", [e for e in EXAMPLES if is_early(e)], ids=name)
def test_early_shares_are_the_whole_difference(scorer_at, release, agree, example):
    """With the survey's shares filled in, nothing but them, the example's numbers come out."""
    scorer = scorer_at(example["as_of"])
    facts = scorer.evaluation.facts
    survey = release.columns("mineral_facts")
    us = facts.countries.index("US")
    filled, stated = facts.mineral.import_share.copy(), {}
    for row in np.flatnonzero((survey["fact"] == "us_import_share_china") & (survey["year"] == 2024)):
        mineral = survey["mineral"][row]
        stated[mineral] = max(stated.get(mineral, 0.0), float(survey["value"][row]))
    for mineral, share in stated.items():
        if mineral in facts.minerals:
            filled[facts.minerals.index(mineral), us] = share
    early = facts.replace(mineral=dataclasses.replace(facts.mineral, import_share=filled))
    evaluation = evaluate(early, scorer.methodology)
    i = facts.company_ids.index(example["company_id"])
    got = exposures(evaluation, i)
    for field, value in example["exposures"].items():
        agree(got[field], value)
    agree(saturated(evaluation, i), example["u"])
    agree(evaluation.points[i].tolist(), example["points"])
    agree(evaluation.score[i], example["score"])


def test_scores_named_in_the_methodology(scorer_at):
    """The readings of docs/methodology.md name both scores of both cases."""
    for company, as_of, score in (("apple", "2024-09-02", 44.98), ("nike", "2025-10-31", 22.81)):
        evaluation = scorer_at(as_of).evaluation
        assert round(float(evaluation.score[evaluation.facts.company_ids.index(company)]), 2) == score
