"""From files to rows: nothing is written before it is accepted, nothing known is overwritten, nothing is half done."""

from __future__ import annotations

import datetime as dt
import os
import re
import signal
import subprocess
import sys
import time

import pytest

from scoring.errors import InputError
from scoring.reference.releases.build import build_release
from scoring.scorer import Scorer
from service.ingest.proposal import list_proposals, open_proposal
from service.ingest.review import Choice, decide
from service.ingest.take import Request, take
from service.ingest.working import WorkingTables
from tests.scoring.reference.sources.test_filings import CHINA, page

HONG_KONG_TOO = "srt:StatementGeographicalAxis=nvda:ChinaIncludingHongKongMember"
YEAR = {"start": "2024-01-29", "end": "2025-01-26", "total": "130,497"}


def filing(working, name="nvda-10-k-2025-02-26.htm", china="17,108", member=HONG_KONG_TOO, **about):
    """A filing of Nvidia for its fiscal year 2025, whose focus the page gives as 2024."""
    path = working.proposals.parent / name
    path.write_bytes(page((member, china, 'scale="6"'), **{**YEAR, **about}))
    return path


def taken(working, *paths, source="sec-filings", **options):
    return take(source, Request(list(paths), WorkingTables(working.reference), **options), working.proposals)


def test_what_is_known_is_not_proposed(working):
    proposal = taken(working, filing(working))
    assert proposal.rows == ()
    assert proposal.about["rows"] == {"known": 1}


def test_a_new_row_says_where_it_comes_from_and_since_when_it_is_known(working):
    working.without("revenue", company_id="nvidia", fiscal_year="2025")
    before = working.bytes()
    [row] = taken(working, filing(working)).rows
    assert working.bytes() == before
    assert (row.kind, row.table) == ("added", "revenue")
    expected = {
        "company_id": "nvidia", "fiscal_year": "2025", "total_revenue": "130497", "china_revenue": "17108",
        "unit": "million", "china_share": "0.1311", "china_scope": "mainland+hk", "evidence": "reported",
        "published": "2025-02-26", "known_by": "2025-02-26", "period_end": "2025-01-26",
    }  # fmt: skip
    assert {column: row.cells[column] for column in expected} == expected
    assert row.source["source_id"] == row.cells["source_id"]


def test_taken_facts_give_the_scores_of_facts_entered_by_hand(working, tmp_path):
    [by_hand] = working.without("revenue", company_id="nvidia", fiscal_year="2025")
    proposal = taken(working, filing(working))
    _, counts = decide(working.proposals, proposal.name, working.reference, Choice(), "accepted")
    assert counts == {"sources": 1, "revenue": 1}
    scores = []
    for version in ("2026.11.0", "2026.11.1"):
        release = build_release(working.reference, tmp_path / "store", version, dt.date(2026, 11, 23), None)
        scores.append(Scorer(release, "2025-12-31").columns(["NVDA"])["score"][0])
        rows = [row for row in working.rows("revenue") if row["source_id"] != proposal.rows[0].cells["source_id"]]
        working.write("revenue", sorted([*rows, by_hand], key=lambda row: (row["company_id"], row["fiscal_year"])))
    assert scores[0] == pytest.approx(scores[1], abs=1e-9)


def test_a_file_is_left_as_it_is_but_for_the_new_row(working):
    before = working.bytes()
    working.without("revenue", company_id="nvidia", fiscal_year="2025")
    decide(working.proposals, taken(working, filing(working)).name, working.reference, Choice(), "accepted")
    lines, old = working.bytes()["revenue.csv"].splitlines(), before["revenue.csv"].splitlines()
    assert len(lines) == len(old)
    assert len({*lines} - {*old}) == 1
    assert {name for name, data in working.bytes().items() if data != before[name]} == {"revenue.csv", "sources.csv"}


