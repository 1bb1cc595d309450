"""Every score is the sum of its leaves, and every node of an explanation the sum of its children."""

from __future__ import annotations

import datetime as dt

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.score.evaluation import evaluate
from scoring.score.leaves import ACCESS, ALIGNMENT, CONTROL, MARKET, SUPPLY, leaves
from scoring.scorer import Scorer

dates = st.dates(dt.date(2012, 1, 1), dt.date(2026, 7, 31))
WITHIN = 1e-9


def by_company(table, values, kinds, n):
    chosen = np.isin(table.kind, kinds)
    return np.bincount(table.company[chosen], values[chosen], n)


def check(evaluation):
    table, n = leaves(evaluation), evaluation.facts.country.size
    scored = ~np.isnan(evaluation.score)
    points = np.nan_to_num(table.points)
    assert (points >= 0).all()
    every = by_company(table, points, range(5), n)
    assert np.allclose(every[scored], evaluation.score[scored], rtol=0, atol=WITHIN)
    for pillar, kinds in enumerate(([MARKET], [CONTROL, ALIGNMENT], [SUPPLY, ACCESS])):
        part = by_company(table, points, kinds, n)
        assert np.allclose(part[scored], evaluation.points[scored, pillar], rtol=0, atol=WITHIN)
    # Exposures of the linear pillars add up too.
    exposure = np.nan_to_num(table.exposure)
    control, retaliation = evaluation.control, evaluation.retaliation
    for kind, total in (
        (MARKET, evaluation.market),
        (CONTROL, control.now),
        (ALIGNMENT, control.eta * control.gap),
        (ACCESS, retaliation.access),
    ):
        part = by_company(table, exposure, [kind], n)
        assert np.allclose(part[scored], total[scored], rtol=0, atol=WITHIN)
    supply = table.kind == SUPPLY
    x = np.zeros(retaliation.mineral.shape)
    np.add.at(x, (table.company[supply], table.item[supply]), exposure[supply])
    assert np.allclose(x, np.nan_to_num(retaliation.mineral), rtol=0, atol=WITHIN)
    # The pillar's points are shared like the factors of 1 - R, and those of supply like the minerals' factors.
    by_supply, by_access = (by_company(table, points, [kind], n) for kind in (SUPPLY, ACCESS))
    part = np.zeros(x.shape)
    np.add.at(part, (table.company[supply], table.item[supply]), points[supply])
    for i in np.flatnonzero(scored & (evaluation.points[:, 2] > 1e-6) & (retaliation.mineral < 1).all(axis=1)):
        logs = np.log1p(-retaliation.mineral[i])
        whole = logs.sum() + np.log1p(-retaliation.access[i])
        if not np.isfinite(whole):
            continue  # a factor of zero takes everything
        assert abs(by_supply[i] - evaluation.points[i, 2] * logs.sum() / whole) < WITHIN
        assert abs(by_access[i] - evaluation.points[i, 2] * np.log1p(-retaliation.access[i]) / whole) < WITHIN
        assert np.allclose(part[i], evaluation.points[i, 2] * logs / whole, rtol=0, atol=WITHIN)
    assert (table.certainty >= 0).all()
    assert (table.certainty <= 1).all()
    confidence = table.confidence(n)
    assert (np.isnan(confidence) == ~scored).all()


@given(as_of=dates)
@settings(max_examples=60)
def test_leaves_add_up_for_every_company(scorer_at, as_of):
    check(scorer_at(as_of).evaluation)


@given(
    as_of=dates,
    beta=st.sampled_from([1.0, 1.7, 2.0, 4.0]),
    eta=st.floats(0, 1),
    maximum=st.floats(0, 1),
    stringency=st.floats(0, 1),
    half_point=st.floats(0.05, 1),
    china_share=st.sampled_from(["latest", "structural"]),
)
@settings(max_examples=40)
def test_leaves_add_up_under_any_methodology(
    scorer_at, vary, as_of, beta, eta, maximum, stringency, half_point, china_share
):
    before = scorer_at(as_of).evaluation
    methodology = before.methodology.model_copy(update={"china_share": china_share})
    for path, value in (
        ("beta", beta),
        ("alignment_probability/default", eta),
        ("latent_threat/maximum", maximum),
        ("control_stringency/presumption-of-denial", stringency),
        ("supply_stringency/licence-required", stringency),
        ("half_points/control", half_point),
    ):
        methodology = vary(methodology, path, value)
    check(evaluate(before.facts, methodology))


def walk(node):
    yield node
    for child in node.children:
        yield from walk(child)


@given(as_of=dates, data=st.data())
@settings(max_examples=60)
def test_tree_adds_up(scorer_at, as_of, data):
    scorer: Scorer = scorer_at(as_of)
    company = data.draw(st.sampled_from(scorer.evaluation.facts.company_ids))
    explanation = scorer.explain(company)
    nodes = list(walk(explanation.tree))
    if explanation.score is None:
        assert explanation.status in {"partial", "no-data"}
        assert all(node.points is None for node in nodes)
        assert explanation.confidence is None
        return
    assert explanation.status == "ok"
    assert abs(explanation.tree.points - explanation.score) < WITHIN
    assert abs(sum(node.points for node in nodes if not node.children) - explanation.score) < WITHIN
    for node in nodes:
        if node.children:
            assert abs(node.points - sum(child.points for child in node.children)) < WITHIN
            assert [c.points for c in node.children] == sorted((c.points for c in node.children), reverse=True)
        elif node.kind in {"market", "control", "alignment", "supply", "access"} and node.certainty is not None:
            assert node.facts


@given(as_of=dates, data=st.data())
@settings(max_examples=30)
def test_tree_shows_the_exposures_of_the_row(scorer_at, as_of, data):
    scorer = scorer_at(as_of)
    company = data.draw(st.sampled_from(scorer.evaluation.facts.company_ids))
    row = {name: column[0] for name, column in scorer.columns([company]).items()}
    explanation = scorer.explain(company)
    pillars = {node.kind: node for node in explanation.tree.children}
    for kind, node in pillars.items():
        expected = row[kind]
        assert (node.exposure is None and np.isnan(expected)) or node.exposure == expected
        if explanation.score is not None:
            assert abs(node.points - row[f"score_{kind}"]) < WITHIN
    for node in pillars["control"].children:
        assert abs(node.exposure - sum(child.exposure for child in node.children)) < WITHIN
