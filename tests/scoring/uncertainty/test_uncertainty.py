"""Uncertainty: the method on models with known answers, and what intervals of the release must be like."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from scoring import Scorer, open_release
from scoring.errors import InputError
from scoring.facts.evidence import EVIDENCE
from scoring.methodology import Methodology, load_methodology
from scoring.risk.intervals import risk_intervals
from scoring.score.evaluation import evaluate
from scoring.uncertainty import Inputs, draws, importance, intervals
from scoring.uncertainty.distributions import (
    Points,
    around_one,
    concentration,
    dirichlet,
    rotate,
    rotations,
    triangular,
    uniform,
)
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


def test_around_one_is_the_symmetric_triangular():
    u = np.linspace(0.001, 0.999, 333)[:, None] * np.ones(2)
    spread = np.array([0.4, 0.0])
    assert np.allclose(around_one(u, spread), triangular(u, 1 - spread, np.ones(2), 1 + spread), rtol=0, atol=1e-12)


def test_concentration_of_the_weights():
    """A weight of 0.4 in 0.3 to 0.5: deviation 0.1 / 1.644854 = 0.060796; 0.4 * 0.6 / 0.060796^2 - 1 = 63.93."""
    assert concentration(np.array([0.4]), np.array([0.3]), np.array([0.5])) == pytest.approx(63.93, abs=0.01)
    assert concentration(np.array([0.4, 0.6]), np.array([0.4, 0.6]), np.array([0.4, 0.6])) == np.inf
    mean, low, high = np.array([0.40, 0.35, 0.25]), np.array([0.30, 0.25, 0.15]), np.array([0.50, 0.45, 0.35])
    drawn = dirichlet(Points(3, 1).take(4096), mean, concentration(mean, low, high))
    inside = ((drawn >= low) & (drawn <= high)).mean(axis=0)
    assert inside == pytest.approx([0.9, 0.9, 0.9], abs=0.03)


def test_rotated_points_fill_the_range_evenly_for_every_name():
    by = rotations(["asml", "toyota", "a-new-one"], 2)
    assert np.array_equal(by[:2], rotations(["asml", "toyota"], 2))  # whoever else is there
    assert np.unique(by).size == 6
    turned = rotate(Points(1, 1).take(1024)[:, :, None], by[:, 0])[:, 0]
    assert ((turned >= 0) & (turned < 1)).all()
    assert np.abs(np.sort(turned, axis=0) - (np.arange(1024)[:, None] + 0.5) / 1024).max() < 2 / 1024


def ishigami(points):
    x = uniform(points, np.full(3, -np.pi), np.full(3, np.pi))
    return (np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))[:, None]


def test_the_ishigami_function():
    """Total-order indices of T. Ishigami and T. Homma (1990) with a = 7, b = 0.1."""
    total = total_indices(ishigami, np.eye(3, dtype=bool), 8192, 1)[:, 0]
    assert total == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.02)


def test_the_indices_agree_with_scipy():
    from scipy.stats import sobol_indices
    from scipy.stats import uniform as distribution

    theirs = sobol_indices(
        func=lambda x: ishigami(x.T)[:, 0][None],
        n=8192,
        dists=[distribution(0, 1)] * 3,
        rng=np.random.default_rng(5),
    )
    ours = total_indices(ishigami, np.eye(3, dtype=bool), 8192, 1)[:, 0]
    assert ours == pytest.approx(theirs.total_order.ravel(), abs=0.02)


def test_sets_that_overlap_and_models_given_a_few_points_at_a_time():
    """Inputs 0 and 2 of Ishigami together hold all that input 1 alone does not: 1 - 0.4424."""
    sets = np.array([[True, False, True], [True, True, True], [False, False, False]])
    total = total_indices(ishigami, sets, 8192, 1)[:, 0]
    assert total == pytest.approx([1 - 0.4424, 1, 0], abs=0.02)
    assert np.array_equal(total_indices(ishigami, sets, 8192, 1, step=1000)[:, 0], total)


def test_an_additive_model():
    """Of independent inputs with variances 1, 4 and 9 twelfths, grouped as {0}, {1, 2}: 1/14 and 13/14."""

    def model(points):
        return (points @ np.array([1.0, 2.0, 3.0]))[:, None]

    total = total_indices(model, np.array([[True, False, False], [False, True, True]]), 4096, 1)[:, 0]
    assert total == pytest.approx([1 / 14, 13 / 14], abs=0.01)
    assert total.sum() == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("as_of", ["2019-06-01", "2022-10-12", "2024-09-02"])
def test_the_point_score_is_inside_at_other_dates(scorer_at, as_of):
    evaluation = scorer_at(as_of).evaluation
    test_the_point_score_is_inside(evaluation, intervals(evaluation, 256))


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
    for workers in (2, 3):
        again = intervals(evaluation, 256, workers=workers)
        assert np.array_equal(again.score, found.score, equal_nan=True)
        assert np.array_equal(again.rank, found.rank, equal_nan=True)
    other = intervals(evaluation, 256, seed=7)
    assert not np.array_equal(other.score, found.score, equal_nan=True)
    # Another seed of as many points gives nearly the same interval.
    assert np.nanmedian(np.abs(other.score - found.score)) < 0.7


def test_some_companies_have_the_numbers_that_they_have_among_all():
    evaluation = Scorer(open_release(), AS_OF).evaluation
    ids = evaluation.facts.company_ids
    some = np.array(sorted(ids.index(name) for name in ("tokyo-electron", "toyota", ids[-1])))
    whole, alone = intervals(evaluation, 64), intervals(evaluation, 64, companies=some)
    assert alone.companies.size < 0.1 * whole.companies.size
    for name, values in alone.columns(some).items():
        assert np.array_equal(values, whole.columns(some)[name], equal_nan=True), name
    indices = importance(evaluation, 8)
    for asked in (some, some[::-1], some[[2, 0, 2]]):
        assert np.array_equal(indices.total[:, asked], importance(evaluation, 8, companies=asked).total)
    with pytest.raises(KeyError):
        alone.columns(np.flatnonzero(~np.isin(np.arange(len(ids)), alone.companies))[:1])


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
        # Draws are kept as single-precision numbers, 24 bits of a number below 128.
        assert np.allclose(quantile[scored], sure.score[scored], rtol=0, atol=4e-6)
    assert np.array_equal(found.rank[2], found.rank[0], equal_nan=True)


def test_the_interval_widens_as_evidence_gets_worse(evaluation):
    china = evaluation.facts.china
    widths = []
    for code in range(7):  # from reported to modelled, in the order of the vocabulary
        facts = evaluation.facts.replace(china=dataclasses.replace(china, evidence=np.full_like(china.evidence, code)))
        found = intervals(evaluate(facts, evaluation.methodology), 128)
        widths.append(np.nanmean(found.score[2] - found.score[0]))
    assert widths == sorted(widths)
    assert widths[-1] > widths[0] + 1


def test_the_interval_widens_as_the_product_mix_gets_less_sure(evaluation):
    segments = evaluation.facts.segments
    several = np.bincount(segments.company, minlength=evaluation.score.size) > 1
    widths = []
    for word in ("reported", "expert-judgement"):
        evidence = np.full_like(segments.evidence, EVIDENCE.index(word))
        facts = evaluation.facts.replace(segments=dataclasses.replace(segments, evidence=evidence))
        inputs = Inputs(facts, evaluation.methodology)
        drawn, _ = inputs.draw(Points(inputs.size, 1).take(64))
        shares = drawn.segments.share
        assert np.allclose(np.add.reduceat(shares, segments.starts, axis=1), 1)
        widths.append(shares.std(axis=0)[several[segments.company]].mean())
        alone = ~several[segments.company]
        assert np.allclose(shares[:, alone], 1)
    assert widths[1] > 10 * widths[0]


def test_an_interval_of_a_company_rests_on_no_other(evaluation):
    """The draws of what is a company's own depend on its name, wherever it stands among the others."""
    facts, order = evaluation.facts, np.arange(evaluation.score.size)[::-1]
    inputs = Inputs(facts, evaluation.methodology)
    point = Points(inputs.size, 1).take(2)
    drawn, _ = inputs.draw(point)
    china = facts.china
    turned = facts.replace(
        axes=dataclasses.replace(facts.axes, company_ids=[facts.company_ids[i] for i in order]),
        china=dataclasses.replace(
            china,
            **{name: getattr(china, name)[order] for name in ("latest", "structural", "row", "evidence", "age")},
        ),
    )
    again, _ = Inputs(turned, evaluation.methodology).draw(point)
    assert np.array_equal(again.china.latest, drawn.china.latest[:, order], equal_nan=True)


