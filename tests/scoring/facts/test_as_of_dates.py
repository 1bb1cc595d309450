"""The as-of date: what is a date, what is too late, and what a date before all facts gives."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from scoring.columns import RESULT
from scoring.errors import AsOfError
from scoring.facts.facts import Facts
from scoring.scorer import Scorer


@pytest.mark.parametrize(
    "as_of",
    [
        "2024-13-01",
        "2024-02-30",
        "01/02/2024",
        "2024",
        "",
        "yesterday",
        "2024-09-02T00:00:00",
        "20240902",
        " 2024-09-02",
    ],
)
def test_malformed(release, as_of):
    with pytest.raises(AsOfError) as error:
        Scorer(release, as_of, "2026.1")
    assert error.value.field == "as_of"
    assert repr(as_of) in error.value.problem
    assert "YYYY-MM-DD" in error.value.fix


@pytest.mark.parametrize("as_of", [20240902, 3.5, [2024, 9, 2], b"2024-09-02", pd.NaT], ids=repr)
def test_not_a_date_at_all(release, as_of):
    with pytest.raises(AsOfError):
        Facts(release, as_of)


@pytest.mark.parametrize(
    "as_of",
    [dt.date(2024, 9, 2), dt.datetime(2024, 9, 2, 23, 59), pd.Timestamp("2024-09-02 09:30"), "2024-09-02"],  # noqa: DTZ001
    ids=repr,
)
def test_kinds_of_dates(release, as_of):
    scorer = Scorer(release, as_of, "2026.1")
    assert scorer.as_of == dt.date(2024, 9, 2)
    assert type(scorer.as_of) is dt.date
    assert scorer.columns(["8035.T"])["score"][0] == pytest.approx(50.02543248, abs=1e-8)


def test_none_is_the_last_date(release):
    assert Scorer(release).as_of == Scorer(release, None).as_of == release.last_as_of == dt.date(2026, 7, 31)


@pytest.mark.parametrize("as_of", ["2026-08-01", "2100-01-01", dt.date.max])
def test_the_future_is_refused(release, as_of):
    with pytest.raises(AsOfError) as error:
        Scorer(release, as_of, "2026.1")
    assert "2026-07-31" in error.value.problem
    assert "2026-07-31" in error.value.fix
    assert release.version in error.value.problem


def test_the_last_date_itself_is_supported(release):
    assert Scorer(release, "2026-07-31").as_of == release.last_as_of


@pytest.mark.parametrize("as_of", ["1999-01-01", "1990-06-30", "0001-01-01"])
def test_before_all_facts(release, as_of):
    """No data is not an error: there are rows, they say so, and nothing in them is a number."""
    scorer = Scorer(release, as_of, "2026.1")
    rows = scorer.columns(["tokyo-electron", "asml", "apple", "no such company"])
    assert list(rows) == list(RESULT)
    assert rows["status"].tolist() == ["no-data", "no-data", "no-data", "unresolved"]
    for name, column in rows.items():
        if column.dtype.kind == "f":
            assert np.isnan(column).all(), name
    for name in ("band", "confidence_grade", "china_share_kind", "product_mix", "china_share_period_end"):
        assert rows[name].tolist() == [None] * 4
    assert rows["as_of"].tolist() == [dt.date.fromisoformat(as_of)] * 4
    assert rows["name"].tolist()[3] is None
    explanation = scorer.explain("asml")
    assert explanation.status == "no-data"
    assert explanation.score is explanation.score_floor is explanation.confidence is None
    assert len(explanation.unknown) == 2


def test_the_first_share_is_known_from_its_day_on(release):
    """Tokyo Electron's year to March 2022 is known by 2022-07-29, not a day before."""
    eve, day = (Scorer(release, as_of, "2026.1").columns(["tokyo-electron"]) for as_of in ("2022-07-28", "2022-07-29"))
    assert eve["china_share"].tolist() == [0.183]
    assert day["china_share"].tolist() == [0.26]
