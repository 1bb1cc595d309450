"""API keys: made and revoked on the command line, checked, limited, never written down."""

from __future__ import annotations

import json
import stat
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from service.http.access.keys import Guard, KeyFile
from tests.service.serverprocess import EXPOSURE, Server, exposure, make_key


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def test_life_of_a_key(serving: Callable[..., Server], tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    reader, admin = make_key(file, "desk", "read"), make_key(file, "operator", "admin", "read")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert reader["key"].partition(".")[2] not in file.read_text()
    server = serving("--key-file", str(file))
    get, post = server.http.get, server.http.post

    for headers, code in (
        ({}, "key-missing"),
        (bearer("x.y"), "key-invalid"),
        (bearer(reader["key"] + "x"), "key-invalid"),
    ):
        reply = get("/v1/scores/8035.T", headers=headers)
        assert reply.status_code == 401
        assert reply.json()["type"] == f"/problems/{code}"
        assert reply.headers["WWW-Authenticate"].startswith("Bearer")
    assert get("/v1/scores/8035.T", headers=bearer(reader["key"])).status_code == 200
    assert get("/v1/scores/8035.T", headers={"X-API-Key": reader["key"]}).status_code == 200
    assert get("/metrics").status_code == 401
    assert get("/healthz").status_code == get("/readyz").status_code == get("/openapi.json").status_code == 200
    assert post("/v1/admin/reload", headers=bearer(reader["key"])).json()["type"] == "/problems/scope-missing"
    assert post("/v1/admin/reload", headers=bearer(admin["key"])).status_code == 200

    late = make_key(file, "late", "read")
    assert get("/v1/scores/8035.T", headers=bearer(late["key"])).status_code == 200
    revoked = exposure("key", "revoke", reader["id"], "--key-file", str(file))
    assert revoked.returncode == 0
    assert get("/v1/scores/8035.T", headers=bearer(reader["key"])).status_code == 401
    listed = json.loads(exposure("key", "list", "--key-file", str(file), "--json").stdout)
    assert [(key["name"], key["revoked"] is not None) for key in listed] == [
        ("desk", True),
        ("operator", False),
        ("late", False),
    ]
    assert "sha256" not in listed[0]

    file.unlink()  # keys that are lost open nothing
    assert get("/v1/scores/8035.T").status_code == 401
    assert get("/v1/scores/8035.T", headers=bearer(late["key"])).status_code == 401

    log = server.log.read_text()
    assert {line["key_id"] for line in server.lines() if "key_id" in line} >= {reader["id"], admin["id"], None}
    for key in (reader, admin, late):
        assert key["key"].partition(".")[2] not in log


def test_two_writers_lose_no_key(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "keys.json")
    threads = [threading.Thread(target=lambda n=n: file.create(f"k{n}", ("read",))) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(key.name for key in file.read()) == sorted(f"k{n}" for n in range(20))
    assert sorted(path.name for path in tmp_path.iterdir()) == [".keys.json.lock", "keys.json", "keys.json.audit"]


def test_a_broken_file_opens_nothing(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "keys.json")
    _, token = file.create("desk", ("read",))
    guard = Guard(file.path)
    assert guard.check(token) is not None
    file.path.write_text("{")
    assert guard.check(token) is None
    assert guard.is_on


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_other_machines_need_keys(host: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [*EXPOSURE, "serve", "--host", host, "--port", "0"], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 2
    assert f"error: --host: {host} can be reached from other machines and there is no API key" in done.stderr
    file = tmp_path / "keys.json"
    exposure("key", "revoke", make_key(file, "desk")["id"], "--key-file", str(file))
    again = exposure("serve", "--host", host, "--port", "0", "--key-file", str(file))
    assert again.returncode == 2
    assert "Traceback" not in again.stderr


def test_with_a_key_every_address_may_be_bound(serving: Callable[..., Server], tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    key = make_key(file, "desk", "read")["key"]
    server = serving("--host", "0.0.0.0", "--key-file", str(file))
    assert server.http.get(f"http://127.0.0.1:{server.port}/v1/releases", headers=bearer(key)).status_code == 200
    assert server.http.get(f"http://127.0.0.1:{server.port}/v1/releases").status_code == 401


def test_rate_limit(serving: Callable[..., Server], tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    first, second = (make_key(file, name, "read")["key"] for name in ("one", "two"))
    server = serving("--key-file", str(file), "--rate-limit", "5/2 seconds")
    replies = [server.http.get("/v1/releases", headers=bearer(first)) for _ in range(7)]
    # A sliding window lets a sixth through when two windows meet while they are sent.
    codes = [reply.status_code for reply in replies]
    assert codes[:5] == [200] * 5
    assert codes[6] == 429
    assert replies[0].headers["RateLimit-Policy"] == '"key";q=5;w=2'
    assert replies[0].headers["RateLimit"].startswith('"key";r=4;t=')
    assert replies[6].json()["type"] == "/problems/rate-limited"
    wait = int(replies[6].headers["Retry-After"])
    assert 1 <= wait <= 4
    assert server.http.get("/v1/releases", headers=bearer(second)).status_code == 200
    time.sleep(wait)
    assert server.http.get("/v1/releases", headers=bearer(first)).status_code == 200


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--rate-limit", "many"], "--rate-limit"),
        (["--port", "70000"], "--port"),
        (["--rate-limit-storage", "memcached://x"], "--rate-limit-storage"),
        (["--release-store", "/nowhere"], "release"),
        (["--key-file", "/proc/version"], "/proc/version"),
        (["--nonsense"], "--nonsense"),
    ],
)
def test_options_that_cannot_be(options: list[str], said: str) -> None:
    done = exposure("serve", "--port", "0", *options)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_scope_that_does_not_exist(tmp_path: Path) -> None:
    done = exposure("key", "create", "desk", "--scope", "write", "--key-file", str(tmp_path / "keys.json"))
    assert done.returncode == 2
    assert "'write' is not a scope" in done.stderr
    assert exposure("key", "revoke", "none", "--key-file", str(tmp_path / "keys.json")).returncode == 2


def test_without_keys_only_names_of_this_machine_are_answered(server: Server) -> None:
    port = server.url.rpartition(":")[2]
    for host in (f"localhost:{port}", f"127.0.0.1:{port}", "127.0.0.2", f"[::1]:{port}", "[::1]"):
        assert server.http.get("/v1/releases", headers={"Host": host}).status_code == 200
    for host in ("rebound.example", f"rebound.example:{port}", "127.0.0.1.example", "10.0.0.1"):
        reply = server.http.get("/v1/releases", headers={"Host": host})
        assert (reply.status_code, reply.json()["type"]) == (403, "/problems/host-refused")