def test_indices_of_the_release(evaluation):
    found = importance(evaluation, 128)
    scored = ~np.isnan(evaluation.score) & (evaluation.score > 0)
    assert np.isnan(found.total[:, np.isnan(evaluation.score)]).all()
    assert (found.total[:, scored] >= 0).all()
    # In truth they sum to at least 1; the estimate from so few points is within a fifth.
    assert (found.total[:, scored].sum(axis=0) > 0.8).all()
    assert found.pillars == ("market", "control", "retaliation")
    assert np.array_equal(found.pillar_total[0], found.total[found.groups.index("china-share")], equal_nan=True)
    # What a pillar rests on together matters as much as the part of it that matters most, but for noise.
    control = found.total[[found.groups.index(g) for g in ("control-fractions", "control-stringency", "alignment")]]
    assert (found.pillar_total[1][scored] > control[:, scored].max(axis=0) - 0.05).all()


def test_without_controls_nothing_depends_on_them(evaluation):
    rules = evaluation.facts.rules
    facts = evaluation.facts.replace(rules=rules.only(np.zeros(rules.row.size, dtype=bool)))
    found = importance(evaluate(facts, evaluation.methodology), 64)
    for group in ("control-fractions", "control-stringency", "alignment"):
        assert np.nanmax(found.total[found.groups.index(group)]) == 0


