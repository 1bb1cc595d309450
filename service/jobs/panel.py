"""A panel as a job: half a year of days is a partition."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa

from scoring.timeseries.panel import PanelJob

_MONTHS: Final = 6
"""Months of a partition: years cannot be shared evenly, and every partition compiles the facts of its first day."""


class PanelDataset:
    """Partitions of a panel.

    Parameters
    ----------
    job : PanelJob
    """

    keys: tuple[str, ...] = ("date", "asset")

    def __init__(self, job: PanelJob) -> None:
        self.job = job

    def about(self) -> dict[str, Any]:
        """What the panel is computed from."""
        days = [day.isoformat() for day in self.job.days]
        return {"kind": "panel", **self.job.about(), "columns": list(self.job.columns), "days": days}

    def stages(self) -> list[list[str]]:
        """One stage, ``year=2024/part-1.parquet`` and so on."""
        return [list(self._days())]

    def tables(self, partition: str, folder: Any) -> Iterator[pa.Table]:
        """Rows of a partition, by date and then by asset."""
        part = copy.copy(self.job)
        part.days = self._days()[partition]
        assets = pa.array(part.assets)
        tables = []
        for days, columns in part.parts():
            date = np.repeat(np.array(days, dtype="datetime64[D]"), len(part.assets))
            asset = pa.concat_arrays([assets] * len(days))
            values = {name: pa.array(column.ravel(), from_pandas=True) for name, column in columns.items()}
            tables.append(pa.table({"date": pa.array(date), "asset": asset, **values}))
        yield pa.concat_tables(tables)

    def _days(self) -> dict[str, list[Any]]:
        days: dict[str, list[Any]] = {}
        for day in self.job.days:
            part = (day.month - 1) // _MONTHS + 1
            days.setdefault(f"year={day.year}/part-{part}.parquet", []).append(day)
        return days
