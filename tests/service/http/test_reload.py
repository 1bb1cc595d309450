"""A new release while requests run: taken up without restart, and no request sees two."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from scoring.reference.releases.release import Release
from tests.service.serverprocess import Server

QUERY = {"tickers": ["8035.T", "tokyo-electron", "ASML"] * 200, "as_of": "2024-09-02"}


def scores_by_release(release: Release, newer: Path) -> dict[str, float]:
    from scoring.scorer import Scorer

    return {r.version: Scorer(r, QUERY["as_of"]).columns(["8035.T"])["score"][0] for r in (release, Release(newer))}


def publish(newer: Path, store: Path) -> None:
    shutil.copytree(newer, store / f".{newer.name}")
    (store / f".{newer.name}").rename(store / newer.name)


@pytest.mark.parametrize("trigger", ["poll", "admin"])
def test_every_reply_rests_on_one_release(
    serving: Callable[..., Server], store: Path, newer: Path, release: Release, trigger: str
) -> None:
    expected = scores_by_release(release, newer)
    assert len(set(expected.values())) == 2
    poll = "0.2" if trigger == "poll" else "3600"
    server = serving("--release-store", str(store), "--poll-seconds", poll)
    stop, seen, wrong = threading.Event(), set(), []

    def check(header: str, rows: list[dict[str, object]]) -> None:
        seen.add(header)
        if any(row["release"] != header for row in rows):
            wrong.append(("mixed", header))
        if any(row["company_id"] == "tokyo-electron" and row["score"] != expected[header] for row in rows):
            wrong.append(("facts of another release", header))

    def ask(batch: bool) -> None:
        with httpx.Client(base_url=server.url, timeout=30) as http:
            while not stop.is_set():
                if batch:
                    reply = http.post("/v1/scores", json=QUERY)
                    check(reply.headers["X-Exposure-Release"], reply.json())
                else:
                    reply = http.get("/v1/scores/8035.T", params={"as_of": QUERY["as_of"]})
                    check(reply.headers["X-Exposure-Release"], [reply.json()])

    threads = [threading.Thread(target=ask, args=(n % 2 == 0,)) for n in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    publish(newer, store)
    if trigger == "admin":
        assert server.http.post("/v1/admin/reload").json() == {"release": newer.name, "changed": True, "problem": None}
    end = time.monotonic() + 15
    while newer.name not in seen and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(0.3)
    stop.set()
    for thread in threads:
        thread.join()
    assert not wrong
    assert seen == {release.version, newer.name}
    old = server.http.get("/v1/scores/8035.T", params={"as_of": QUERY["as_of"], "release": release.version}).json()
    assert old["score"] == expected[release.version]
    diff = server.http.get(f"/v1/releases/{release.version}/diff/{newer.name}").json()
    assert any(change["company_id"] == "tokyo-electron" for change in diff["scores"])


def test_a_release_that_is_deleted_is_served_on(serving: Callable[..., Server], store: Path, release: Release) -> None:
    server = serving("--release-store", str(store), "--poll-seconds", "0.1")
    before = server.http.get("/v1/scores/8035.T?as_of=2024-09-02").json()
    shutil.rmtree(store / release.version)
    end = time.monotonic() + 10
    while server.http.get("/readyz").json()["status"] == "ready" and time.monotonic() < end:
        time.sleep(0.05)
    ready = server.http.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["status"] == "degraded"
    assert release.version in ready.json()["problem"]
    assert server.http.get("/v1/scores/8035.T?as_of=2024-09-02").json() == before
    assert server.http.get("/v1/scores/ASML?as_of=2023-09-02").status_code == 200  # not from any cache
    assert server.http.get(f"/v1/scores/ASML?release={release.version}").status_code == 200
    shutil.copytree(Path(release.location), store / release.version)
    while server.http.get("/readyz").json()["status"] == "degraded" and time.monotonic() < end:
        time.sleep(0.05)
    assert server.http.get("/readyz").json()["status"] == "ready"


def test_a_release_that_does_not_verify_is_not_taken_up(
    serving: Callable[..., Server], store: Path, newer: Path, release: Release
) -> None:
    server = serving("--release-store", str(store), "--poll-seconds", "3600")
    publish(newer, store)
    with (store / newer.name / "revenue.parquet").open("ab") as file:
        file.write(b"one byte too many")
    reply = server.http.post("/v1/admin/reload").json()
    assert reply["release"] == release.version
    assert not reply["changed"]
    assert "revenue.parquet" in reply["problem"]
    assert server.http.get("/v1/scores/8035.T").json()["release"] == release.version
    named = server.http.get("/v1/scores/8035.T", params={"release": newer.name})
    assert named.status_code == 503
    assert named.json()["type"] == "/problems/release-corrupt"
