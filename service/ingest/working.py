"""The working tables as cells: looked up, and changed all at once, checked before anything is written."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from scoring.errors import InputError, OutputError, ReferenceInvalidError
from scoring.reference.tables import TABLES
from service.files import write_output

Cells = dict[str, str]
"""A row as it stands in a file, by column; an empty cell is empty text."""

LOCK: Final = ".lock"


class WorkingTables:
    """Rows of a folder of working tables, as text.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    InputError
        On the first use of a table that cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._rows: dict[str, list[Cells]] = {}
        self._keys: dict[str, dict[tuple[str, ...], Cells]] = {}
        self._grouped: dict[str, dict[str, list[Cells]]] = {}

    def rows(self, table: str) -> list[Cells]:
        """Rows of a table, in file order."""
        if table not in self._rows:
            path = self.folder / f"{table}.csv"
            if TABLES[table].optional and not path.exists():
                self._rows[table] = []
                return []
            try:
                with path.open(newline="", encoding="utf-8") as file:
                    read = csv.DictReader(file)
                    rows = [dict(row) for row in read]
            except (OSError, UnicodeDecodeError) as error:
                raise InputError(
                    "--reference", f"{path} cannot be read ({error})", "name the folder of the working tables"
                ) from None
            header, lacking = list(read.fieldnames or []), TABLES[table].may_lack
            if header != [column for column in TABLES[table].columns if column in header or column not in lacking]:
                raise InputError(
                    "--reference", f"{path} is no table {table}", "see `exposure release build` for its offences"
                )
            absent = dict.fromkeys((column for column in lacking if column not in header), "")
            self._rows[table] = [row | absent for row in rows] if absent else rows
        return self._rows[table]

    def find(self, table: str, key: tuple[str, ...]) -> Cells | None:
        """Row of a table with a key."""
        if table not in self._keys:
            columns = TABLES[table].key
            self._keys[table] = {tuple(row[column] for column in columns): row for row in self.rows(table)}
        return self._keys[table].get(key)

    def add(self, table: str, row: Cells) -> None:
        """Know a row that is not in the file: what is proposed next is compared with it."""
        self.find(table, ())
        self._keys[table][key_of(table, row)] = row

    @cached_property
    def revenue_of(self) -> dict[str, list[Cells]]:
        """Rows of `revenue` by company."""
        return self._by_company("revenue")

    def of_company(self, table: str, company: str) -> list[Cells]:
        """Rows of a table about one company, in file order."""
        if table not in self._grouped:
            self._grouped[table] = self._by_company(table)
        return self._grouped[table].get(company, [])

    def _by_company(self, table: str) -> dict[str, list[Cells]]:
        by_company: dict[str, list[Cells]] = {}
        for row in self.rows(table):
            by_company.setdefault(row["company_id"], []).append(row)
        return by_company


def key_of(table: str, row: Mapping[str, str]) -> tuple[str, ...]:
    """Cells of a row that are its key."""
    return tuple(row[column] for column in TABLES[table].key)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Be the only one who changes a folder; the lock of a process that was killed is free again.

    Raises
    ------
    InputError
        Somebody else is at it.
    """
    try:
        with FileLock(folder / LOCK, timeout=0):
            yield
    except Timeout:
        raise InputError(str(folder), "is being reviewed by somebody else", "wait until they are done") from None
    except OSError as error:
        raise OutputError(
            str(folder), f"cannot be written ({error.strerror})", "choose a folder that you can write"
        ) from None


def write_rows(folder: Path, changes: Mapping[str, Mapping[tuple[str, ...], Cells]]) -> dict[str, int]:
    """Put rows into the working tables, by key: new ones at their place, others instead of what was there.

    The tables that this gives are checked as a build checks them before one of them is written, `sources` first, so
    that a process which is killed leaves tables that are whole and fit each other; doing it again completes it.

    Parameters
    ----------
    folder : Path
    changes : mapping of str to mapping of tuple to cells
        Rows by table and key.

    Returns
    -------
    dict of str to int
        Rows that are new or other than before, by table.

    Raises
    ------
    ReferenceInvalidError
        With the rows the tables would break the data dictionary; nothing was written.
    OutputError
        A table cannot be written.
    """
    tables = WorkingTables(folder)
    texts: dict[str, bytes] = {}
    counts: dict[str, int] = {}
    for table in sorted(changes, key=lambda name: list(TABLES).index(name)):
        merged, count = _merged(table, tables.rows(table), changes[table])
        if count:
            texts[table], counts[table] = _text(table, merged), count
    if texts:
        _check(folder, texts)
    for table, data in texts.items():
        write_output(folder / f"{table}.csv", data, "--reference", "choose a folder that you can write")
    return counts


def _merged(table: str, rows: list[Cells], changes: Mapping[tuple[str, ...], Cells]) -> tuple[list[Cells], int]:
    keys = [key_of(table, row) for row in rows]
    there = dict(zip(keys, rows, strict=True))
    count = sum(there.get(key) != row for key, row in changes.items())
    merged = [changes.get(key, row) for key, row in there.items()]
    new = [row for key, row in changes.items() if key not in there]
    if keys == sorted(keys):
        return sorted([*merged, *new], key=lambda row: key_of(table, row)), count
    return _placed(table, merged, new), count


def _placed(table: str, rows: list[Cells], new: list[Cells]) -> list[Cells]:
    """New rows after the last one that shares the first cell of their key, else at the end."""
    first = TABLES[table].key[0]
    for row in new:
        places = [i for i, other in enumerate(rows) if other[first] == row[first]]
        rows.insert(places[-1] + 1 if places else len(rows), row)
    return rows


def _text(table: str, rows: list[Cells]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(TABLES[table].columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _check(folder: Path, texts: Mapping[str, bytes]) -> None:
    """Check the tables as they would be."""
    from scoring.reference.releases.validate import validate  # imported here: checking tables is slow to import

    with tempfile.TemporaryDirectory(prefix="exposure-") as name:
        draft = Path(name)
        for path in folder.glob("*.csv"):
            shutil.copyfile(path, draft / path.name)
        for table, data in texts.items():
            (draft / f"{table}.csv").write_bytes(data)
        try:
            validate(draft)
        except ReferenceInvalidError as error:
            raise ReferenceInvalidError(
                str(folder),
                f"would have {error.problem}",
                "reject the row, or correct the table first; nothing was written",
                error.offences,
            ) from None
