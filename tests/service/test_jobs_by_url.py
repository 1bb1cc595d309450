"""Jobs: begun by a POST, followed at their address, the same numbers as in one call, and none lost with its worker."""

from __future__ import annotations

import io
import os
import shutil
import signal
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scoring.reference.releases.release import Release
from scoring.scorer import Scorer
from service.jobs.dataset import MANIFEST
from tests.conftest import RELEASE
from tests.service.conftest import Serving
from tests.service.http.test_bad_input import check
from tests.service.serverprocess import AS_OF, Server, make_key

NAMES = ["8035.T", "ASML NA", "AAPL", "no such company"]
PINNED = {"as_of": AS_OF, "release": RELEASE, "methodology": "2026.1"}
PANEL = {"tickers": NAMES, "start": "2024-06-03", "freq": "M", **PINNED}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "jobs"


@pytest.fixture
def working(serving: Serving, folder: Path) -> Server:
    return serving("--jobs-folder", str(folder), "--release", RELEASE)


def followed(server: Server, location: str) -> dict:
    end = time.monotonic() + 120
    while (state := server.http.get(location).json())["state"] == "running" and time.monotonic() < end:
        time.sleep(0.1)
    return state


def result(server: Server, kind: str, body: dict) -> tuple[dict, pd.DataFrame]:
    begun = server.http.post(f"/v1/jobs/{kind}", json=body)
    assert begun.status_code == 202, begun.text
    state = followed(server, begun.headers["Location"])
    assert state["state"] == "done", state
    parts = [server.http.get(f"{begun.headers['Location']}/parts/{n + 1}").content for n in range(state["parts"])]
    return state, pd.concat([pd.read_parquet(io.BytesIO(part)) for part in parts], ignore_index=True)


def test_a_panel_has_the_scores_of_its_days(working: Server, release: Release) -> None:
    state, frame = result(working, "panel", PANEL)
    assert (state["kind"], state["unresolved"], state["release"]) == ("panel", ["no such company"], RELEASE)
    for day, rows in frame.groupby("date"):
        scores = Scorer(release, str(day)[:10], "2026.1").score(rows["asset"].tolist())["score"]
        assert np.allclose(rows["score"].to_numpy(), scores.to_numpy(), rtol=0, atol=1e-9)
    assert frame["date"].nunique() == 3


def test_a_sweep_has_the_scores_under_its_scenarios(working: Server) -> None:
    names = ["match-act-enacted", "china-cuts-rare-earths-to-japan-2010-style"]
    _, frame = result(working, "sweep", {"tickers": NAMES[:3], "scenarios": names, **PINNED})
    for name, rows in frame.groupby("scenario"):
        replies = [
            working.http.get(f"/v1/scores/{asset}", params=PINNED | {"scenario": name}).json()
            for asset in rows["asset"]
        ]
        assert np.allclose(rows["score"], [reply["score"] for reply in replies], rtol=0, atol=1e-9)


def test_intervals_are_those_of_the_scores(working: Server) -> None:
    _, frame = result(working, "intervals", {"tickers": NAMES[:2], "draws": 1024, **PINNED})
    rows = working.http.post("/v1/scores", json={"tickers": NAMES[:2], "uncertainty": True, **PINNED}).json()
    assert np.allclose(frame["score_p50"], [row["score_p50"] for row in rows], rtol=0, atol=1e-9)


def test_the_same_body_is_the_same_job(working: Server) -> None:
    first = working.http.post("/v1/jobs/panel", json=PANEL).headers["Location"]
    assert working.http.post("/v1/jobs/panel", json=PANEL).headers["Location"] == first
    assert working.http.post("/v1/jobs/panel", json=PANEL | {"freq": "W"}).headers["Location"] != first
    followed(working, first)
    assert working.http.post("/v1/jobs/panel", json=PANEL).json()["state"] == "done"


def test_a_job_whose_server_is_killed_is_gone_on_with(serving: Serving, folder: Path) -> None:
    long = {"tickers": NAMES, "start": "2012-01-03", "freq": "B", **PINNED}
    options = ("--jobs-folder", str(folder), "--release", RELEASE)
    killed = serving(*options)
    location = killed.http.post("/v1/jobs/panel", json=long).headers["Location"]
    end = time.monotonic() + 60
    while killed.http.get(location).json()["parts_written"] == 0 and time.monotonic() < end:
        time.sleep(0.02)
    os.kill(killed.process.pid, signal.SIGKILL)
    killed.process.wait()
    other = serving(*options)
    state = other.http.get(location).json()
    assert state["state"] == "stopped"
    assert state["parts_written"] > 0
    assert other.http.post("/v1/jobs/panel", json=long).headers["Location"] == location
    assert followed(other, location)["state"] == "done"


