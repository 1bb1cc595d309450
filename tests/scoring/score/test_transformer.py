"""The composite in scikit-learn's clothes: its own checks where they apply, and the same by hand where they cannot."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import parametrize_with_checks

from scoring.errors import MethodologyNotFoundError
from scoring.methodology import load_methodology
from scoring.score.composite import composite
from scoring.score.transformer import CompositeScore
from scoring.scorer import Scorer

WIDTH = "the check's data has another number of columns than the three exposures"
RANGE = "the check's data is not shares: it lies outside 0..1"

DO_NOT_APPLY = {
    "check_estimators_overwrite_params": WIDTH,
    "check_estimators_fit_returns_self": WIDTH,
    "check_readonly_memmap_input": WIDTH,
    "check_n_features_in_after_fitting": WIDTH,
    "check_estimators_dtypes": WIDTH,
    "check_dtype_object": WIDTH,
    "check_fit2d_1sample": WIDTH,
    "check_fit2d_1feature": WIDTH,
    "check_fit_idempotent": WIDTH,
    "check_fit_check_is_fitted": WIDTH,
    "check_n_features_in": WIDTH,
    "check_dont_overwrite_parameters": RANGE,
    "check_positive_only_tag_during_fit": RANGE,
    "check_pipeline_consistency": RANGE,
    "check_estimators_pickle": RANGE,
    "check_f_contiguous_array_estimator": RANGE,
    "check_transformer_data_not_an_array": RANGE,
    "check_transformer_general": RANGE,
    "check_transformer_preserve_dtypes": RANGE,
    "check_methods_sample_order_invariance": RANGE,
    "check_methods_subset_invariance": RANGE,
    "check_dict_unchanged": RANGE,
    "check_fit2d_predict1d": RANGE,
}
"""Every other check of scikit-learn must pass. What these test is tested below, with exposures."""


@parametrize_with_checks([CompositeScore()], expected_failed_checks=lambda _: DO_NOT_APPLY)
def test_scikit_learn(estimator, check):
    check(estimator)


@pytest.fixture
def exposures():
    x = np.random.default_rng(7).random((30, 3))
    x[3, 1] = np.nan
    x[4], x[5] = 0, 1
    return x


@pytest.fixture
def points(exposures):
    return composite(exposures, load_methodology().parameters)


def same(got, expected):
    return np.array_equal(got, expected, equal_nan=True)


def test_points_are_those_of_the_library(exposures, points):
    estimator = CompositeScore()
    assert estimator.fit(exposures) is estimator
    assert same(estimator.transform(exposures), points)
    assert same(CompositeScore().fit_transform(exposures, y=None), points)
    assert np.isnan(points[3]).all()
    assert points[4].tolist() == [0, 0, 0]
    assert points[5].sum() == pytest.approx(100, abs=1e-12)


def test_points_are_those_of_the_scorer(scorer_at):
    scorer: Scorer = scorer_at("2024-09-02")
    rows = scorer.columns(scorer.evaluation.facts.company_ids)
    x = np.stack([rows["market"], rows["control"], rows["retaliation"]], axis=1)
    got = CompositeScore("2026.1").fit_transform(x)
    expected = np.stack([rows["score_market"], rows["score_control"], rows["score_retaliation"]], axis=1)
    assert np.allclose(got, expected, rtol=0, atol=1e-12, equal_nan=True)


def test_nothing_is_learned(exposures, points):
    one = CompositeScore().fit(exposures[:1])
    assert same(one.transform(exposures), points)
    assert same(one.fit(exposures[::-1]).transform(exposures), points)


def test_each_row_stands_alone(exposures, points):
    estimator = CompositeScore().fit(exposures)
    order = np.random.default_rng(1).permutation(len(exposures))
    assert np.allclose(estimator.transform(exposures[order]), points[order], rtol=0, atol=1e-12, equal_nan=True)
    for i in range(len(exposures)):
        assert np.allclose(estimator.transform(exposures[i : i + 1])[0], points[i], rtol=0, atol=1e-12, equal_nan=True)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, object])
def test_kinds_of_numbers(exposures, points, dtype):
    got = CompositeScore().fit_transform(exposures.astype(dtype))
    assert np.allclose(got, points, rtol=0, atol=1e-9 if dtype is not np.float32 else 1e-4, equal_nan=True)
    assert got.dtype == np.float64


def test_kinds_of_containers(exposures, points):
    fixed = np.asfortranarray(exposures)
    fixed.setflags(write=False)
    for x in (fixed, exposures.tolist(), pd.DataFrame(exposures)):
        assert same(CompositeScore().fit_transform(x), points)
    assert CompositeScore().fit_transform([[0, 1, 0]]).tolist() == [[0, pytest.approx(100 / 3), 0]]


def test_input_and_parameters_are_left_alone(exposures):
    before, estimator = exposures.copy(), CompositeScore()
    estimator.fit(exposures)
    state = {**estimator.__dict__}
    estimator.transform(exposures)
    assert same(exposures, before)
    assert estimator.__dict__ == state
    assert estimator.get_params() == {"methodology": "2026.2"}
    assert estimator.n_features_in_ == 3


def test_copies(exposures, points):
    estimator = CompositeScore(load_methodology()).fit(exposures)
    assert same(pickle.loads(pickle.dumps(estimator)).transform(exposures), points)
    with pytest.raises(NotFittedError):
        clone(estimator).transform(exposures)


def test_names_of_columns(exposures):
    names = ["score_market", "score_control", "score_retaliation"]
    frame = pd.DataFrame(exposures, columns=["market", "control", "retaliation"])
    estimator = CompositeScore().set_output(transform="pandas").fit(frame)
    assert estimator.get_feature_names_out().tolist() == names
    assert estimator.transform(frame).columns.tolist() == names
    with pytest.raises(ValueError, match="feature names"):
        estimator.transform(frame[["control", "market", "retaliation"]])


def test_in_a_pipeline(exposures, points):
    pipeline = make_pipeline(FunctionTransformer(lambda x: x / 100), CompositeScore())
    assert np.allclose(pipeline.fit_transform(exposures * 100), points, rtol=0, atol=1e-9, equal_nan=True)


@pytest.mark.parametrize(
    ("x", "message"),
    [
        ([[0.1, 0.2]], "X has 2 features, expected 3: market, control, retaliation"),
        ([[0.1, 0.2, 0.3, 0.4]], "X has 4 features, expected 3"),
        ([[44.0, 3.0, 6.6]], "shares, not percentages"),
        ([[-0.1, 0.2, 0.3]], "outside 0..1"),
        ([[np.inf, 0.2, 0.3]], "infinity"),
        ([0.1, 0.2, 0.3], "Expected 2D array"),
        (np.zeros((0, 3)), "0 sample"),
    ],
)
def test_refused(x, message):
    with pytest.raises(ValueError, match=message):
        CompositeScore().fit(x)
    fitted = CompositeScore().fit([[0.1, 0.2, 0.3]])
    with pytest.raises(ValueError):  # noqa: PT011 (scikit-learn's own wording differs between fit and transform)
        fitted.transform(x)


def test_an_unknown_methodology_is_refused_on_fit():
    estimator = CompositeScore("1999.9")
    with pytest.raises(MethodologyNotFoundError, match=r"2026\.1"):
        estimator.fit([[0.1, 0.2, 0.3]])
