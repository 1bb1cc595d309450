"""A job: what it is computed from, the partitions it consists of, and each partition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import pyarrow as pa


class Job(Protocol):
    """Work that is written as a dataset of Parquet partitions.

    A partition depends on the job alone and on those of the stages before its own, so its bytes are the same wherever
    and in whatever order partitions are computed. A job can be pickled; what it computes once it keeps for its next
    partition.

    Attributes
    ----------
    keys : tuple of str
        Columns that the rows of the result are sorted by and identified with.
    """

    keys: tuple[str, ...]

    def about(self) -> dict[str, Any]:
        """What the job is computed from: two jobs are the same if this is equal."""
        ...

    def stages(self) -> list[list[str]]:
        """Partitions as paths in the folder, by stage; those of the last stage are the result."""
        ...

    def tables(self, partition: str, folder: Any) -> Iterator[pa.Table]:
        """Row groups of a partition; `folder` holds the stages before."""
        ...
