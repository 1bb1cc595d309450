"""Build a release from the working tables: checked, hashed, and in the store all at once or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from scoring.errors import OutputError, ReferenceInvalidError, ReleaseExistsError, ReleaseNotFoundError
from scoring.reference.drafts import draft_in
from scoring.reference.releases.neutral import KINDS
from scoring.reference.releases.package import FILE as PACKAGE_FILE
from scoring.reference.releases.package import Package, read_package
from scoring.reference.releases.release import (
    DESCRIPTOR,
    DESCRIPTOR_HASH,
    SCHEMA_VERSION,
    VERSION_PATTERN,
    Release,
    list_releases,
)
from scoring.reference.releases.store import write_new
from scoring.reference.releases.validate import validate
from scoring.reference.tables import MADE, TABLES, Table

Maker = Callable[[Release], Iterator[pa.Table]]
"""Makes a table from the others of a release, in parts."""

PROFILE: Final = "https://datapackage.org/profiles/2.0/datapackage.json"


def build_release(
    source: Path,
    store: Path,
    version: str,
    created: dt.date,
    parent: str | None,
    on_table: Callable[[str], None] | None = None,
    makers: Mapping[str, Maker] | None = None,
) -> Release:
    """Freeze the working tables as a release.

    The same tables and arguments give the same bytes. The release appears in the store by one rename, so a
    reader sees all of it or nothing, and of two builders of one version exactly one succeeds. A build that was
    killed leaves at most a folder whose name begins with a dot, which is no release and may be deleted.

    Parameters
    ----------
    source : Path
        Folder of the working tables and `package.yaml`.
    store : Path
        Folder that holds releases; made if it is not there.
    version : str
        Calendar version, such as ``2026.11.0``.
    created : datetime.date
        Day of the build.
    parent : str or None
        Version in the store that this one follows.
    on_table : callable, optional
        Called with the name of each table once it is written.
    makers : mapping of str to Maker, optional
        By name, what makes each table of `MADE` that the release is to have.

    Raises
    ------
    ReferenceInvalidError
        The tables break the data dictionary; every offence is named.
    ReleaseExistsError
        The store has that version already, and keeps it as it was.
    ReleaseNotFoundError
        `parent` is not in the store.
    OutputError
        `version` is no calendar version, or the store cannot be written.
    """
    if not VERSION_PATTERN.fullmatch(version):
        raise OutputError("version", f"{version!r} is no calendar version", "write it as YYYY.MM.N, such as 2026.11.0")
    if (store / version).exists():
        raise _exists(store, version)
    known = list_releases(store)
    if parent is not None and parent not in known:
        raise ReleaseNotFoundError(
            "parent", f"{parent} is not in {store}", f"choose one of: {', '.join(known) or 'none, the store is empty'}"
        )
    package = read_package(source)
    if package.last_as_of > created:
        offence = f"{PACKAGE_FILE}:1: last_as_of: {package.last_as_of} is later than the build on {created}; correct it"
        raise ReferenceInvalidError(str(source), offence, "facts cannot be gathered after the build", [offence])
    frames = validate(source)
    try:
        store.mkdir(parents=True, exist_ok=True)
        with draft_in(store) as draft:
            descriptor = _head(package, version, created, parent)
            for name, table in TABLES.items():
                if table.optional and frames[name].empty:
                    continue
                data = _parquet(frames[name], table)
                write_new(draft / f"{name}.parquet", data)
                descriptor["resources"].append(_resource(table, package, data, len(frames[name])))
                if on_table is not None:
                    on_table(name)
            _describe(draft, descriptor)
            for name, make in (makers or {}).items():
                data, rows = _made(make(Release(draft)), MADE[name])
                write_new(draft / f"{name}.parquet", data)
                descriptor["resources"].append(_resource(MADE[name], package, data, rows))
                _describe(draft, descriptor)
            _sync(draft)
            _publish(draft, store, version)
    except OSError as error:
        raise OutputError(
            "store", f"{store} cannot be written ({error.strerror})", "choose a folder you can write, with free space"
        ) from None
    return Release(store / version)


def _describe(draft: Path, descriptor: Mapping[str, Any]) -> None:
    """Write what the draft holds so far, so that it can be opened."""
    raw = (json.dumps(descriptor, indent=1, ensure_ascii=False) + "\n").encode()
    stated = f"{hashlib.sha256(raw).hexdigest()}  {DESCRIPTOR}\n".encode("ascii")
    for name, data in ((DESCRIPTOR_HASH, stated), (DESCRIPTOR, raw)):
        (draft / name).unlink(missing_ok=True)
        write_new(draft / name, data)


def _publish(draft: Path, store: Path, version: str) -> None:
    """Rename into place; a folder with files in it is never replaced, so the first of two builders wins."""
    try:
        draft.rename(store / version)
    except OSError:
        if (store / version).exists():
            raise _exists(store, version) from None
        raise
    _sync(store)


def _exists(store: Path, version: str) -> ReleaseExistsError:
    return ReleaseExistsError(
        "version", f"{store} has {version} already", "choose the next version; releases never change"
    )


def _head(package: Package, version: str, created: dt.date, parent: str | None) -> dict[str, Any]:
    return {
        "$schema": PROFILE,
        "name": package.name,
        "title": package.title,
        "description": package.description,
        "version": version,
        "created": created.isoformat(),
        "lastAsOf": package.last_as_of.isoformat(),
        "lastAsOfReason": package.last_as_of_reason,
        "parent": parent,
        "schemaVersion": SCHEMA_VERSION,
        "licenses": [one.model_dump() for one in package.licenses],
        "resources": [],
    }


def _resource(table: Table, package: Package, data: bytes, rows: int) -> dict[str, Any]:
    origin = package.origin_of(table.name)
    licenses = [package.license_named(origin.license).model_dump()] if origin.license else []
    return {
        "name": table.name,
        "title": table.title,
        "path": f"{table.name}.parquet",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "origin": origin.origin,
        "terms": origin.terms,
        **({"licenses": licenses} if licenses else {}),
        "schema": _schema(table),
        "rows": rows,
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def _schema(table: Table) -> dict[str, Any]:
    """Table Schema of the descriptor; references that hold for some rows only have no form there."""
    fields = [
        {
            "name": name,
            "type": table.kind(name),
            "description": column.description,
            **({"constraints": table.constraints(name)} if table.constraints(name) else {}),
        }
        for name, column in table.columns.items()
    ]
    keys = []
    for reference in table.references:
        if reference.where is None:
            # The standard names no resource where a table refers to itself.
            resource = {} if reference.table == table.name else {"resource": reference.table}
            keys.append({"fields": [*reference.columns], "reference": {**resource, "fields": [*reference.targets]}})
    return {"fields": fields, "primaryKey": list(table.key), **({"foreignKeys": keys} if keys else {})}


def arrow_schema(table: Table) -> pa.Schema:
    """Columns of a table as they are stored."""
    return pa.schema([(name, KINDS[table.kind(name)]) for name in table.columns])


def _parquet(frame: pd.DataFrame, table: Table) -> bytes:
    arrow = pa.Table.from_pandas(frame, schema=arrow_schema(table), preserve_index=False).replace_schema_metadata(None)
    buffer = io.BytesIO()
    pq.write_table(arrow, buffer, compression="zstd")
    return buffer.getvalue()


def _made(parts: Iterator[pa.Table], table: Table) -> tuple[bytes, int]:
    """A made table, and its rows: every part is a group of its own, so that a reader can take the one it needs."""
    buffer, rows = io.BytesIO(), 0
    with pq.ParquetWriter(buffer, made_schema(table), compression="zstd", compression_level=9) as writer:
        for part in parts:
            writer.write_table(part.cast(made_schema(table)), row_group_size=part.num_rows)
            rows += part.num_rows
    return buffer.getvalue(), rows


def made_schema(table: Table) -> pa.Schema:
    """Columns of a made table as they are stored: its numbers are rounded, so half the width holds them."""
    narrow = {"number": pa.float32(), "integer": pa.int32()}
    return pa.schema([(name, narrow.get(table.kind(name), KINDS[table.kind(name)])) for name in table.columns])


def _sync(folder: Path) -> None:
    """Make the entries of a folder durable, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
