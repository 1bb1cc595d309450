"""A release: an immutable, hash-verified set of reference tables under a calendar version.

Layout of one release, a folder named after its version::

    datapackage.json          descriptor (Data Package v2): version, dates; per table path, schema, rows, bytes, sha256
    datapackage.json.sha256   hash of the descriptor, in the format of sha256sum
    datapackage.json.minisig  signature of the descriptor, where the publisher signs
    <table>.parquet           one file per table
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from scoring.data import data_directory
from scoring.errors import ReleaseCorruptError, ReleaseNotFoundError, StoreError
from scoring.reference.labels import Labels
from scoring.reference.releases import neutral
from scoring.reference.releases.arrow import Columns
from scoring.reference.releases.pointer import last_move
from scoring.reference.releases.signature import SUFFIX, check_signature
from scoring.reference.releases.store import locate, reaching

if TYPE_CHECKING:
    import pandas as pd

DESCRIPTOR: Final = "datapackage.json"
DESCRIPTOR_HASH: Final = "datapackage.json.sha256"
SCHEMA_VERSION: Final = 2
"""Version of the table layout; a release with a greater one is refused, a lesser one is completed, see `neutral`."""

VERSION_PATTERN: Final = re.compile(r"(\d{4})\.(\d{2})\.(\d+)")


def version_key(version: str) -> tuple[int, ...]:
    """Sort key of a calendar version such as ``2026.11.0``."""
    match = VERSION_PATTERN.fullmatch(version)
    return tuple(int(part) for part in match.groups()) if match else ()


class Release:
    """Verified reference tables of one version.

    Parameters
    ----------
    location : str or Path
        Folder or URL of the release.

    Attributes
    ----------
    version : str
        Calendar version, such as ``2026.11.0``.
    created : datetime.date
        Day on which the release was built.
    last_as_of : datetime.date
        Last as-of date the release supports: the day up to which its facts were gathered.
    parent : str or None
        Version this one follows.
    sha256 : str
        Hash of the descriptor, which holds the hash of every table: the identity of the release.
    overlay : str or None
        Name of the private tables that lie over it, see `lay_over`; None for a release as built.

    Raises
    ------
    ReleaseNotFoundError
        Nothing at `location`.
    ReleaseCorruptError
        A file is missing, a byte differs from the descriptor, or the layout is newer than this code.
    """

    overlay: str | None = None

    def __init__(self, location: str | Path) -> None:
        folder = locate(location)
        self.location = str(location)
        try:
            with reaching(folder):
                raw = (folder / DESCRIPTOR).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            raise ReleaseNotFoundError(
                "release", f"no {DESCRIPTOR} at {location}", "give the folder or URL of a release"
            ) from None
        except OSError as error:
            raise _unreadable(location, error) from None
        self.sha256 = hashlib.sha256(raw).hexdigest()
        stated = _read(folder, DESCRIPTOR_HASH).decode("ascii", "replace").split()
        if stated != [self.sha256, DESCRIPTOR]:
            raise _corrupt(folder.name, DESCRIPTOR, f"differs from its hash in {DESCRIPTOR_HASH}")
        self.raw_descriptor = raw
        self.descriptor = _parse(folder.name, raw)
        self.version: str = self.descriptor["version"]
        self.created = dt.date.fromisoformat(self.descriptor["created"])
        self.last_as_of = dt.date.fromisoformat(self.descriptor["lastAsOf"])
        self.parent: str | None = self.descriptor["parent"]
        # The bytes that were hashed are the bytes that are parsed: nothing can change in between.
        self._bytes: dict[str, bytes] = {}
        for resource in self.descriptor["resources"]:
            data = _read(folder, resource["path"])
            if hashlib.sha256(data).hexdigest() != resource["sha256"]:
                raise _corrupt(self.version, resource["path"], "differs from its sha256 in the descriptor")
            self._bytes[resource["name"]] = data
        self._tables: dict[str, pa.Table] = {}
        self._columns: dict[str, Columns] = {}

    def __repr__(self) -> str:
        return f"Release({self.version!r}, last_as_of={self.last_as_of}, sha256={self.sha256[:12]})"

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the tables that it was built with."""
        return tuple(self._bytes)

    def table(self, name: str) -> pa.Table:
        """Arrow table `name`, with what the release was built without; KeyError if no release has such a table."""
        if name not in self._tables:
            self._tables[name] = (
                neutral.empty(name)
                if (file := self._file(name)) is None
                else neutral.completed(name, file.read(use_threads=False))
            )
        return self._tables[name]

    def table_bytes(self, name: str) -> bytes:
        """The file of table `name`; KeyError if the release was built without it."""
        return self._bytes[name]

    def columns(self, name: str) -> Columns:
        """Columns of table `name` as arrays; KeyError if no release has such a table."""
        if name not in self._columns:
            self._columns[name] = Columns(self.table(name))
        return self._columns[name]

    def parts(self, name: str, column: str) -> list[Any]:
        """Least value of a column in each part in which table `name` is stored; empty if the release lacks it."""
        file = self._file(name)
        if file is None:
            return []
        at = file.schema_arrow.get_field_index(column)
        groups = (file.metadata.row_group(part) for part in range(file.num_row_groups))
        return [group.column(at).statistics.min for group in groups]

    def part(self, name: str, number: int) -> Columns:
        """Columns of one part of table `name`, which must be there."""
        file = self._file(name)
        if file is None:
            raise KeyError(name)
        return Columns(file.read_row_group(number, use_threads=False))

    def _file(self, name: str) -> pq.ParquetFile | None:
        return pq.ParquetFile(io.BytesIO(self._bytes[name])) if name in self._bytes else None

    def frame(self, name: str) -> pd.DataFrame:
        """Table `name` as a pandas DataFrame."""
        frame: pd.DataFrame = self.table(name).to_pandas()
        return frame

    def row(self, name: str, index: int) -> dict[str, Any]:
        """One row of table `name` as plain Python values."""
        row: dict[str, Any] = self.table(name).slice(index, 1).to_pylist()[0]
        return row

    def origin(self, table: str, row: int) -> str:
        """Where a row comes from: ``release``, or the overlay that lies over it, see `lay_over`."""
        return "release"

    @cached_property
    def labels(self) -> Labels:
        """Names for readers of the identifiers in its tables."""
        return Labels(self.columns)

    @cached_property
    def source_index(self) -> dict[str, int]:
        """Row of each source_id in the table `sources`."""
        return {source: i for i, source in enumerate(self.columns("sources")["source_id"])}