@pytest.mark.parametrize(
    ("count", "seed"), [(0, 1), (-5, 1), (10**7, 1), (2**20, 1), (8.5, 1), (True, 1), ("8", 1), (8, -1), (8, 0.5)]
)
def test_bad_numbers_of_draws(evaluation, count, seed):
    for function in (intervals, importance):
        with pytest.raises(InputError, match=r"^(draws|seed): "):
            function(evaluation, count, seed)


def test_the_draws_of_an_interval_one_block_at_a_time(evaluation, found, monkeypatch):
    from scoring.uncertainty import propagate

    monkeypatch.setattr(propagate, "_BUDGET", 8 * 500_000)
    parts = [
        evaluate(f, evaluation.methodology, p).score for f, p in draws(evaluation.facts, evaluation.methodology, 256)
    ]
    assert len(parts) > 1
    score = np.concatenate(parts)
    assert np.allclose(np.quantile(score, 0.95, axis=0), found.score[2], rtol=0, atol=1e-5, equal_nan=True)
    with pytest.raises(InputError, match="draws"):
        draws(evaluation.facts, evaluation.methodology, 0)


def test_revenue_at_risk_over_the_draws(scorer_at):
    scorer = scorer_at(AS_OF)
    ids = scorer.evaluation.facts.company_ids
    companies = np.array([ids.index(name) for name in ("asml", "disco", "asml", "toyota")])
    low, middle, high = risk_intervals(scorer.risk, companies, 64)
    point = scorer.risk.loss.total[companies]
    known = ~np.isnan(point)
    assert known.sum() >= 3
    assert ((low <= middle) & (middle <= high))[known].all()
    assert ((low <= point) & (point <= high))[known].all()
    assert (high - low)[known].max() > 0.01
    assert low[0] == low[2]
    assert np.isnan(low[~known]).all()
    # Alone or with others: the fractions of the rules of other periods come and go, so nearly the same.
    assert risk_intervals(scorer.risk, companies[:1], 64)[2] == pytest.approx(high[:1], abs=0.02)


def test_what_both_states_share_is_no_risk(scorer_at):
    """Had nothing come since the base date, no draw would lose anything, however uncertain the facts."""
    scorer = scorer_at(AS_OF)
    risk = scorer.risk
    day, members = max(risk.members.items(), key=lambda item: item[1].size)
    same = dataclasses.replace(risk.base(day))
    unmoved = type(risk)(same, risk.facts, risk.methodology)
    assert unmoved.midpoint[members[0]] == day
    found = risk_intervals(unmoved, members, 32)
    known = ~np.isnan(risk.loss.total[members])
    assert known.any()
    assert (found[:, known] == 0).all()


def test_columns_of_revenue_at_risk_when_asked_for(scorer_at):
    scorer = scorer_at(AS_OF)
    plain = scorer.revenue_at_risk(["asml"])
    frame = scorer.revenue_at_risk(["asml", "nonsense"], uncertainty=True)
    assert list(frame.columns[: len(plain.columns)]) == list(plain.columns)
    first = frame.iloc[0]
    assert first["share_at_risk_p05"] < first["share_at_risk"] < first["share_at_risk_p95"]
    assert first["revenue_at_risk_usd_p95"] == pytest.approx(
        first["share_at_risk_p95"] * first["revenue"] * first["usd_rate"]
    )
    assert frame.iloc[1][["share_at_risk_p05", "revenue_at_risk_p50"]].isna().all()


def test_columns_when_asked_for(scorer_at):
    scorer = scorer_at(AS_OF)
    assert "score_p05" not in scorer.columns(["8035.T"])
    scorer.intervals(64, 1)
    columns = scorer.columns(["8035.T", "nonsense", "toyota"], uncertainty=True)
    assert columns["score_p05"][0] < columns["score"][0] < columns["score_p95"][0]
    assert np.isnan(columns["score_p05"][1:]).all()
