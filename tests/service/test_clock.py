"""A server whose clock jumps: nobody is locked out, keys end when they say, and the date of a score follows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.service.serverprocess import exposure, make_key, running

LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
pytestmark = pytest.mark.skipif(LIBRARY is None, reason="libfaketime is not installed")


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Any]]:
    folder = tmp_path_factory.mktemp("clock")
    keys, clock = folder / "keys.json", folder / "clock"
    brief = exposure("key", "create", "brief", "--days", "1", "--key-file", str(keys), "--json")
    key_of = {"desk": make_key(keys, "desk", "read")["key"], "brief": json.loads(brief.stdout)["key"]}
    clock.write_text("+0")
    jumping = {
        "LD_PRELOAD": str(LIBRARY),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        # Only the time of day jumps: what measures durations does not.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    with running(folder / "server.log", "--key-file", str(keys), "--rate-limit", "6/minute", **jumping) as server:

        def ask(seconds: int, key: str = "desk", path: str = "/v1/scores/8035.T") -> Any:
            clock.write_text(f"{seconds:+d}")
            return server.http.get(path, headers={"X-API-Key": key_of[key]})

        yield ask
        assert not [line for line in server.lines() if line["level"] == "error"]


@pytest.mark.parametrize("jump", [-3600, -86_400, -200_000_000, 3600, 86_400, 315_360_000])
def test_who_is_over_the_limit_is_let_in_again_within_a_window(asked: Callable[..., Any], jump: int) -> None:
    assert any(asked(jump).status_code == 429 for _ in range(20))
    for later in (jump + 121, jump - 121):
        reply = asked(later)
        assert reply.status_code == 200
    refused = [reply for _ in range(12) if (reply := asked(jump + 242)).status_code == 429]
    assert all(1 <= int(reply.headers["Retry-After"]) <= 61 for reply in refused)
    assert refused


def test_a_key_ends_when_it_says(asked: Callable[..., Any]) -> None:
    assert asked(0, "brief", "/v1/releases").status_code == 200
    assert asked(2 * 86_400, "brief", "/v1/releases").status_code == 401
    assert asked(-600, "brief", "/v1/releases").status_code == 200  # a jump back opens it, as it does any certificate


def test_the_date_of_a_score_follows(asked: Callable[..., Any]) -> None:
    before = asked(-200_000_000 - 900)
    assert before.status_code == 200
    assert before.json()["as_of"] < "2021"
    assert asked(-200_000_000 - 900, path="/readyz").json()["status"] == "ready"
    after = asked(315_360_000 + 900)
    assert after.json()["as_of"] > before.json()["as_of"]