def test_a_known_value_is_never_overwritten_unasked(working):
    before = working.bytes()
    [row] = taken(working, filing(working, china="18,000")).rows
    assert row.kind == "conflicting"
    assert "china_revenue is known as 17108, the source says 18000" in row.why
    assert row.known["source_id"] == "github-com-91236cc9"
    name = list_proposals(working.proposals)[0]
    for choice, reason, problem in (
        (Choice(), None, "what is left are questions"),
        (Choice(rows=(1,)), None, "is missing for row 1"),
    ):
        with pytest.raises(InputError, match=problem):
            decide(working.proposals, name, working.reference, choice, "accepted", reason)
    assert working.bytes() == before
    decide(working.proposals, name, working.reference, Choice(rows=(1,)), "accepted", "restated in the 10-K/A")
    [now] = [row for row in working.rows("revenue") if row["company_id"] == "nvidia" and row["fiscal_year"] == "2025"]
    assert now["china_revenue"] == "18000"
    for said in ("17108", "github-com-91236cc9", "decided: restated in the 10-K/A"):
        assert said in now["note"]


def test_an_amendment_is_a_question_and_both_are_kept(working):
    working.without("revenue", company_id="nvidia", fiscal_year="2025")
    original = filing(working)
    amendment = filing(working, "nvda-10-ka-2025-04-01.htm", china="16,000", form="10-K/A")
    first, second = taken(working, amendment, original).rows
    assert (first.kind, first.cells["china_revenue"], second.kind) == ("added", "17108", "conflicting")
    assert second.source["title"].startswith("NVIDIA CORP Form 10-K/A")


def test_a_filing_that_comes_twice_is_taken_once(working):
    working.without("revenue", company_id="nvidia", fiscal_year="2025")
    paths = [filing(working, name) for name in ("nvda-10-k-2025-02-26.htm", "again-nvda-10-k-2025-02-26.htm")]
    proposal = taken(working, *paths)
    assert [row.kind for row in proposal.rows] == ["added"]
    assert proposal.about["rows"]["known"] == 1


def test_a_restated_figure_is_a_question_and_both_are_kept(working):
    """The year before stands in the next report with another number than in its own."""
    working.without("revenue", company_id="nvidia", fiscal_year="2025")
    later = working.proposals.parent / "nvda-10-k-2026-02-25.htm"
    splits = [(HONG_KONG_TOO, "16,500", 'scale="6"'), ("", "130,497", 'scale="6"')]
    text = page(*splits, start="2025-01-27", end="2026-01-25", total="200,000").decode()
    days = (
        r"(?s)(<xbrli:context id=\"c[01]\">.*?<xbrli:startDate>)2025-01-27(</xbrli:startDate><xbrli:endDate>)2026-01-25"
    )
    later.write_text(re.sub(days, r"\g<1>2024-01-29\g<2>2025-01-26", text))
    first, second = taken(working, later, filing(working)).rows
    assert (first.kind, first.cells["china_revenue"], first.cells["published"]) == ("added", "17108", "2025-02-26")
    assert (second.kind, second.cells["china_revenue"], second.cells["published"]) == (
        "conflicting",
        "16500",
        "2026-02-25",
    )
    assert "comparative column" in second.cells["note"]


@pytest.mark.parametrize(
    ("about", "why"),
    [
        ({"total": "130,497,000", "china": "17,108,000"}, "times that of"),
        ({"china": "90,000"}, "the China share is"),
        ({"currency": "EUR"}, "the company's other figures are in USD"),
        ({"registrant": "Acme Bakeries"}, "the filer is Acme Bakeries"),
        ({"member": "srt:StatementGeographicalAxis=nvda:ChinaAndTaiwanMember"}, "not known to the reader"),
        ({"member": "srt:StatementGeographicalAxis=nvda:GreaterChinaMember"}, "may have changed what it calls China"),
        ({"china": "-5"}, None),
    ],
    ids=["thousandfold", "jump", "currency", "another company", "renamed member", "another China", "negative"],
)
def test_what_cannot_be_right_is_a_question(working, about, why):
    working.without("revenue", company_id="nvidia", fiscal_year="2025")
    if why is None:
        about, why = (
            {
                "member": HONG_KONG_TOO,
                "china": '5</ix:nonFraction><ix:nonFraction contextRef="c0" unitRef="usd" '
                'name="us-gaap:Revenues" scale="6" sign="-">5',
            },
            "it is negative",
        )
    rows = taken(working, filing(working, **about)).rows
    assert [row.kind for row in rows if why in row.why] == ["question"]
    if why != "it is negative":
        assert [row.kind for row in rows] == ["question"]


