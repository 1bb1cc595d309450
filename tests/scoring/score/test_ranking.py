"""Bands, ranks and percentiles, with ties and missing values."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.score.ranking import bands, percentiles, ranks

NAN = np.nan
BANDS = {"minimal": 0, "low": 20, "moderate": 40, "high": 60, "severe": 80}


def test_a_value_on_a_bound_belongs_to_the_band_above():
    values = np.array([0, 19.999999, 20, 39.9, 40, 60, 79.999, 80, 100, NAN])
    expected = ["minimal", "minimal", "low", "low", "moderate", "high", "high", "severe", "severe", None]
    assert bands(values, BANDS).tolist() == expected


def test_bands_in_any_order_of_writing():
    assert bands(np.array([50.0]), dict(reversed(BANDS.items()))).tolist() == ["moderate"]


def test_equal_values_share_the_better_rank():
    got = ranks(np.array([5.0, 7.0, NAN, 5.0, 9.0, 1.0]))
    assert np.array_equal(got, [3, 2, NAN, 3, 1, 5], equal_nan=True)


def test_all_equal():
    assert ranks(np.full(4, 3.0)).tolist() == [1, 1, 1, 1]
    assert percentiles(np.full(4, 3.0)).tolist() == [50, 50, 50, 50]


def test_equal_values_count_half_in_a_percentile():
    # Below 5: one of five, two equal: (1 + 2 / 2) / 5.
    got = percentiles(np.array([5.0, 7.0, NAN, 5.0, 9.0, 1.0]))
    assert np.array_equal(got, [40, 70, NAN, 40, 90, 10], equal_nan=True)


def test_percentiles_within_groups():
    values = np.array([1.0, 2.0, 3.0, 4.0, NAN, NAN])
    groups = np.array(["a", "a", "b", "a", "b", "c"], dtype=object)
    got = percentiles(values, groups)
    assert got[:4] == pytest.approx([100 / 6, 50, 50, 500 / 6])
    assert np.isnan(got[4:]).all()


@pytest.mark.parametrize("values", [np.array([]), np.array([NAN, NAN])])
def test_nothing_known(values):
    assert ranks(values).size == percentiles(values).size == values.size
    assert np.isnan(ranks(values)).all()
    assert np.isnan(percentiles(values)).all()


def test_rows_of_a_scorer_are_ranked_among_the_scored(scorer_at):
    scorer = scorer_at("2024-09-02")
    rows = scorer.columns(scorer.evaluation.facts.company_ids)
    score, rank = rows["score"], rows["rank"]
    scored = ~np.isnan(score)
    assert (np.isnan(rank) == ~scored).all()
    order = np.argsort(-score[scored])
    assert rank[scored][order][0] == 1
    assert (np.diff(rank[scored][order]) >= 0).all()
    assert rank[scored].max() <= scored.sum()
    for i in np.flatnonzero(scored)[::17]:
        assert rank[i] == 1 + (score[scored] > score[i]).sum()
