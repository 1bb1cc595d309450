"""Changes over HTTP, against a real server."""

from __future__ import annotations

import csv
import io

import pytest

import scoring
from scoring.changes.compare import what_changed
from scoring.changes.result import Changes
from scoring.columns import CHANGE
from service.client import AsyncClient, Client
from tests.service.serverprocess import Server

DATES = {"from": "2023-09-01", "to": "2024-09-02"}
PINNED = {**DATES, "release": "2026.11.1", "methodology": "2026.1"}


@pytest.fixture(scope="module")
def ends(release):
    return tuple(scoring.Scorer(release, DATES[end], PINNED["methodology"]) for end in ("from", "to"))


def test_a_book_and_a_list_are_the_library_s_result(server: Server, ends):
    names = ["8035.T", "ASLM", "Toyota"]
    expected = what_changed(*ends, names, 5.0)
    asked = server.http.get("/v1/changes", params={**PINNED, "tickers": ",".join(names), "threshold": 5})
    sent = server.http.post("/v1/changes", json={**PINNED, "tickers": names, "threshold": 5})
    for reply in (asked, sent):
        assert reply.status_code == 200
        assert Changes.model_validate_json(reply.content) == expected
    assert expected.crossed == ["tokyo-electron"]
    assert [row["status"] for row in asked.json()["rows"]] == ["ok", "unresolved", "partial"]


def test_movers_and_their_table(server: Server, ends):
    reply = server.http.get("/v1/changes", params=PINNED)
    assert Changes.model_validate_json(reply.content) == what_changed(*ends)
    table = server.http.get("/v1/changes", params={**PINNED, "format": "csv", "tickers": "8035.T"})
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert list(rows[0]) == list(CHANGE)
    assert sum(float(row["points"]) for row in rows) == pytest.approx(float(rows[0]["delta"]), rel=0, abs=1e-9)


def test_what_is_pinned_never_changes_and_the_tag_names_both_ends(server: Server):
    def get(**changed):
        return server.http.get("/v1/changes", params={**PINNED, "tickers": "8035.T", **changed})

    first = get()
    assert "immutable" in first.headers["cache-control"]
    assert first.headers["x-exposure-as-of"] == DATES["to"]
    again = server.http.get(
        "/v1/changes",
        params={**PINNED, "tickers": "8035.T"},
        headers={"If-None-Match": first.headers["etag"]},
    )
    assert again.status_code == 304
    tags = {first.headers["etag"]}
    for other in ({"from": "2023-09-02"}, {"from_release": "2026.11.0"}, {"from_scenario": "match-act-enacted"}):
        tags.add(get(**other).headers["etag"])
    assert len(tags) == 4
    loose = server.http.get("/v1/changes", params={**DATES, "tickers": "8035.T"})
    assert "immutable" not in loose.headers["cache-control"]


def test_ends_that_differ_in_other_things(server: Server):
    both = server.http.get("/v1/changes", params={"from": "2026.11.0", "to": "2026.11.1"}).json()
    assert (both["from"]["release"], both["to"]["release"]) == ("2026.11.0", "2026.11.1")
    assert both["from"]["as_of"] == both["to"]["as_of"]
    what_if = {"to_scenario": "match-act-enacted", "as_of": "2025-06-30", "tickers": "ASML NA"}
    row = server.http.get("/v1/changes", params=what_if).json()["rows"][0]
    assert sum(one["points"] for one in row["attributions"]) == pytest.approx(row["delta"], rel=0, abs=1e-9)


@pytest.mark.parametrize(
    ("params", "status", "kind", "field"),
    [
        ({}, 422, "request-invalid", "from"),
        ({"to": "2024-01-01"}, 422, "request-invalid", "from"),
        ({"from": "2026.11.0", "to": "2024-01-01"}, 422, "request-invalid", "from"),
        ({"from": "2024-01-01", "as_of": "2024-01-01"}, 422, "request-invalid", "as_of"),
        ({"from": "2026.11.0", "from_release": "2026.11.0"}, 422, "request-invalid", "from_release"),
        ({"from": "yesterday"}, 422, "as-of-invalid", "from"),
        ({"from": "2024-01-01", "to": "2999-01-01"}, 422, "as-of-invalid", "to"),
        ({"from": "2025.01.0"}, 404, "release-not-found", "release"),
        ({"from": "2024-01-01", "from_release": "/etc"}, 404, "release-not-found", "release"),
        ({"to_methodology": "nope"}, 404, "methodology-not-found", "methodology"),
        ({"to_scenario": "nope"}, 404, "scenario-not-found", "scenario"),
        ({"from": "2024-01-01", "threshold": "0"}, 422, "request-invalid", "threshold"),
        ({"from": "2024-01-01", "threshold": "inf"}, 422, "request-invalid", "threshold"),
        ({"from": "2024-01-01", "scenario": "x"}, 422, "request-invalid", "scenario"),
        ({"from": "2024-01-01", "format": "pdf"}, 406, "format-unsupported", "format"),
    ],
)
def test_bad_requests(server: Server, params, status, kind, field):
    reply = server.http.get("/v1/changes", params=params)
    assert (reply.status_code, reply.json()["type"], reply.json()["field"]) == (status, f"/problems/{kind}", field)


def test_a_long_book_is_refused_whole(server: Server):
    reply = server.http.post("/v1/changes", json={**DATES, "tickers": ["8035.T"] * 5001})
    assert (reply.status_code, reply.json()["type"]) == (413, "/problems/too-many-tickers")
    empty = server.http.post("/v1/changes", json={**DATES, "tickers": []})
    assert (empty.status_code, empty.json()["rows"]) == (200, [])


async def _asked(url: str) -> Changes:
    async with AsyncClient(url) as client:
        return await client.changes(DATES["from"], DATES["to"], ["8035.T"], threshold=5)


def test_the_client(server: Server, release):
    import asyncio

    before, after = (scoring.Scorer(release, DATES[end]) for end in ("from", "to"))
    expected = what_changed(before, after, ["8035.T"], 5)
    with Client(server.url) as client:
        assert client.changes(DATES["from"], DATES["to"], ["8035.T"], threshold=5) == expected
        assert len(client.changes(DATES["from"], DATES["to"]).rows) > 100
    assert asyncio.run(_asked(server.url)) == expected
