"""Overlays: private tables laid over a release, checked like it, marked where they are cited, never mixed into it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from scoring.errors import ReferenceInvalidError
from scoring.reference.releases.neutral import COLUMNS
from scoring.reference.releases.release import Release
from scoring.suggest import near

if TYPE_CHECKING:
    import pandas as pd

    from scoring.reference.releases.reading import Offence, Reading
    from scoring.reference.tables import Table

_BLOCKS: Final = {"segments": ("company_id", "fiscal_year"), "business_mix": ("company_id", "valid_from")}
"""Tables whose rows only make sense together: an overlay replaces the whole block, or the shares would not sum to 1."""

DESCRIPTION: Final = "overlay.yaml"
"""File in the folder that may name the overlay."""

_READ_BY_PEOPLE: Final = (".md", ".txt")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,49}")


@dataclass(frozen=True)
class Laid:
    """What an overlay does to one table.

    Attributes
    ----------
    added, replaced, removed : int
        Rows with a new key, rows that stand in place of the release's, and rows of the release whose block is
        replaced by one without them.
    rows : frozenset of int
        Where the rows of the overlay stand in the table.
    """

    added: int
    replaced: int
    removed: int
    rows: frozenset[int]


class OverlaidRelease(Release):
    """A release with private rows over it, in everything a release but for its origin.

    Parameters
    ----------
    base : Release
    name : str
        Of the overlay.
    tables : dict of str to pyarrow.Table
        The tables that the overlay touches. A row of the overlay stands where the row with its key stood, and after all
        others if there was none: sums over the same facts keep their order, and so their last bit.
    laid : dict of str to Laid
        What was done to each of them.
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
        self, base: Release, name: str, tables: dict[str, pa.Table], laid: dict[str, Laid], sha256: str
    ) -> None:
        for attribute in ("location", "descriptor", "created", "last_as_of", "parent", "_bytes"):
            setattr(self, attribute, getattr(base, attribute))
        self.base, self.overlay = base, name
        self.version = f"{base.version}+{name}"
        self.sha256 = sha256
        self._tables, self._columns = dict(tables), {}
        self.laid = laid
        self.names = tuple(dict.fromkeys((*base.names, *tables)))

    def origin(self, table: str, row: int) -> str:
        """``overlay NAME`` for a row of the overlay, else ``release``."""
        return f"overlay {self.overlay}" if table in self.laid and row in self.laid[table].rows else "release"


def lay_over(release: Release, folder: str | Path, name: str | None = None) -> OverlaidRelease:
    """Lay private tables over a release.

    Parameters
    ----------
    release : Release
        Stays as it is.
    folder : str or Path
        Holds ``<table>.csv`` in the shape of the data dictionary, for some of its tables; columns that came after the
        first release may be left out. A row replaces the row of the release with the same key; of `segments` and
        `business_mix` a whole block is replaced; other rows are added.
    name : str, optional
        Name of the overlay. Default: the `name` in ``overlay.yaml``, or that of the folder.

    Raises
    ------
    ReferenceInvalidError
        Something in the folder breaks the data dictionary or refers to nothing; every offence is named, and nothing
        is laid over.
    """
    from scoring.reference.releases.validate import reference_offences, schema_offences
    from scoring.reference.tables import TABLES

    source = Path(folder)
    if release.overlay is not None:
        # Rows of the first overlay would be taken for the release's own, and lose their mark.
        raise _invalid(source, [f"release: {release.version} has an overlay already; lay one folder over the release"])
    called = _name_of(source) if name is None else name
    if not _NAME.fullmatch(called):
        raise _invalid(source, [f"name: {called!r} is no name; use letters, digits, points and hyphens"])
    files = _files(source, tuple(TABLES))
    merged = {path.stem: _merged(release, TABLES[path.stem], path) for path in files}
    readings = {table: rows.reading for table, rows in merged.items()}
    offences: list[Offence] = [offence for reading in readings.values() for offence in reading.offences]
    targets = {**{table: _stored(release, table) for table in TABLES}, **readings}
    for table, reading in readings.items():
        if reading.readable:
            offences += schema_offences(TABLES[table], reading)
            offences += reference_offences(TABLES[table], targets)
    if offences:
        raise _invalid(source, [str(offence) for offence in sorted(set(offences))])
    tables, digest = {}, hashlib.sha256(f"{release.sha256}\n{called}\n".encode())
    for table, rows in merged.items():
        stacked = _arrow(rows.reading.frame, TABLES[table])
        tables[table] = stacked.take(pa.array(rows.order)).combine_chunks()
        # Cells and not bytes: how lines end or cells are quoted makes no other overlay.
        digest.update(f"{table}\n{json.dumps(stacked.slice(rows.kept).to_pylist(), default=str)}\n".encode())
    return OverlaidRelease(
        release, called, tables, {table: rows.laid for table, rows in merged.items()}, digest.hexdigest()
    )