def list_releases(store: str | Path | None = None) -> list[str]:
    """Versions in a store (default: the bundled one), oldest first.

    A folder without a descriptor, such as one left by a killed build, is not a release and is not listed.

    Raises
    ------
    StoreError
        The store cannot be read.
    """
    folder = locate(store) if store is not None else data_directory() / "releases"
    try:
        with reaching(folder):
            if not folder.is_dir():
                return []
            inside = [path for path in folder.iterdir() if VERSION_PATTERN.fullmatch(path.name)]
            versions = [path.name for path in inside if (path / DESCRIPTOR).exists()]
    except OSError as error:
        raise _unreadable(folder, error) from None
    return sorted(versions, key=version_key)


def open_release(version: str | None = None, store: str | Path | None = None, key: str | None = None) -> Release:
    """Open and verify a release.

    Parameters
    ----------
    version : str, optional
        Calendar version in the store, or the folder or URL of one release. Default: the current one of the store, see
        `last_move`; the newest in a store in which none was promoted.
    store : str or Path, optional
        Folder or URL that holds releases. Default: the releases that come with the package.
    key : str, optional
        Public key of minisign that the descriptor, and the move that makes it current, must be signed with.

    Raises
    ------
    ReleaseNotFoundError
        No such version; the message lists what exists.
    ReleaseCorruptError
        The release does not match its hashes, or is not signed with the key.
    """
    if version is not None and ("/" in version or "\\" in version):
        return _signed(Release(version), key)
    base = locate(store) if store is not None else data_directory() / "releases"
    known = list_releases(store)
    move = last_move(str(base), key) if version is None else None
    newest = known[-1] if known else None
    chosen = version if version is not None else (move.version if move is not None else newest)
    if chosen not in known:
        raise ReleaseNotFoundError(
            "release",
            f"{chosen or 'none'} is not in {base}",
            f"choose one of: {', '.join(known) or 'the store is empty, build one with `exposure release build`'}",
        )
    release = _signed(Release(base / chosen if store is None else f"{str(store).rstrip('/')}/{chosen}"), key)
    if move is not None and move.sha256 != release.sha256:
        raise _corrupt(chosen, DESCRIPTOR, "is not the one that was promoted")
    return release


def _signed(release: Release, key: str | None) -> Release:
    """The release, if its descriptor is signed with the key that is asked for."""
    if key is not None:
        name = f"{DESCRIPTOR}{SUFFIX}"
        try:
            signature = _read(locate(release.location), name).decode("utf-8", "replace")
        except ReleaseCorruptError:
            signature = None
        check_signature(f"{release.version}: {DESCRIPTOR}", release.raw_descriptor, signature, key)
    return release


def _parse(release: str, raw: bytes) -> dict[str, Any]:
    """Descriptor whose layout this code reads, with every key it needs."""
    try:
        descriptor: dict[str, Any] = json.loads(raw)
        layout = int(descriptor["schemaVersion"])
        readable = layout <= SCHEMA_VERSION
        for day in ("created", "lastAsOf") if readable else ():
            dt.date.fromisoformat(descriptor[day])
        needed = [descriptor["version"], descriptor["parent"]] if readable else []
        for resource in descriptor["resources"] if readable else ():
            needed += [resource["name"], resource["sha256"]]
            if Path(resource["path"]).name != resource["path"]:
                raise ValueError(f"path {resource['path']!r} leads out of the release")
    except KeyError as error:
        raise _corrupt(release, DESCRIPTOR, f"lacks the key {error}") from None
    except (ValueError, TypeError) as error:
        raise _corrupt(release, DESCRIPTOR, f"is no release descriptor ({error})") from None
    if not readable:
        raise ReleaseCorruptError(
            "release",
            f"{release} has table layout {layout}, this version reads up to {SCHEMA_VERSION}",
            "install a newer exposure-risk",
        )
    return descriptor


def _read(folder: Any, name: str) -> bytes:
    try:
        with reaching(folder):
            data: bytes = (folder / name).read_bytes()
    except FileNotFoundError:
        raise _corrupt(folder.name, name, "is missing") from None
    except OSError as error:
        raise _unreadable(folder / name, error) from None
    return data


def _unreadable(location: object, error: OSError) -> StoreError:
    return StoreError(
        "release", f"{location} cannot be read: {error}", "check the address and your permission to read it"
    )


def _corrupt(release: str, name: str, problem: str) -> ReleaseCorruptError:
    return ReleaseCorruptError(
        "release", f"{release}: {name} {problem}", "fetch the release again; nothing of it was loaded"
    )
