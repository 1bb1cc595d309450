"""Products of a filing: what adds up is taken, a family that nobody named is asked for, a judgement is never silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from scoring.errors import InputError, ReferenceInvalidError
from scoring.reference.sources.sec import instance
from scoring.reference.sources.sec.products import product_splits
from service.ingest.proposal import open_proposal
from service.ingest.review import Choice, Fill, decide
from tests.scoring.reference.sources.test_filings import SAMPLES, page
from tests.service.ingest.test_proposals import taken

AXIS = "srt:ProductOrServiceAxis=nvda"
YEAR = {"start": "2024-01-29", "end": "2025-01-26", "total": "130,497"}
PARTS = {
    "Compute": "102,196",
    "Networking": "12,990",
    "DataCenter": "115,186",
    "Gaming": "11,350",
    "ProfessionalVisualization": "1,878",
    "Automotive": "1,694",
    "OEMAndOther": "389",
}
"""What Nvidia prints for its fiscal year 2025: the data center is the sum of the two before it."""

PRINTED = {
    "aapl-20230930_htm.xml.gz": {"IPhone": 200583, "Mac": 29357, "IPad": 28300, "WearablesHomeandAccessories": 39845,
                                 "Service": 85200},
    "nke-10-k-2025-07-17.html.gz": {"Footwear": 30967, "Apparel": 13045, "SportingEquipment": 2223,
                                    "ProductAndServiceOther": 74},
    "nvda-10-k-2025-02-26.html.gz": {"Compute": 102196, "Networking": 12990, "Gaming": 11350, "Automotive": 1694,
                                     "ProfessionalVisualization": 1878, "OEMAndOther": 389},
    "tsla-10-k-2025-01-30.html.gz": {"AutomotiveSales": 72480, "AutomotiveRegulatoryCredits": 2763,
                                     "AutomotiveLeasing": 1827, "ServicesAndOther": 10534,
                                     "EnergyGenerationAndStorageSales": 9564, "EnergyGenerationAndStorageLeasing": 522},
}  # fmt: skip


def split(parts=PARTS, **about):
    splits = [(f"{AXIS}:{name}Member", shown, 'scale="6"') for name, shown in parts.items()]
    return page(*splits, **{**YEAR, **about})


def filed(working, parts=PARTS, name="nvda-10-k-2025-02-26.htm", **about) -> Path:
    path = working.proposals.parent / name
    path.write_bytes(split(parts, **about))
    return path


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the true filings do not lie beside the project")
@pytest.mark.parametrize("name", PRINTED)
def test_true_filings_are_split_as_they_print_it(name):
    splits, unfit = product_splits(instance.read(name, (SAMPLES / name).read_bytes()))
    assert unfit is None
    assert {part.member: int(part.amount) // 10**6 for part in splits[0].parts} == PRINTED[name]
    assert {one.years for one in splits} == {3}
    for one in splits:
        assert sum(part.amount for part in one.parts) == one.total


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the true filings do not lie beside the project")
def test_products_that_a_filing_crosses_with_china():
    name = "nke-10-k-2025-07-17.html.gz"
    [one], _ = product_splits(instance.read(name, (SAMPLES / name).read_bytes()))
    china = {part.member: int(part.china) // 10**6 for part in one.parts if part.china}
    assert china == {"Footwear": 4805, "Apparel": 1616, "SportingEquipment": 165}


def test_totals_and_their_parts_are_told_apart():
    finest, coarse = product_splits(instance.read("f.htm", split()))[0]
    assert {part.member for part in finest.parts} == set(PARTS) - {"DataCenter"}
    assert {part.member for part in coarse.parts} == set(PARTS) - {"Compute", "Networking"}


@pytest.mark.parametrize(
    "parts",
    [{"Compute": "102,196", "Gaming": "11,350"}, {f"Product{n}": "1,000" for n in range(40)}],
    ids=["a part is missing", "too many"],
)
def test_what_does_not_add_up_is_told(parts):
    splits, unfit = product_splits(instance.read("f.htm", split(parts)))
    assert splits == []
    assert "ProductOrService" in unfit


def test_places_are_no_products():
    members = [("us-gaap:StatementBusinessSegmentsAxis=x:EuropeMember", "30,497", 'scale="6"'),
               ("us-gaap:StatementBusinessSegmentsAxis=x:AmericasMember", "100,000", 'scale="6"')]  # fmt: skip
    assert product_splits(instance.read("f.htm", page(*members, **YEAR))) == ([], None)


def test_a_year_that_is_known_is_not_proposed(working):
    assert taken(working, filed(working)).about["rows"] == {"known": 5}


def test_segments_go_on_under_the_names_and_families_that_are_known(working):
    gone = working.without("segments", company_id="nvidia", fiscal_year="2025")
    proposal = taken(working, filed(working))
    assert {row.kind for row in proposal.rows} == {"added"}
    decide(working.proposals, proposal.name, working.reference, Choice(), "accepted")
    for old in gone:
        [new] = [
            row for row in working.rows("segments")
            if (row["company_id"], row["fiscal_year"], row["segment"]) == ("nvidia", "2025", old["segment"])
        ]  # fmt: skip
        assert float(new["revenue_share"]) == pytest.approx(float(old["revenue_share"]), abs=2e-4)
        for column in ("product_family", "is_service", "for_mix", "published", "evidence"):
            assert new[column] == old[column]
    assert "Amounts in the source: 115186 of 130497 USD million" in proposal.rows[0].cells["note"]


def test_another_amount_for_a_known_segment_conflicts(working):
    rows = taken(working, filed(working, {**PARTS, "Gaming": "12,350", "Automotive": "694"})).rows
    assert {(row.kind, row.cells["segment"]) for row in rows} == {
        ("conflicting", "Gaming"),
        ("conflicting", "Automotive"),
    }
    assert "revenue_share is known as 0.086991, the source says 0.0946" in rows[0].why + rows[1].why


def test_a_new_product_makes_a_judgement_of_the_year_and_needs_a_family(working):
    working.without("segments", company_id="nvidia", fiscal_year="2025")
    parts = {**PARTS, "Automotive": "694", "HumanoidBrains": "1,000"}
    proposal = taken(working, filed(working, parts))
    kinds = {row.cells["segment"]: row.kind for row in proposal.rows}
    assert kinds.pop("Humanoid Brains") == "question"
    assert set(kinds.values()) == {"suggested"}
    [brains] = [row for row in proposal.rows if row.kind == "question"]
    assert "of which family is Humanoid Brains? The company's are ai-accelerators, gpu-consumer" in brains.why
    before = working.bytes()
    every = Choice(rows=tuple(row.number for row in proposal.rows))

    def accept(choice, because, *fills):
        read = [Fill.of(one) for one in fills]
        return decide(working.proposals, proposal.name, working.reference, choice, "accepted", because, read)[1]

    for choice, because, fills, problem in (
        (Choice(), None, (), "what is left are questions"),
        (every, None, (), "--because"),
        (every, "as read", (), f"add --fill {brains.number}:product_family=VALUE"),
        (every, "as read", (f"{brains.number}:family=mcu",), "has no column family"),
        (every, "as read", ("1:revenue_share=0.5",), "what a source says is not changed"),
        (every, "as read", ("99:product_family=mcu",), "row 99 is not among"),
    ):
        with pytest.raises(InputError, match=problem):
            accept(choice, because, *fills)
    with pytest.raises(ReferenceInvalidError, match="product_family"):
        accept(every, "as read", f"{brains.number}:product_family=no-such-family")
    assert working.bytes() == before
    assert accept(every, "robots", f"{brains.number}:product_family=mcu") == {"sources": 1, "segments": 6}
    [row] = [row for row in working.rows("segments") if row["segment"] == "Humanoid Brains"]
    assert row["product_family"] == "mcu"
    assert row["note"].endswith("decided: robots")
    decided = open_proposal(working.proposals, proposal.name).decisions[brains.number]
    assert decided == {"decision": "accepted", "reason": "robots", "filled": "product_family=mcu"}


def test_a_year_that_is_known_by_other_segments_is_a_question(working):
    parts = {**PARTS, "Automotive": "694", "HumanoidBrains": "1,000"}
    [row] = [row for row in taken(working, filed(working, parts)).rows if row.cells["segment"] == "Humanoid Brains"]
    assert row.kind == "question"
    assert "the year is known as Automotive, Data Center, Gaming" in row.why


def test_a_quarter_and_a_company_without_a_product_mix_give_no_segments(working):
    working.without("segments", company_id="nvidia")
    path = filed(working, form="10-Q")
    assert taken(working, path).rows == ()
    working.without("business_mix", company_id="nvidia")
    assert taken(working, filed(working)).rows == ()


@pytest.mark.parametrize("text", ["", "7", "7:product_family", "x:product_family=mcu", "7:product_family="])
def test_a_fill_that_is_none(text):
    with pytest.raises(InputError, match="write ROW:COLUMN=VALUE"):
        Fill.of(text)
