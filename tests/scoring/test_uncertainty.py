"""Uncertainty: the method on models with known answers, and what intervals of the release must be like."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from scoring.errors import InputError
from scoring.evaluation import evaluate
from scoring.methodology import Methodology, load_methodology
from scoring.uncertainty import Inputs, importance, intervals
from scoring.uncertainty.distributions import Points, dirichlet, triangular, uniform
from scoring.uncertainty.indices import total_indices

AS_OF = "2026-07-31"


@pytest.fixture(scope="module")
def evaluation(scorer_at):
    return scorer_at(AS_OF).evaluation


@pytest.fixture(scope="module")
def found(evaluation):
    return intervals(evaluation, 256)


def test_triangular_quantiles():
    low, mode, high = np.array([0.0, 2.0, 5.0]), np.array([1.0, 2.0, 5.0]), np.array([3.0, 6.0, 5.0])
    # By hand for (0, 1, 3): F(1) = 1/3; below, x = sqrt(3 u); above, x = 3 - sqrt(6 (1 - u)).
    drawn = triangular(np.array([[0.12], [1 / 3], [0.94]]) * np.ones(3), low, mode, high)
    assert drawn[:, 0].tolist() == pytest.approx([0.6, 1.0, 2.4])
    assert drawn[:, 2].tolist() == [5.0, 5.0, 5.0]
    u = (np.arange(100_000)[:, None] + 0.5) / 100_000
    assert triangular(u * np.ones(3), low, mode, high).mean(axis=0) == pytest.approx((low + mode + high) / 3, abs=1e-4)


def test_dirichlet_keeps_its_mean_and_sums_to_one():
    points = Points(3, 1).take(4096)
    drawn = dirichlet(points, np.array([0.40, 0.35, 0.25]), 60.0)
    assert np.allclose(drawn.sum(axis=1), 1)
    assert drawn.mean(axis=0) == pytest.approx([0.40, 0.35, 0.25], abs=2e-3)
    # Variance w (1 - w) / (concentration + 1).
    assert drawn.var(axis=0) == pytest.approx(np.array([0.24, 0.2275, 0.1875]) / 61, rel=0.05)


def ishigami(points):
    x = uniform(points, np.full(3, -np.pi), np.full(3, np.pi))
    return (np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))[:, None]


def test_the_ishigami_function():
    """Total-order indices of T. Ishigami and T. Homma (1990) with a = 7, b = 0.1."""
    total = total_indices(ishigami, np.array([0, 1, 2]), 3, 8192, 1)[:, 0]
    assert total == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.02)


def test_an_additive_model():
    """Of independent inputs with variances 1, 4 and 9 twelfths, grouped as {0}, {1, 2}: 1/14 and 13/14."""

    def model(points):
        return (points @ np.array([1.0, 2.0, 3.0]))[:, None]

    total = total_indices(model, np.array([0, 1, 1]), 2, 4096, 1)[:, 0]
    assert total == pytest.approx([1 / 14, 13 / 14], abs=0.01)
    assert total.sum() == pytest.approx(1, abs=0.01)


def test_the_point_score_is_inside(evaluation, found):
    scored = ~np.isnan(evaluation.score)
    low, middle, high = found.score
    assert (low[scored] <= evaluation.score[scored] + 1e-5).all()
    assert (evaluation.score[scored] <= high[scored] + 1e-5).all()
    assert (low[scored] <= middle[scored]).all()
    assert (middle[scored] <= high[scored]).all()
    assert np.isnan(found.score[:, ~scored]).all()
    assert np.isnan(found.rank[:, ~scored]).all()
    assert found.rank[0][scored].min() >= 1
    assert found.rank[2][scored].max() <= scored.sum()


def test_same_seed_same_numbers_however_it_is_cut(evaluation, found, monkeypatch):
    from scoring.uncertainty import propagate

    monkeypatch.setattr(propagate, "_BUDGET", 8 * 500_000)
    again = intervals(evaluation, 256)
    assert np.array_equal(again.score, found.score, equal_nan=True)
    assert np.array_equal(again.rank, found.rank, equal_nan=True)
    other = intervals(evaluation, 256, seed=7)
    assert not np.array_equal(other.score, found.score, equal_nan=True)
    # Another seed of as many points gives nearly the same interval.
    assert np.nanmedian(np.abs(other.score - found.score)) < 0.7


def test_a_draw_is_an_evaluation(evaluation):
    """One draw of many is what the equations give for its numbers alone."""
    inputs = Inputs(evaluation.facts, evaluation.methodology)
    points = Points(inputs.size, 3).take(3)
    facts, parameters = inputs.draw(points)
    many = evaluate(facts, evaluation.methodology, parameters).score
    for row in range(3):
        facts, parameters = inputs.draw(points[row : row + 1])
        assert np.array_equal(evaluate(facts, evaluation.methodology, parameters).score[0], many[row], equal_nan=True)


def certain(methodology):
    """The methodology with every range closed."""

    def closed(value):
        if isinstance(value, dict):
            if {"value", "low", "high", "reason"} == set(value):
                return value | {"low": value["value"], "high": value["value"]}
            return {name: closed(child) for name, child in value.items()}
        return value

    document = closed(methodology.model_dump(mode="json"))
    for word in document["uncertainty"]["spread"]:
        document["uncertainty"]["spread"][word] |= {"value": 0.0, "low": 0.0, "high": 0.0}
    return Methodology.model_validate(document)


def test_without_a_range_there_is_no_interval(evaluation):
    rules = evaluation.facts.rules
    facts = evaluation.facts.replace(
        rules=dataclasses.replace(rules, entry_low=rules.entry_fraction, entry_high=rules.entry_fraction)
    )
    sure = evaluate(facts, certain(load_methodology()))
    found = intervals(sure, 8)
    scored = ~np.isnan(sure.score)
    for quantile in found.score:
        # A concentration of 1e9 leaves the weights where they are to about 1e-5.
        assert np.allclose(quantile[scored], sure.score[scored], rtol=0, atol=1e-2)
    assert np.abs(found.rank[2] - found.rank[0])[scored].max() <= 2


def test_the_interval_widens_as_evidence_gets_worse(evaluation):
    china = evaluation.facts.china
    widths = []
    for code in range(7):  # from reported to modelled, in the order of the vocabulary
        facts = evaluation.facts.replace(china=dataclasses.replace(china, evidence=np.full_like(china.evidence, code)))
        found = intervals(evaluate(facts, evaluation.methodology), 128)
        widths.append(np.nanmean(found.score[2] - found.score[0]))
    assert widths == sorted(widths)
    assert widths[-1] > widths[0] + 1


def test_indices_of_the_release(evaluation):
    found = importance(evaluation, 128)
    scored = ~np.isnan(evaluation.score) & (evaluation.score > 0)
    assert np.isnan(found.total[:, np.isnan(evaluation.score)]).all()
    assert (found.total[:, scored] >= 0).all()
    # In truth they sum to at least 1; the estimate from so few points is within a fifth.
    assert (found.total[:, scored].sum(axis=0) > 0.8).all()


def test_without_controls_nothing_depends_on_them(evaluation):
    rules = evaluation.facts.rules
    facts = evaluation.facts.replace(rules=rules.only(np.zeros(rules.row.size, dtype=bool)))
    found = importance(evaluate(facts, evaluation.methodology), 64)
    for group in ("control-fractions", "control-stringency", "alignment"):
        assert np.nanmax(found.total[found.groups.index(group)]) == 0


@pytest.mark.parametrize(("draws", "seed"), [(0, 1), (-5, 1), (10**7, 1), (8, -1)])
def test_bad_numbers_of_draws(evaluation, draws, seed):
    for function in (intervals, importance):
        with pytest.raises(InputError, match=r"draws|seed"):
            function(evaluation, draws, seed)


def test_columns_when_asked_for(scorer_at):
    scorer = scorer_at(AS_OF)
    assert "score_p05" not in scorer.columns(["8035.T"])
    scorer.intervals(64, 1)
    columns = scorer.columns(["8035.T", "nonsense", "toyota"], uncertainty=True)
    assert columns["score_p05"][0] < columns["score"][0] < columns["score_p95"][0]
    assert np.isnan(columns["score_p05"][1:]).all()
