"""Working tables to take files into."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from scoring.data import data_directory
from scoring.reference.tables import TABLES


class Working:
    """A copy of the working tables, and a folder of proposals beside it."""

    def __init__(self, folder: Path) -> None:
        self.reference, self.proposals = folder / "reference", folder / "proposals"
        shutil.copytree(data_directory() / "reference", self.reference)

    def rows(self, table: str) -> list[dict[str, str]]:
        with (self.reference / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def write(self, table: str, rows: list[dict[str, str]]) -> None:
        with (self.reference / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(TABLES[table].columns), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    def without(self, table: str, **cells: str) -> list[dict[str, str]]:
        """Remove the rows with these cells; they are returned."""
        rows = self.rows(table)
        gone = [row for row in rows if all(row[column] == value for column, value in cells.items())]
        self.write(table, [row for row in rows if row not in gone])
        return gone

    def bytes(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.reference.glob("*.csv")}


@pytest.fixture
def working(tmp_path: Path) -> Working:
    return Working(tmp_path)
