"""Panels: each cell is what a scorer of that day gives, and alphalens takes them as they are."""

from __future__ import annotations

import datetime as dt
import random
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

import scoring
from scoring.columns import PANEL
from scoring.errors import AsOfError, InputError
from scoring.facts.change_points import change_points
from scoring.timeseries.calendar import business_days
from scoring.timeseries.panel import PanelJob, panel

DAY = dt.timedelta(days=1)


def same(got, expected):
    """Equal to 1e-12: one day among many is added up in vectors of another length, which may turn the last bit."""
    return np.allclose(np.asarray(got, float), np.asarray(expected, float), rtol=0, atol=1e-12, equal_nan=True)


@pytest.fixture(scope="module")
def ids(release):
    return release.columns("companies")["company_id"].tolist()


@pytest.fixture(scope="module")
def decade(release, ids):
    return panel(release, ids, "2016-07-29", "2026-07-31", columns=("score", "score_floor", "retaliation", "control"))


def test_200_random_cells_equal_a_fresh_scorer(release, decade, ids):
    rng = random.Random(20260731)
    days = sorted(set(decade.index.get_level_values("date")))
    for _ in range(20):
        day = rng.choice(days)
        fresh = scoring.Scorer(release, day.date()).evaluation
        row = decade.loc[day]
        for company in rng.sample(range(len(ids)), 10):
            assert row.index[company] == ids[company]
            for column, expected in (
                ("score", fresh.score),
                ("score_floor", fresh.floor),
                ("retaliation", fresh.retaliation.total),
                ("control", fresh.control.total),
            ):
                assert same(row[column].iloc[company], expected[company]), (day, ids[company])


def test_the_days_around_every_kind_of_change(release, ids):
    changes = change_points(release, dt.date(2022, 1, 1), dt.date(2026, 7, 30))
    one_of_each = {block: day for day, blocks in changes.items() for block in blocks}
    assert set(one_of_each) == {"rules", "measures", "china", "segments", "mineral", "events"}
    for day in one_of_each.values():
        around = [day - DAY, day, day + DAY]
        frame = panel(release, ids, "2022-01-01", dates=around)
        for one in around:
            fresh = scoring.Scorer(release, one).evaluation.score
            assert same(frame.loc[pd.Timestamp(one), "score"], fresh), one


def test_nothing_known_later_enters(release, altered, ids):
    """A release cut off at a day gives the same panel up to that day."""
    day = np.datetime64("2024-06-28")
    columns = {"rules": "announced", "countermeasures": "announced", "revenue": "known_by", "segments": "known_by"}

    def known(column):
        return lambda rows: [row for row in rows if row[column] <= day.astype(dt.date)]

    cut = altered(release, set={table: known(column) for table, column in columns.items()} | {
        "coercion_events": known("date")
    })  # fmt: skip
    asked = {"start": "2024-06-03", "end": "2024-06-28"}
    pd.testing.assert_frame_equal(panel(cut, ids, **asked), panel(release, ids, **asked))


def test_every_column_and_a_scenario(release):
    days = [dt.date(2024, 9, 2), dt.date(2024, 12, 2)]
    scenario = "china-cuts-rare-earths-to-japan-2010-style"
    frame = panel(release, ["8035.T", "6594.T"], "2024-01-01", dates=days, scenario=scenario, columns=PANEL)
    for day in days:
        rows = scoring.Scorer(release, day, scenario=scenario).score(["8035.T", "6594.T"])
        for column in PANEL:
            assert same(frame.loc[pd.Timestamp(day), column], rows[column]), column


def test_parts_of_a_job_are_the_whole(release):
    days = business_days(release, "2023-11-01", "2024-03-01")
    whole = panel(release, ["8035.T", "ASML"], "2023-11-01", dates=days)
    parts = [panel(release, ["8035.T", "ASML"], "2023-11-01", dates=part) for part in (days[:40], days[40:])]
    pd.testing.assert_frame_equal(whole, pd.concat(parts))


