"""The OpenAPI document says what the service does: valid, complete, with examples that are still true."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from aiopenapi3 import OpenAPI

from scoring.columns import RESULT
from scoring.timeseries.calendar import FREQUENCIES
from service.formats.encode import FORMATS
from service.http.errors import KINDS
from service.http.openapi.document import EXAMPLES
from service.http.openapi.examples import ask
from tests.service.serverprocess import Server

OPERATIONS = {
    "/v1/scores/{ticker}": {"get"},
    "/v1/scores/{ticker}/explanation": {"get"},
    "/v1/scores/{ticker}/history": {"get"},
    "/v1/scores": {"post"},
    "/v1/receipts": {"post"},
    "/v1/revenue-at-risk": {"post"},
    "/v1/revenue-at-risk/{ticker}": {"get"},
    "/v1/changes": {"get", "post"},
    "/v1/scenarios": {"get"},
    "/v1/scenarios/{scenario_id}": {"get"},
    "/v1/scenarios/evaluate": {"post"},
    "/v1/events/{event_id}/impact": {"get"},
    "/v1/portfolios/score": {"post"},
    "/v1/coverage": {"post"},
    "/v1/screens": {"get"},
    "/v1/screens/basket": {"get"},
    "/v1/companies": {"get"},
    "/v1/companies/{company_id}": {"get"},
    "/v1/rules": {"get"},
    "/v1/rules/{key}/companies": {"get"},
    "/v1/countermeasures": {"get"},
    "/v1/countermeasures/{key}/companies": {"get"},
    "/v1/minerals": {"get"},
    "/v1/minerals/leverage": {"get"},
    "/v1/minerals/{key}/companies": {"get"},
    "/v1/events": {"get"},
    "/v1/events/{key}/companies": {"get"},
    "/v1/threat/{country}": {"get"},
    "/v1/releases": {"get"},
    "/v1/releases/{version}": {"get"},
    "/v1/releases/{a}/diff/{b}": {"get"},
    "/v1/jobs/panel": {"post"},
    "/v1/jobs/sweep": {"post"},
    "/v1/jobs/intervals": {"post"},
    "/v1/jobs/{job_id}": {"get"},
    "/v1/jobs/{job_id}/parts/{number}": {"get"},
    "/v1/methodologies/{version}": {"get"},
    "/v1/admin/reload": {"post"},
    "/healthz": {"get"},
    "/readyz": {"get"},
    "/metrics": {"get"},
}


@pytest.fixture(scope="module")
def document(server: Server) -> dict:
    return server.http.get("/openapi.json").json()


def test_every_operation_is_there(document: dict) -> None:
    assert document["openapi"].startswith("3.1")
    assert {path: set(operations) for path, operations in document["paths"].items()} == OPERATIONS


def test_every_option_is_described(document: dict) -> None:
    score = document["paths"]["/v1/scores/{ticker}"]["get"]
    names = {p["name"] for p in score["parameters"] if p["in"] == "query"}
    assert names == {"as_of", "release", "methodology", "scenario", "estimates", "format", "explain", "uncertainty"}
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["summary"], path
            assert operation["description"], path
            assert all(p["description"] for p in operation.get("parameters", ())), path


def test_every_member_of_a_reply_is_described_in_words_for_the_web(document: dict) -> None:
    schemas = document["components"]["schemas"]
    assert [name for name, schema in schemas.items() if "Attributes\n---" in schema.get("description", "")] == []
    members = {
        (name, member): about.get("description")
        for name, schema in schemas.items()
        for member, about in schema.get("properties", {}).items()
    }
    assert len(members) > 400
    assert [member for member, text in members.items() if not text] == []
    assert schemas["ScoreRow"]["properties"]["china_share_surge"]["description"] == RESULT["china_share_surge"].text


def test_examples_are_still_true(server: Server) -> None:
    """Made by `python -m service.http.openapi.examples`; when replies change on purpose, run it again."""
    assert ask(server.http) == json.loads(EXAMPLES.read_text())


def test_examples_are_in_the_document(document: dict) -> None:
    score = document["paths"]["/v1/scores/{ticker}"]["get"]["responses"]["200"]["content"]["application/json"]
    assert score["examples"]["tokyo-electron"]["value"]["company_id"] == "tokyo-electron"
    body = document["paths"]["/v1/scores"]["post"]["requestBody"]["content"]["application/json"]
    assert body["examples"]["book"]["value"]["tickers"] == ["8035.T", "ASLM"]


def test_documentation_names_every_problem_and_setting() -> None:
    from service.settings import Settings

    text = (Path(__file__).parents[3] / "docs" / "api.md").read_text()
    for code, kind in KINDS.items():
        assert f"| `/problems/{code}` | {kind.status} |" in text
    for name in Settings.model_fields:
        assert f"`EXPOSURE_{name.upper()}`" in text


@pytest.mark.parametrize("page", ["api.md", "desk.md"])
def test_every_path_that_a_table_names_is_answered(document: dict, page: str) -> None:
    offered = {re.sub(r"{\w+}", "{}", path) for path in document["paths"]}
    text = (Path(__file__).parents[3] / "docs" / page).read_text()
    lines = [line for line in text.splitlines() if line.startswith(("| GET", "| POST", "| `/"))]
    named = {re.sub(r"{\w+}", "{}", path) for path in re.findall(r"/v1/[\w/{}-]*[\w}]", "\n".join(lines))}
    assert len(named) > 15
    assert named - offered == set()


def test_no_schema_names_a_module(document: dict) -> None:
    assert [name for name in document["components"]["schemas"] if "__" in name] == []


def test_dates_formats_and_frequencies_are_told(document: dict) -> None:
    def parameters(path: str) -> dict:
        return {p["name"]: p for p in document["paths"][path]["get"]["parameters"]}

    history = parameters("/v1/scores/{ticker}/history")
    assert history["start"]["required"]
    assert history["start"]["schema"]["format"] == history["as_of"]["schema"]["format"] == "date"
    assert history["freq"]["schema"]["enum"] == [*FREQUENCIES]
    assert parameters("/v1/rules")["format"]["schema"]["enum"] == [*FORMATS]
    assert parameters("/v1/screens")["limit"]["schema"]["maximum"] == 5000
    assert not any("null" in json.dumps(p["schema"].get("type", "")) for p in history.values())


def test_a_client_that_a_generator_makes_works(server: Server) -> None:
    api = OpenAPI.load_sync(f"{server.url}/openapi.json")
    row = api._.score(parameters={"ticker": "8035.T", "as_of": "2024-09-02"})
    assert row.model_dump(mode="json")["score"] == server.http.get("/v1/scores/8035.T?as_of=2024-09-02").json()["score"]
    rows = api._.score_batch(data={"tickers": ["8035.T", "ASLM"]})
    assert [one.status for one in rows] == ["ok", "unresolved"]
    moved = api._.changes(parameters={"from": "2024-07-31", "to": "2026-07-31", "tickers": "ASML"})
    assert (
        moved.rows[0].delta
        == server.http.get("/v1/changes?from=2024-07-31&to=2026-07-31&tickers=ASML").json()["rows"][0]["delta"]
    )


CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


@pytest.mark.parametrize("keys", ["off", "on"])
def test_schemathesis_finds_nothing(server: Server, guarded: tuple[Server, str], keys: str, tmp_path: Path) -> None:
    asked, headers = server, []
    if keys == "on":
        asked, key = guarded
        headers = ["--header", f"Authorization: Bearer {key}"]
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{asked.url}/openapi.json"),
        *("--checks", CHECKS, "--max-examples", "12", "--seed", "1", "--phases", "examples,coverage,fuzzing"),
        *("--generation-database", "none", "--request-timeout", "30", *headers),
    ]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
