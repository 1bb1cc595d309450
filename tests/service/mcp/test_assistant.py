"""An assistant: the official client of the protocol, over standard input and output and over HTTP."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from jsonschema import Draft202012Validator
from mcp import Client, MCPError
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from scoring.scorer import Scorer
from service.mcp.tools import TOOLS
from tests.conftest import RELEASE
from tests.service.serverprocess import EXPOSURE, Server, make_key

AS_OF = "2024-09-02"
NAMES = ["8035.T", "ASML NA", "AMTA", "Toyota Motor"]
BOOK = [{"ticker": name, "weight": 0.25} for name in NAMES]
VERSIONS = {"release": RELEASE, "as_of": AS_OF}
ASKED: dict[str, dict[str, Any]] = {
    "resolve": {"tickers": NAMES},
    "search_companies": {"q": "tokyo", "limit": 3},
    "score": {"tickers": NAMES},
    "explain": {"ticker": "8035.T"},
    "screen": {"country": "JP", "limit": 3},
    "portfolio": {"holdings": BOOK},
    "event": {"event_id": "us-2022-10-07-sme-home"},
    "scenarios": {},
    "what_if": {"tickers": NAMES, "scenario": "match-act-enacted"},
    "revenue_at_risk": {"tickers": NAMES},
    "revenue_at_risk_detail": {"ticker": "8035.T"},
    "changes": {"from": "2024-06-03", "to": AS_OF, "tickers": NAMES},
    "history": {"ticker": "8035.T", "start": "2024-06-03"},
    "coverage": {"holdings": BOOK},
    "company": {"company_id": "tokyo-electron"},
    "threat": {"country": "JP"},
    "minerals": {},
    "rules": {},
    "measures": {},
}
"""A call of every tool."""

_LARGEST = 40_000
"""Characters of an answer to a plain question: a tenth of what an assistant can read at once."""

Session = Callable[[Client], Awaitable[None]]


def with_client(server: Any, session: Session) -> None:
    async def run() -> None:
        async with Client(server) as client:
            await session(client)

    anyio.run(run)


def local(*options: str) -> StdioServerParameters:
    return StdioServerParameters(command=EXPOSURE[0], args=[*EXPOSURE[1:], "mcp", *options], env=dict(os.environ))


def remote(url: str, session: Session, **headers: str) -> None:
    async def run() -> None:
        async with (
            httpx2.AsyncClient(headers=headers, timeout=60) as http,
            Client(streamable_http_client(f"{url}/mcp", http_client=http)) as client,
        ):
            await session(client)

    anyio.run(run)


async def answer(client: Client, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    result = await client.call_tool(name, arguments)
    assert not result.is_error, result.content[0].text
    assert json.loads(result.content[0].text) == result.structured_content
    return result.structured_content


async def refusal(client: Client, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    result = await client.call_tool(name, arguments)
    assert result.is_error
    assert set(result.structured_content) >= {"field", "problem", "fix"}
    return result.structured_content


def test_over_standard_input_and_output(scorer_at: Callable[[str], Scorer]) -> None:
    expected = Scorer(scorer_at(AS_OF).release, AS_OF).score(NAMES)

    async def session(client: Client) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == set(TOOLS) == set(ASKED)
        for name, tool in tools.items():
            Draft202012Validator.check_schema(tool.input_schema)
            Draft202012Validator(tool.input_schema).validate(ASKED[name])
            assert tool.annotations.read_only_hint
        found = await answer(client, "score", ASKED["score"] | VERSIONS)
        assert found["versions"] == {"release": RELEASE, "as_of": AS_OF, "methodology": "2026.2"}
        assert [row["status"] for row in found["rows"]] == list(expected["status"])
        for row, score in zip(found["rows"], expected["score"], strict=True):
            assert row["score"] == (None if score != score else pytest.approx(score, rel=1e-5))
        assert found["total"] == 4
        assert found["next_offset"] is None
        await questions(client)
        await documents(client)

    with_client(local(), session)


async def questions(client: Client) -> None:
    prompts = {prompt.name: prompt for prompt in (await client.list_prompts()).prompts}
    assert set(prompts) == {"book", "moved", "what_if"}
    given = {argument.name: f"<{argument.name}>" for argument in prompts["moved"].arguments}
    text = (await client.get_prompt("moved", given)).messages[0].content.text
    assert "<tickers>" in text
    assert "`changes`" in text
    with pytest.raises(MCPError, match="since: is missing"):
        await client.get_prompt("moved", {"tickers": "ASML"})


async def documents(client: Client) -> None:
    listed = [str(resource.uri) for resource in (await client.list_resources()).resources]
    assert listed == ["exposure://methodology/2026.2", "exposure://release/current"]
    templates = (await client.list_resource_templates()).resource_templates
    assert len(templates) == 3
    for uri in (*listed, "exposure://company/tokyo-electron"):
        document = json.loads((await client.read_resource(uri)).contents[0].text)
        assert document
    assert document["name"] == "Tokyo Electron Ltd"
    for uri in ("exposure://company/nobody", "exposure://nothing/x", "file:///etc/passwd"):
        with pytest.raises(MCPError):
            await client.read_resource(uri)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Server with keys that answers the protocol, and a key."""
    folder = tmp_path_factory.mktemp("mcp")
    key = make_key(folder / "keys.json", "assistant", "read")["key"]
    options = ("--release", RELEASE, "--key-file", str(folder / "keys.json"), "--rate-limit", "100000/day")
    server = Server(folder / "server.log", "--mcp", *options)
    yield server, {"Authorization": f"Bearer {key}"}
    server.http.close()
    server.stop()
    assert "failure" not in {line["event"] for line in server.lines()}


