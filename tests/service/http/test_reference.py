"""Companies, rules, countermeasures, minerals, events and threats as of a date, and whom they touch."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from scoring.lookup.leverage import leverage_table
from scoring.lookup.touched import LISTS
from scoring.reference.releases.release import Release
from scoring.score.leaves import CONTROL
from scoring.scorer import Scorer
from tests.service.serverprocess import AS_OF, Server

KEYS = {"rules": "rule_id", "countermeasures": "measure_id", "minerals": "mineral", "events": "event_id"}
KNOWN = {"rules": "announced", "countermeasures": "announced", "events": "date"}


@pytest.mark.parametrize("kind", LISTS)
def test_lists_show_what_was_known(server: Server, kind: str) -> None:
    late = server.http.get(f"/v1/{kind}").json()
    early = server.http.get(f"/v1/{kind}", params={"as_of": "2020-01-01"}).json()
    assert {row[KEYS[kind]] for row in early} <= {row[KEYS[kind]] for row in late}
    if kind in KNOWN:
        assert len(early) < len(late)
        assert all(row[KNOWN[kind]] <= "2020-01-01" for row in early)
    assert all(row["source_title"] for row in late)
    table = list(csv.DictReader(io.StringIO(server.http.get(f"/v1/{kind}", params={"format": "csv"}).text)))
    assert [row[KEYS[kind]] for row in table] == [row[KEYS[kind]] for row in late]


def test_an_end_that_was_not_announced_is_not_shown(server: Server, release: Release) -> None:
    table = release.columns("countermeasures")
    ends = np.flatnonzero(~np.isnat(table["end_announced"]) & (table["end_announced"] > table["announced"]))
    row = int(ends[0])
    measure, day = table["measure_id"][row], str(table["announced"][row])
    found = [
        r for r in server.http.get("/v1/countermeasures", params={"as_of": day}).json() if r["measure_id"] == measure
    ]
    assert found[0]["effective_to"] is None
    assert found[0]["end_announced"] is None


def test_companies_that_rules_touch_add_up_to_the_control_points(server: Server, release: Release) -> None:
    scorer = Scorer(release, AS_OF)
    total = 0.0
    for rule in server.http.get("/v1/rules", params={"as_of": AS_OF}).json():
        rows = server.http.get(f"/v1/rules/{rule['rule_id']}/companies", params={"as_of": AS_OF}).json()
        assert rule["companies"] == len(rows)
        assert rule["active"] or not rows
        total += sum(row["points"] or 0.0 for row in rows)
    leaves = scorer.leaves
    assert total == pytest.approx(np.nansum(leaves.points[leaves.kind == CONTROL]))


def test_a_rule_touches_what_the_explanation_says(server: Server) -> None:
    tree = server.http.get("/v1/scores/8035.T/explanation", params={"as_of": AS_OF}).json()
    control = next(node for node in tree["tree"]["children"] if node["kind"] == "control")
    expected: dict[str, float] = {}
    for segment in control["children"]:
        for leaf in segment["children"]:
            if leaf["kind"] == "control":
                rule = next(fact for fact in leaf["facts"] if fact.startswith("rules/")).removeprefix("rules/")
                expected[rule] = expected.get(rule, 0.0) + leaf["points"]
    assert expected
    for rule, points in expected.items():
        rows = server.http.get(f"/v1/rules/{rule}/companies", params={"as_of": AS_OF}).json()
        assert next(r["points"] for r in rows if r["company_id"] == "tokyo-electron") == pytest.approx(points)


@pytest.mark.parametrize("kind", ["countermeasures", "minerals", "events"])
def test_what_touches_companies_names_them(server: Server, kind: str) -> None:
    listed = server.http.get(f"/v1/{kind}").json()
    most = max(listed, key=lambda row: row["points"])
    rows = server.http.get(f"/v1/{kind}/{most[KEYS[kind]]}/companies").json()
    assert len(rows) == most["companies"] > 0
    assert sum(row["points"] or 0.0 for row in rows) == pytest.approx(most["points"])
    points = [row["points"] or 0.0 for row in rows]
    assert points == sorted(points, reverse=True)


def test_leverage_is_that_of_the_library(server: Server, release: Release) -> None:
    scorer = Scorer(release, AS_OF)
    rows = server.http.get("/v1/minerals/leverage", params={"as_of": AS_OF}).json()
    table = leverage_table(scorer)
    expected = [dict(zip(table, cells, strict=True)) for cells in zip(*table.values(), strict=True)]
    assert [(row["mineral"], row["country"]) for row in rows] == [(row["mineral"], row["country"]) for row in expected]
    for row, one in zip(rows, expected, strict=True):
        assert row["leverage"] == (None if np.isnan(one["leverage"]) else pytest.approx(one["leverage"], abs=1e-9))
        assert row["import_share"] == (None if np.isnan(one["import_share"]) else pytest.approx(one["import_share"]))
        assert row["measure"] == (one["measure"] or None)
    assert any(row["measure"] for row in rows)
    assert any(row["leverage"] is None for row in rows)


def test_threat_is_that_of_the_explanation(server: Server) -> None:
    threat = server.http.get("/v1/threat/jp", params={"as_of": AS_OF}).json()
    tree = server.http.get("/v1/scores/8035.T/explanation", params={"as_of": AS_OF}).json()["threat"]
    assert threat["country"] == "JP"
    assert threat["value"] == tree["value"]
    assert [(e["event_id"], e["weight"]) for e in threat["events"]] == [
        (e["fact"].removeprefix("coercion_events/"), e["weight"]) for e in tree["events"]
    ]
    assert all(event["date"] <= AS_OF for event in threat["events"])
    assert threat["companies"]


def test_search(server: Server) -> None:
    def ids(**query: object) -> list[str]:
        return [row["company_id"] for row in server.http.get("/v1/companies", params=query).json()]

    assert ids(q="tokyo el")[0] == "tokyo-electron"
    assert ids(q="8035")[0] == "tokyo-electron"
    assert ids(q="lam reserch")[0] == "lam-research"
    assert set(ids(q="semiconductor", country="jp")) < set(ids(q="semiconductor", limit=1000))
    everyone = ids(limit=1000)
    assert ids(limit=10, offset=5) == everyone[5:15]
    assert ids(sector="Energy", limit=1000) == [c for c in everyone if c in set(ids(sector="Energy", limit=1000))]
    assert ids(q="qqqqqqqqqqqq xxxxxxx") == []


def test_company_shows_both_clocks(server: Server) -> None:
    company = server.http.get("/v1/companies/tokyo-electron", params={"as_of": AS_OF}).json()
    assert company["country"] == "JP"
    assert any(listing["ticker"] == "8035" for listing in company["listings"])
    revenue = [fact for fact in company["facts"] if fact["table"] == "revenue"]
    assert revenue
    for fact in company["facts"]:
        assert fact["known_from"] <= AS_OF
        assert fact["source"] is None or fact["source"]["title"]
    assert all(fact["row"]["period_end"] <= fact["known_from"] for fact in revenue)
    assert len(server.http.get("/v1/companies/tokyo-electron").json()["facts"]) > len(company["facts"])


def test_versions(server: Server, release: Release) -> None:
    releases = server.http.get("/v1/releases").json()
    assert [one["version"] for one in releases if one["is_current"]] == [release.version]
    document = server.http.get(f"/v1/releases/{release.version}").json()
    assert document["sha256"] == release.sha256
    assert document["descriptor"] == release.descriptor
    diff = server.http.get(f"/v1/releases/{release.version}/diff/{release.version}").json()
    assert diff["facts"] == diff["scores"] == []
    methodology = server.http.get("/v1/methodologies/2026.1").json()
    assert methodology["sha256"] == Scorer(release, methodology="2026.1").methodology.sha256
    assert methodology["document"]["version"] == "2026.1"
