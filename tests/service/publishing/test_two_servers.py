"""From the files of sources to what two servers answer: taken, reviewed, built, promoted, and rolled back."""

from __future__ import annotations

import datetime as dt
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from scoring.reference.releases.build import build_release
from scoring.reference.releases.release import list_releases, open_release
from service.ingest.review import ALWAYS, Choice, decide
from service.ingest.take import SOURCES, Request, take
from service.ingest.working import WorkingTables
from service.publishing.publish import publish
from tests.scoring.reference.sources import test_data_sets, test_edinet, test_gleif, test_lists, test_wgi
from tests.scoring.reference.sources.test_filings import page
from tests.service.ingest.conftest import Working
from tests.service.ingest.test_segments import PARTS, YEAR
from tests.service.ingest.test_sets import SYMBOLS
from tests.service.serverprocess import EXPOSURE, Server

POLL = 0.5
"""Seconds between two looks of a server at the store, in these tests."""

PATIENCE = 300.0
"""Seconds after which a test gives up waiting; how long it took is not asserted."""

MEMBER = "srt:StatementGeographicalAxis=nvda:ChinaIncludingHongKongMember"


def said(*arguments: object) -> str:
    done = subprocess.run([*EXPOSURE, *map(str, arguments)], capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, (arguments, done.stderr)
    return done.stdout


def sources(folder: Path) -> Iterator[tuple[str, list[Path]]]:
    """Files of every source; most have something that the working tables do not have."""
    products = [(f"srt:ProductOrServiceAxis=nvda:{name}Member", shown, 'scale="6"') for name, shown in PARTS.items()]
    filing = page((MEMBER, "17,108", 'scale="6"'), *products, **YEAR)
    report = test_edinet.package(*test_edinet.TAGGED, test_edinet.line(test_edinet.BY_REGION, test_edinet.BELOW))
    for source, name, data in (
        ("sec-filings", "nvda-10-k-2025-02-26.htm", filing),
        ("edinet", "S100.zip", report),
        ("ecfr", "ccl.xml", test_lists.CONTROL_LIST.replace(b"3A001 E", b"3A999 E")),
        ("federal-register", "documents.json", test_lists.REGISTER),
        ("screening-list", "consolidated.csv", test_lists.PARTIES),
        ("usgs", "world.csv", test_lists.WORLD),
        ("openfigi", "figi.json", test_lists.ANSWERS),
        ("wgi", "rule-of-law.json", test_wgi.RULE),
        ("baci", "BACI_HS92_V202601.zip", test_lists.trade(test_lists.FLOWS).getvalue()),
    ):
        path = folder / name
        path.write_bytes(data)
        yield source, [path]
    quarter, symbols = folder / "2025q1.zip", folder / "company_tickers.json"
    quarter.write_bytes(test_data_sets.quarter(test_data_sets.row(), test_data_sets.CHINA).getvalue())
    symbols.write_text(SYMBOLS)
    yield "sec-data-sets", [quarter, symbols]
    copy, isins = folder / "golden-copy.zip", folder / "isins.zip"
    copy.write_bytes(test_gleif.golden_copy(*test_gleif.RECORDS))
    isins.write_bytes(test_gleif.pairs((test_gleif.APPLE, "US0378331005")))
    yield "gleif", [copy, isins]
    yield "ecb", []
    yield "family-links", []


@contextmanager
def watched(servers: list[Server]) -> Iterator[tuple[list[dict[str, object]], list[str]]]:
    """Ask all servers all the time; the rows that came, and replies that were no answer or torn."""
    rows: list[dict[str, object]] = []
    wrong: list[str] = []
    stop = threading.Event()

    def ask(server: Server) -> None:
        with httpx.Client(base_url=server.url, timeout=300) as http:
            while not stop.is_set():
                reply = http.get("/v1/scores/NVDA", params={"as_of": "2025-12-31"})
                if reply.status_code != 200:
                    wrong.append(f"{reply.status_code} {reply.text[:200]}")
                elif reply.json()["release"] != reply.headers["X-Exposure-Release"]:
                    wrong.append("a row of another release")
                else:
                    rows.append(reply.json())

    threads = [threading.Thread(target=ask, args=(server,)) for server in servers]
    for thread in threads:
        thread.start()
    try:
        yield rows, wrong
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def until_served(servers: list[Server], version: str) -> None:
    end = time.monotonic() + PATIENCE
    while {server.http.get("/readyz").json()["release"] for server in servers} != {version}:
        assert time.monotonic() < end, f"{version} was not taken up"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """Store with a release of what the sources gave: taken and accepted one after the other, then built."""
    folder = tmp_path_factory.mktemp("sources")
    working, seen = Working(folder), set()
    for table in ("revenue", "segments"):
        working.without(table, company_id="nvidia", fiscal_year="2025")
    for source, files in sources(folder):
        proposal = take(source, Request(files, WorkingTables(working.reference)), working.proposals)
        seen.add(source)
        if proposal.about["rows"].keys() & set(ALWAYS):
            decide(working.proposals, proposal.name, working.reference, Choice(), "accepted")
    assert seen == set(SOURCES)
    [row] = [row for row in working.rows("revenue") if (row["company_id"], row["fiscal_year"]) == ("nvidia", "2025")]
    assert (row["china_revenue"], row["evidence"]) == ("17108", "reported")
    build_release(working.reference, folder / "built", "2026.12.1", dt.date(2026, 12, 1), None)
    return folder / "built"


@pytest.mark.parametrize("where", ["folder", "s3"])
def test_two_servers_follow_what_is_published(where, tmp_path, request, serving, built):
    store = (
        str(tmp_path / "store") if where == "folder" else f"{request.getfixturevalue('object_store')}/{tmp_path.name}"
    )
    old = open_release(list_releases()[-1])
    publish(old, store)
    said("release", "promote", store, old.version)
    servers = [serving("--release-store", store, "--poll-seconds", str(POLL)) for _ in range(2)]
    with watched(servers) as (rows, wrong):
        said("release", "publish", store, "--from", built)
        assert {server.http.get("/readyz").json()["release"] for server in servers} == {old.version}
        said("release", "promote", store, "2026.12.1", "--because", "the facts of November")
        until_served(servers, "2026.12.1")
        said("release", "rollback", store, "--because", "wrong")
        until_served(servers, old.version)
    assert wrong == []
    assert {row["release"] for row in rows} == {old.version, "2026.12.1"}
    # Each release gives one score, whichever server answers.
    assert len({(row["release"], row["score"]) for row in rows}) == 2
