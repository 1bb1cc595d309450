"""Charts hold the numbers that they were given, and say so where there is nothing to draw."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest

from scoring.charts.drawing import specification, to_svg
from scoring.charts.what_if import scenarios_chart
from scoring.charts.world import leverage_chart, threat_chart
from scoring.errors import InputError
from scoring.lookup.result import Threat

ROW = {
    "title": "A ban",
    "delta": 3.5,
    "retaliates": False,
    "share_at_risk": 0.2,
    "share_at_risk_low": 0.1,
    "share_at_risk_high": 0.3,
}
CELL = {"label": "Yttrium", "country": "JP", "leverage": 0.75, "supply_share": 0.9, "import_share": 0.63, "measure": ""}


def toward(country: str, *events: dict) -> Threat:
    about = {"value": 0.1, "as_of": dt.date(2026, 7, 31), "release": "2026.12.0", "methodology": "2026.2"}
    return Threat(country=country, events=list(events), companies=[], **about)


def test_a_scenario_is_a_bar_of_points_and_of_money_with_its_ends():
    chart = scenarios_chart([ROW, ROW | {"title": "Nothing known", "delta": float("nan"), "share_at_risk": None}], "A")
    text = json.dumps(specification(chart))
    for number in ("3.5", "0.2", "0.1", "0.3"):
        assert number in text
    assert "NaN" not in text
    assert to_svg(chart).startswith(b"<svg")


@pytest.mark.parametrize("rows", [[], [ROW | {"delta": 0.0, "share_at_risk": 0.0}]])
def test_scenarios_that_move_nothing_are_said(rows):
    with pytest.raises(InputError, match="no scenario of the library moves A"):
        scenarios_chart(rows, "A")


def test_one_act_on_one_day_is_drawn():
    act = {"event_id": "e", "date": dt.date(2026, 7, 31), "kind": "import-ban", "subject": "fish", "weight": 0.5}
    chart = threat_chart(toward("JP", act), [dt.date(2026, 7, 31)], np.array([0.1]))
    assert b"Latent threat toward JP" in to_svg(chart, "dark")


def test_a_country_without_acts_has_no_chart():
    with pytest.raises(InputError, match="no coercive act toward JP"):
        threat_chart(toward("JP"), [dt.date(2026, 7, 31)], np.array([0.0]))


def test_leverage_that_is_not_known_is_a_gap():
    rows = [CELL, CELL | {"country": "US", "leverage": float("nan"), "supply_share": float("nan")}]
    text = json.dumps(leverage_chart(rows, ["Yttrium"], ["JP", "US"]).to_dict())
    assert '"leverage": null' in text
    assert "NaN" not in text


def test_without_leverage_there_is_no_chart():
    with pytest.raises(InputError, match="no leverage is known"):
        leverage_chart([], [], [])
