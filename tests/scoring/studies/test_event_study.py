"""The event study finds an effect that is planted, and on noise none more often than it says."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

import scoring
from scoring.acts.act import every_act
from scoring.acts.history import states_of_acts
from scoring.errors import InputError
from scoring.lookup.touched import NotFoundError
from scoring.methodology import load_methodology
from scoring.studies.event_study import event_study
from scoring.studies.forest import forest_plot
from scoring.studies.market_model import abnormal_returns
from scoring.studies.rank_tests import clusters_of, mean_and_interval, pooled, rank_correlation

METHOD = "2026.2"
ACTS = (
    "us-2022-10-07-sme-home",
    "us-2023-10-17-sme-home",
    "us-2024-12-02-sme-home",
    "us-2025-04-09-h20-mi308-letters",
    "us-2025-09-29-affiliates-home",
)
EFFECT = 2.0
"""Fall of the price on the day, in shares of the revenue that the act puts at risk."""


@pytest.fixture(scope="module")
def universe():
    return scoring.open_release("2026.12.0")


@pytest.fixture(scope="module")
def planted(universe):
    """Returns of sixty companies, the market, and an effect in proportion to what each act puts at risk."""
    rng = np.random.default_rng(7)
    scorer = scoring.Scorer(universe, "2025-09-29", METHOD)
    names = scorer.evaluation.facts.company_ids
    chosen = np.flatnonzero(~np.isnan(scorer.evaluation.score) & ~scorer.evaluation.facts.estimated)[:60]
    days = pd.bdate_range("2021-06-01", "2026-01-30")
    market = pd.Series(rng.normal(0, 0.01, days.size), index=days, name="market")
    beta = rng.uniform(0.5, 1.5, chosen.size)
    own = rng.normal(0, 0.004, (days.size, chosen.size))
    acts = sorted((act for act in every_act(universe) if act.act_id in ACTS), key=lambda act: act.announced)
    for act, states in zip(acts, states_of_acts(universe, acts, load_methodology(METHOD)), strict=True):
        own[days.searchsorted(pd.Timestamp(act.announced))] -= EFFECT * np.nan_to_num(states.hit[chosen])
    table = pd.DataFrame(market.to_numpy()[:, None] * beta + own, index=days, columns=[names[i] for i in chosen])
    return table, market


@pytest.fixture(scope="module")
def study(universe, planted):
    table, market = planted
    events = [(act, None) for act in ACTS]
    return event_study(universe, table, market, events, methodology=METHOD, window=(0, 0))


def test_a_planted_effect_is_found(study):
    act, china = (next(row for row in study.pooled if row.figure == name) for name in ("act", "china_share"))
    assert act.events == len(ACTS)
    assert act.high < 0
    assert act.mean < china.mean
    assert study.difference.mean < 0
    assert next(row for row in study.pooled if row.figure == "act_given_beta").high < 0
    assert study.placebo.low < 0 < study.placebo.high


def test_events_have_figures_of_the_day_before_and_the_day_traded(study):
    for event in study.events:
        assert event.traded >= event.announced
        assert event.names >= 10
        assert -1 <= event.act <= 1


def test_on_noise_it_finds_nothing_more_often_than_it_says():
    """Thirty events of forty names without any effect, three hundred times: few 95 percent intervals miss zero."""
    rng = np.random.default_rng(11)
    missed = 0
    for _ in range(300):
        figure = rng.exponential(size=40)  # the same names are hit most at every event
        correlations = np.array([rank_correlation(figure, rng.normal(size=40)) for _ in range(30)])
        found = pooled(correlations, np.arange(30) // 2, rng)
        missed += not found.low < 0 < found.high
    assert missed / 300 < 0.10


def test_events_that_overlap_are_one_cluster():
    days = np.array([10, 11, 40, 12, 100])
    assert clusters_of(days, 2).tolist() == [0, 0, 1, 0, 2]
    # Ten copies of one event carry the weight of one.
    rng = np.random.default_rng(1)
    values = np.array([0.5] * 10 + [-0.5] * 2)
    _, low, high = mean_and_interval(values, np.array([0] * 10 + [1, 2]), rng)
    assert low < 0 < high


def test_the_market_model_is_ordinary_least_squares(planted):
    table, market = planted
    day = 600
    found = abnormal_returns(table.iloc[:, :3], market, day, (0, 1))
    x, y = market.to_numpy()[day - 250 : day - 29], table.to_numpy()[day - 250 : day - 29, 0]
    slope, intercept = np.polyfit(x, y, 1)
    assert found.beta[0] == pytest.approx(slope)
    ahead = slice(day, day + 2)
    expected = (table.to_numpy()[ahead, 0] - intercept - slope * market.to_numpy()[ahead]).sum()
    assert found.cumulated[0] == pytest.approx(expected)
    gap = table.iloc[:, :1].copy()
    gap.iloc[day + 1, 0] = np.nan
    assert np.isnan(abnormal_returns(gap, market, day, (0, 1)).cumulated).all()


def test_a_partial_correlation_takes_the_third_out():
    rng = np.random.default_rng(3)
    beta = rng.normal(size=200)
    figure, outcome = beta + rng.normal(0, 0.1, 200), -beta + rng.normal(0, 0.1, 200)
    assert rank_correlation(figure, outcome) < -0.9
    assert abs(rank_correlation(figure, outcome, beta)) < 0.25


def test_what_is_left_out_is_listed(universe, planted):
    table, market = planted
    names = table.rename(columns={table.columns[0]: "no such name"})
    assert "asml" in names.columns
    names["ASML NA"] = 0.0
    late = ("cn-2023-05-21-micron", dt.date(2023, 5, 20))  # a Saturday
    events = [("us-2022-10-07-sme-home", None), late, ("cn-2017-03-06-lotte", None)]
    found = event_study(universe, names, market, events, methodology=METHOD)
    assert {one.name for one in found.left_out} == {"no such name", "ASML NA"}
    assert any("another ticker names" in one.reason for one in found.left_out)
    assert found.skipped[0].name == "cn-2017-03-06-lotte"
    assert "outside the returns" in found.skipped[0].reason
    saturday = [event for event in found.events if event.event == "cn-2023-05-21-micron"]
    assert all(event.traded == dt.date(2023, 5, 22) for event in saturday)
    with pytest.raises(InputError, match="a ticker twice"):
        event_study(universe, names.rename(columns={"no such name": "asml"}), market, events, methodology=METHOD)


def test_too_few_names(universe, planted):
    table, market = planted
    with pytest.raises(InputError, match="fewer than 10"):
        event_study(universe, table.iloc[:, :6], market, [("us-2022-10-07-sme-home", None)], methodology=METHOD)


@pytest.mark.parametrize(
    ("events", "window", "error", "says"),
    [
        ([("us-2022-10-07-sme", None)], (0, 1), NotFoundError, "nearest: us-2022-10-07-sme-home"),
        ([("match-act-enacted", None)], (0, 1), InputError, "nobody announced"),
        ([("us-2022-10-07-sme-home", None)], (1, 0), InputError, "ends before it begins"),
    ],
)
def test_bad_input(universe, planted, events, window, error, says):
    with pytest.raises(error, match=says):
        event_study(universe, *planted, events, window=window, methodology=METHOD)


def test_the_picture_shows_every_event(study):
    drawn = forest_plot(study).to_dict()
    rows = [row for data in drawn["datasets"].values() for row in data if "what" in row]
    assert {f"{event.announced} {event.label}"[:30] for event in study.events} <= {row["what"][:30] for row in rows}
