"""What every test may use: the newest release that comes with the package, scorers of it, and altered releases."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, settings

from scoring.data import data_directory
from scoring.reference.labels import Labels
from scoring.reference.releases.build import build_release
from scoring.reference.releases.release import Release, open_release
from scoring.scorer import Scorer

# The same examples on every run, and no limit of time on any of them.
settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    database=None,
    # Without the phase that explains a failure: it traces every line, which takes minutes here.
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("repeatable")

RELEASE, METHODOLOGY = "2026.11.1", "2026.1"


class AlteredRelease:
    """A release with some tables changed in memory; everything else is that of the release it stands on.

    Parameters
    ----------
    base : Release or AlteredRelease
    add : dict of str to list of dict, optional
        Rows to append, by table. Values a row does not give are those of the table's first row, and
        everything a row gives is converted to the type of its column.
    set : dict of str to callable, optional
        Table -> function of the table's rows (a list of dicts) that returns the rows to use instead.
    """

    def __init__(self, base: Any, add: dict[str, list[dict]] | None = None, set: dict[str, Any] | None = None) -> None:
        self.base = base
        self.version, self.last_as_of, self.sha256 = base.version, base.last_as_of, base.sha256
        self.source_index = base.source_index
        self.names = base.names
        self._tables: dict[str, pa.Table] = {}
        for name in {**(add or {}), **(set or {})}:
            table = base.table(name)
            rows = table.to_pylist()
            rows = set[name](rows) if set and name in set else rows
            rows += [{**table.slice(0, 1).to_pylist()[0], **row} for row in (add or {}).get(name, [])]
            self._tables[name] = pa.Table.from_pylist(rows, schema=table.schema)
        self._columns: dict[str, dict[str, np.ndarray]] = {}
        self.labels = Labels(self.columns)

    def table(self, name: str) -> pa.Table:
        return self._tables[name] if name in self._tables else self.base.table(name)

    def columns(self, name: str) -> dict[str, np.ndarray]:
        if name not in self._tables:
            return self.base.columns(name)
        if name not in self._columns:
            table = self._tables[name]
            self._columns[name] = {c: table.column(c).to_numpy(zero_copy_only=False) for c in table.column_names}
            for column in self._columns[name].values():
                column.setflags(write=False)
        return self._columns[name]

    def parts(self, name: str, column: str) -> list[Any]:
        return self.base.parts(name, column)

    def part(self, name: str, number: int) -> Any:
        return self.base.part(name, number)

    def origin(self, table: str, row: int) -> str:
        return "release"

    def row(self, name: str, index: int) -> dict[str, Any]:
        return self.table(name).slice(index, 1).to_pylist()[0]


@pytest.fixture(scope="session")
def release() -> Release:
    """The release that the tests' numbers belong to."""
    return open_release(RELEASE)


@pytest.fixture(scope="session")
def universe(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The working tables as a release, with every listed company."""
    return build_release(
        data_directory() / "reference", tmp_path_factory.mktemp("universe"), "2026.12.0", dt.date(2026, 12, 1), None
    )


@pytest.fixture(scope="session")
def scorer_at(release):
    """Scorer of the release at a date under the methodology of its time, made once per date."""

    @cache
    def at(as_of: str | dt.date) -> Scorer:
        return Scorer(release, as_of, METHODOLOGY)

    return at


@pytest.fixture(scope="session")
def altered():
    """The class `AlteredRelease`."""
    return AlteredRelease
