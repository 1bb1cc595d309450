"""Which fact counts at a date, on tables of a few rows written by hand."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.facts.selection import (
    ChinaShareRows,
    ImportShares,
    business_mix_blocks,
    in_force,
    segment_blocks,
)
from scoring.reference.clock import figure_known_from
from scoring.reference.jurisdictions import EU_MEMBERS, members, split


def day(text):
    return np.datetime64(text or "NaT", "D")


DATES = {"announced", "effective_from", "effective_to", "end_announced", "known_by", "period_end", "valid_from"}


def table(*names, rows):
    """Columns of a table whose dates are texts (empty: not known)."""
    columns = {}
    for name, values in zip(names, zip(*rows, strict=True), strict=True):
        if name in DATES:
            columns[name] = np.array([day(v) for v in values])
        elif isinstance(values[0], str):
            columns[name] = np.array(values, dtype=object)
        else:
            columns[name] = np.array(values)
    return columns


RULE = ("announced", "effective_from", "effective_to", "end_announced", "status")


@pytest.mark.parametrize(
    ("rule", "as_of", "announced", "effective"),
    [
        # An ordinary rule: announced in May, in force in July.
        (("2023-05-23", "2023-07-23", "", "", "confirmed"), "2023-05-22", False, False),
        (("2023-05-23", "2023-07-23", "", "", "confirmed"), "2023-05-23", True, False),
        (("2023-05-23", "2023-07-23", "", "", "confirmed"), "2023-07-22", True, False),
        (("2023-05-23", "2023-07-23", "", "", "confirmed"), "2023-07-23", True, True),
        # A letter of 26 August that became public on the 31st.
        (("2022-08-31", "2022-08-26", "", "", "confirmed"), "2022-08-30", False, False),
        (("2022-08-31", "2022-08-26", "", "", "confirmed"), "2022-08-31", True, True),
        # Ends on 10 November, known from 30 October.
        (("2025-09-29", "2025-09-29", "2025-11-10", "2025-10-30", "confirmed"), "2025-11-09", True, True),
        (("2025-09-29", "2025-09-29", "2025-11-10", "2025-10-30", "confirmed"), "2025-11-10", False, False),
        # An end dated back is unknown until it is announced.
        (("2023-01-01", "2023-01-01", "2024-01-01", "2024-03-01", "confirmed"), "2024-02-29", True, True),
        (("2023-01-01", "2023-01-01", "2024-01-01", "2024-03-01", "confirmed"), "2024-03-01", False, False),
        # No day of announcement: the end itself counts as it.
        (("2023-01-01", "2023-01-01", "2024-01-01", "", "confirmed"), "2023-12-31", True, True),
        (("2023-01-01", "2023-01-01", "2024-01-01", "", "confirmed"), "2024-01-01", False, False),
        # Suspended on 30 October, before it took effect on 8 November.
        (("2025-10-09", "2025-11-08", "2025-11-08", "2025-10-30", "confirmed"), "2025-10-29", True, False),
        (("2025-10-09", "2025-11-08", "2025-11-08", "2025-10-30", "confirmed"), "2025-10-30", False, False),
        (("2025-10-09", "2025-11-08", "2025-11-08", "2025-10-30", "confirmed"), "2025-11-08", False, False),
        (("2025-10-09", "2025-11-08", "2025-11-08", "2025-10-30", "confirmed"), "2026-03-01", False, False),
        # Scheduled is not in force, whatever its dates.
        (("2023-01-01", "2023-01-01", "", "", "scheduled"), "2024-01-01", False, False),
    ],
)
def test_in_force(rule, as_of, announced, effective):
    rules = table(*RULE, rows=[rule])
    assert (in_force("rules", rules, day(as_of), "announced").size == 1) is announced
    assert (in_force("rules", rules, day(as_of), "effective").size == 1) is effective


REVENUE = ("fiscal_year", "period_end", "known_by", "china_share")


def share(rows, as_of="2024-09-02"):
    """Periods that count for company 0: its years, or where it has none the latest shorter one."""
    revenue = table(*REVENUE, rows=rows)
    latest, annual = ChinaShareRows(revenue, np.zeros(len(rows), dtype=int), 2).at(day(as_of))
    assert latest[1] == -1, "a company without rows"
    years = annual.of(np.array([0]))[0].tolist()
    if years:
        assert latest[0] == years[-1]
        return [rows[i][0] for i in years]
    return [rows[latest[0]][0]] if latest[0] >= 0 else []


def test_a_year_beats_a_later_quarter():
    rows = [
        ("2024", "2024-03-31", "2024-07-29", 0.44),
        ("2025Q1", "2024-06-30", "2024-08-08", 0.5),
        ("2023", "2023-03-31", "2023-07-29", 0.23),
    ]
    assert share(rows) == ["2023", "2024"]
    assert share(rows, "2024-07-28") == ["2023"]


def test_without_a_year_the_latest_shorter_period():
    rows = [
        ("2024Q1", "2024-03-31", "2024-05-01", 0.1),
        ("2024Q2", "2024-06-30", "2024-08-01", 0.2),
        ("2023H1", "2023-06-30", "2023-08-29", 0.3),
    ]
    assert share(rows) == ["2024Q2"]
    assert share(rows, "2024-07-31") == ["2024Q1"]
    assert share(rows, "2023-09-01") == ["2023H1"]


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_with_the_same_end_the_longer(order):
    rows = [("2024H1", "2024-06-30", "2024-08-18", 0.298), ("2024Q2", "2024-06-30", "2024-08-01", 0.2)][::order]
    assert share(rows) == ["2024H1"]
    assert share(rows, "2024-08-17") == ["2024Q2"]


def test_the_end_of_the_period_decides_not_the_day_it_became_known():
    rows = [("2021", "2021-12-31", "2024-08-01", 0.1), ("2022", "2022-12-31", "2023-03-01", 0.2)]
    assert share(rows) == ["2021", "2022"]


def test_a_year_without_a_share_is_no_year():
    rows = [("2023", "2023-12-31", "2024-03-01", np.nan), ("2022Q3", "2022-09-30", "2022-11-01", 0.2)]
    assert share(rows) == ["2022Q3"]
    assert share([("2023", "2023-12-31", "2024-09-03", 0.2)]) == []


def blocks(selected, as_of, names="ab"):
    """Rows of the selected block by company."""
    found = {}
    for company, row in zip(*selected.at(day(as_of)), strict=True):
        found.setdefault(names[company], []).append(int(row))
    return found


SEGMENTS = ("fiscal_year", "known_by", "for_mix")


def block(rows, as_of="2024-09-02"):
    segments = table(*SEGMENTS, rows=rows)
    return blocks(segment_blocks(segments, np.zeros(len(rows), dtype=int)), as_of).get("a")


def test_the_latest_year_all_of_whose_segments_are_known():
    rows = [
        ("2022", "2023-01-31", True),
        ("2023", "2024-01-31", True),
        ("2023", "2024-09-03", True),
        ("2022", "2023-01-25", True),
    ]
    assert block(rows) == [0, 3]
    assert block(rows, "2024-09-03") == [1, 2]
    assert block(rows, "2023-01-30") is None


def test_a_year_with_a_row_that_hides_the_families_is_not_used():
    assert block([("2022", "2023-01-31", True), ("2023", "2024-01-31", True), ("2023", "2024-01-31", False)]) == [0]


def test_a_year_beats_a_later_quarter_of_segments():
    rows = [("2022", "2023-01-31", True), ("2024Q1", "2024-05-01", True), ("2024Q2", "2024-08-01", True)]
    assert block(rows) == [0]
    assert block(rows[1:]) == [1]


def test_the_business_mix_with_the_latest_start():
    rows = [("a", "2015-01-01"), ("a", "2021-10-28"), ("a", "2015-01-01"), ("b", "2024-09-03"), ("a", "2021-10-28")]
    mix = table("company_id", "valid_from", rows=rows)
    selected = business_mix_blocks(mix, np.array(["ab".index(company) for company in mix["company_id"]]))
    assert blocks(selected, "2024-09-02") == {"a": [1, 4]}
    assert blocks(selected, "2021-10-27") == {"a": [0, 2]}
    assert blocks(selected, "2024-09-03") == {"a": [1, 4], "b": [3]}
    assert blocks(selected, "2014-12-31") == {}


def test_tables_without_rows_select_nothing():
    none = np.zeros(0, dtype=int)
    mix = {"valid_from": np.zeros(0, dtype="datetime64[D]")}
    assert blocks(business_mix_blocks(mix, none), "2024-09-02") == {}
    revenue = {"china_share": np.zeros(0), "fiscal_year": none, "period_end": none, "known_by": mix["valid_from"]}
    assert ChinaShareRows(revenue, none, 2).at(day("2024-09-02"))[0].tolist() == [-1, -1]


def test_figures_of_a_year_are_known_in_the_second_year_after():
    assert str(figure_known_from("mineral_imports", 2022)) == "2024-02-01"
    assert str(figure_known_from("mineral_facts", 2024)) == "2026-03-01"
    assert str(shares([("000001", 2022, "JP", 0.2, 300.0)])["m", "JP"].known_from) == "2024-02-01"


@pytest.mark.parametrize(("as_of", "year"), [("2024-01-31", 2021), ("2024-02-01", 2022), ("2025-01-31", 2022)])
def test_trade_figures_count_from_february_of_the_second_year(as_of, year):
    imports = [("000001", y, "JP", (y - 2000) / 100, 10.0) for y in (2021, 2022, 2023)]
    assert shares(imports, as_of=as_of)["m", "JP"][0] == pytest.approx((year - 2000) / 100)


def shares(imports, facts=(), as_of="2024-09-02", years=None):
    return ImportShares(
        table("hs6", "year", "importer", "china_import_share", "import_value_kusd", rows=imports),
        table("mineral", "hs6", "usable", rows=[("m", "000001", True), ("m", "000002", True), ("m", "000003", False)]),
        table("mineral", "fact", "value", "year", rows=facts or [("m", "reserves", 0.9, 2020.0)]),
        years,
    ).at(day(as_of))


def test_the_largest_of_five_years_counts_and_of_equal_ones_the_latest():
    of_years = {2017: 0.9, 2018: 0.6, 2019: 0.7, 2021: 0.7, 2022: 0.1, 2023: 0.95}  # 2023 is not known yet
    imports = [("000001", year, "JP", share, 10.0) for year, share in of_years.items()]
    found = shares(imports, years=5)["m", "JP"]
    assert (found.share, found.rows, str(found.known_from)) == (0.7, [3], "2023-02-01")
    assert shares(imports, years=1)["m", "JP"].share == 0.1
    stated = [("m", "us_import_share_china", 0.7, 2020.0)]
    of_us = [("000001", 2021, "US", 0.7, 10.0), ("000001", 2022, "US", 0.2, 10.0)]
    assert shares(of_us, stated, years=5)["m", "US"].table == "mineral_facts"


def test_a_member_takes_the_union_in_the_years_in_which_it_has_no_row():
    imports = [
        ("000001", 2021, "EU27", 0.5, 10.0),
        ("000001", 2022, "EU27", 0.9, 10.0),
        ("000002", 2022, "DE", 0.1, 1.0),
    ]
    found = shares(imports, years=5)
    assert (found["m", "DE"].share, found["m", "DE"].rows) == (0.5, [0])
    assert (found["m", "NL"].share, found["m", "NL"].rows) == (0.9, [1])


def test_import_shares_are_weighted_by_value_over_the_usable_codes():
    found = shares(
        [
            ("000001", 2022, "JP", 0.2, 300.0),
            ("000002", 2022, "JP", 0.6, 100.0),
            ("000003", 2022, "JP", 1.0, 900.0),
            ("000001", 2021, "JP", 0.9, 500.0),
            ("000001", 2023, "JP", 0.9, 500.0),
        ]
    )
    value, source, rows = found["m", "JP"][:3]
    assert value == pytest.approx(0.3)  # (0.2 x 300 + 0.6 x 100) / 400
    assert (source, list(rows)) == ("mineral_imports", [0, 1])
    assert ("m", "KR") not in found
    assert ("other", "JP") not in found


def test_members_without_rows_of_their_own_take_those_of_the_union():
    found = shares([("000001", 2022, "EU27", 0.4, 10.0), ("000002", 2022, "DE", 0.1, 10.0)])
    assert found["m", "NL"][0] == 0.4
    assert found["m", "DE"][0] == 0.1
    assert ("m", "GB") not in found


def test_imports_of_no_value_measure_nothing():
    assert ("m", "JP") not in shares([("000001", 2022, "JP", 0.4, 0.0)])
    assert shares([("000003", 2022, "JP", 0.4, 10.0)]) == {}, "no usable code"
    # A member with rows of its own does not take those of the union, even where they measure nothing.
    rows = [("000001", 2022, "EU27", 0.4, 10.0), ("000001", 2022, "DE", 0.1, 0.0)]
    assert ("m", "DE") not in shares(rows)


def test_what_the_survey_states_for_the_united_states():
    imports = [("000001", 2022, "US", 0.2, 10.0), ("000001", 2022, "JP", 0.3, 10.0)]
    stated = [("m", "us_import_share_china", 0.41, 2022.0), ("m", "us_import_share_china", 0.23, 2022.0)]
    found = shares(imports, stated)
    value, source, rows = found["m", "US"][:3]
    assert (value, source, list(rows)) == (0.41, "mineral_facts", [0])  # the largest where forms differ
    assert found["m", "JP"][0] == 0.3
    # Of 2024, it is not known before March 2026: the trade data stand in.
    later = [("m", "us_import_share_china", 0.41, 2024.0)]
    assert shares(imports, later)["m", "US"][:2] == (0.2, "mineral_imports")
    assert shares(imports, later, "2026-02-28")["m", "US"][:2] == (0.2, "mineral_imports")
    assert shares(imports, later, "2026-03-01")["m", "US"][:2] == (0.41, "mineral_facts")


def test_a_survey_of_a_later_year_replaces_the_earlier():
    """The largest share counts among forms of one year, not across years."""
    stated = [("m", "us_import_share_china", 0.9, 2021.0), ("m", "us_import_share_china", 0.2, 2022.0)]
    assert shares([("000001", 2022, "US", 0.5, 10.0)], stated)["m", "US"][0] == 0.2


def test_countries():
    assert len(EU_MEMBERS) == 27
    assert "GB" not in EU_MEMBERS
    assert members("EU") == EU_MEMBERS
    assert members("JP") == {"JP"}
    assert split("JP; EU") == EU_MEMBERS | {"JP"}
    assert split(None) == split("") == frozenset()
    assert split("NA") == {"NA"}  # Namibia, not a missing value
