"""What China holds over countries: the threat on each day as that day knew it, leverage with its parts."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from scoring.lookup.leverage import leverage_table
from scoring.lookup.threat import threat, threat_by_day
from scoring.lookup.touched import NotFoundError
from scoring.reference.releases.release import open_release
from scoring.scorer import Scorer

RELEASE, METHODOLOGY = "2026.12.0", "2026.2"
DAYS = [dt.date(2012, 6, 30), dt.date(2023, 8, 23), dt.date(2023, 8, 24), dt.date(2024, 9, 2), dt.date(2026, 7, 31)]


@pytest.fixture(scope="module")
def release():
    return open_release(RELEASE)


@pytest.fixture(scope="module")
def scorer(release):
    return Scorer(release, DAYS[-1], METHODOLOGY)


@pytest.mark.parametrize("country", ["JP", "US", "KR"])
def test_the_threat_on_a_day_is_what_that_day_knew(release, scorer, country):
    found = threat_by_day(scorer, country, DAYS)
    alone = [threat(Scorer(release, day, METHODOLOGY), country).value for day in DAYS]
    np.testing.assert_allclose(found, alone, atol=1e-15)


def test_a_country_of_no_fact_is_said(scorer):
    with pytest.raises(NotFoundError, match="country"):
        threat_by_day(scorer, "XX", DAYS)


def test_leverage_is_the_geometric_mean_of_its_parts_and_missing_where_supply_is(scorer):
    table = leverage_table(scorer)
    measured = ~np.isnan(table["import_share"])
    expected = np.sqrt(table["supply_share"] * table["import_share"])
    np.testing.assert_allclose(table["leverage"][measured], expected[measured])
    assert (np.isnan(table["leverage"]) == np.isnan(table["supply_share"])).all()
    known = table["leverage"][~np.isnan(table["leverage"])]
    assert ((known >= 0) & (known <= 1)).all()


def test_a_measure_in_force_is_named_with_its_force(scorer):
    table = leverage_table(scorer)
    (row,) = np.flatnonzero((table["mineral"] == "yttrium") & (table["country"] == "JP"))
    assert table["measure"][row] == "cn-2026-01-10-japan-informal-yttrium"
    assert table["force"][row] == scorer.evaluation.force.supply.mineral.value.ravel()[row] > 0
    assert ((table["force"] > 0) <= (table["measure"] != np.array(None))).all()
