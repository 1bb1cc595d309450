"""Overlays: private tables laid over a release, checked like it, marked where they are cited, never mixed into it."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from scoring.errors import ReferenceInvalidError
from scoring.reference.release import Release

if TYPE_CHECKING:
    import pandas as pd

    from scoring.reference.reading import Offence, Reading
    from scoring.reference.tables import Table

_BLOCKS: Final = {"segments": ("company_id", "fiscal_year"), "business_mix": ("company_id", "valid_from")}
"""Tables whose rows only make sense together: an overlay replaces the whole block, or the shares would not sum to 1."""

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,49}")


class OverlaidRelease(Release):
    """A release with private rows over it, in everything a release but for its origin.

    Parameters
    ----------
    base : Release
    name : str
        Of the overlay.
    tables : dict of str to pyarrow.Table
        The tables that the overlay touches, its rows last.
    first : dict of str to int
        First row of the overlay in each of them.
    sha256 : str
        Of the release and the overlay together.

    Attributes
    ----------
    version : str
        Such as ``2026.11.1+house``.
    overlay : str
        Name of the overlay.
    base : Release
    """

    def __init__(
        self, base: Release, name: str, tables: dict[str, pa.Table], first: dict[str, int], sha256: str
    ) -> None:
        for attribute in ("location", "descriptor", "created", "last_as_of", "parent", "_bytes"):
            setattr(self, attribute, getattr(base, attribute))
        self.base, self.overlay = base, name
        self.version = f"{base.version}+{name}"
        self.sha256 = sha256
        self._tables, self._columns = dict(tables), {}
        self._first = first
        self.names = tuple(dict.fromkeys((*base.names, *tables)))

    def origin(self, table: str, row: int) -> str:
        """``overlay NAME`` for a row of the overlay, else ``release``."""
        return f"overlay {self.overlay}" if row >= self._first.get(table, row + 1) else "release"

    def counts(self) -> dict[str, int]:
        """Rows of the overlay by table."""
        return {name: self._tables[name].num_rows - first for name, first in self._first.items()}


def lay_over(release: Release, folder: str | Path, name: str | None = None) -> OverlaidRelease:
    """Lay private tables over a release.

    Parameters
    ----------
    release : Release
        Stays as it is.
    folder : str or Path
        Holds ``<table>.csv`` in the shape of the data dictionary, for some of its tables. A row replaces the row of the
        release with the same key; of `segments` and `business_mix` a whole block is replaced; other rows are added.
    name : str, optional
        Name of the overlay. Default: that of the folder.

    Raises
    ------
    ReferenceInvalidError
        Something in the folder breaks the data dictionary or refers to nothing; every offence is named, and nothing
        is laid over.
    """
    from scoring.reference.tables import TABLES
    from scoring.reference.validate import reference_offences, schema_offences

    source = Path(folder)
    called = source.resolve().name if name is None else name
    if not _NAME.fullmatch(called):
        raise _invalid(source, ["name: is no name; use letters, digits, points and hyphens"])
    files = sorted(source.glob("*.csv")) if source.is_dir() else []
    unknown = [f"{path.name}:1: file: is no table of the data dictionary" for path in files if path.stem not in TABLES]
    if unknown or not files:
        raise _invalid(
            source, unknown or ["file: there is no table in it; see docs/data-dictionary.md for their names"]
        )
    readings, first, digest = {}, {}, hashlib.sha256(release.sha256.encode())
    offences: list[Offence] = []
    for path in files:
        table = TABLES[path.stem]
        reading, first[table.name] = _merged(release, table, path)
        offences += reading.offences
        readings[table.name] = reading
        digest.update(f"{path.name}\n".encode() + path.read_bytes())
    targets = {**{name: _stored(release, name) for name in release.names}, **readings}
    for table_name, reading in readings.items():
        if reading.readable:
            offences += schema_offences(TABLES[table_name], reading)
            offences += reference_offences(TABLES[table_name], targets)
    if offences:
        raise _invalid(source, [str(offence) for offence in sorted(set(offences))])
    tables = {table_name: _arrow(reading.frame, TABLES[table_name]) for table_name, reading in readings.items()}
    return OverlaidRelease(release, called, tables, first, digest.hexdigest())


def _invalid(source: Path, offences: list[str]) -> ReferenceInvalidError:
    return ReferenceInvalidError(
        f"overlay {source}",
        f"{len(offences)} {'offence' if len(offences) == 1 else 'offences'}, first {offences[0]}",
        "correct the rows named; nothing was laid over the release",
        offences,
    )


def _merged(release: Release, table: Table, path: Path) -> tuple[Reading, int]:
    """Rows of the release that stay, then those of the overlay with their lines; and where these begin."""
    import pandas as pd

    from scoring.reference.reading import Reading, read_table

    own = read_table(path, table)
    if not own.readable:
        return own, 0
    stays = _typed(release, table) if table.name in release.names else own.frame.iloc[:0]
    key = list(_BLOCKS.get(table.name, table.key))
    replaced = set(map(tuple, own.frame[key].astype(str).to_numpy().tolist()))
    keep = [tuple(row) not in replaced for row in stays[key].astype(str).to_numpy().tolist()]
    kept = stays[np.array(keep, dtype=bool)] if len(stays) else stays
    offset = len(kept)
    frame = pd.concat([kept, own.frame], ignore_index=True).astype(own.frame.dtypes.to_dict())
    reading = Reading(
        frame,
        lines=[0] * offset + own.lines,
        offences=own.offences,
        unread={(row + offset, column) for row, column in own.unread},
    )
    return reading, offset


def _typed(release: Release, table: Table) -> pd.DataFrame:
    """Table of a release, typed as the reader types a working table."""
    from scoring.reference.reading import read_table

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.columns)
    for row in release.table(table.name).to_pylist():
        writer.writerow([_cell(row[column]) for column in table.columns])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{table.name}.csv"
        path.write_text(text.getvalue(), encoding="utf-8")
        return read_table(path, table).frame


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, float) else str(value)


def _stored(release: Release, name: str) -> Reading:
    """Table of a release as something that others refer to."""
    from scoring.reference.reading import Reading

    return Reading(release.frame(name))


def _arrow(frame: pd.DataFrame, table: Table) -> pa.Table:
    from scoring.reference.build import arrow_schema

    schema = arrow_schema(table)
    return pa.Table.from_pandas(frame, schema=schema, preserve_index=False).replace_schema_metadata(None)