def test_a_filer_outside_the_universe_gives_nothing(working):
    assert taken(working, filing(working, symbol="ZZZZZ", registrant="Nobody Inc")).about["rows"] == {"known": 0}


def test_the_same_files_give_the_same_proposal(working):
    working.without("revenue", company_id="nvidia", fiscal_year="2025")
    path = filing(working)
    assert taken(working, path).name == taken(working, path).name
    assert len(list_proposals(working.proposals)) == 1


def test_a_row_that_breaks_the_dictionary_is_refused_with_its_line_and_nothing_is_written(working):
    working.without("revenue", company_id="nvidia", fiscal_year="2025")
    proposal = taken(working, filing(working, registrant="Nvidia", currency="usd"))
    before = working.bytes()
    with pytest.raises(Exception, match="currency"):
        decide(working.proposals, proposal.name, working.reference, Choice(rows=(1,)), "accepted", "as read")
    assert working.bytes() == before
    assert open_proposal(working.proposals, proposal.name).decisions == {}


def test_two_reviewers_at_once(working):
    working.without("revenue", company_id="nvidia", fiscal_year="2025")
    proposal = taken(working, filing(working))
    code = (
        "import sys, time, pathlib\nfrom service.ingest.working import locked\n"
        "with locked(pathlib.Path(sys.argv[1])):\n    print('in', flush=True)\n    time.sleep(60)"
    )
    other = subprocess.Popen([sys.executable, "-c", code, str(working.proposals)], stdout=subprocess.PIPE)
    try:
        other.stdout.readline()
        with pytest.raises(InputError, match="reviewed by somebody else"):
            decide(working.proposals, proposal.name, working.reference, Choice(), "accepted")
    finally:
        other.kill()
        other.wait()
    decide(working.proposals, proposal.name, working.reference, Choice(), "accepted")


@pytest.mark.parametrize("delay", [0.0, 0.3, 0.9, 1.5, 2.0, 2.4, 2.8, 3.2])
def test_a_killed_process_leaves_nothing_half_done_and_doing_it_again_completes_it(working, delay):
    working.without("revenue", company_id="nvidia", fiscal_year="2025")
    path, whole = filing(working), working.bytes()
    code = (
        "import sys, pathlib\nfrom service.ingest.take import Request, take\n"
        "from service.ingest.review import Choice, decide\n"
        "from service.ingest.working import WorkingTables\n"
        "path, reference, store = map(pathlib.Path, sys.argv[1:])\n"
        "proposal = take('sec-filings', Request([path], WorkingTables(reference)), store)\n"
        "proposal.open_rows() and decide(store, proposal.name, reference, Choice(), 'accepted')"
    )
    command = [sys.executable, "-c", code, str(path), str(working.reference), str(working.proposals)]
    killed = subprocess.Popen(command, env=os.environ)
    time.sleep(delay)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    for name in list_proposals(working.proposals):
        assert len(open_proposal(working.proposals, name).rows) == 1
    for name, data in working.bytes().items():
        assert len(data.splitlines()) - len(whole[name].splitlines()) in (0, 1), name
    assert subprocess.run(command, env=os.environ, check=False).returncode == 0
    assert (
        sum(row["company_id"] == "nvidia" and row["period_end"] == "2025-01-26" for row in working.rows("revenue")) == 1
    )


def test_rates_of_the_central_bank(working):
    gone = working.without("exchange_rates", currency="JPY")
    proposal = taken(working, source="ecb")
    assert {row.kind for row in proposal.rows} == {"added"}
    decide(working.proposals, proposal.name, working.reference, Choice(tables=("exchange_rates",)), "accepted")
    assert [row for row in working.rows("exchange_rates") if row in gone] == gone


def test_china_beside_greater_china_goes_on_with_the_series(working):
    working.without("revenue", company_id="nvidia", fiscal_year="2025")
    path = working.proposals.parent / "nvda-10-k-2025-02-26.htm"
    path.write_bytes(page((HONG_KONG_TOO, "17,108", 'scale="6"'), (CHINA, "16,000", 'scale="6"'), **YEAR))
    [row] = taken(working, path).rows
    assert (row.cells["china_revenue"], row.cells["china_scope"]) == ("17108", "mainland+hk")
    assert "Geographical=CN gives 16000" in row.cells["note"]
