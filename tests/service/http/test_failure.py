"""An error nobody foresaw: a problem document for the client, the whole story in the log."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator

import httpx
import pytest

from scoring.scorer import Scorer
from service.app import create_app
from service.settings import Settings


@pytest.fixture(autouse=True)
def _own_logs() -> Iterator[None]:
    """The application sets up the logs of its process; here that is also the process of the other tests."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level


def test_a_failure_says_nothing_about_the_inside(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a secret of the inside")

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(Settings()), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            return await http.get("/v1/scores/8035.T", headers={"X-Request-ID": "it-failed"})

    monkeypatch.setattr(Scorer, "columns_of", fail)
    reply = asyncio.run(ask())
    assert reply.status_code == 500
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["type"] == "/problems/internal"
    assert reply.json()["request_id"] == "it-failed"
    assert "secret" not in reply.text
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    failure = next(line for line in lines if line["event"] == "failure")
    assert failure["request_id"] == "it-failed"
    assert "a secret of the inside" in json.dumps(failure["exception"])
