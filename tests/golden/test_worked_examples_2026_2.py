"""Nineteen cases of methodology 2026.2 of a separate plain implementation, number by number: states, scores and money.

Its figures are rounded to nine decimals, so the library must agree to 2e-9. What one act adds is compared in
tests/scoring/acts.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from scoring.exposure.force import pressure
from scoring.exposure.retaliation import access_force
from scoring.score.composite import saturate

EXAMPLES = json.loads((Path(__file__).parent / "worked_examples_2026_2.json").read_text("utf-8"))
WITHIN = 2e-9


def name(example):
    return f"{example['company_id']}-{example['as_of']}"


pytestmark = pytest.mark.parametrize("example", EXAMPLES, ids=name)


@pytest.fixture
def scorer(scorer_of, example):
    return scorer_of("2026.12.0", example["as_of"], "2026.2")


@pytest.fixture
def i(scorer, example):
    return scorer.evaluation.facts.company_ids.index(example["company_id"])


@pytest.fixture
def agree():
    def check(got, expected, **within):
        expected = np.nan if expected is None else expected
        assert got == pytest.approx(expected, nan_ok=True, **within or {"rel": 0, "abs": WITHIN})

    return check


def by_segment(of):
    return sorted(of, key=lambda segment: (segment["product_family"], segment["is_service"]))


def test_china_share(scorer, i, example, agree):
    china, revenue = scorer.evaluation.facts.china, scorer.release.columns("revenue")
    agree(china.latest[i], example["china_share"])
    agree(china.structural[i], example["structural"])
    agree(china.surge[i], example["surge"])
    labels = revenue["fiscal_year"][china.rows[i]].tolist()
    shown = None if not labels else labels[0] if len(labels) == 1 else f"{labels[0]}..{labels[-1]}"
    assert shown == example["china_share_fiscal_year"]
    assert (china.last_known[i] < 0) == (example["last_known"] is None)
    end = None if np.isnat(china.period_end[i]) else str(china.period_end[i])
    assert end == example["china_share_period_end"]


def test_segments(scorer, i, example, agree):
    evaluation = scorer.evaluation
    facts, segments = evaluation.facts, evaluation.facts.segments
    j = facts.country[i]
    force = access_force(facts, pressure(facts, evaluation.force))
    agree(float(evaluation.force.latent[j]), example["latent_threat"])
    ours = by_segment(
        {
            "product_family": facts.families[segments.family[k]],
            "is_service": bool(segments.service[k]),
            "revenue_share": segments.share[k],
            "china_share": evaluation.segment_china[k],
            "restricted_now": evaluation.restricted.now[segments.service[k], segments.family[k], j],
            "restricted_aligned": evaluation.restricted.aligned[segments.service[k], segments.family[k]],
            "lost_now": evaluation.lost.now[segments.service[k], segments.family[k], j],
            "access_force": force[k],
        }
        for k in np.flatnonzero(segments.company == i)
    )
    theirs = by_segment(example["segments"])
    assert [segment["product_family"] for segment in ours] == [segment["product_family"] for segment in theirs]
    for mine, other in zip(ours, theirs, strict=True):
        unasked = {"product_family", "is_service"} | ({"access_force"} if example["china_share"] is None else set())
        for field in set(mine) - unasked:
            agree(float(mine[field]), other[field])


def test_bottlenecks(scorer, i, example, agree):
    facts, found = scorer.evaluation.facts, scorer.evaluation.retaliation.bottlenecks
    theirs = {(each["product_family"], each["is_service"]): each for each in example["minerals"]}
    mine = np.flatnonzero(facts.segments.company == i)
    exposed = [k for k in mine if found.segment[k] > 0]
    assert len(exposed) == sum(each["reach"] > 0 for each in theirs.values())
    for k in exposed:
        other = theirs[facts.families[facts.segments.family[k]], bool(facts.segments.service[k])]
        mineral = facts.layout.need_mineral[found.need[k]]
        assert facts.minerals[mineral] == other["bottleneck"]
        agree(found.segment[k], other["reach"])
        agree(facts.mineral.supply_share[mineral], other["supply_share"])
        if not np.isnan(facts.mineral.import_share[mineral, facts.country[i]]):
            agree(facts.mineral.import_share[mineral, facts.country[i]], other["import_share"])


def test_exposures_and_score(scorer, i, example, agree):
    evaluation = scorer.evaluation
    control, retaliation = evaluation.control, evaluation.retaliation
    ours = {
        "market": evaluation.market[i],
        "control_now": control.now[i],
        "control_named": control.named[i],
        "alignment_gap": control.gap[i],
        "control": control.total[i],
        "retaliation_supply": retaliation.supply[i],
        "retaliation_access": retaliation.access[i],
        "retaliation": retaliation.total[i],
    }
    assert set(ours) == set(example["exposures"])
    for field, value in example["exposures"].items():
        agree(ours[field], value)
    agree(evaluation.score[i], example["score"])
    floor = evaluation.floor[i] if example["score"] is None else evaluation.score[i]
    agree(floor, example["score_floor"])
    if example["score"] is not None:
        curves = [saturate(ours[p], getattr(evaluation.methodology.half_points, p).value) for p in PILLARS]
        agree(curves, example["u"])
        agree(evaluation.points[i].tolist(), example["points"])


PILLARS = ("market", "control", "retaliation")


def test_money(scorer, i, example, agree):
    risk, expected = scorer.risk, example["risk"]
    loss = risk.loss
    day = None if np.isnat(risk.midpoint[i]) else str(risk.midpoint[i])
    assert day == expected["base_day"]
    agree(loss.control[i], expected["loss_control"])
    agree(loss.retaliation[i], expected["loss_access"])
    agree(loss.total[i], expected["at_risk"])
    agree(loss.supply[i], expected["at_risk_supply"])
    agree(loss.with_supply[i], expected["at_risk_all"])
    agree(risk.revenue[i], expected["annual_revenue"], rel=1e-12)
    agree(loss.total[i] * risk.revenue[i], expected["at_risk_money"], rel=1e-9)
    agree(loss.supply[i] * risk.revenue[i], expected["at_risk_supply_money"], rel=1e-9)
    assert risk.currency[i] == expected["currency"]
