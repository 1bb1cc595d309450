"""Many scenarios on many days as a job: some scenarios on a day are a partition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from scoring.errors import InputError
from scoring.facts.facts import Facts
from scoring.methodology import Methodology
from scoring.reference.identifiers.row import Queries
from scoring.reference.releases.release import Release
from scoring.scenario import Scenario, apply
from scoring.score.evaluation import evaluate
from scoring.score.sweep import PAYS, sweep_scenarios
from scoring.timeseries.panel import PanelJob
from scoring.vocabulary import DEFAULT_METHODOLOGY, Estimates

_SCENARIOS: Final = 64
"""Scenarios of a partition: their scores for 60,000 companies are 31 MB."""


class SweepDataset:
    """Partitions of a sweep: the score of every asset on every day under every scenario, each on its own.

    Parameters
    ----------
    release : Release
    tickers : sequence of str
    days : sequence of datetime.date
        In order, each once.
    scenarios : sequence of Scenario
    methodology : str, Path or Methodology
    estimates : {"include", "exclude", "only"}
        As in `scoring.timeseries.panel.PanelJob`.

    Raises
    ------
    InputError
        As for a panel, or no scenario is given, or one twice.
    ScenarioInvalidError
        A scenario names what the release or the methodology does not have.
    """

    keys: tuple[str, ...] = ("date", "scenario", "asset")

    def __init__(
        self,
        release: Release,
        tickers: Queries,
        days: Sequence[dt.date],
        scenarios: Sequence[Scenario],
        methodology: str | Path | Methodology = DEFAULT_METHODOLOGY,
        estimates: Estimates = "include",
    ) -> None:
        self.panel = PanelJob(release, tickers, days, methodology, columns=("score",), estimates=estimates)
        self.scenarios = list(scenarios)
        names = [scenario.scenario_id for scenario in self.scenarios]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice or not names:
            problem = f"{twice[0]!r} is given twice" if twice else "none is given"
            raise InputError("scenarios", problem, "give each once; `exposure scenario list` shows the library")
        self._known: tuple[dt.date, Facts] | None = None
        for scenario in self.scenarios:  # what cannot be applied is refused before anything is written
            apply(scenario, self._facts(self.panel.days[-1]), self.panel.methodology)
        # The job as a whole decides, so that no number depends on how it is cut or where a partition is computed.
        companies = release.columns("companies")["company_id"].size
        self._compiled = companies * len(self.panel.days) * len(self.scenarios) >= PAYS

    def about(self) -> dict[str, Any]:
        """What the sweep is computed from."""
        scenarios = {scenario.scenario_id: scenario.sha256 for scenario in self.scenarios}
        days = [day.isoformat() for day in self.panel.days]
        return {"kind": "sweep", **self.panel.about(), "scenarios": scenarios, "days": days}

    def stages(self) -> list[list[str]]:
        """One stage, ``date=2024-09-02/part-0001.parquet`` and so on."""
        blocks = range(1, -(-len(self.scenarios) // _SCENARIOS) + 1)
        return [[f"date={day}/part-{block:04}.parquet" for day in self.panel.days for block in blocks]]

    def tables(self, partition: str, folder: Any) -> Iterator[pa.Table]:
        """Rows of a partition, by scenario and then by asset, with the change from the score without a scenario."""
        where, part = partition.removeprefix("date=").removesuffix(".parquet").split("/part-")
        day, first = dt.date.fromisoformat(where), (int(part) - 1) * _SCENARIOS
        scenarios = self.scenarios[first : first + _SCENARIOS]
        facts, methodology, mine = self._facts(day), self.panel.methodology, self.panel.company
        base = np.where(self.panel.left_out(facts), np.nan, evaluate(facts, methodology).score)[mine]
        scores = sweep_scenarios(facts, methodology, scenarios, compiled=self._compiled)[:, mine]
        scores[:, self.panel.left_out(facts)[mine]] = np.nan
        names = pa.array([scenario.scenario_id for scenario in scenarios])
        rows = pa.array(np.repeat(np.arange(len(scenarios), dtype=np.int32), mine.size))
        yield pa.table(
            {
                "date": pa.array(np.full(scores.size, np.datetime64(day, "D"))),
                "scenario": names.take(rows),
                "asset": pa.concat_arrays([pa.array(self.panel.assets)] * len(scenarios)),
                "score": pa.array(scores.ravel(), from_pandas=True),
                "change": pa.array((scores - base).ravel(), from_pandas=True),
            }
        )

    def _facts(self, day: dt.date) -> Facts:
        """Facts of a day, kept for the next partition of the same day."""
        if self._known is None or self._known[0] != day:
            self._known = day, self.panel.methodology.facts(self.panel.release, day)
        return self._known[1]
