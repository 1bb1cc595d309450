"""The settings that docs/assistants.md gives an assistant start what it needs, and its table lists what it finds."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import anyio
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters

from tests.e2e.documents.blocks import ROOT, Block, of_kind
from tests.service.serverprocess import make_key, running

PAGE = (ROOT / "docs" / "assistants.md").read_text("utf-8")
SETTINGS = of_kind("json")


@pytest.mark.parametrize("block", SETTINGS, ids=str)
def test_an_assistant_is_set_up_as_the_page_says(block: Block, tmp_path: Path) -> None:
    key = make_key(tmp_path / "keys.json", "assistant")["key"]
    with running(tmp_path / "server.log", "--key-file", str(tmp_path / "keys.json")) as server:
        text = block.text.replace("https://scores.example.com", server.url).replace('"..."', json.dumps(key))
        [given] = json.loads(text)["mcpServers"].values()
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, **given.get("env", {})}
        tools, score = asked(StdioServerParameters(command=given["command"], args=given["args"], env=environment))
    table = PAGE[PAGE.index("| tool | what |") : PAGE.index("Arguments are the parameters")]
    assert tools == set(re.findall(r"`(\w+)`", table))
    assert score == pytest.approx(49.4946, abs=1e-4)


def asked(server: StdioServerParameters) -> tuple[set[str], float]:
    async def ask() -> tuple[set[str], float]:
        async with Client(server) as client:
            tools = {tool.name for tool in (await client.list_tools()).tools}
            reply = await client.call_tool("score", {"tickers": ["8035.T"], "as_of": "2024-09-02"})
            assert reply.structured_content is not None
            return tools, reply.structured_content["rows"][0]["score"]

    return anyio.run(ask)
