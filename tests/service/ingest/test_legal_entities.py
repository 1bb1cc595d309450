"""LEIs and registered names from the file to a release that knows them; what is not plain is a question."""

from __future__ import annotations

import datetime as dt

import pytest

from scoring import Scorer
from scoring.errors import InputError, ReferenceInvalidError
from scoring.reference.releases.build import build_release
from scoring.reference.releases.release import open_release
from service.cli.render.proposal import values_of
from service.ingest.review import Choice, decide
from service.ingest.take import Request, take
from service.ingest.working import WorkingTables
from tests.scoring.reference.sources.test_gleif import (
    APPLE,
    PHILIPS,
    RECORDS,
    TOYOTA,
    golden_copy,
    named,
    pairs,
    record,
)

ISINS = ((APPLE, "US0378331005"), (TOYOTA, "JP3633400001"), (TOYOTA, "US8923313071"))
OTHER = "00EHHQ2ZHDCFXJCPCL46"
DAY = dt.date(2026, 12, 1)


def taken(working, copy=None, isins=ISINS):
    folder = working.proposals.parent
    files = [folder / "golden-copy.csv.zip", folder / "isin-lei.zip"]
    files[0].write_bytes(golden_copy(*RECORDS) if copy is None else copy)
    files[1].write_bytes(pairs(*isins))
    return take("gleif", Request(files, WorkingTables(working.reference)), working.proposals)


def accepted(working, proposal, choice=None, because=None):
    return decide(working.proposals, proposal.name, working.reference, choice or Choice(), "accepted", because)[1]


def question(working, copy=None, isins=ISINS[:1]):
    """The only row of a proposal, which must be a question."""
    [row] = taken(working, copy, isins).rows
    assert (row.kind, row.table) == ("question", "companies")
    return row.why


def test_leis_and_names_that_are_registered(working):
    before = working.rows("companies")
    proposal = taken(working)
    rows = [(row.kind, row.table, row.cells["company_id"]) for row in proposal.rows]
    assert rows == [("completed", "companies", "apple"), ("completed", "companies", "toyota")]
    said = "fills in lei: Apple Inc. (legal address US, head office US), of US0378331005"
    assert proposal.rows[0].why == said
    assert values_of(proposal.rows[0]).startswith(f"{said}; lei {APPLE}; from Golden copy of legal entities")
    assert accepted(working, proposal) == {"sources": 1, "companies": 2}
    leis = {"apple": APPLE, "toyota": TOYOTA}
    assert working.rows("companies") == [{**row, "lei": leis.get(row["company_id"], "")} for row in before]
    # What is known is not proposed again.
    assert taken(working).about["rows"] == {"known": 2}


def test_a_name_in_another_script_and_the_legal_one_where_they_are_missing(working):
    working.without("company_names", company_id="toyota")
    philips = record(PHILIPS, "Koninklijke Philips Electronics Worldwide N.V.", "nl")
    proposal = taken(working, golden_copy(RECORDS[0], philips), (*ISINS, (PHILIPS, "NL0000009538")))
    names = {row.cells["name"]: row for row in proposal.rows if row.table == "company_names"}
    assert {name: (row.kind, row.cells["kind"], row.cells["language"]) for name, row in names.items()} == {
        "トヨタ自動車株式会社": ("added", "native", "ja"),
        "Koninklijke Philips Electronics Worldwide N.V.": ("added", "legal", "nl"),
    }
    written = accepted(working, proposal)
    assert written["company_names"] == 2


def test_a_release_knows_what_was_accepted(working, tmp_path):
    accepted(working, taken(working))
    built = build_release(working.reference, tmp_path / "store", "2026.12.9", DAY, None)
    new, old = Scorer(built), Scorer(open_release("2026.11.1"))
    [row] = new.score([APPLE.lower()]).to_dict("records")
    assert (row["company_id"], row["matched_by"]) == ("apple", "lei")
    assert row["score"] == new.score(["AAPL"])["score"].iloc[0] > 0
    assert new.resolver.one(TOYOTA).company == new.resolver.one("7203.T").company
    # A release without the column says so, as one does that lacks this LEI.
    assert "is valid, but not in the data" in old.score([TOYOTA])["reason"].iloc[0]
    assert "is valid, but not in the data" in new.score([PHILIPS])["reason"].iloc[0]


def test_several_leis_of_one_company_are_questions(working):
    copy = golden_copy(*RECORDS, record(PHILIPS, "Toyota Motor Credit Corporation"))
    proposal = taken(working, copy, ((TOYOTA, "JP3633400001"), (PHILIPS, "US8923313071")))
    numbers = {row.cells["lei"]: row.number for row in proposal.rows if row.kind == "question"}
    assert (numbers.keys(), len(proposal.rows)) == ({TOYOTA, PHILIPS}, 2)
    assert all("one of 2 to which its ISINs lead" in row.why for row in proposal.rows)
    assert accepted(working, proposal, Choice(rows=(numbers[TOYOTA],)), "the issuer of the share") == {
        "sources": 1,
        "companies": 1,
    }
    [toyota] = [row for row in working.rows("companies") if row["company_id"] == "toyota"]
    assert toyota["lei"] == TOYOTA
    assert toyota["note"].endswith("decided: the issuer of the share")


