"""A panel of events as a job: a year of announcements is a partition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from scoring.acts.panel import EventPanelJob
from scoring.columns import EVENT
from service.formats.encode import arrow_table


class EventsDataset:
    """Partitions of a panel of events.

    Parameters
    ----------
    job : EventPanelJob
    """

    keys: tuple[str, ...] = ("act", "query")

    def __init__(self, job: EventPanelJob) -> None:
        self.job = job

    def about(self) -> dict[str, Any]:
        """What the panel is computed from."""
        return {"kind": "events", **self.job.about(), "columns": list(EVENT)}

    def stages(self) -> list[list[str]]:
        """One stage, ``year=2024/part-1.parquet`` and so on."""
        return [[_partition(year) for year in self.job.years()]]

    def tables(self, partition: str, folder: Any) -> Iterator[pa.Table]:
        """Rows of a partition, by announcement and then by asset."""
        acts = {_partition(year): acts for year, acts in self.job.years().items()}[partition]
        yield arrow_table(self.job.columns(acts))


def _partition(year: int) -> str:
    return f"year={year}/part-1.parquet"