def _name_of(source: Path) -> str:
    """Name in the description, or of the folder."""
    import yaml

    path = source / DESCRIPTION
    try:
        document = yaml.safe_load(path.read_text("utf-8")) if path.exists() else {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise _invalid(source, [f"{DESCRIPTION}:1: file: is no YAML in UTF-8; correct it"]) from None
    if not isinstance(document, dict) or set(document) - {"name"} or not isinstance(document.get("name", ""), str):
        raise _invalid(source, [f"{DESCRIPTION}:1: name: is the only member, and a text; correct the file"])
    return str(document.get("name", source.resolve().name))


def _files(source: Path, known: tuple[str, ...]) -> list[Path]:
    """Tables in the folder; what would be passed over in silence is refused, but for notes."""
    if not source.is_dir():
        raise _invalid(source, ["folder: there is none of that name; check it"])
    entries = sorted(source.iterdir())
    visible = [path for path in entries if not path.name.startswith(".") and path.name != DESCRIPTION]
    offences = []
    for path in visible:
        if path.suffix in _READ_BY_PEOPLE and path.is_file():
            continue
        if path.suffix != ".csv" or path.stem not in known:
            names = near(path.stem, known, 1, parts=False)
            hint = f"did you mean {names[0]}.csv?" if names else "remove or rename it"
            offences.append(f"{path.name}:1: file: is no table of the data dictionary; {hint}")
        elif not path.is_file():
            offences.append(f"{path.name}:1: file: is no file; write the rows there")
    tables = [path for path in visible if path.suffix == ".csv"]
    if offences or not tables:
        raise _invalid(
            source, offences or ["file: there is no table in it; see docs/data-dictionary.md for their names"]
        )
    return tables


def _invalid(source: Path, offences: list[str]) -> ReferenceInvalidError:
    return ReferenceInvalidError(
        f"overlay {source}",
        f"{len(offences)} {'offence' if len(offences) == 1 else 'offences'}, first {offences[0]}",
        "correct the rows named; nothing was laid over the release",
        offences,
    )


@dataclass(frozen=True)
class _Merged:
    """One table of the overlay on that of the release.

    Attributes
    ----------
    reading : Reading
        Rows of the release that stay, then those of the overlay with their lines: whichever of two rows that cannot
        stand together comes second is blamed, and that is then the overlay's.
    kept : int
        How many stay.
    order : list of int
        Rows of `reading` in the order of the laid table.
    laid : Laid
    """

    reading: Reading
    kept: int
    order: list[int]
    laid: Laid


def _merged(release: Release, table: Table, path: Path) -> _Merged:
    import pandas as pd

    from scoring.reference.releases.reading import Reading, read_table

    own = read_table(path, table, {column: value for column, (_, value) in COLUMNS.get(table.name, {}).items()})
    if not own.readable:
        return _Merged(own, 0, [], Laid(0, 0, 0, frozenset()))
    stays = _typed(release, table)
    block = _BLOCKS.get(table.name, table.key)
    touched = set(_keys(own.frame, block))
    keep = [key not in touched for key in _keys(stays, block)]
    kept = sum(keep)
    place = {key: kept + row for row, key in enumerate(_keys(own.frame, table.key))}
    order, ahead = [], 0
    for key, keeps in zip(_keys(stays, table.key), keep, strict=True):
        if keeps:
            order.append(ahead)
            ahead += 1
        elif key in place:
            order.append(place[key])
    replaced = len(order) - kept
    standing = set(order)
    order += [row for row in range(kept, kept + len(own.frame)) if row not in standing]
    frame = pd.concat([stays[np.array(keep, dtype=bool)], own.frame], ignore_index=True)
    reading = Reading(
        frame.astype(own.frame.dtypes.to_dict()),
        lines=[0] * kept + own.lines,
        offences=own.offences,
        unread={(row + kept, column) for row, column in own.unread},
    )
    rows = frozenset(position for position, row in enumerate(order) if row >= kept)
    return _Merged(reading, kept, order, Laid(len(rows) - replaced, replaced, len(stays) - kept - replaced, rows))


def _keys(frame: pd.DataFrame, columns: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [tuple(row) for row in frame[list(columns)].astype(str).to_numpy().tolist()]


def _typed(release: Release, table: Table) -> pd.DataFrame:
    """Table of a release, typed as the reader types a working table."""
    from scoring.reference.releases.reading import read_table

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
    from scoring.reference.releases.reading import Reading

    return Reading(release.frame(name))


def _arrow(frame: pd.DataFrame, table: Table) -> pa.Table:
    from scoring.reference.releases.build import arrow_schema

    schema = arrow_schema(table)
    return pa.Table.from_pandas(frame, schema=schema, preserve_index=False).replace_schema_metadata(None)