def test_one_lei_of_several_companies_is_a_question(working):
    proposal = taken(working, None, ((APPLE, "US0378331005"), (APPLE, "JP3633400001")))
    assert [(row.kind, row.cells["company_id"]) for row in proposal.rows] == [
        ("question", "apple"),
        ("question", "toyota"),
    ]
    assert "is the LEI that toyota leads to as well" in proposal.rows[0].why


def test_a_known_lei_is_never_overwritten(working):
    accepted(working, taken(working))
    proposal = taken(working, golden_copy(record(OTHER, "Apple Inc.")), ((OTHER, "US0378331005"),))
    [row] = proposal.rows
    assert (row.kind, row.why) == ("conflicting", f"lei is known as {APPLE}, the source says {OTHER}")


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            {"Registration.RegistrationStatus": "RETIRED"},
            "Apple Inc. (legal address US, head office US) is active, its registration retired",
        ),
        ({"Registration.RegistrationStatus": "DUPLICATE"}, "its registration duplicate"),
        (
            {"Entity.EntityStatus": "INACTIVE", "Entity.SuccessorEntity.1.SuccessorLEI": OTHER},
            f"is inactive, its registration issued, and {OTHER} came after it",
        ),
        ({"Entity.LegalName": "The Depositary Bank"}, "has no name like Apple Inc."),
    ],
)
def test_an_entity_that_ended_or_is_named_otherwise_is_a_question(working, cells, said):
    assert said in question(working, golden_copy(record(APPLE, "Apple Inc.") | cells))


def test_a_registration_that_lapsed_gives_its_lei_and_no_names(working):
    lapsed = record(PHILIPS, "Philips Worldwide Naamloze N.V.") | {"Registration.RegistrationStatus": "LAPSED"}
    proposal = taken(working, golden_copy(lapsed), ((PHILIPS, "NL0000009538"),))
    assert [(row.kind, row.table, row.cells["lei"]) for row in proposal.rows] == [("completed", "companies", PHILIPS)]


def test_an_lei_that_the_copy_lacks_or_that_is_none_is_a_question(working):
    assert "the golden copy does not have it" in question(working, golden_copy())
    wrong = f"{APPLE[:-1]}5"
    assert f"LEI {wrong} of US0378331005: its check digits do not fit" in question(
        working, None, ((wrong, "US0378331005"),)
    )


def test_an_lei_with_a_wrong_check_digit_cannot_be_accepted(working):
    proposal, before = taken(working, None, ((f"{APPLE[:-1]}5", "US0378331005"),)), working.bytes()
    with pytest.raises(ReferenceInvalidError, match=r"companies\.csv:\d+: lei: .* is not a valid LEI"):
        accepted(working, proposal, Choice(rows=(1,)), "because")
    assert working.bytes() == before


def test_a_name_that_another_company_has_is_a_question(working):
    working.without("company_names", company_id="toyota")
    toyota = record(TOYOTA, "ソニー株式会社", "ja", **named(1, "Toyota Motor", "en", "TRADING_OR_OPERATING_NAME"))
    name = {"company_id": "sony", "name": "ソニー", "language": "ja", "kind": "native", "until": ""}
    others = [row for row in working.rows("company_names") if row["company_id"] != "sony"]
    working.write("company_names", [*others, {**others[0], **name}])
    proposal = taken(working, golden_copy(toyota), ISINS[1:2])
    [_, row] = proposal.rows
    assert (row.kind, row.why) == ("question", "ソニー株式会社 may be taken for sony")


def test_both_files_are_needed_once(working):
    folder = working.proposals.parent
    paths = [folder / "a.zip", folder / "b.zip", folder / "c.csv", folder / "rr.csv"]
    for path, data in zip(
        paths, (golden_copy(), golden_copy(), b"LEI,ISIN\n", b"Relationship.StartNode.NodeID\n"), strict=True
    ):
        path.write_bytes(data)

    def of(*names):
        files = [folder / name for name in names]
        return take("gleif", Request(files, WorkingTables(working.reference)), working.proposals)

    with pytest.raises(InputError, match=r"the ISIN-to-LEI relationship file.*is not among them"):
        of("a.zip")
    with pytest.raises(InputError, match=r"the Level 1 golden copy.*is not among them"):
        of("c.csv")
    with pytest.raises(InputError, match=r"b\.zip and a\.zip are the same kind of file"):
        of("a.zip", "b.zip", "c.csv")
    with pytest.raises(InputError, match=r"rr\.csv: has neither"):
        of("a.zip", "rr.csv")
    with pytest.raises(InputError, match=r"nowhere\.zip cannot be read"):
        of("a.zip", "nowhere.zip")
    assert not working.proposals.exists()
    assert of("a.zip", "c.csv").rows == ()
