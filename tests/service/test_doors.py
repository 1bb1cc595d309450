"""Doors stay shut: keys that were asked for are needed, and no log or reply tells what was not meant for its reader."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from scoring.errors import InputError
from service.http.access.keys import Guard, KeyFile
from tests.service.conftest import Serving
from tests.service.serverprocess import exposure, make_key


def test_a_key_file_that_was_asked_for_means_keys(serving: Serving, tmp_path: Path) -> None:
    server = serving("--key-file", str(tmp_path / "none.json"))
    assert server.http.get("/v1/scores/AAPL").status_code == 401
    key = make_key(tmp_path / "none.json", "late", "read")
    reply = server.http.get("/v1/scores/AAPL", headers={"X-API-Key": key["key"]})
    assert reply.status_code == 200
    server.http.get(f"/v1/scores/{key['key']}?q={key['key']}", headers={"X-API-Key": key["key"]})
    server.stop()
    log = server.log.read_text()
    assert key["key"] not in log
    assert "?q=" not in log
    assert '"[key]' not in log
    assert "[key]" in log


def test_a_file_of_revoked_keys_opens_nothing_after_a_restart(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "keys.json")
    key, token = file.create("desk", ("read",))
    file.revoke(key.id)
    guard = Guard(file.path)
    assert guard.is_on
    assert guard.check(token) is None
    assert guard.key(key.id) is None


def test_a_key_that_is_over_opens_nothing(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "keys.json")
    key, token = file.create("desk", ("read",), days=1)
    assert Guard(file.path).check(token) is not None
    document = json.loads(file.path.read_text())
    document["keys"][0]["expires"] = (dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)).isoformat()
    file.path.write_text(json.dumps(document))
    assert Guard(file.path).check(token) is None
    assert Guard(file.path).key(key.id) is None


def test_revoking_through_a_link_revokes_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    file = KeyFile(tmp_path / "real" / "keys.json")
    key, token = file.create("desk", ("read",))
    link = tmp_path / "keys.json"
    link.symlink_to(file.path)
    KeyFile(link).revoke(key.id)
    assert link.is_symlink()
    assert Guard(file.path).check(token) is None
    audit = [json.loads(line) for line in (tmp_path / "real" / "keys.json.audit").read_text().splitlines()]
    assert [line["action"] for line in audit] == ["create", "revoke"]


@pytest.mark.parametrize("name", ["", "  ", "two\nlines", "x" * 101, "bell\a"])
def test_a_key_has_a_name_of_one_line(tmp_path: Path, name: str) -> None:
    done = exposure("key", "create", name, "--key-file", str(tmp_path / "keys.json"))
    assert done.returncode == 2
    assert not (tmp_path / "keys.json").exists()


def test_two_keys_that_open_have_two_names(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "keys.json")
    key, _ = file.create("desk", ("read",))
    with pytest.raises(InputError, match="already"):
        file.create("desk", ("read",))
    file.revoke(key.id)
    file.create("desk", ("read",))


def test_a_file_that_others_can_write_is_refused(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "keys.json")
    _, token = file.create("desk", ("read",))
    guard = Guard(file.path)
    file.path.chmod(0o666)
    with pytest.raises(InputError, match="written by others"):
        Guard(file.path)
    (tmp_path / "keys.json").write_text(file.path.read_text() + " ")
    assert guard.check(token) is None


def test_the_address_of_the_store_is_told_to_nobody(store: Path, serving: Serving) -> None:
    server = serving("--release-store", str(store), "--poll-seconds", "0.1")
    store.rename(store.with_name("moved"))
    reply = server.http.get("/v1/scores/AAPL?release=2020.01.0")
    while server.http.get("/readyz").json()["status"] == "ready":
        pass
    for told in (reply.text, server.http.get("/readyz").text):
        assert str(store) not in told


def test_a_release_with_a_flipped_byte_is_noticed_and_the_one_before_it_served(
    store: Path, newer: Path, serving: Serving
) -> None:
    import shutil

    shutil.copytree(newer, store / newer.name)
    server = serving("--release-store", str(store), "--poll-seconds", "0.1")
    assert server.http.get("/readyz").json() == {"status": "ready", "release": newer.name, "problem": None}
    table = store / newer.name / "revenue.parquet"
    data = bytearray(table.read_bytes())
    data[len(data) // 2] ^= 1
    table.write_bytes(data)
    while (said := server.http.get("/readyz").json())["status"] == "ready":
        pass
    assert (said["status"], said["release"]) == ("degraded", newer.name)
    server.stop()
    again = serving("--release-store", str(store), "--poll-seconds", "600")
    said = again.http.get("/readyz").json()
    assert said["status"] == "degraded"
    assert said["release"] != newer.name
    assert again.http.get("/v1/scores/AAPL").status_code == 200


def test_a_version_can_be_pinned(store: Path, newer: Path, serving: Serving) -> None:
    import shutil

    older = next(store.iterdir()).name
    shutil.copytree(newer, store / newer.name)
    server = serving("--release-store", str(store), "--release", older, "--poll-seconds", "0.1")
    assert server.http.post("/v1/admin/reload").json()["release"] == older
