"""A panel of events: what every act of a range of days adds to some companies, each as known the day before."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scoring.acts.act import Act, every_act
from scoring.acts.history import event_rows
from scoring.errors import InputError
from scoring.methodology import Methodology, load_methodology
from scoring.reference.identifiers.resolver import Resolver
from scoring.reference.identifiers.row import Queries, as_queries
from scoring.reference.releases.release import Release
from scoring.vocabulary import DEFAULT_METHODOLOGY

if TYPE_CHECKING:
    from scoring.score.snapshot import Columns


class EventPanelJob:
    """What a panel of events is computed from; the same job gives the same numbers, whole or in parts.

    Parameters
    ----------
    release : Release
    tickers : sequence of str or Row
        Identifiers; each is an asset of the panel.
    start, end : datetime.date, optional
        First and last day of announcement. Default: all that the release has.
    methodology : str, Path or Methodology

    Attributes
    ----------
    acts : list of Act
        In the order of announcement.
    assets, unresolved : list of str
        Tickers that name a company, and those that do not.

    Raises
    ------
    InputError
        No ticker resolves, a ticker is given twice, or no act was announced in the range.
    """

    def __init__(
        self,
        release: Release,
        tickers: Queries,
        start: dt.date | None = None,
        end: dt.date | None = None,
        methodology: str | Path | Methodology = DEFAULT_METHODOLOGY,
    ) -> None:
        self.release, self.methodology = release, load_methodology(methodology)
        self.acts = [act for act in every_act(release) if (start or _day(act)) <= _day(act) <= (end or _day(act))]
        if not self.acts:
            raise InputError("start", f"no act was announced from {start} to {end}", "choose a wider range")
        queries = as_queries(tickers)
        twice = [query for query, count in Counter(queries).items() if count > 1]
        if twice:
            raise InputError("tickers", f"{str(twice[0])!r} is given twice", "an asset may be in a panel once")
        matches = Resolver(release).resolve_many(queries)
        self.unresolved = [match.query for match in matches if match.company < 0]
        self.matches = [match for match in matches if match.company >= 0]
        if not self.matches:
            raise InputError("tickers", "none of them names a company", "see `exposure score` for the nearest names")
        self.assets = [match.query for match in self.matches]

    def about(self) -> dict[str, Any]:
        """What the numbers rest on: two jobs are the same if this is equal."""
        return {
            "release": self.release.version,
            "release_sha256": self.release.sha256,
            "methodology": self.methodology.version,
            "methodology_sha256": self.methodology.sha256,
            "acts": [act.act_id for act in self.acts],
            "assets": self.assets,
            "unresolved": self.unresolved,
        }

    def years(self) -> dict[int, list[Act]]:
        """The acts by year of announcement."""
        years: dict[int, list[Act]] = {}
        for act in self.acts:
            years.setdefault(_day(act).year, []).append(act)
        return years

    def columns(self, acts: Sequence[Act]) -> Columns:
        """Rows of some of its acts: `scoring.columns.EVENT`, by act and then in the order of the assets."""
        return event_rows(self.release, acts, self.matches, self.methodology)


def _day(act: Act) -> dt.date:
    return act.announced or dt.date.min
