"""The data dictionary in code."""

import os
import subprocess
import sys

import pytest

from scoring.reference.tables import REQUIRED, TABLES
from scoring.reference.tables.countries import COUNTRIES


def test_every_working_table_has_a_schema(reference):
    there = {path.stem for path in reference.glob("*.csv")}
    assert set(REQUIRED) <= there <= set(TABLES)


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_table_is_whole(table):
    assert set(table.key) <= set(table.columns)
    assert all(column.description for column in table.columns.values())
    assert len({rule.name for rule in table.rules}) == len(table.rules)
    for rule in table.rules:
        assert set(rule.columns) <= set(table.columns)
    for reference in table.references:
        assert len(reference.columns) == len(reference.targets)
        assert set(reference.columns) <= set(table.columns)
        assert set(reference.targets) <= set(TABLES[reference.table].columns)


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_source_must_exist(table):
    if "source_id" in table.columns and table.name != "sources":
        assert any((r.column, r.table) == ("source_id", "sources") for r in table.references)


def test_countries():
    assert len(COUNTRIES) == 249
    assert {"NA", "TW", "HK", "GB"} <= COUNTRIES
    assert not {"UK", "EU", "WW"} & COUNTRIES


def test_scoring_never_loads_pandera(store):
    code = (
        "import sys, scoring; scoring.Scorer(scoring.open_release(store=sys.argv[1])).score(['8035.T']);"
        "sys.exit('pandera' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run([sys.executable, "-c", code, str(store)], env=environment).returncode == 0
