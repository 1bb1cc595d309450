"""Governance indicators as the World Bank's API answers, and what is another answer."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import InputError
from scoring.reference.jurisdictions import COUNTRIES as COUNTRY_CODES
from scoring.reference.sources import wgi
from tests.scoring.reference.sources.test_rows import VALUE

COUNTRIES = {"CN": "China", "CD": "Congo, Dem. Rep.", "AU": "Australia", "1A": "Arab World", "XK": "Kosovo"}


def answer(series: str, values: dict[tuple[str, int], float | None], **about: object) -> bytes:
    """Answer of the API for one series, by country and year."""
    head = {
        "page": 1,
        "pages": 1,
        "per_page": 20000,
        "total": len(values),
        "sourceid": "3",
        "lastupdated": "2026-03-18",
    }
    rows = [
        {
            "indicator": {"id": series, "value": "Rule of Law"},
            "country": {"id": country, "value": COUNTRIES.get(country, country)},
            "countryiso3code": "",
            "date": str(year),
            "value": value,
            "unit": "",
            "obs_status": "",
            "decimal": 2,
        }
        for (country, year), value in values.items()
    ]
    return json.dumps([{**head, "lastupdated": "2026-03-18", **about}, rows]).encode()


RULE = answer(
    "GOV_WGI_RL.EST",
    {("CN", 2024): -0.02, ("CN", 2023): 0.01, ("AU", 2024): 1.53, ("CD", 2024): None, ("1A", 2024): 0.5},
)
ERRORS = answer("GOV_WGI_RL.SE", {("CN", 2024): 0.17, ("CN", 2023): 0.16})


def read() -> list[wgi.Estimate]:
    return wgi.estimates([("rl.json", RULE), ("rl-se.json", ERRORS)])


def test_estimates_with_their_errors():
    # A group of countries is none, and what is not estimated is missing.
    assert [(one.country, one.year, one.estimate, one.standard_error) for one in read()] == [
        ("AU", 2024, 1.53, None),
        ("CN", 2023, 0.01, 0.16),
        ("CN", 2024, -0.02, 0.17),
    ]
    assert {(one.dimension, one.published) for one in read()} == {("rule-of-law", dt.date(2026, 3, 18))}


def test_an_error_of_another_edition_is_not_that_of_an_estimate():
    older = ERRORS.replace(b"2026-03-18", b"2025-01-31")
    assert {one.standard_error for one in wgi.estimates([("rl.json", RULE), ("rl-se.json", older)])} == {None}


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (b"<!DOCTYPE html><html>Sorry</html>", ("rl.json", "web page")),
        (RULE[:-20], ("rl.json", "is no JSON")),
        (RULE.decode().encode("utf-16"), ("rl.json", "utf-8")),
        (RULE.replace(b'"lastupdated"', b'"updated"'), ("rl.json", "lastupdated", "Indicators API v2")),
        (RULE.replace(b'"value": -0.02', b'"amount": -0.02'), ("rl.json", "'value'", "Indicators API v2")),
        (answer("RL.EST", {("CN", 2024): 0.1}), ("rl.json", "holds RL.EST", "GOV_WGI_<dimension>.EST")),
        (answer("GOV_WGI_RL.EST", {("CN", 2024): 40.0}), ("rl.json", "CN 2024: 40.0 is outside -5 to 5")),
        (answer("GOV_WGI_RL.SE", {("CN", 2024): -0.1}), ("rl.json", "CN 2024: -0.1 is outside 0 to 5")),
        (RULE.replace(b'"pages": 1', b'"pages": 3'), ("rl.json", "is one of 3 pages")),
        (RULE.replace(b'"2023"', b'"2024"'), ("rl.json", "CN 2024 stands twice, with other values")),
        (
            b'[{"message": [{"id": "120", "key": "Invalid value", "value": "The provided parameter is not valid"}]}]',
            ("rl.json", "lacks what is read"),
        ),
    ],
)
def test_another_answer_is_refused_by_name(data, names):
    with pytest.raises(InputError) as refused:
        wgi.estimates([("rl.json", data)])
    for name in names:
        assert name in str(refused.value)


def test_a_series_that_stands_twice_is_refused():
    with pytest.raises(InputError, match=r"again\.json: gives GOV_WGI_RL\.EST once more"):
        wgi.estimates([("rl.json", RULE), ("again.json", RULE)])


@given(VALUE, VALUE)
def test_strange_values_give_estimates_or_one_error(head, rows):
    with suppress(InputError):
        assert wgi.estimates([("x.json", json.dumps([head, rows]).encode())]) == []


@given(st.dictionaries(st.sampled_from(["indicator", "country", "date", "value"]), VALUE))
def test_strange_cells_give_an_estimate_or_one_error(cells):
    about, rows = json.loads(RULE)
    with suppress(InputError):
        for one in wgi.estimates([("x.json", json.dumps([about, [{**rows[0], **cells}]]).encode())]):
            assert -5 <= one.estimate <= 5
            assert one.country in COUNTRY_CODES


@given(st.binary(max_size=60))
def test_no_bytes_break_the_reader(data):
    with pytest.raises(InputError):
        wgi.estimates([("file", data)])
