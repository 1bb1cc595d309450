"""Scorers that are kept, since building one costs a thousand times more than asking it."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from concurrent.futures import Future
from threading import Lock
from typing import TYPE_CHECKING

import anyio.to_thread

from scoring.reference.releases.release import Release
from scoring.vocabulary import Estimates
from service.http import metrics
from service.http.bundled import Bundled

if TYPE_CHECKING:
    from scoring.scenario import Scenario
    from scoring.scorer import Scorer

_Key = tuple[str, dt.date, str, str | None, Estimates]


class Scorers:
    """Bounded cache of scorers by all that they are made from; the least recently used goes first.

    Safe to use from many threads: a scorer that several ask for at once is built once.

    Parameters
    ----------
    size : int
        Scorers kept.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = Lock()
        self._kept: OrderedDict[_Key, Future[Scorer]] = OrderedDict()

    async def get(
        self,
        release: Release,
        as_of: dt.date,
        methodology: Bundled,
        scenario: Scenario | None = None,
        estimates: Estimates = "include",
    ) -> Scorer:
        """Scorer of these arguments; built off the event loop if it is not there yet."""
        key = _key(release, as_of, methodology, scenario, estimates)
        kept = self._kept.get(key)
        if kept is not None and kept.done():
            with self._lock:
                if key in self._kept:
                    self._kept.move_to_end(key)
            metrics.SCORER_HITS.inc()
            return kept.result()
        return await anyio.to_thread.run_sync(self.build, release, as_of, methodology, scenario, estimates)

    def build(
        self,
        release: Release,
        as_of: dt.date,
        methodology: Bundled,
        scenario: Scenario | None = None,
        estimates: Estimates = "include",
    ) -> Scorer:
        """Scorer of these arguments, from the calling thread."""
        key = _key(release, as_of, methodology, scenario, estimates)
        with self._lock:
            future = self._kept.get(key)
            is_mine = future is None
            if future is None:
                future = self._kept[key] = Future()
                if len(self._kept) > self._size:
                    self._kept.popitem(last=False)
                metrics.SCORERS.set(len(self._kept))
        if not is_mine:
            metrics.SCORER_HITS.inc()
            return future.result()
        metrics.SCORER_MISSES.inc()
        try:
            with metrics.SCORER_BUILD.time():
                from scoring.scorer import Scorer

                scorer = Scorer(release, as_of, methodology.document, scenario, estimates)
                scorer.columns([])  # what is computed on first use is computed here, off the event loop
                future.set_result(scorer)
        except BaseException as error:
            with self._lock:
                self._kept.pop(key, None)
            future.set_exception(error)
            raise
        return scorer


def _key(
    release: Release, as_of: dt.date, methodology: Bundled, scenario: Scenario | None, estimates: Estimates
) -> _Key:
    # Rows name the scenario, so two names for the same changes are two scorers.
    what_if = None if scenario is None else f"{scenario.scenario_id} {scenario.sha256}"
    return release.sha256, as_of, methodology.sha256, what_if, estimates
