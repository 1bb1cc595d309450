"""How concentrated mining is, computed by hand; known from its day on, and missing where a part is."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

import scoring
from scoring.lookup.concentration import concentrations
from scoring.lookup.touched import listed
from scoring.vocabulary import GovernanceDimension
from tests.conftest import AlteredRelease

DAY = dt.date(2026, 7, 31)


def output(mineral, year, **shares):
    return [{"mineral": mineral, "country": country, "year": year, "share": share} for country, share in shares.items()]


def governed(country, *estimates, published=dt.date(2026, 3, 18), year=2024):
    dimensions = GovernanceDimension.__args__[: len(estimates)]
    same = {"country": country, "year": year, "published": published, "standard_error": None}
    return [{**same, "dimension": one, "estimate": value} for one, value in zip(dimensions, estimates, strict=True)]


@pytest.fixture(scope="module")
def newest():
    return scoring.open_release()


def altered(newest, mined, governance=()):
    source = newest.row("sources", 0)["source_id"]
    found = {"mineral_output": mined, "governance": list(governance)}
    cited = {table: [{**row, "source_id": source} for row in rows] for table, rows in found.items()}
    return AlteredRelease(newest, set={table: lambda _, rows=rows: rows for table, rows in cited.items()})


def test_shares_squared_and_weighted_by_weakness(newest):
    mined = output("gallium", 2023, CN=0.8, AU=0.1) + output("gallium", 2022, CN=1.0)
    # Means -0.5 and 1.5: weaknesses (2.5 + 0.5) / 5 = 0.6 and (2.5 - 1.5) / 5 = 0.2.
    governance = governed("CN", -1.5, -0.5, 0.5, -0.5, -0.5, -0.5) + governed("AU", 1, 2, 1.5, 1.5, 1.5, 1.5)
    found = concentrations(altered(newest, mined, governance), DAY)
    assert list(found) == ["gallium"]
    one = found["gallium"]
    assert (one.mined_year, one.governance_year) == (2023, 2024)
    assert one.mined_named == pytest.approx(0.9)
    assert one.mined_hhi == pytest.approx(0.64 + 0.01)
    assert one.mined_hhi_governance == pytest.approx(0.64 * 0.6 + 0.01 * 0.2)
    assert one.mined_source == one.governance_source == newest.row("sources", 0)["title"]


@pytest.mark.parametrize("missing", [governed("AU", 1, 1, 1, 1, 1), []])
def test_a_country_that_is_not_judged_as_a_whole_makes_the_weighted_number_missing(newest, missing):
    governance = governed("CN", *[0.0] * 6) + missing
    one = concentrations(altered(newest, output("gallium", 2023, CN=0.8, AU=0.1), governance), DAY)["gallium"]
    assert one.mined_hhi == pytest.approx(0.65)
    assert np.isnan(one.mined_hhi_governance)


def test_without_governance_only_the_plain_number_is_known(newest):
    one = concentrations(altered(newest, output("gallium", 2023, CN=0.8)), DAY)["gallium"]
    assert one.mined_hhi == pytest.approx(0.64)
    assert np.isnan(one.mined_hhi_governance)
    assert np.isnan(one.governance_year)
    assert one.governance_source == ""


def test_what_was_not_known_on_a_day_does_not_count(newest):
    mined = output("gallium", 2022, CN=0.5) + output("gallium", 2023, CN=1.0)
    old = governed("CN", *[2.5] * 6, published=dt.date(2024, 1, 31), year=2022)
    new = governed("CN", *[-2.5] * 6)
    release = altered(newest, mined, old + new)
    # A year is known from March of the second year after it; an edition from its own day, and replaces the one before.
    weighted = {
        day: concentrations(release, dt.date.fromisoformat(day))["gallium"].mined_hhi_governance
        for day in ("2024-03-01", "2025-02-28", "2025-03-01", "2026-03-17", "2026-03-18")
    }
    assert weighted == {"2024-03-01": 0, "2025-02-28": 0, "2025-03-01": 0, "2026-03-17": 0, "2026-03-18": 1}
    assert concentrations(release, dt.date(2024, 2, 29)) == {}


def test_the_list_of_minerals_has_it_where_the_release_has(newest):
    plain = listed(scoring.Scorer(newest, DAY), "minerals")
    assert not any("hhi" in name for name in plain)
    mined = output("gallium", 2023, CN=0.8)
    scorer = scoring.Scorer(altered(newest, mined, governed("CN", *[0.0] * 6)), DAY)
    told = listed(scorer, "minerals")
    row = told["mineral"].tolist().index("gallium")
    assert told["mined_hhi"][row] == pytest.approx(0.64)
    assert told["mined_hhi_governance"][row] == pytest.approx(0.32)
    other = told["mineral"].tolist().index("tungsten")
    assert np.isnan(told["mined_hhi"][other])
    # No score moves.
    assert told["points"].tolist() == plain["points"].tolist()
