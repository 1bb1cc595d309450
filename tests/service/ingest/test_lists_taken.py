"""Lists and data sets from the file to the working tables, which stay tables that can be built."""

from __future__ import annotations

import json

import pytest

from scoring.errors import InputError
from service.ingest.review import Choice, Fill, decide
from service.ingest.take import Request, take
from service.ingest.working import WorkingTables
from tests.scoring.reference.sources import test_lists as files

FIGI = json.dumps(
    {
        "jobs": [{"idType": "ID_ISIN", "idValue": "{isin}"}],
        "answers": [{"data": [{"compositeFIGI": "BBG000B9XRY4"}]}],
    }
)


def taken(working, source, name, data):
    path = working.proposals.parent / name
    path.write_bytes(data)
    return take(source, Request([path], WorkingTables(working.reference)), working.proposals)


def accepted(working, proposal):
    return decide(working.proposals, proposal.name, working.reference, Choice(), "accepted")[1]


def test_a_new_entry_of_the_control_list(working):
    data = files.CONTROL_LIST.replace(b"<B>3A090 I", b"<B>9Z999 I", 0).replace(b"3A001 E", b"3A999 E")
    proposal = taken(working, "ecfr", "ccl.xml", data)
    assert [row.cells["code"] for row in proposal.rows] == ["3A999"]
    assert accepted(working, proposal) == {"sources": 1, "classifications": 1}


def test_an_entry_whose_text_changed_between_two_days_is_a_question(working):
    paths = [working.proposals.parent / f"title-15-{day}.xml" for day in ("2026-11-01", "2026-11-27")]
    for path, words in zip(paths, (b"License Requirements", b"License Requirements for all destinations"), strict=True):
        path.write_bytes(files.CONTROL_LIST.replace(b"License Requirements", words))
    [row] = take("ecfr", Request(paths, WorkingTables(working.reference)), working.proposals).rows
    assert (row.kind, row.cells["code"]) == ("question", "3A090")
    assert "changed from title-15-2026-11-01.xml to title-15-2026-11-27.xml" in row.why


def test_a_rule_of_the_register_is_a_document_to_read(working):
    proposal = taken(working, "federal-register", "documents.json", files.REGISTER)
    assert accepted(working, proposal) == {"sources": 1}
    assert any(row["source_id"] == "federal-register-2024-28270" for row in working.rows("sources"))


def test_a_party_on_the_entity_list(working):
    proposal = taken(working, "screening-list", "consolidated.csv", files.PARTIES)
    [row] = proposal.rows
    assert (row.cells["entity"], row.cells["country"]) == ("acme-chips-co-ltd", "CN")
    assert "since 2024-12-05; 89 FR 96830" in row.cells["note"]
    assert accepted(working, proposal) == {"sources": 1, "entities": 1}


def test_mine_output_is_added_beside_what_is_known(working):
    proposal = taken(working, "usgs", "world.csv", files.WORLD)
    kinds = {
        (row.cells["mineral"], row.cells["year"]): row.kind for row in proposal.rows if row.table == "mineral_facts"
    }
    assert kinds == {("tungsten", "2023"): "added", ("tungsten", "2024"): "added", ("beryllium", "2024"): "added"}
    assert accepted(working, proposal) == {"sources": 1, "mineral_facts": 3, "mineral_output": 5}
    assert [(row["mineral"], row["country"], row["year"], row["share"]) for row in working.rows("mineral_output")] == [
        ("beryllium", "CN", "2024", "0.2139"),
        ("tungsten", "CN", "2023", "0.8302"),
        ("tungsten", "CN", "2024", "0.8272"),
        ("tungsten", "MM", "2024", "0.0309"),
        ("tungsten", "VN", "2023", "0.0440"),
    ]


def test_a_country_that_nothing_here_is_called_is_a_question(working):
    proposal = taken(working, "usgs", "world.csv", files.WORLD.replace(b"Burma", b"Freedonia"))
    [row] = [row for row in proposal.rows if row.kind == "question"]
    assert (row.table, row.cells["country"], row.cells["share"]) == ("mineral_output", "", "0.0309")
    assert row.why == "no country is called Freedonia here; fill in its code, or reject the row"
    choice = Choice(rows=(row.number,))
    with pytest.raises(InputError, match=f"{row.number} has no country.*--fill {row.number}:country=VALUE"):
        decide(working.proposals, proposal.name, working.reference, choice, "accepted", "it is")
    filled = [Fill(row.number, "country", "MM")]
    decide(working.proposals, proposal.name, working.reference, choice, "accepted", "its name since 1989", filled)
    assert [row["country"] for row in working.rows("mineral_output")] == ["MM"]


def test_trade_that_is_known_otherwise_is_a_question(working):
    [known] = [
        row
        for row in working.rows("mineral_imports")
        if row["hs6"] == "250410" and row["year"] == "2023" and row["importer"] == "US"
    ]
    flows = files.FLOWS.replace("811292", "250410")
    proposal = taken(working, "baci", "BACI_HS92_V202601.zip", files.trade(flows).getvalue())
    [row] = [row for row in proposal.rows if row.cells["importer"] == "US"]
    assert (row.kind, row.known) == ("conflicting", known)
    assert row.cells["china_import_share"] == "0.75"
    assert row.cells["hhi"] == "0.625000"
    assert f"is known as {known['china_import_share']}, the source says 0.75" in row.why


def test_an_identifier_fills_an_empty_cell(working):
    listing = next(row for row in working.rows("listings") if row["isin"] and not row["figi"])
    others = [row for row in working.rows("listings") if row["isin"] == listing["isin"]]
    proposal = taken(working, "openfigi", "figi.json", FIGI.replace("{isin}", listing["isin"]).encode())
    assert [row.kind for row in proposal.rows] == ["completed"] * len(others)
    assert accepted(working, proposal) == {"listings": len(others)}


@pytest.mark.parametrize(
    "source", ["ecfr", "screening-list", "usgs", "openfigi", "baci", "federal-register", "wgi", "gleif"]
)
def test_the_page_of_an_error_makes_no_proposal(working, source):
    with pytest.raises(Exception, match=r"page\.html"):
        taken(working, source, "page.html", b"<!DOCTYPE html><html><body>Service Unavailable</body></html>")
    assert not working.proposals.exists() or not any(working.proposals.iterdir())
