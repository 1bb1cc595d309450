"""Intervals of a large universe as a job: first the draws, some at a time, then the percentiles, by block of companies.

A rank needs every company and a percentile every draw, so one stage is cut by draws and the next by companies.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from scoring.columns import INTERVAL
from scoring.errors import OutputError
from scoring.methodology import Methodology
from scoring.reference.identifiers.row import Queries
from scoring.reference.releases.release import Release
from scoring.reference.releases.store import reaching
from scoring.score.evaluation import Evaluation
from scoring.score.ranking import ranks
from scoring.score.snapshot import Snapshot
from scoring.timeseries.panel import PanelJob
from scoring.uncertainty.distributions import Points, check_draws
from scoring.uncertainty.inputs import Inputs
from scoring.uncertainty.propagate import SCORE_DRAWS, SEED, inputs_of, quantiles, scores_at, step_of
from scoring.vocabulary import DEFAULT_METHODOLOGY, Estimates

_DRAWS_OF_A_PART: Final = 64
_ASSETS: Final = 4096
_CELLS: Final = 2**24
"""Draws times assets of a block: 128 MB of doubles, however many draws are asked for."""


class IntervalsDataset:
    """Partitions of the intervals of score and rank at a date; the numbers of `scoring.uncertainty.intervals`.

    Parameters
    ----------
    release : Release
    tickers : sequence of str
    day : datetime.date
    draws, seed : int
        As in `scoring.uncertainty.intervals`; more draws fit here, as they are kept in the folder.
    methodology, scenario, estimates
        As in `scoring.timeseries.panel.PanelJob`.

    Raises
    ------
    InputError
        As for a panel, or too few or too many draws.
    """

    keys: tuple[str, ...] = ("asset",)

    def __init__(
        self,
        release: Release,
        tickers: Queries,
        day: dt.date,
        draws: int = SCORE_DRAWS,
        seed: int = SEED,
        methodology: str | Path | Methodology = DEFAULT_METHODOLOGY,
        scenario: Any = None,
        estimates: Estimates = "include",
    ) -> None:
        check_draws(draws, seed)
        self.panel = PanelJob(release, tickers, [day], methodology, scenario, ("score",), estimates)
        self.draws, self.seed = draws, seed

    def about(self) -> dict[str, Any]:
        """What the intervals are computed from."""
        asked = {"as_of": self.panel.days[0].isoformat(), "draws": self.draws, "seed": self.seed}
        return {"kind": "intervals", **self.panel.about(), **asked}

    def stages(self) -> list[list[str]]:
        """``draws/part-0001.parquet`` and so on, then ``intervals/part-0001.parquet`` and so on."""
        counts = -(-self.draws // _DRAWS_OF_A_PART), len(self._blocks())
        names = ("draws", "intervals")
        return [
            [f"{name}/part-{part:04}.parquet" for part in range(1, count + 1)]
            for name, count in zip(names, counts, strict=True)
        ]

    def tables(self, partition: str, folder: Any) -> Iterator[pa.Table]:
        """Score and rank of each draw, a block of assets after the other; or the percentiles of a block."""
        stage, part = partition.removesuffix(".parquet").split("/part-")
        return self._draw(int(part) - 1) if stage == "draws" else self._summarise(int(part) - 1, folder)

    def _draw(self, part: int) -> Iterator[pa.Table]:
        inputs, positions = self._inputs
        mine = np.searchsorted(positions, self.panel.company)
        first = part * _DRAWS_OF_A_PART
        count, step = min(_DRAWS_OF_A_PART, self.draws - first), step_of(inputs)
        score, rank = np.empty((2, count, mine.size), dtype=np.float32)
        points = Points(inputs.size, self.seed).skip(first)
        for start in range(0, count, step):
            drawn = scores_at(inputs, points.take(min(step, count - start)))
            for position, row in enumerate(drawn, start=start):
                score[position], rank[position] = row[mine], ranks(row, inputs.facts.estimated)[mine]
        score[:, self._left_out], rank[:, self._left_out] = np.nan, np.nan
        number = np.arange(first + 1, first + count + 1, dtype=np.int32)
        for block in self._blocks():
            assets = self.panel.assets[block]
            yield pa.table(
                {
                    "draw": pa.array(np.repeat(number, len(assets))),
                    "asset": pa.array(assets * count),
                    "score": pa.array(score[:, block].ravel(), from_pandas=True),
                    "rank": pa.array(rank[:, block].ravel(), from_pandas=True),
                }
            )

    def _summarise(self, part: int, folder: Any) -> Iterator[pa.Table]:
        block = self._blocks()[part]
        assets = self.panel.assets[block]
        columns: dict[str, list[np.ndarray]] = {"score": [], "rank": []}
        for name in self.stages()[0]:
            try:
                with reaching(folder), (folder / name).open("rb") as file:
                    read = pq.ParquetFile(file).read_row_group(part, columns=list(columns))
            except (OSError, pa.ArrowInvalid) as error:
                raise OutputError(
                    "output", f"{folder / name} cannot be read ({error})", "delete it and run the same command again"
                ) from None
            for column, values in columns.items():
                values.append(read.column(column).to_numpy(zero_copy_only=False).reshape(-1, len(assets)))
        score, rank = (np.concatenate(values) for values in columns.values())
        rows = np.concatenate([quantiles(score), quantiles(rank, "inverted_cdf")])
        point = np.where(self._left_out, np.nan, self._evaluation.score[self.panel.company])[block]
        yield pa.table(
            {
                "asset": pa.array(assets),
                "score": pa.array(point, from_pandas=True),
                **{name: pa.array(row, from_pandas=True) for name, row in zip(INTERVAL, rows, strict=True)},
            }
        )

    def _blocks(self) -> list[slice]:
        count, size = len(self.panel.assets), min(_ASSETS, max(1, _CELLS // self.draws))
        return [slice(start, min(start + size, count)) for start in range(0, count, size)]

    @cached_property
    def _evaluation(self) -> Evaluation:
        panel = self.panel
        return Snapshot(panel.release, panel.days[0], panel.methodology, panel.scenario).evaluation

    @cached_property
    def _left_out(self) -> np.ndarray:
        """Assets that have no numbers, see `PanelJob.left_out`."""
        return self.panel.left_out(self._evaluation.facts)[self.panel.company]

    @cached_property
    def _inputs(self) -> tuple[Inputs, np.ndarray]:
        return inputs_of(self._evaluation, self.panel.company)
