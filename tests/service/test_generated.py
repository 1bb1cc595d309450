"""Generated requests over every company of the newest release: a short run of the campaign against the service."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.campaigns.asking import Asking
from tests.campaigns.service import names
from tests.service.serverprocess import running

EVERYWHERE = {"as_of", "release", "methodology", "scenario", "estimates", "format"}


def test_every_reply_is_as_documented(tmp_path: Path) -> None:
    dice = random.Random(0)  # the same requests on every run, no secret
    with running(tmp_path / "log", "--reply-cache-bytes", "0") as server:
        asking = Asking(server.http.get("/openapi.json").json(), names())
        for _ in range(200):
            reply, path = asking.ask(server.http, dice)
            assert asking.unforeseen(reply, path) is None
        assert not [line for line in server.lines() if line["event"] == "failure"]


def test_every_option_is_answered_as_documented(tmp_path: Path) -> None:
    """Each option that a resource has for itself, once, with a right value."""
    dice = random.Random(0)
    with running(tmp_path / "log", "--reply-cache-bytes", "0") as server:
        asking = Asking(server.http.get("/openapi.json").json(), names(), seldom=0.0)
        for method, path, operation in asking.operations:
            own = {one["name"] for one in operation.get("parameters", []) if one["in"] == "query"} - EVERYWHERE
            for option in sorted(own) if method == "get" else ():
                assert asking.unforeseen(asking.get(server.http, path, [option], dice), path) is None, option


@pytest.mark.parametrize("estimates", ["include", "only"])
def test_estimated_companies_are_answered_as_documented(tmp_path: Path, estimates: str) -> None:
    """Everything that takes estimates, of which most know less of a company than of a famous one."""
    dice = random.Random(0)
    with running(tmp_path / "log", "--reply-cache-bytes", "0") as server:
        asking = Asking(server.http.get("/openapi.json").json(), names() | {"estimates": [estimates]}, seldom=0.0)
        for method, path, operation in asking.operations:
            if method == "get" and "estimates" in {one["name"] for one in operation.get("parameters", [])}:
                assert asking.unforeseen(asking.get(server.http, path, ["estimates"], dice), path) is None, path
