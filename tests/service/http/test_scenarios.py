"""Scenarios over HTTP, against a real server."""

from __future__ import annotations

import pytest

import scoring
from scoring.columns import IMPACT
from scoring.scenario import list_scenarios

PINNED = {"as_of": "2024-09-02", "release": "2026.11.1", "methodology": "2026.1"}
RARE_EARTHS = "china-cuts-rare-earths-to-japan-2010-style"


def test_the_library(server):
    entries = server.http.get("/v1/scenarios").json()
    assert [entry["scenario_id"] for entry in entries] == list_scenarios()
    one = server.http.get(f"/v1/scenarios/{RARE_EARTHS}").json()
    assert one["document"]["scenario_id"] == RARE_EARTHS
    assert one["sha256"] == next(entry["sha256"] for entry in entries if entry["scenario_id"] == RARE_EARTHS)


def test_a_score_under_scenarios(server, release):
    names = [RARE_EARTHS, "match-act-enacted"]
    reply = server.http.get("/v1/scores/6594.T", params={**PINNED, "scenario": ",".join(names)})
    expected = scoring.Scorer(release, PINNED["as_of"], PINNED["methodology"], names).score(["6594.T"]).iloc[0]
    assert reply.json()["score"] == expected["score"]
    assert reply.json()["scenario"] == "+".join(names)
    base = server.http.get("/v1/scores/6594.T", params=PINNED)
    assert base.json()["score"] != expected["score"]
    assert base.headers["etag"] != reply.headers["etag"]


def test_an_explanation_says_what_is_assumed(server):
    reply = server.http.get("/v1/scores/6594.T/explanation", params={**PINNED, "scenario": RARE_EARTHS}).json()
    assert reply["scenario"] == RARE_EARTHS
    assert any(fact["table"] == "scenario" for fact in reply["facts"].values())


def test_reference_data_under_a_scenario(server):
    for path in ("rules", "countermeasures", "minerals", "companies", "companies/tokyo-electron"):
        reply = server.http.get(f"/v1/{path}", params={**PINNED, "scenario": "match-act-enacted"})
        assert reply.status_code in (200, 422), path


def test_an_impact_is_that_of_the_library(server, release):
    body = {"tickers": ["6594.T", "nonsense", "toyota"], "scenario": RARE_EARTHS, **PINNED}
    rows = server.http.post("/v1/scenarios/evaluate", json=body).json()
    assert [row["query"] for row in rows] == body["tickers"]
    assert list(rows[0]) == list(IMPACT)
    before, after = (scoring.Scorer(release, PINNED["as_of"], PINNED["methodology"], s) for s in (None, RARE_EARTHS))
    columns = scoring.impact(before, after, body["tickers"])
    assert rows[0]["delta"] == columns["delta"][0]
    assert rows[0]["delta"] == pytest.approx(sum(rows[0][f"delta_{p}"] for p in ("market", "control", "retaliation")))
    assert rows[1]["status"] == "unresolved"
    assert rows[2]["delta"] is None
    assert rows[2]["score_floor"] > rows[2]["score_floor_before"]


def test_a_document_of_ones_own(server):
    change = {"op": "set_parameter", "parameter": "latent_threat.maximum", "value": 0.6}
    mine = {"scenario_id": "mine", "changes": [change]}
    body = {"tickers": ["8035.T"], "scenario": [mine, "match-act-enacted"], **PINNED, "format": "csv"}
    reply = server.http.post("/v1/scenarios/evaluate", json=body)
    assert reply.status_code == 200
    assert "mine+match-act-enacted" in reply.text


@pytest.mark.parametrize(
    ("scenario", "status", "kind"),
    [
        ("nope", 404, "scenario-not-found"),
        ("/etc/passwd", 404, "scenario-not-found"),
        ("mine.yaml", 404, "scenario-not-found"),
        ({"scenario_id": "x"}, 422, "scenario-invalid"),
        ({"scenario_id": "x", "changes": [{"op": "end_rules", "rule_ids": ["nope"]}]}, 422, "scenario-invalid"),
        ({"scenario_id": "x", "changes": "all"}, 422, "scenario-invalid"),
        (7, 422, "request-invalid"),
    ],
)
def test_bad_scenarios(server, scenario, status, kind):
    reply = server.http.post("/v1/scenarios/evaluate", json={"tickers": ["8035.T"], "scenario": scenario})
    assert (reply.status_code, reply.json()["type"]) == (status, f"/problems/{kind}")
