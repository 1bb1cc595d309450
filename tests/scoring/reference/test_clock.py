"""The clock: every table that enters scores has one, its columns are columns of the table, and its functions agree."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import numpy as np
import pytest

import scoring
from scoring.reference.clock import CLOCK, begins, days, ended_by, figure_known_from, hidden_ends, known_by
from scoring.reference.tables import TABLES
from scoring.score.evaluation import evaluate

EVIDENCE_ONLY = {"sources"}
"""Tables that say how well something is known, which moves no score."""


class Recording:
    """A release that remembers which tables were asked for."""

    def __init__(self, base):
        self._base, self.asked = base, set()
        self.version, self.last_as_of, self.names = base.version, base.last_as_of, base.names

    def columns(self, name):
        self.asked.add(name)
        return self._base.columns(name)


def test_every_table_that_enters_scores_has_a_clock(release):
    recording = Recording(release)
    _ = evaluate(scoring.Facts(recording, "2025-06-30"), scoring.load_methodology()).score
    assert recording.asked - EVIDENCE_ONLY == {table for table, clock in CLOCK.items() if clock.enters}


@pytest.mark.parametrize("table", CLOCK)
def test_a_clock_speaks_of_columns_of_its_table(table):
    clock, schema = CLOCK[table], TABLES[table]
    assert clock.key == schema.key
    named = {clock.known, clock.starts, clock.ends, clock.end_known, clock.describes, clock.touches, *clock.enters}
    assert named - {None} <= set(schema.columns)


@pytest.mark.parametrize("table", CLOCK)
def test_a_day_of_a_table_is_one_on_which_its_rows_change(release, table):
    """Between two days of `days`, what is known, has ended or is hidden stays as it is."""
    rows = release.columns(table)
    every = days(table, rows)
    for before, after in pairwise(every):
        for state in (known_by, ended_by, hidden_ends):
            last = after - np.timedelta64(1, "D")
            np.testing.assert_array_equal(state(table, rows, before), state(table, rows, last))


def test_structural_rows_are_known_on_every_day(release):
    for table in ("companies", "family_rules", "minerals"):
        assert known_by(table, release.columns(table), np.datetime64("1990-01-01")).all()
        assert days(table, release.columns(table)).size == 0


def test_a_row_without_a_date_is_not_known(release):
    statements = release.columns("company_minerals")
    undated = np.isnat(statements["published"])
    assert undated.any()
    assert not known_by("company_minerals", statements, np.datetime64("2030-01-01"))[undated].any()


def test_cells_of_one_row_are_rows_too(release):
    rules = release.columns("rules")
    day = np.datetime64("2025-10-31")
    for i in range(rules["rule_id"].size):
        cells = {name: column[i] for name, column in rules.items()}
        for state in (known_by, ended_by, hidden_ends):
            assert state("rules", cells, day) == state("rules", rules, day)[i]


def test_yearly_figures():
    imports = {"year": np.array([2022, 2024])}
    assert begins("mineral_imports", imports).tolist() == [dt.date(2024, 2, 1), dt.date(2026, 2, 1)]
    assert np.isnat(begins("mineral_facts", {"year": np.array([np.nan])})).all()
    assert figure_known_from("mineral_facts", 2024) == dt.date(2026, 3, 1)
