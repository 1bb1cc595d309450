"""Who mines a mineral and how they are governed: fetched, reviewed, built into a release, and told by a server."""

from __future__ import annotations

import datetime as dt
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from scoring import Scorer
from scoring.reference.releases.build import build_release
from scoring.reference.releases.release import open_release
from scoring.reference.sources.wgi import SERIES
from service.ingest.freshness import table_ages
from service.ingest.nightly import run
from service.ingest.proposal import list_proposals
from service.ingest.review import Choice, decide
from service.ingest.settings import DownloadSettings
from service.ingest.take import Request, take
from service.ingest.working import WorkingTables
from tests.scoring.reference.sources.test_gleif import APPLE, RECORDS, TOYOTA, golden_copy, pairs
from tests.scoring.reference.sources.test_lists import WORLD
from tests.scoring.reference.sources.test_wgi import answer

DAY = dt.date(2026, 11, 27)
ESTIMATES = {("CN", 2024): 0.0, ("VN", 2024): -0.5, ("MM", 2024): -2.5, ("CN", 2023): 1.0}


class Web(BaseHTTPRequestHandler):
    """Answers as the three sources do."""

    def do_GET(self):
        name = self.path.partition("?")[0].rpartition("/")[2]
        if name in SERIES:
            data = answer(name, dict.fromkeys(ESTIMATES, 0.2) if name.endswith(".SE") else ESTIMATES)
        else:
            isins = pairs((APPLE, "US0378331005"), (TOYOTA, "JP3633400001"))
            data = {"copy": golden_copy(*RECORDS), "isins": isins}[name]
        self.server.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("ETag", '"1"')
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def web():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Web)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def settings(web, folder: Path) -> DownloadSettings:
    url = f"http://127.0.0.1:{web.server_port}"
    return DownloadSettings(
        cache=folder / "raw", user_agent="Tests test@example.com", attempts=1, pause_seconds=0,
        wgi=f"{url}/indicator/{{series}}?source=3&date={{first}}:{{last}}",
        gleif=f"{url}/copy", gleif_isins=f"{url}/isins",
    )  # fmt: skip


def accept_all(working) -> None:
    for name in list_proposals(working.proposals):
        decide(working.proposals, name, working.reference, Choice(), "accepted")


def test_from_the_sources_to_a_server(working, web, serving, tmp_path):
    world = tmp_path / "world.csv"
    world.write_bytes(WORLD)
    take("usgs", Request([world], WorkingTables(working.reference)), working.proposals)
    report = run(["wgi", "gleif"], working.reference, working.proposals, settings(web, tmp_path), DAY)
    assert report.failed == ()
    assert [line.partition(";")[0] for line in report.lines] == [
        "wgi: 18 added, 0 known",
        "gleif: 2 completed, 0 known",
    ]
    assert sorted(web.asked)[:2] == ["/copy", f"/indicator/{min(SERIES)}?source=3&date=2023:2026"]
    accept_all(working)
    assert {(row["year"], row["published"], row["standard_error"]) for row in working.rows("governance")} == {
        ("2024", "2026-03-18", "0.2")
    }
    store = tmp_path / "store"
    built = build_release(working.reference, store, "2026.12.9", dt.date(2026, 12, 1), None)
    ages = {one.table: one for one in table_ages(built, DAY)}
    assert ages["governance"].newest == dt.date(2026, 3, 18)
    assert ages["mineral_output"].rows == 5
    assert not {"governance", "mineral_output"} & {one.table for one in table_ages(open_release("2026.11.1"), DAY)}

    server = serving("--release-store", str(store))
    rows = {row["mineral"]: row for row in server.http.get("/v1/minerals?as_of=2026-07-31").json()}
    tungsten, gallium = rows["tungsten"], rows["gallium"]
    # China is of middling weakness (0.5), Burma of the greatest (1).
    assert (tungsten["mined_year"], tungsten["governance_year"]) == (2024, 2024)
    assert tungsten["mined_hhi"] == pytest.approx(0.8272**2 + 0.0309**2)
    assert tungsten["mined_hhi_governance"] == pytest.approx(0.8272**2 * 0.5 + 0.0309**2)
    assert "USGS" in tungsten["mined_source"]
    assert "edition of 2026-03-18" in tungsten["governance_source"]
    assert gallium["mined_hhi"] is None
    page = server.http.get("/minerals/tungsten?as_of=2026-07-31").text
    assert "How concentrated its mining is" in page
    assert "0.69 of 1" in page
    assert "governed: 0.34" in page
    assert "How concentrated its mining is" not in server.http.get("/minerals/gallium?as_of=2026-07-31").text
    # The same company by its LEI, on every surface.
    by_lei, by_ticker = (server.http.get(f"/v1/scores/{query}?as_of=2026-07-31").json() for query in (APPLE, "AAPL"))
    assert by_lei["score"] == by_ticker["score"]
    assert server.http.get(f"/v1/companies?q={TOYOTA}").json()[0]["company_id"] == "toyota"
    assert server.http.get("/v1/companies/apple").json()["lei"] == APPLE

    # No score moved by any of it.
    before = Scorer(open_release("2026.12.0"), "2026-07-31").score(["AAPL", "NVDA", "8035.T"])
    after = Scorer(built, "2026-07-31").score(["AAPL", "NVDA", "8035.T"])
    assert after["score"].tolist() == before["score"].tolist()


def test_what_was_taken_is_not_proposed_again(working, web, tmp_path):
    for lines in (["wgi: 18 added, 0 known"], ["wgi: 18 known"]):
        report = run(["wgi"], working.reference, working.proposals, settings(web, tmp_path), DAY)
        assert [line.partition(";")[0] for line in report.lines] == lines
        if "added" in lines[0]:
            accept_all(working)