def test_every_tool_answers_in_short_and_as_the_api_does(asked: tuple[Server, dict[str, str]]) -> None:
    server, headers = asked

    async def session(client: Client) -> None:
        for name, arguments in ASKED.items():
            found = await answer(client, name, arguments)
            assert len(json.dumps(found)) < _LARGEST, name
            assert name == "scenarios" or set(found["versions"]) >= {"release", "as_of", "methodology"}, name
        row = server.http.get("/v1/scores/8035.T", headers=headers).json()
        for asked_for, known in (
            (("all",), set(row)),
            (("market",), {"market", "score", "status", "china_share_kind"}),
        ):
            got = (await answer(client, "score", {"tickers": ["8035.T"], "columns": asked_for}))["rows"][0]
            assert set(got) >= known
            assert all(got[name] == row[name] or got[name] == pytest.approx(row[name], rel=1e-5) for name in got)

    remote(server.url, session, **headers)


def test_an_explanation_keeps_the_facts_that_it_shows(asked: tuple[Server, dict[str, str]]) -> None:
    server, headers = asked

    async def session(client: Client) -> None:
        found = await answer(client, "explain", {"ticker": "8035.T", "limit": 2})
        named: set[str] = set()
        parts = [found["tree"]]
        while parts:
            node = parts.pop()
            named.update(node["facts"])
            parts += node["children"]
            assert len(node["children"]) <= 2
        assert named <= set(found["facts"])
        whole = server.http.get("/v1/scores/8035.T/explanation", headers=headers).json()
        assert len(found["facts"]) + found["facts_left_out"] == len(whole["facts"])
        for fact in found["facts"].values():
            assert fact["evidence"]

    remote(server.url, session, **headers)


def test_lists_are_paged(asked: tuple[Server, dict[str, str]]) -> None:
    server, headers = asked
    many = [f"NOBODY{number:05}" for number in range(9_998)] + ["8035.T", "ASML NA"]

    async def session(client: Client) -> None:
        first = await answer(client, "score", {"tickers": many})
        assert first["total"] == 10_000
        assert len(first["rows"]) == first["next_offset"] == 20
        assert first["counts"] == {"unresolved": 9_998, "ok": 2}
        last = await answer(client, "score", {"tickers": many, "offset": 9_998})
        assert [row["company_id"] for row in last["rows"]] == ["tokyo-electron", "asml"]
        assert last["next_offset"] is None
        seen: list[str] = []
        offset = 0
        while offset is not None:
            page = await answer(client, "screen", {"country": "NL", "limit": 7, "offset": offset})
            seen += [row["company_id"] for row in page["rows"]]
            offset = page["next_offset"]
        assert len(seen) == len(set(seen)) == page["total"]
        one = await answer(client, "portfolio", {"holdings": BOOK, "list": "positions", "limit": 1, "offset": 1})
        assert [row["query"] for row in one["positions"]] == ["ASML NA"]
        assert one["paging"] == {"total": 4, "offset": 1, "next_offset": 2}

    remote(server.url, session, **headers)


