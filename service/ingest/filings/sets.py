"""Many quarters of filings as a job: every set is one partition, read once, on one machine or by workers.

What is kept of a set is the revenue of its filings and its splits; a run that was broken off goes on at the next set.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from scoring.errors import InputError
from scoring.reference.sources.sec import data_sets
from scoring.reference.sources.sec.filing import Fact, Filing

READER: Final = "sec-data-sets 2"

_SCHEMA: Final = pa.schema(
    [
        ("name", pa.string()),
        ("cik", pa.string()),
        ("registrant", pa.string()),
        ("form", pa.string()),
        ("period", pa.date32()),
        ("fiscal_year", pa.int32()),
        ("fiscal_period", pa.string()),
        ("filed", pa.date32()),
        ("tag", pa.string()),
        ("segments", pa.string()),
        ("end", pa.date32()),
        ("quarters", pa.int32()),
        ("currency", pa.string()),
        ("value", pa.string()),
    ]
)


@dataclass
class SetsJob:
    """Amounts of the filings that split revenue by China or by product, set by set.

    Attributes
    ----------
    files : tuple of (str, str)
        Path and SHA-256 of each set; workers need the same paths.
    """

    files: tuple[tuple[str, str], ...]
    keys: tuple[str, ...] = ("name", "tag", "segments", "end", "quarters")

    @classmethod
    def of(cls, paths: list[Path]) -> SetsJob:
        """Job of some zips.

        Raises
        ------
        InputError
            One cannot be read.
        """
        files = []
        for path in sorted(paths):
            try:
                with path.open("rb") as file:
                    files.append((str(path.resolve()), hashlib.file_digest(file, "sha256").hexdigest()))
            except OSError as error:
                raise InputError("FILES", f"{path} cannot be read ({error.strerror})", "check its name") from None
        return cls(tuple(files))

    def about(self) -> dict[str, Any]:
        """What the job is computed from."""
        return {"kind": READER, "sets": [{"name": Path(path).name, "sha256": digest} for path, digest in self.files]}

    def stages(self) -> list[list[str]]:
        """One partition for each set."""
        return [[f"set={Path(path).stem}-{digest[:8]}/part-1.parquet" for path, digest in self.files]]

    def tables(self, partition: str, folder: Any) -> Iterator[pa.Table]:
        """Amounts of one set."""
        path = Path(self.files[self.stages()[0].index(partition)][0])
        with path.open("rb") as file:
            rows = [row for filing in data_sets.read(path.name, file) for row in _rows(filing)]
        yield pa.Table.from_pylist(rows, schema=_SCHEMA)


def filings(folder: Path, partitions: list[str]) -> Iterator[Filing]:
    """Filings of the partitions, in the order in which they were filed within a set."""
    for partition in partitions:
        rows = pq.read_table(folder / partition, partitioning=None).to_pylist()
        for _, of_filing in groupby(rows, key=lambda row: row["name"]):
            yield _filing(list(of_filing))


def _rows(filing: Filing) -> Iterator[dict[str, Any]]:
    about = {name: value for name, value in asdict(filing).items() if name not in ("facts", "symbols", "rounded")}
    for fact in filing.facts:
        segments = "".join(f"{axis}={member};" for axis, member in fact.segments)
        yield {**about, **asdict(fact), "segments": segments, "value": str(fact.value)}


def _filing(rows: list[dict[str, Any]]) -> Filing:
    first = rows[0]
    facts = tuple(
        Fact(
            row["tag"],
            data_sets.segments_of(row["segments"]),
            row["end"],
            row["quarters"],
            row["currency"],
            Decimal(row["value"]),
        )
        for row in rows
    )
    filed: dt.date = first["filed"]
    return Filing(
        first["name"],
        first["cik"],
        first["registrant"],
        first["form"],
        first["period"],
        first["fiscal_year"],
        first["fiscal_period"],
        filed,
        (),
        facts,
        rounded=True,
    )
