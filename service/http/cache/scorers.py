"""Scorers that are kept, since building one costs a thousand times more than asking it."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from concurrent.futures import Future
from threading import Lock
from typing import TYPE_CHECKING

from scoring.reference.releases.release import Release
from scoring.steps import stopping
from scoring.vocabulary import Estimates
from service.http import metrics
from service.http.bundled import Bundled
from service.http.cache.weight import give_back, weigh

if TYPE_CHECKING:
    from scoring.scenario import Scenario
    from scoring.scorer import Scorer

_Key = tuple[str, dt.date, str, str | None, Estimates]


class Scorers:
    """Bounded cache of scorers by all that they are made from; the least recently used goes first.

    Safe to use from many threads: a scorer that several ask for at once is built once.

    Parameters
    ----------
    size, most : int
        Scorers kept, and bytes that they may hold together; the one used last stays whatever it holds.
    """

    def __init__(self, size: int, most: int) -> None:
        self._size, self._most = size, most
        self._weights: dict[_Key, tuple[int, int]] = {}
        self._lock = Lock()
        self._kept: OrderedDict[_Key, Future[Scorer]] = OrderedDict()

    def ready(
        self,
        release: Release,
        as_of: dt.date,
        methodology: Bundled,
        scenario: Scenario | None = None,
        estimates: Estimates = "include",
    ) -> Scorer | None:
        """Scorer of these arguments if it is there already, None if it must be built."""
        key = _key(release, as_of, methodology, scenario, estimates)
        kept = self._kept.get(key)
        if kept is None or not kept.done():
            return None
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
        metrics.SCORER_HITS.inc()
        return kept.result()

    def weigh(self) -> None:
        """Weigh what has grown since, and let the least recently used go while all hold too much.

        A scorer keeps what it was asked for, such as the revenue at risk of every company, for the next one who asks.
        """
        self._weigh_grown()
        if self._let_go():
            give_back()

    def _weigh_grown(self) -> None:
        with self._lock:
            there = {key: kept.result() for key, kept in self._kept.items() if kept.done() and not kept.exception()}
        for key, scorer in there.items():
            parts = _parts(scorer)
            if self._weights.get(key, (0, 0))[0] != parts:
                self._weights[key] = parts, weigh((scorer,))

    def _let_go(self) -> bool:
        """Whether any was let go."""
        with self._lock:
            self._weights = {key: self._weights[key] for key in self._kept if key in self._weights}
            held, before = sum(size for _, size in self._weights.values()), len(self._kept)
            while held > self._most and len(self._kept) > 1:
                key, _ = self._kept.popitem(last=False)
                held -= self._weights.pop(key, (0, 0))[1]
            metrics.SCORERS.set(len(self._kept))
            metrics.SCORER_BYTES.set(held)
            return len(self._kept) < before

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
            if future is not None:
                self._kept.move_to_end(key)
            else:
                future = self._kept[key] = Future()
                if len(self._kept) > self._size:
                    self._kept.popitem(last=False)
                metrics.SCORERS.set(len(self._kept))
        if not is_mine:
            metrics.SCORER_HITS.inc()
            return future.result()
        metrics.SCORER_MISSES.inc()
        try:
            # Others may wait for it, so it is built to the end even if who asked first has left.
            with metrics.SCORER_BUILD.time(), stopping(_go_on):
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


def _go_on() -> None:
    """Nothing stops what several wait for."""


def _parts(scorer: Scorer) -> int:
    """How many things a scorer holds that it was asked for: its weight is another when there are more."""
    asked = (len(value) if isinstance(value, OrderedDict) else 1 for value in vars(scorer).values())
    return sum(asked) + len(vars(scorer.evaluation))


def _key(
    release: Release, as_of: dt.date, methodology: Bundled, scenario: Scenario | None, estimates: Estimates
) -> _Key:
    # Rows name the scenario, so two names for the same changes are two scorers.
    what_if = None if scenario is None else f"{scenario.scenario_id} {scenario.sha256}"
    return release.sha256, as_of, methodology.sha256, what_if, estimates
