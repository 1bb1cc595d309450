"""Check the working tables against the data dictionary, and name every offence at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from scoring.errors import ReferenceInvalidError
from scoring.reference.releases.reading import Offence, Reading, read_table
from scoring.reference.tables import TABLES, Reference, Table, plain


def validate(source: Path) -> dict[str, pd.DataFrame]:
    """Read and check the working tables.

    Parameters
    ----------
    source : Path
        Folder with one ``<table>.csv`` per table of the data dictionary.

    Returns
    -------
    dict of str to DataFrame
        Typed frames by table name: text, float64, Int64, boolean, datetime64[s]; an empty cell is missing.

    Raises
    ------
    ReferenceInvalidError
        With every offence of all tables in `offences`, as ``file:line: column: problem; fix``.
    """
    readings = {name: read_table(source / f"{name}.csv", table) for name, table in TABLES.items()}
    offences = [offence for reading in readings.values() for offence in reading.offences]
    offences += [
        Offence(path.name, 1, "file", "is no table of the data dictionary; remove or rename it")
        for path in sorted(source.glob("*.csv"))
        if path.stem not in TABLES
    ]
    for name, reading in readings.items():
        if reading.readable:
            offences += schema_offences(TABLES[name], reading)
            offences += reference_offences(TABLES[name], readings)
    if offences:
        lines = [str(offence) for offence in sorted(set(offences))]
        raise ReferenceInvalidError(
            str(source),
            f"{len(lines)} {'offence' if len(lines) == 1 else 'offences'}, first {lines[0]}",
            "correct the rows named and build again",
            lines,
        )
    return {name: reading.frame for name, reading in readings.items()}


def schema_offences(table: Table, reading: Reading) -> list[Offence]:
    """What the pandera schema refuses, with the line of each row."""
    try:
        table.schema.validate(reading.frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        return [offence for error in errors.schema_errors for offence in _offences_of(table, reading, error)]
    return []


def _offences_of(table: Table, reading: Reading, error: pa.errors.SchemaError) -> list[Offence]:
    """One pandera error as one offence per row, but for rows it blames for a cell that could not be read."""
    file = f"{table.name}.csv"
    rows = _rows_of(error)
    if not rows:
        # Nothing the schema refuses may pass for want of a row to name.
        return [Offence(file, 1, "table", f"breaks its schema ({str(error).splitlines()[0]}); correct it")]
    offences = []
    for row in rows:
        cells, problem = _blame(table, reading, error, row)
        if not any((row, cell) in reading.unread for cell in cells):
            offences.append(Offence(file, reading.lines[row], cells[0], problem))
    return offences


def _blame(table: Table, reading: Reading, error: pa.errors.SchemaError, row: int) -> tuple[tuple[str, ...], str]:
    """Columns behind an offence, the one to name first, and what is wrong with them."""
    frame = reading.frame
    check = error.check.name if isinstance(error.check, pa.Check) else str(error.check)
    for rule in table.rules:
        if check == rule.name:
            return rule.columns, f"{rule.shown(frame, row)} {rule.error}"
    if error.reason_code == pa.errors.SchemaErrorReason.DUPLICATES:
        key = [plain(frame[column].iloc[row]) for column in table.key]
        keys = zip(*(frame[column].map(plain) for column in table.key), strict=True)
        first = list(keys).index(tuple(key))
        return table.key, f"({', '.join(key)}) repeats the key of line {reading.lines[first]}; remove one of them"
    column = str(error.schema.name)
    if check == "not_nullable":
        return (column,), "is empty; fill it"
    return (column,), f"{plain(frame[column].iloc[row])} {error.check.error}"


def _rows_of(error: pa.errors.SchemaError) -> list[int]:
    """Rows that broke the check; none where the check is about a column as a whole, or failed itself."""
    cases = error.failure_cases
    if not isinstance(cases, pd.DataFrame):
        return []
    return sorted(set(cases["index"].dropna().astype(int).tolist()))


def reference_offences(table: Table, readings: Mapping[str, Reading]) -> list[Offence]:
    """Cells that refer to nothing; a table that cannot be read is not blamed on those who refer to it."""
    reading = readings[table.name]
    offences = []
    for reference in table.references:
        target = readings[reference.table]
        if not target.readable:
            continue
        for row in _dangling(reading.frame, reference, target.frame):
            if not any((row, column) in reading.unread for column in reference.columns):
                value = ", ".join(plain(reading.frame[column].iloc[row]) for column in reference.columns)
                problem = f"{value} is not in {reference.table}.csv; add it there or correct it here"
                offences.append(Offence(f"{table.name}.csv", reading.lines[row], reference.columns[0], problem))
    return offences


def _dangling(frame: pd.DataFrame, reference: Reference, target: pd.DataFrame) -> list[int]:
    cells, known = frame[list(reference.columns)], target[list(reference.targets)].dropna()
    if len(reference.columns) == 1:
        there = cells.iloc[:, 0].isin(known.iloc[:, 0])
    else:
        there = pd.Series(pd.MultiIndex.from_frame(cells).isin(pd.MultiIndex.from_frame(known)), index=frame.index)
    broken = cells.notna().all(axis=1) & ~there
    if reference.where is not None:
        column, value = reference.where
        broken &= (frame[column] == value).fillna(False)
    return broken.to_numpy(dtype=bool).nonzero()[0].tolist()
