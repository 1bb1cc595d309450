"""A synthetic universe: as many companies as wanted, made from a seed, in the tables of a release.

`SyntheticRelease` answers as `scoring.Release` does, so facts are compiled from it by the real code.
No row is a fact of the world: it is for measuring, and never leaves the benchmarks.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any, Final

import numpy as np
import pyarrow as pa

from benchmarks.synthetic import acts, firms, parties
from benchmarks.synthetic.axes import LAST_AS_OF, Axes
from scoring.reference.labels import Labels
from scoring.reference.releases import neutral
from scoring.reference.releases.arrow import Columns
from scoring.reference.releases.release import open_release

AS_OF: Final = "2026-06-30"
"""Date at which the benchmarks score the universe."""

COMPANIES: Final = 50_000


class SyntheticRelease:
    """Tables made from a seed, with the schemas of the bundled release.

    Parameters
    ----------
    companies : int
    seed : int
        Same seed and sizes, same tables.
    years : int
        Fiscal years of revenue and segments of each company, the latest ending in 2025.
    families, minerals, countries : int
        Product families, minerals, and countries in which companies are at home.
    customers : bool
        Whether companies name customers.

    Attributes
    ----------
    version, sha256 : str
        Name of the universe and the hash of what it was made from.
    last_as_of, created : datetime.date
    """

    def __init__(
        self,
        companies: int = COMPANIES,
        seed: int = 20260731,
        years: int = 3,
        families: int = 100,
        minerals: int = 40,
        countries: int = 30,
        customers: bool = True,
    ) -> None:
        made_from = f"companies={companies} seed={seed} years={years} {families=} {minerals=} {countries=} {customers=}"
        self.version = f"synthetic-{companies}"
        self.sha256 = hashlib.sha256(made_from.encode()).hexdigest()
        self.last_as_of = self.created = dt.date.fromisoformat(LAST_AS_OF)
        self.parent: str | None = None
        random = np.random.default_rng(seed)
        axes = Axes.of(companies, families, minerals, countries, years, random)
        bundled = open_release()
        made = {
            **firms.tables(axes, random),
            **acts.tables(axes, random),
            **parties.tables(axes, random),
            "sources": {
                "source_id": ["synthetic"],
                "title": ["Synthetic"],
                "url": ["about:blank"],
                "kind": ["dataset"],
            },
        }
        if not customers:
            del made["customers"]
        self.labels = Labels(self.columns)
        # A table that nothing was made for is there, with no row.
        self._tables = {name: _table(name, made.get(name, {}), bundled.table(name).schema) for name in bundled.names}
        self._columns: dict[str, Columns] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the tables."""
        return tuple(self._tables)

    @property
    def source_index(self) -> dict[str, int]:
        """Row of each source_id."""
        return {"synthetic": 0}

    def table(self, name: str) -> pa.Table:
        """Arrow table `name`."""
        return self._tables[name]

    def columns(self, name: str) -> Columns:
        """Columns of table `name` as arrays."""
        if name not in self._columns:
            self._columns[name] = Columns(self._tables[name])
        return self._columns[name]

    def parts(self, name: str, column: str) -> list[Any]:
        """Least value of a column in each part of table `name`: one part, none if it is empty."""
        # One vintage of estimates: all that the panels of years are asked for is disclosed.
        return [self.columns(name)[column].min()] if self._tables[name].num_rows else []

    def part(self, name: str, number: int) -> Columns:
        """Columns of one part of table `name`."""
        return self.columns(name)

    def frame(self, name: str) -> Any:
        """Table `name` as a pandas DataFrame."""
        return self._tables[name].to_pandas()

    def row(self, name: str, index: int) -> dict[str, Any]:
        """One row of table `name` as plain Python values."""
        row: dict[str, Any] = self._tables[name].slice(index, 1).to_pylist()[0]
        return row


def _table(name: str, columns: dict[str, Any], schema: pa.Schema) -> pa.Table:
    """Arrow table of a schema; a column that is not given is empty, or says what it does in releases without it."""
    unknown = set(columns) - set(schema.names)
    if unknown:
        raise ValueError(f"{sorted(unknown)[0]} is no column of that table")
    length = len(next(iter(columns.values()), []))
    without = {
        **{column: value for column, (_, value) in neutral.COLUMNS.get(name, {}).items()},
        "source_id": "synthetic",
    }
    arrays = []
    for field in schema:
        if field.name in columns:
            arrays.append(_array(columns[field.name], field.type))
        else:
            arrays.append(pa.array([without.get(field.name)] * length, field.type))
    return pa.Table.from_arrays(arrays, schema=schema)


def _array(values: Any, kind: pa.DataType) -> pa.Array:
    """Arrow array in which NaN is empty, as in a release."""
    values = np.asarray(values)
    if values.dtype.kind == "M":
        return pa.array(values.astype("datetime64[D]")).cast(kind)
    if values.dtype.kind in "OUb":
        return pa.array(values.tolist(), kind)
    return pa.array(values, mask=np.isnan(values) if values.dtype.kind == "f" else None).cast(kind)
