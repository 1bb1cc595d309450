"""Opening a release: every byte is checked, and what is wrong is named."""

import hashlib
import json

import pytest
import s3fs
from upath import UPath

from scoring.data import data_directory
from scoring.errors import ReleaseCorruptError, ReleaseNotFoundError
from scoring.reference.releases.release import (
    DESCRIPTOR,
    DESCRIPTOR_HASH,
    Release,
    list_releases,
    open_release,
)
from scoring.reference.tables import REQUIRED

FILES = [*(f"{name}.parquet" for name in REQUIRED), DESCRIPTOR, DESCRIPTOR_HASH]


@pytest.mark.parametrize("name", FILES)
def test_one_flipped_bit_is_refused(own_store, name):
    path = own_store / "2026.10.0" / name
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)
    with pytest.raises(ReleaseCorruptError, match=name):
        open_release(store=own_store)


@pytest.mark.parametrize("name", FILES)
def test_missing_file_is_refused(own_store, name):
    (own_store / "2026.10.0" / name).unlink()
    expected = ReleaseNotFoundError if name == DESCRIPTOR else ReleaseCorruptError
    with pytest.raises(expected, match=name):
        Release(own_store / "2026.10.0")


@pytest.mark.parametrize("name", FILES)
def test_truncated_file_is_refused(own_store, name):
    path = own_store / "2026.10.0" / name
    path.write_bytes(path.read_bytes()[:-1])
    # The hash file without its last newline says the same.
    if name == DESCRIPTOR_HASH:
        path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ReleaseCorruptError, match=name):
        open_release(store=own_store)


def rewrite(folder, raw):
    """Write another descriptor with its right hash, as a careless publisher would."""
    (folder / DESCRIPTOR).write_bytes(raw)
    (folder / DESCRIPTOR_HASH).write_text(f"{hashlib.sha256(raw).hexdigest()}  {DESCRIPTOR}\n")


@pytest.mark.parametrize("key", ["version", "created", "lastAsOf", "parent", "schemaVersion", "resources"])
def test_descriptor_without_a_key_is_refused(own_store, key):
    folder = own_store / "2026.10.0"
    descriptor = json.loads((folder / DESCRIPTOR).read_bytes())
    del descriptor[key]
    rewrite(folder, json.dumps(descriptor).encode())
    with pytest.raises(ReleaseCorruptError, match=f"{DESCRIPTOR} lacks the key '{key}'"):
        open_release(store=own_store)


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"schemaVersion": "one"}', b'{"schemaVersion": null}'],
)
def test_descriptor_that_is_none_is_refused(own_store, raw):
    rewrite(own_store / "2026.10.0", raw)
    with pytest.raises(ReleaseCorruptError, match=DESCRIPTOR):
        open_release(store=own_store)


@pytest.mark.parametrize("values", [{"created": "today"}, {"lastAsOf": 20260731}, {"resources": [3]}])
def test_descriptor_with_a_wrong_value_is_refused(own_store, values):
    folder = own_store / "2026.10.0"
    descriptor = json.loads((folder / DESCRIPTOR).read_bytes())
    rewrite(folder, json.dumps({**descriptor, **values}).encode())
    with pytest.raises(ReleaseCorruptError, match=DESCRIPTOR):
        open_release(store=own_store)


def test_descriptor_may_not_lead_out_of_the_release(own_store):
    folder = own_store / "2026.10.0"
    descriptor = json.loads((folder / DESCRIPTOR).read_bytes())
    descriptor["resources"][0]["path"] = "../../secret"
    rewrite(folder, json.dumps(descriptor).encode())
    with pytest.raises(ReleaseCorruptError, match="leads out of the release"):
        open_release(store=own_store)


def test_newer_layout_is_refused(own_store):
    folder = own_store / "2026.10.0"
    rewrite(folder, b'{"schemaVersion": 99}')
    with pytest.raises(ReleaseCorruptError, match=r"layout 99.*install a newer"):
        open_release(store=own_store)


def test_unknown_version_lists_what_exists(store):
    with pytest.raises(ReleaseNotFoundError, match=r"1999\.01\.0 is not in .*choose one of: 2026\.10\.0"):
        open_release("1999.01.0", store)


def test_empty_store_says_how_to_fill_it(tmp_path):
    with pytest.raises(ReleaseNotFoundError, match="exposure release build"):
        open_release(store=tmp_path)


def test_only_releases_are_listed_oldest_first(own_store):
    for version in ("2026.9.0", "2026.10.10", "2026.10.9"):
        (own_store / version).mkdir()
        (own_store / version / DESCRIPTOR).touch()
    (own_store / "2026.11.0").mkdir()
    (own_store / ".2026.11.0-draft").mkdir()
    (own_store / ".2026.11.0-draft" / DESCRIPTOR).touch()
    assert list_releases(own_store) == ["2026.10.0", "2026.10.9", "2026.10.10"]


def test_release_opens_by_folder(store):
    assert open_release(str(store / "2026.10.0")).sha256 == open_release(store=store).sha256


def test_a_store_behind_a_url_is_read_like_a_folder():
    copy = UPath("memory://store/2026.11.0")
    copy.mkdir(parents=True)
    for path in (data_directory() / "releases" / "2026.11.0").iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    assert list_releases("memory://store") == ["2026.11.0"]
    assert open_release(store="memory://store").sha256 == open_release("2026.11.0").sha256
    assert open_release("memory://store/2026.11.0").version == "2026.11.0"


def test_a_store_that_does_not_answer(monkeypatch):
    """Its library's own error is no OSError; a service that looks for newer releases must get one of ours."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    s3fs.S3FileSystem.clear_instance_cache()  # it would keep the address of another test
    by_store, by_url = (lambda store: open_release(store=store)), (lambda store: open_release(f"{store}/2026.11.1"))
    for ask in (list_releases, by_store, by_url):
        with pytest.raises(ReleaseNotFoundError, match="cannot be read"):
            ask("s3://store")
    s3fs.S3FileSystem.clear_instance_cache()
