"""Annual securities reports of Japan, from the package to the working tables."""

from __future__ import annotations

from service.ingest.review import Choice, decide
from tests.scoring.reference.sources.test_edinet import ABOUT, BELOW, BY_REGION, INSIDE, TAGGED, line, package
from tests.service.ingest.test_proposals import taken


def filed(working, *lines, name="S100.zip", **about):
    path = working.proposals.parent / name
    path.write_bytes(package(*TAGGED, *lines, **about))
    return path


def test_a_report_becomes_a_row_with_its_day_and_its_source(working):
    working.without("revenue", company_id="tokyo-electron", fiscal_year="2026")
    [row] = taken(working, filed(working, line(BY_REGION, BELOW)), source="edinet").rows
    expected = {
        "company_id": "tokyo-electron", "fiscal_year": "2026", "period_end": "2026-03-31", "currency": "JPY",
        "unit": "million", "total_revenue": "1800000", "china_revenue": "800250", "china_share": "0.4446",
        "china_scope": "unspecified", "evidence": "reported", "published": "2026-06-19", "known_by": "2026-06-19",
        "source_id": "edinet-e02652-2026-03-31-2026-06-19",
    }  # fmt: skip
    assert row.kind == "added"
    assert {column: row.cells[column] for column in expected} == expected
    counts = decide(working.proposals, row_of(working), working.reference, Choice(), "accepted")[1]
    assert counts == {"sources": 1, "revenue": 1}
    assert taken(working, filed(working, line(BY_REGION, BELOW)), source="edinet").rows == ()


def row_of(working):
    [name] = [path.name for path in working.proposals.iterdir() if path.name.startswith("edinet")]
    return name


def test_a_corrected_report_conflicts_and_both_are_kept(working):
    working.without("revenue", company_id="tokyo-electron", fiscal_year="2026")
    again = BELOW.replace("800,250", "780,250").replace("249,250", "269,250")
    corrected = INSIDE.replace("_01_2026-06-19", "_02_2026-08-01")
    paths = [
        filed(working, line(BY_REGION, again), name="S101.zip", inside=corrected),
        filed(working, line(BY_REGION, BELOW)),
    ]
    first, second = taken(working, *paths, source="edinet").rows
    assert (first.kind, first.cells["china_revenue"]) == ("added", "800250")
    assert (second.kind, second.cells["china_revenue"]) == ("conflicting", "780250")
    assert second.source["source_id"].endswith("2026-08-01")


def test_regions_that_do_not_add_up_are_a_question(working):
    wrong = BELOW.replace("800,250", "900,250")
    [row] = taken(working, filed(working, line(BY_REGION, wrong)), source="edinet").rows
    assert row.kind == "question"
    assert "do not add up to a revenue that the report tags" in row.why


def test_another_name_is_a_question_and_a_filer_without_a_listing_gives_nothing(working):
    working.without("revenue", company_id="tokyo-electron", fiscal_year="2026")
    other = (*ABOUT[:2], ABOUT[2].replace("Tokyo Electron", "Acme Bakeries"), *ABOUT[3:])
    [row] = taken(working, filed(working, line(BY_REGION, BELOW), about=other), source="edinet").rows
    assert "the filer is Acme Bakeries" in row.why
    unlisted = (ABOUT[0], ABOUT[1].replace("80350", "－"), *ABOUT[2:])
    assert taken(working, filed(working, line(BY_REGION, BELOW), about=unlisted), source="edinet").rows == ()
