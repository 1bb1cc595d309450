"""Older releases read as before: what they were built without has its neutral value, and in one place only."""

import datetime as dt

import pytest

import scoring
from scoring.reference.releases import neutral
from scoring.reference.releases.build import arrow_schema
from scoring.reference.tables import TABLES

FIRST = "2026.11.0"


@pytest.fixture(scope="module")
def first():
    return scoring.open_release(FIRST)


@pytest.mark.parametrize("name", TABLES)
def test_the_first_release_has_every_table_and_column_of_the_dictionary(first, name):
    table = first.table(name)
    assert {field.name: field.type for field in table.schema} == {
        field.name: field.type for field in arrow_schema(TABLES[name])
    }


def test_nothing_is_called_new_that_the_first_release_has(first):
    assert not set(neutral.TABLES) & set(first.names)
    built = {one["name"]: {field["name"] for field in one["schema"]["fields"]} for one in first.descriptor["resources"]}
    for name, columns in neutral.COLUMNS.items():
        assert not set(columns) & built[name]


def test_neutral_values(first):
    assert set(first.columns("revenue")["share_of"]) == {"revenue"}
    assert set(first.columns("family_rules")["calibration"]) == {"caught"}
    assert set(first.columns("countermeasures")["fraction"]) == {1.0}
    assert first.columns("customers")["share"].size == 0
    assert first.columns("customers")["known_by"].dtype == "datetime64[D]"
    with pytest.raises(KeyError):
        first.table("no-such-table")


def test_a_release_built_with_a_column_keeps_it(store):
    release = scoring.open_release(store=store)
    assert set(release.columns("revenue")["share_of"]) > {"revenue", "bound"}
    assert release.table("customers").num_rows > 0
    assert release.created > dt.date(2026, 1, 1)
