"""What output for people shares."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from scoring.vocabulary import basis
from service.cli.render.console import number, rows_of
from service.cli.render.heading import dated_basis


def test_the_heading_names_all_that_a_result_was_made_from():
    assert basis("2026.11.1", "2026.1", None) == "release 2026.11.1 · methodology 2026.1"
    dated = dated_basis(dt.date(2026, 7, 31), "2026.11.1", "2026.1", "match-act-enacted")
    assert dated == "2026-07-31 · release 2026.11.1 · methodology 2026.1 · scenario match-act-enacted"


@pytest.mark.parametrize(("value", "shown"), [(None, ""), (float("nan"), ""), (0.0, "0.0"), (-1.25, "-1.2")])
def test_a_missing_number_is_empty_and_never_zero(value, shown):
    assert number(value, ".1f") == shown


def test_rows_hold_values_of_python():
    columns = {
        "query": np.array(["A", None], dtype=object),
        "score": np.array([1.5, np.nan]),
        "day": np.array(["2024-09-02", "NaT"], dtype="datetime64[D]"),
    }
    first, second = rows_of(columns)
    assert first == {"query": "A", "score": 1.5, "day": dt.date(2024, 9, 2)}
    assert (second["query"], second["day"]) == (None, None)
    assert np.isnan(second["score"])
