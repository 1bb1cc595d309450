"""China shares in words: their period, their age, their base, and what to mind of them."""

from __future__ import annotations

import datetime as dt

import pytest

import scoring
from scoring.cards.words import short_period
from scoring.facts.citation import cite
from scoring.scorer import Scorer


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("2022", "FY22"),
        ("2023H1", "H1 23"),
        ("2024Q3", "Q3 24"),
        ("2024Q4..2025Q3", "Q4 24-Q3 25"),
        ("", ""),
        (None, ""),
    ],
)
def test_periods_beside_a_number(label, shown):
    assert short_period(label) == shown


@pytest.fixture(scope="module")
def newest():
    return scoring.open_release("2026.12.0")


def row_of(release, ticker, as_of, methodology="2026.2"):
    return Scorer(release, as_of, methodology).score(ticker).iloc[0]


def test_a_year_is_told_with_its_age(newest):
    row = row_of(newest, "LRCX", "2026-07-31")
    assert (row["china_share_period"], row["china_share_of"]) == ("2025", "revenue")
    assert row["china_share_age"] == pytest.approx((dt.date(2026, 7, 31) - dt.date(2025, 6, 29)).days / 365.25)
    assert row["china_share_caution"] is None
    assert row["china_share_surge"] == pytest.approx(0.34 - 0.38)


def test_a_sum_of_quarters_of_a_mixed_series_has_no_surge_and_says_so(newest):
    row = row_of(newest, "8035.T", "2026-07-31")
    assert row["china_share_period"] == "2025Q4..2026Q3"
    assert row["china_share_caution"] == "its series mixes definitions"
    assert row["china_share_surge"] != row["china_share_surge"]


@pytest.mark.parametrize(("as_of", "is_old"), [("2026-06-30", False), ("2026-07-02", True)])
def test_a_figure_is_old_from_eighteen_months_on(newest, as_of, is_old):
    """SK hynix: the year that ended on 2024-12-31; 547.875 days later is the 2nd of July 2026."""
    row = row_of(newest, "000660.KS", as_of)
    assert row["china_share_period"] == "2024"
    assert (row["china_share_caution"] == "its period ended 18 months before") is is_old


def test_a_lesser_base_is_said(newest):
    """Samsung: from 2025 the share of the parent company alone is the only one that is not too old."""
    row = row_of(newest, "005930.KS", "2025-06-30")
    assert (row["china_share_period"], row["china_share_of"]) == ("2022", "parent")
    assert "of the revenue of the parent company alone, not of all revenue" in row["china_share_caution"]


def test_an_estimate_has_no_period_and_no_age(newest):
    row = row_of(newest, "7203.T", "2026-07-31")
    assert row["status"] == "estimated"
    assert row["china_share_period"] is None
    assert row["china_share_of"] is None
    assert row["china_share_age"] != row["china_share_age"]


def test_a_single_year_has_no_surge_under_any_methodology(newest):
    for methodology in ("2026.1", "2026.2"):
        row = row_of(newest, "ASML", "2026-07-31", methodology)
        rows = Scorer(newest, "2026-07-31", methodology).evaluation.facts.china
        i = newest.columns("companies")["company_id"].tolist().index("asml")
        mixes = ";" in f"{row['china_share_scope']}{row['china_share_basis']}"
        if len(rows.years[i]) < 2 or mixes:
            assert row["china_share_surge"] != row["china_share_surge"]


def test_facts_are_told_by_names_and_not_by_identifiers(newest):
    told = Scorer(newest, "2026-07-31").explain("ASML").model_dump_json()
    assert "on neodymium and praseodymium" in told
    assert "on neodymium-praseodymium" not in told


def test_a_measure_without_a_text_says_so():
    release = scoring.open_release()
    rows = release.columns("countermeasures")["legal_ref"].tolist()
    said = cite(release, "countermeasures", rows.index("none (reported)"), release.last_as_of).statement
    assert said.endswith("; no legal text (reported))")