def test_the_latent_threat_decays_between_changes(release):
    """Hand: between two changes a Japanese supply exposure without a measure falls from day to day."""
    changes = sorted(change_points(release, dt.date(2022, 1, 1), dt.date(2024, 6, 1)))
    gap, start = max((b - a, a) for a, b in pairwise(changes))
    days = [start + DAY * i for i in range(gap.days)]
    frame = panel(release, ["8035.T"], "2022-01-01", dates=days, columns=["retaliation_supply"])
    assert gap.days > 3
    assert (np.diff(frame["retaliation_supply"]) < 0).all()


@pytest.mark.parametrize(
    ("freq", "first", "count"),
    [("B", "2024-01-01", 23), ("D", "2024-01-01", 31), ("W", "2024-01-05", 4), ("M", "2024-01-31", 1)],
)
def test_frequencies(release, freq, first, count):
    days = business_days(release, "2024-01-01", "2024-01-31", freq)
    assert (days[0].isoformat(), len(days)) == (first, count)


def test_trading_days_of_a_market(release):
    days = business_days(release, "2024-01-01", "2024-01-10", calendar="XTKS")
    assert [day.day for day in days] == [4, 5, 9, 10]  # new year's holidays, and the coming-of-age day on the 8th


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"start": "2024-02-01", "end": "2024-01-01"}, "is after the end"),
        ({"start": "2024-01-06", "end": "2024-01-07"}, "no day of frequency B"),
        ({"start": "2024-01-01", "end": "2024-01-31", "freq": "H"}, "use one of B, D, W, M, Q"),
        ({"start": "2024-01-01", "end": "2024-01-31", "calendar": "XXXX"}, "is no market"),
        ({"start": "2024-01-01", "end": "2024-01-31", "calendar": "XTKS", "freq": "M"}, "use freq B"),
    ],
)
def test_bad_ranges(release, arguments, says):
    with pytest.raises(InputError, match=says):
        business_days(release, **arguments)


def test_days_beyond_the_release(release):
    with pytest.raises(AsOfError):
        business_days(release, "2024-01-01", "2026-09-01")
    with pytest.raises(AsOfError):
        PanelJob(release, ["8035.T"], [dt.date(2026, 9, 1)])


def test_bad_jobs(release):
    day = [dt.date(2024, 1, 2)]
    with pytest.raises(InputError, match="none of them names a company"):
        PanelJob(release, ["qqqqqq"], day)
    with pytest.raises(InputError, match="given twice"):
        PanelJob(release, ["8035.T", "8035.T"], day)
    with pytest.raises(InputError, match="confidence cannot be"):
        PanelJob(release, ["8035.T"], day, columns=["confidence"])
    with pytest.raises(InputError, match="not in order"):
        PanelJob(release, ["8035.T"], [*day, *day])
    assert panel(release, ["8035.T", "qqqqqq"], "2024-01-01", dates=day).attrs["unresolved"] == ["qqqqqq"]


def test_alphalens_takes_a_panel_as_it_is(release, ids):
    """Forward returns, quantiles and the tear-sheet functions on prices made for the test."""
    import alphalens
    import matplotlib as mpl

    mpl.use("Agg")
    # A company without a score is a missing factor, which alphalens drops and complains of.
    scored_ids = [i for i, s in zip(ids, scoring.Scorer(release, "2024-01-01").evaluation.score, strict=True) if s == s]
    frame = scoring.panel(release, scored_ids, "2024-01-01", "2024-06-28")
    days = frame.index.get_level_values("date").unique()
    rng = np.random.Generator(np.random.PCG64(1))
    walk = 100 * np.exp(np.cumsum(rng.normal(0, 0.01, (days.size, len(scored_ids))), axis=0))
    prices = pd.DataFrame(walk, index=days, columns=scored_ids)
    data = alphalens.utils.get_clean_factor_and_forward_returns(frame["score"], prices, quantiles=5, periods=(1, 5))
    assert set(data["factor_quantile"]) == {1, 2, 3, 4, 5}
    scored = frame["score"].dropna()
    assert np.array_equal(data["factor"].to_numpy(), scored.loc[data.index].to_numpy())
    information = alphalens.performance.factor_information_coefficient(data)
    assert information.shape == (data.index.get_level_values("date").nunique(), 2)
    returns, _ = alphalens.performance.mean_return_by_quantile(data)
    assert list(returns.index) == [1, 2, 3, 4, 5]
    alphalens.tears.create_information_tear_sheet(data)