def test_what_cannot_be_answered_says_what_to_do(asked: tuple[Server, dict[str, str]]) -> None:
    server, headers = asked

    async def session(client: Client) -> None:
        for name, arguments, field, words in (
            ("score", {"tickers": ["8035.T"], "as_of": "2100-01-01"}, "as_of", "later than release"),
            ("score", {"tickers": ["8035.T"], "tikers": []}, "tikers", "not permitted"),
            ("score", {}, "tickers", "required"),
            ("score", {"tickers": ["8035.T"], "columns": ["scor"]}, "columns", "'scor'"),
            ("score", {"tickers": ["8035.T"], "limit": 100_000}, "limit", "200"),
            ("score", {"tickers": ["x"] * 60_000}, "tickers", "more than 50000"),
            ("what_if", {"tickers": ["ASML"], "scenario": "no-such-thing"}, "scenario", "not in the library"),
            ("what_if", {"tickers": ["ASML"], "scenario": "/etc/passwd"}, "scenario", "not in the library"),
            ("portfolio", {"holdings": BOOK, "list": "rows"}, "list", "no list"),
        ):
            told = await refusal(client, name, arguments)
            assert told["field"] == field, told
            assert words in told["problem"], told
            assert told["fix"]
        told = await refusal(client, "explain", {"ticker": "AMTA"})
        assert told["candidates"]
        with pytest.raises(MCPError, match="there is no tool 'delete'"):
            await client.call_tool("delete", {})

    remote(server.url, session, **headers)


def test_the_keys_are_those_of_the_api(asked: tuple[Server, dict[str, str]]) -> None:
    server, headers = asked
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accepts = {"Accept": "application/json, text/event-stream"}
    assert server.http.post("/mcp", json=message, headers=accepts).json()["type"] == "/problems/key-missing"
    strange = {**accepts, **headers, "Origin": "https://elsewhere.example"}
    assert server.http.post("/mcp", json=message, headers=strange).json()["type"] == "/problems/origin-refused"
    assert server.http.get("/mcp", headers=headers).json()["type"] == "/problems/method-not-allowed"

    def left() -> int:
        return int(re.search(r"r=(\d+)", server.http.get("/v1/releases", headers=headers).headers["RateLimit"])[1])

    async def session(client: Client) -> None:
        before = left()
        await answer(client, "score", {"tickers": ["8035.T"]})
        message, question, look = 1, 1, 1
        assert before - left() >= message + question + look  # the client may ask for the list of tools again

    remote(server.url, session, **headers)


def test_a_service_elsewhere_is_asked_with_its_key(asked: tuple[Server, dict[str, str]]) -> None:
    server, headers = asked
    key = headers["Authorization"].removeprefix("Bearer ")

    async def session(client: Client) -> None:
        found = await answer(client, "score", {"tickers": ["8035.T"]})
        assert found["versions"]["release"] == RELEASE

    async def unknown(client: Client) -> None:
        assert (await refusal(client, "score", {"tickers": ["8035.T"]}))["field"] == "Authorization"

    async def nobody(client: Client) -> None:
        assert (await refusal(client, "score", {"tickers": ["8035.T"]}))["field"] == "service"

    with_client(local("--url", server.url, "--key", key), session)
    with_client(local("--url", server.url), unknown)
    with_client(local("--url", "http://127.0.0.1:1"), nobody)


def test_without_the_package_a_plain_message(tmp_path: Path) -> None:
    hidden = "import sys; sys.modules['mcp'] = None; from service.cli import main; main()"
    for command in (["mcp"], ["serve", "--mcp", "--port", "0"]):
        done = subprocess.run(
            [sys.executable, "-c", hidden, *command], capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 2
        assert 'pip install "exposure-risk[mcp]"' in done.stderr
        assert "Traceback" not in done.stderr


def test_a_service_without_the_option_has_no_such_path(server: Server) -> None:
    assert server.http.post("/mcp", json={}).status_code == 404