def test_every_worker_answers_for_every_job(serving: Serving, folder: Path) -> None:
    server = serving("--jobs-folder", str(folder), "--release", RELEASE, "--workers", "2")
    location = server.http.post("/v1/jobs/panel", json=PANEL).headers["Location"]
    for _ in range(20):
        assert server.http.get(location, headers={"Connection": "close"}).status_code == 200
    assert followed(server, location)["state"] == "done"


def test_the_job_of_another_key_is_another_one(serving: Serving, folder: Path, tmp_path: Path) -> None:
    keys = [make_key(tmp_path / "keys.json", name, "read")["key"] for name in ("one", "two")]
    options = ("--key-file", str(tmp_path / "keys.json"), "--jobs-folder", str(folder), "--release", RELEASE)
    server = serving(*options)
    locations = {
        server.http.post("/v1/jobs/panel", json=PANEL, headers={"X-API-Key": key}).headers["Location"] for key in keys
    }
    assert len(locations) == 2


def test_what_is_old_is_forgotten(serving: Serving, folder: Path) -> None:
    server = serving("--jobs-folder", str(folder), "--release", RELEASE, "--job-keep-hours", "0.0001")
    location = server.http.post("/v1/jobs/panel", json=PANEL).headers["Location"]
    followed(server, location)
    time.sleep(1)
    server.http.post("/v1/jobs/panel", json=PANEL | {"freq": "W"})
    check(server.http.get(location), 404, "not-found", "job_id")


@pytest.mark.parametrize(
    ("kind", "body", "status", "code", "field"),
    [
        ("panel", {"tickers": NAMES}, 422, "request-invalid", "start"),
        ("panel", PANEL | {"start": "2025-01-01"}, 422, "request-invalid", "start"),
        ("panel", PANEL | {"start": "nonsense"}, 422, "as-of-invalid", None),
        ("panel", PANEL | {"freq": "Y"}, 422, "request-invalid", "freq"),
        ("panel", PANEL | {"tickers": []}, 422, "request-invalid", "tickers"),
        ("panel", PANEL | {"tickers": ["AAPL", "AAPL"]}, 422, "request-invalid", "tickers"),
        ("sweep", {"tickers": NAMES, "scenarios": []}, 422, "request-invalid", "scenarios"),
        ("sweep", {"tickers": NAMES, "scenarios": ["nonsense"]}, 404, "scenario-not-found", None),
        ("sweep", {"tickers": NAMES, "scenarios": ["/etc/passwd"]}, 404, "scenario-not-found", None),
        ("intervals", {"tickers": NAMES, "draws": 10**9}, 422, "request-invalid", "draws"),
    ],
)
def test_bad_jobs(
    working: Server, folder: Path, kind: str, body: dict, status: int, code: str, field: str | None
) -> None:
    check(working.http.post(f"/v1/jobs/{kind}", json=body), status, code, field)
    assert not folder.exists() or not list(folder.iterdir())


@pytest.mark.parametrize("name", ["nonsense", "0" * 32, "..%2F..", "%2e%2e"])
def test_jobs_that_are_not_there(working: Server, name: str) -> None:
    check(working.http.get(f"/v1/jobs/{name}"), 404, "not-found")
    check(working.http.get(f"/v1/jobs/{name}/parts/1"), 404, "not-found")


def test_parts_that_are_not_there(working: Server) -> None:
    location = working.http.post("/v1/jobs/panel", json=PANEL).headers["Location"]
    followed(working, location)
    for number in ("0", "99", "-1", "x", "1e3"):
        check(working.http.get(f"{location}/parts/{number}"), 404, "not-found", "number")


def test_a_service_without_a_folder_has_no_jobs(server: Server) -> None:
    reply = server.http.post("/v1/jobs/panel", json=PANEL)
    check(reply, 404, "not-found")
    assert "--jobs-folder" in reply.json()["fix"]


def test_a_job_that_cannot_be_written_says_so(working: Server, folder: Path) -> None:
    location = working.http.post("/v1/jobs/panel", json=PANEL).headers["Location"]
    state = followed(working, location)
    where = folder / state["job_id"]
    for path in where.iterdir():
        if path.name not in (MANIFEST, ".lock"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    (where / "year=2024").write_text("in the way")
    working.http.post("/v1/jobs/panel", json=PANEL)
    failed = followed(working, location)
    assert failed["state"] == "failed"
    assert failed["failure"]["fix"]
