"""Pages for whoever keeps the facts: they say what the commands say, and decide nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from service.ingest.review import Choice, decide
from tests.service.ingest.conftest import Working
from tests.service.ingest.test_proposals import filing, taken
from tests.service.serverprocess import Server, exposure, running
from tests.service.web.test_pages import page


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> Iterator[tuple[Server, Working, str]]:
    """A server that shows proposals, of which one asks about a figure of Nvidia."""
    folder = tmp_path_factory.mktemp("kept")
    working = Working(folder)
    working.without("revenue", company_id="nvidia", fiscal_year="2025")
    proposal = taken(
        working, filing(working), filing(working, "nvda-10-ka-2025-04-01.htm", china="16,000", form="10-K/A")
    )
    with running(folder / "server.log", "--proposals", str(working.proposals)) as server:
        yield server, working, proposal.name


def test_the_status_is_that_of_the_command(kept):
    server, *_ = kept
    read = page(server, "/data/status")
    document = json.loads(exposure("data", "status", "--json").stdout)
    text = " ".join(read.text.split())
    for one in document["tables"]:
        assert one["table"] in text
        assert (one["newest"] or "–") in text
    for fact in document["stalest"]:
        assert fact["name"] in text
        assert fact["period_end"] in text
    assert document["day"] in text
    assert "on 2024-09-02" in " ".join(page(server, "/data/status?as_of=2024-09-02").text.split())


def test_proposals_are_shown_with_what_is_known_and_what_was_decided(kept):
    server, working, name = kept
    assert name in page(server, "/data/review").text
    text = " ".join(page(server, f"/data/review/{name}").text.split())
    for said in ("china_revenue 17108", "china_revenue 16000 (known: 17108)", "nvidia", "Form 10-K/A", "conflicting"):
        assert said in text
    assert "16000" not in page(server, f"/data/review/{name}?kind=added").text
    decide(working.proposals, name, working.reference, Choice(rows=(2,)), "rejected", "a draft")
    assert "rejected: a draft" in " ".join(page(server, f"/data/review/{name}").text.split())
    assert "16000" not in page(server, f"/data/review/{name}?decided=open").text


@pytest.mark.parametrize(("path", "status"), [("/data/review/none", 422), ("/data/review/..%2Fx", 404)])
def test_what_is_no_proposal(kept, path, status):
    assert kept[0].http.get(path, headers={"Accept": "text/html"}).status_code in (status, 404, 422)


def test_a_server_without_proposals_says_so(server):
    assert "--proposals" in page(server, "/data/review").text
    assert server.http.get("/data/review/x", headers={"Accept": "text/html"}).status_code == 422


def test_the_page_of_data_leads_there(server):
    targets = {attributes.get("href") for tag, attributes in page(server, "/data").elements if tag == "a"}
    assert {"/data/status", "/data/review"} <= targets
