"""How old facts are: counted from the day that the clock of their table gives, and never from the future."""

from __future__ import annotations

import datetime as dt

import pytest

from scoring.errors import QueryError
from service.ingest.freshness import (
    LONGEST_YEAR,
    as_document,
    company_document,
    scorer_on,
    source_ages,
    stalest,
    table_ages,
)
from tests.conftest import AlteredRelease

DAY = dt.date(2026, 7, 31)


def test_ages_of_tables(release):
    ages = {one.table: one for one in table_ages(release, DAY)}
    newest = max(row["announced"] for row in release.table("rules").to_pylist() if row["announced"] <= DAY)
    assert ages["rules"].newest == newest
    assert ages["rules"].age == (DAY - newest).days
    # A trade year is known from February of the second year after it.
    years = {row["year"] for row in release.table("mineral_imports").to_pylist()}
    assert ages["mineral_imports"].newest == dt.date(max(years) + 2, 2, 1)


def test_what_is_not_known_yet_is_not_the_newest(release):
    for one in table_ages(release, dt.date(2022, 1, 1)):
        assert one.newest is None or one.newest <= dt.date(2022, 1, 1)


def test_a_new_figure_makes_a_company_fresh(release):
    old, late, known = stalest(scorer_on(release, DAY), DAY)
    assert late <= known
    assert all(fact.age > LONGEST_YEAR for fact in old)
    assert [fact.points for fact in old] == sorted((fact.points for fact in old), reverse=True)
    worst = old[0]
    rows = [row for row in release.table("revenue").to_pylist() if row["company_id"] == worst.company_id]
    newer = {**rows[-1], "fiscal_year": "2026", "period_end": DAY - dt.timedelta(60), "published": DAY, "known_by": DAY}
    fresh, fewer, _ = stalest(scorer_on(AlteredRelease(release, add={"revenue": [newer]}), DAY), DAY)
    assert worst.company_id not in [fact.company_id for fact in fresh]
    assert fewer == late - 1


def test_the_document_says_what_is_late(release):
    day = dt.date(2031, 12, 31)
    document = as_document(scorer_on(release, day), day)
    assert all(one["late"] for one in document["tables"])
    assert len(document["stalest"]) == 10


def test_ages_by_kind_of_document(release):
    ages = {one.kind: one for one in source_ages(release, DAY)}
    kinds = {row["source_id"]: row["kind"] for row in release.table("sources").to_pylist()}
    filings = [
        row["known_by"]
        for table in ("revenue", "segments", "customers")
        for row in release.table(table).to_pylist()
        if kinds[row["source_id"]] == "filing"
    ]
    assert ages["filing"].facts >= len(filings)
    assert ages["filing"].newest >= max(day for day in filings if day <= DAY)
    assert ages["filing"].age == (DAY - ages["filing"].newest).days


def test_ages_of_one_company(release):
    document = company_document(scorer_on(release, DAY), "NVDA", DAY)
    assert document["company_id"] == "nvidia"
    revenue = [row for row in release.table("revenue").to_pylist() if row["company_id"] == "nvidia"]
    [age] = [one for one in document["tables"] if one["table"] == "revenue"]
    assert age["rows"] == len(revenue)
    assert age["newest"] == max(row["known_by"] for row in revenue if row["known_by"] <= DAY).isoformat()
    with pytest.raises(QueryError, match="name one company"):
        company_document(scorer_on(release, DAY), "no such company", DAY)
