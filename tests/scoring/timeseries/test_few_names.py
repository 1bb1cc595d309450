"""A panel or a history of few names computes these alone, and to the last bit they are what a scorer of all gives."""

from __future__ import annotations

import datetime as dt
from functools import cache

import numpy as np
import pytest

import scoring
from scoring.columns import PANEL
from scoring.facts.among import among
from scoring.facts.compile import axes_of
from scoring.methodology import load_methodology
from scoring.timeseries.history import history
from scoring.timeseries.panel import PanelJob, panel
from scoring.timeseries.result import Point

DAYS = [dt.date(2019, 6, 10), dt.date(2022, 10, 12), dt.date(2024, 12, 2), dt.date(2026, 7, 31)]
ALONE = [name for name in PANEL if name not in ("rank", "percentile")]
METHOD = load_methodology("2026.2")
POINT = tuple(name for name in ALONE if name in Point.model_fields)


@cache
def universe():
    return scoring.open_release("2026.12.0")


@cache
def scorer(day, scenario=None):
    return scoring.Scorer(universe(), day, METHOD, scenario)


@cache
def ids():
    return universe().columns("companies")["company_id"]


@cache
def names():
    """A researched company, one with an estimated share alone, one with a mix of peers, and one without peers."""
    facts = scorer(DAYS[-1]).evaluation.facts
    inferred = np.zeros(facts.country.size, dtype=bool)
    inferred[facts.segments.company[facts.segments.inferred]] = True
    peers = facts.peers
    grouped = np.array([group is not None for group in peers])
    kinds = (facts.china.estimated & ~inferred, inferred & grouped, inferred & ~grouped)
    return ("tokyo-electron", *(ids()[np.flatnonzero(kind)[0]] for kind in kinds))


def rows(frame, day, columns):
    return frame.xs(np.datetime64(day), level="date")[list(columns)].to_numpy(float)


@pytest.mark.parametrize("number", range(4))
def test_a_panel_of_one_name_is_the_row_of_a_scorer(number):
    name = names()[number]
    frame = panel(universe(), [name], DAYS[0], dates=DAYS, methodology=METHOD, columns=ALONE)
    for day in DAYS:
        expected = scorer(day).score([name])[ALONE].to_numpy(float)
        np.testing.assert_array_equal(rows(frame, day, ALONE), expected, err_msg=f"{name} {day}")


def test_a_history_of_an_estimated_company_is_made_of_rows_of_a_scorer():
    name = names()[2]
    found = history(universe(), name, "2025-12-01", "2026-07-31", "Q", METHOD)
    assert len(found.points) == 3
    for point in [*found.points, found.steps[0]]:
        row = scoring.Scorer(universe(), point.date, METHOD).score([name]).iloc[0]
        assert row["status"] == "estimated"
        assert [getattr(point, column) for column in POINT] == [
            None if np.isnan(row[column]) else row[column] for column in POINT
        ]


def test_a_rank_is_among_all_companies_and_changes_no_other_column():
    some = panel(universe(), names(), DAYS[0], dates=DAYS, methodology=METHOD, columns=ALONE)
    ranked = panel(universe(), names(), DAYS[0], dates=DAYS, methodology=METHOD, columns=PANEL)
    np.testing.assert_array_equal(ranked[ALONE].to_numpy(), some.to_numpy())
    for day in DAYS:
        expected = scorer(day).score(list(names()))[["rank", "percentile"]].to_numpy(float)
        np.testing.assert_array_equal(rows(ranked, day, ("rank", "percentile")), expected)
    assert np.nanmax(ranked["rank"].to_numpy()) > len(names())


def test_a_scenario_that_binds_a_country_without_companies_leaves_the_others_out():
    """Iceland is home of no company, so that the countries of the facts grow with the scenario."""
    assert "IS" not in scorer(DAYS[-1]).known.countries
    scenario = {
        "scenario_id": "iceland-joins",
        "changes": [
            {"op": "align", "countries": ["IS", "KR"], "with": "US", "families": ["litho-euv"], "servicing": True}
        ],
    }
    asked = {"dates": DAYS, "methodology": METHOD, "columns": ALONE, "scenario": scenario}
    frame = panel(universe(), names(), DAYS[0], **asked)
    for day in DAYS[-2:]:
        whole = scoring.Scorer(universe(), day, METHOD, scenario).score(list(names()))
        np.testing.assert_array_equal(rows(frame, day, ALONE), whole[ALONE].to_numpy(float))


def test_two_names_of_one_company_have_its_column_each_in_the_order_asked():
    asked = ["8035.T", *reversed(names())]
    frame = panel(universe(), asked, DAYS[0], dates=DAYS[-1:], methodology=METHOD, columns=["score"])
    scores = frame["score"].to_numpy()
    assert scores[0] == scores[-1]
    np.testing.assert_array_equal(scores, scorer(DAYS[-1]).score(asked)["score"].to_numpy(float))


@pytest.mark.parametrize("day", DAYS[1:])
def test_estimates_and_mixes_of_peers_do_not_change_by_who_is_left_out(day):
    whole = METHOD.facts(universe(), day)
    for name in names():
        place = int(np.flatnonzero(ids() == name)[0])
        alone = METHOD.facts(universe(), day, axes=axes_of(universe(), day, companies=[name]))
        mine = np.flatnonzero(whole.segments.company == place)
        for column in ("family", "service", "share", "china", "inferred", "row", "evidence", "age"):
            np.testing.assert_array_equal(getattr(alone.segments, column), getattr(whole.segments, column)[mine])
        for column in ("latest", "structural", "surge", "low", "high", "estimated", "row", "evidence"):
            np.testing.assert_array_equal(getattr(alone.china, column), getattr(whole.china, column)[[place]])
        assert alone.peers.tolist() == [whole.peers[place]] == among(whole, np.array([place])).peers.tolist()


def test_only_the_names_asked_are_computed():
    job = PanelJob(universe(), ["8035.T", "ASML"], DAYS[-1:], METHOD)
    assert [values["score"].shape for _, values in job.parts()] == [(1, 2)]
    assert [sorted(exposures.facts.company_ids) for _, exposures, _ in job.blocks()] == [["asml", "tokyo-electron"]]
