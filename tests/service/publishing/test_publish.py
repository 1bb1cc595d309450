"""From a build to what services answer from: whole or not at all, one winner, and back again."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from scoring.data import data_directory
from scoring.errors import ExposureError, InputError, OutputError, ReleaseCorruptError, ReleaseExistsError
from scoring.reference.releases.pointer import FOLDER, last_move
from scoring.reference.releases.release import list_releases, open_release
from service.http.cache.releases import Releases
from service.publishing.moves import promote, retire, rollback
from service.publishing.notes import NOTES, release_notes
from service.publishing.publish import publish
from service.publishing.put import put_new
from service.publishing.sign import make_keys

BUNDLED = data_directory() / "releases"
OLD, NEW = list_releases()[-2:]
DAY = dt.date(2026, 11, 27)


@pytest.fixture(params=["folder", "s3"])
def store(request, tmp_path):
    if request.param == "folder":
        return str(tmp_path / "store")
    return f"{request.getfixturevalue('object_store')}/{tmp_path.name}"


def published(store, *versions, **options):
    for version in versions or (OLD, NEW):
        publish(open_release(version), store, **options)
    return store


def test_a_published_release_is_the_release(store):
    assert publish(open_release(NEW), store) is True
    assert publish(open_release(NEW), store) is False
    assert list_releases(store) == [NEW]
    assert open_release(NEW, store).sha256 == open_release(NEW).sha256


def test_services_follow_promotion_rollback_and_retirement(store):
    published(store)
    promote(store, OLD, DAY)
    following = [Releases(store) for _ in range(2)]
    assert {one.now().release.version for one in following} == {OLD}
    for move, current in (
        (lambda: promote(store, NEW, DAY, "the facts of November"), NEW),
        (lambda: rollback(store, DAY, "wrong"), OLD),
    ):
        move()
        assert [one.refresh() for one in following] == [True, True]
        assert {one.now().release.version for one in following} == {current}
    retire(store, NEW, DAY, "wrong")
    for one in following:
        one.refresh()
        assert one.versions() == [OLD]
        with pytest.raises(ExposureError, match="choose one of"):
            one.open(NEW, one.now())
    assert [last_move(store).what, open_release(None, store).version] == ["retire", OLD]
    with pytest.raises(InputError, match="is retired"):
        promote(store, NEW, DAY)


def test_a_store_without_moves_has_its_newest_as_the_current_one(store):
    assert open_release(None, published(store)).version == NEW
    assert Releases(store).now().release.version == NEW


def test_going_back_twice_leads_further(tmp_path):
    store = published(str(tmp_path))
    third = tmp_path / "2027.01.0"
    shutil.copytree(tmp_path / NEW, third)
    for version in (OLD, NEW):
        promote(store, version, DAY)
    assert rollback(store, DAY).version == OLD
    with pytest.raises(InputError, match="no earlier release"):
        rollback(store, DAY)
    promote(store, NEW, DAY)
    assert rollback(store, DAY).version == OLD


@pytest.mark.parametrize(
    ("act", "problem"),
    [
        (lambda store: promote(store, "2031.01.0", DAY), "is not in"),
        (lambda store: promote(store, NEW, DAY), "is the current release already"),
        (lambda store: retire(store, NEW, DAY), "is the current release"),
        (lambda store: retire(store, "2031.01.0", DAY), "is not in"),
    ],
)
def test_moves_that_make_no_sense(tmp_path, act, problem):
    store = published(str(tmp_path))
    promote(store, NEW, DAY)
    with pytest.raises(ExposureError, match=problem):
        act(store)
    assert last_move(store).number == 1


def test_two_who_promote_at_once_do_not_both_win(store):
    published(store)
    won, lost = [], []

    def try_it(version):
        try:
            won.append(promote(store, version, DAY).version)
        except (OutputError, InputError):
            lost.append(version)

    threads = [threading.Thread(target=try_it, args=(version,)) for version in (OLD, NEW) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) + len(lost) == 4
    moves = [last_move(store).number, open_release(None, store).version]
    assert moves[0] == len(won)
    assert moves[1] in won


def test_two_who_publish_other_contents_do_not_both_win(tmp_path):
    store = published(str(tmp_path / "store"), NEW)
    other = tmp_path / "other"
    shutil.copytree(BUNDLED / OLD, other)
    release = open_release(str(other))
    release.version = NEW
    with pytest.raises(ReleaseExistsError, match=f"has another {NEW}"):
        publish(release, store)
    assert open_release(NEW, store).sha256 == open_release(NEW).sha256


def test_of_two_who_create_a_file_one_wins(store):
    from scoring.reference.releases.store import locate

    path = locate(store) / "one"
    assert [put_new(path, b"first"), put_new(path, b"second")] == [True, False]
    assert path.read_bytes() == b"first"


def test_a_signature_can_be_required(store, tmp_path):
    key = make_keys(tmp_path / "key")
    other = make_keys(tmp_path / "other")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    published(store, NEW, secret_key=tmp_path / "key")
    promote(store, NEW, DAY, secret_key=tmp_path / "key")
    assert open_release(None, store, key).version == NEW
    assert Releases(store, key=key).now().release.version == NEW
    with pytest.raises(ReleaseCorruptError, match="is not signed with the key"):
        open_release(None, store, other)
    published(store, OLD)
    promote(store, OLD, DAY)
    with pytest.raises(ReleaseCorruptError, match="is not signed"):
        open_release(None, store, key)
    with pytest.raises(ReleaseCorruptError, match=f"{OLD}: datapackage.json is not signed"):
        open_release(OLD, store, key)


def test_a_service_serves_on_when_an_unsigned_move_appears(tmp_path):
    key = make_keys(tmp_path / "key")
    store = published(str(tmp_path / "store"), OLD, NEW, secret_key=tmp_path / "key")
    promote(store, OLD, DAY, secret_key=tmp_path / "key")
    following = Releases(store, key=key)
    promote(store, NEW, DAY)
    assert following.refresh() is False
    assert following.now().release.version == OLD
    assert "is not signed" in following.trouble


def test_a_changed_move_is_noticed(tmp_path):
    key = make_keys(tmp_path / "key")
    store = published(str(tmp_path / "store"), OLD, NEW, secret_key=tmp_path / "key")
    promote(store, NEW, DAY, secret_key=tmp_path / "key")
    path = Path(store) / FOLDER / "000001.json"
    document = json.loads(path.read_text())
    document["move"]["version"] = OLD
    path.write_text(json.dumps(document))
    with pytest.raises(ReleaseCorruptError, match="is not signed with the key"):
        last_move(store, key)
    with pytest.raises(ReleaseCorruptError, match="is not the one that was promoted"):
        open_release(None, store)
    path.write_text("{")
    with pytest.raises(ReleaseCorruptError, match="is no move"):
        last_move(store)


def test_notes_name_facts_and_scores(tmp_path):
    text = release_notes(open_release(NEW), open_release(OLD))
    assert text.startswith(f"# Release {NEW}\n")
    assert f"against {OLD}" in text
    assert "| table | added | removed | changed |" in text
    store = published(str(tmp_path))
    assert (Path(store) / NEW / NOTES).read_text() == text


def test_a_publisher_that_is_killed_leaves_no_half_release_and_the_next_completes_it(tmp_path):
    store = tmp_path / "store"
    code = (
        "import sys\nfrom scoring.reference.releases.release import open_release\n"
        "from service.publishing import publish as p\n"
        "p.release_notes = lambda *_: 'notes'\n"
        "release = open_release(sys.argv[2])\nprint('ready', flush=True)\np.publish(release, sys.argv[1])"
    )
    command = [sys.executable, "-c", code, str(store), NEW]
    for attempt in range(12):
        shutil.rmtree(store, ignore_errors=True)
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        process.stdout.readline()
        time.sleep(attempt * 0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        for version in list_releases(store):
            assert open_release(version, store).sha256 == open_release(NEW).sha256
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    assert open_release(NEW, store).sha256 == open_release(NEW).sha256
