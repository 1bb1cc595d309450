"""Copy a release into a store: nothing of it is seen before its descriptor is there, which comes last."""

from __future__ import annotations

import hashlib
from pathlib import Path

from scoring.errors import ReleaseExistsError
from scoring.reference.releases.release import DESCRIPTOR, DESCRIPTOR_HASH, Release, list_releases, open_release
from scoring.reference.releases.signature import SUFFIX
from scoring.reference.releases.store import locate, reaching
from service.publishing.notes import NOTES, release_notes
from service.publishing.put import put_new
from service.publishing.sign import sign


def publish(release: Release, store: str, secret_key: Path | None = None) -> bool:
    """Copy a release into a store.

    Every file is created, never replaced, and the descriptor comes last: a reader sees the whole release or none, of
    two publishers of one version one wins, and publishing again completes what was broken off.

    Parameters
    ----------
    release : Release
    store : str
        Folder or URL.
    secret_key : Path, optional
        Secret key of minisign that signs the descriptor.

    Returns
    -------
    bool
        False: the store has it already.

    Raises
    ------
    ReleaseExistsError
        The store has that version with other contents.
    OutputError
        The store cannot be written.
    """
    folder = locate(store) / release.version
    if release.version in list_releases(store):
        if open_release(release.version, store).sha256 != release.sha256:
            raise _taken(store, release.version)
        return False
    raw = release.raw_descriptor
    files = {resource["path"]: release.table_bytes(resource["name"]) for resource in release.descriptor["resources"]}
    files[NOTES] = release_notes(release, _parent(release, store)).encode()
    files[DESCRIPTOR_HASH] = f"{hashlib.sha256(raw).hexdigest()}  {DESCRIPTOR}\n".encode("ascii")
    if secret_key is not None:
        files[f"{DESCRIPTOR}{SUFFIX}"] = sign(raw, secret_key).encode()
    files[DESCRIPTOR] = raw
    for name, data in files.items():
        # A signature bears its time, so that of a publisher who was broken off stands for this one.
        if not put_new(folder / name, data) and not name.endswith((SUFFIX, NOTES)):
            with reaching(folder):
                there = (folder / name).read_bytes()
            if there != data:
                raise _taken(store, release.version)
    return True


def _parent(release: Release, store: str) -> Release | None:
    """The release that this one follows, if the store or the place it comes from has it."""
    home = str(release.location).rstrip("/").rpartition("/")[0] or "."
    for place in (store, home):
        if release.parent is not None and release.parent in list_releases(place):
            return open_release(release.parent, place)
    return None


def _taken(store: str, version: str) -> ReleaseExistsError:
    return ReleaseExistsError(
        "STORE", f"{store} has another {version}", "build it under the next version; releases never change"
    )
