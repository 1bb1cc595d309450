"""What Python users hand in: one text, missing values, numbers, series; and what comes back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import scoring
from scoring.columns import RESULT, SCREEN
from scoring.scorer import Scorer


@pytest.fixture(scope="module")
def scorer(release):
    return Scorer(release, "2024-09-02")


def test_one_text_is_one_query(scorer):
    frame = scorer.score("AAPL")
    assert frame["company_id"].tolist() == ["apple"]
    pd.testing.assert_frame_equal(frame, scorer.score(["AAPL"]))


def test_missing_values_and_numbers_are_rows(scorer):
    frame = scorer.score([None, float("nan"), pd.NA, pd.NaT, np.nan, 8035, 8035.0, np.int64(6857), "", "AAPL"])
    assert len(frame) == 10
    assert frame["status"][:5].tolist() == ["unresolved"] * 5
    assert frame["query"][5:8].tolist() == ["8035", "8035", "6857"]
    assert frame["status"].iloc[8] == "unresolved"
    assert frame["company_id"].iloc[9] == "apple"


def test_a_series_keeps_its_index(scorer):
    asked = pd.Series(["MU", None, "AMAT"], index=pd.Index([7, 3, 5], name="position"))
    frame = scorer.score(asked)
    pd.testing.assert_index_equal(frame.index, asked.index)
    assert frame["company_id"].dropna().to_dict() == {7: "micron", 5: "applied-materials"}


@pytest.mark.parametrize(
    "kind", [list, tuple, np.array, pd.Index, pd.Series, iter, lambda x: pd.Series(x, dtype="category")]
)
def test_every_kind_of_list_gives_the_same_rows(scorer, kind):
    frame = scorer.score(kind(["MU", "AMAT", "nothing at all"]))
    assert frame["status"].tolist()[:2] == scorer.score(["MU", "AMAT"])["status"].tolist()
    assert frame["status"].iloc[2] == "unresolved"
    assert list(frame) == list(RESULT)


def test_an_empty_list_is_an_empty_frame_with_all_columns(scorer):
    frame = scorer.score([])
    assert list(frame) == list(RESULT)
    assert frame.empty


def test_a_screen_is_a_frame_like_a_score(scorer):
    frame = scoring.screen(scorer, limit=5)
    assert list(frame) == list(SCREEN)
    scored = scorer.score(frame["company_id"].tolist())
    same = [name for name in RESULT if name not in ("query", "matched_by")]
    pd.testing.assert_frame_equal(frame[same], scored[same])
