"""Scorer: the public face of a snapshot; frames, explanations, intervals and revenue at risk."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Final

import numpy as np

from scoring.cards.card import card
from scoring.score.snapshot import Columns, Snapshot

if TYPE_CHECKING:
    import pandas as pd

    from scoring.explanation.document import Explanation
    from scoring.reference.identifiers.resolver import Match
    from scoring.reference.identifiers.row import Queries
    from scoring.risk.result import RiskDetail
    from scoring.risk.revenue_at_risk import RevenueAtRisk
    from scoring.uncertainty import Importance, Intervals

_ONE_AT_A_TIME: Final = Lock()
"""Draws take all the memory they are given; two at once would take it twice."""


class Scorer(Snapshot):
    """Scores of any company of a release, as of a date, under a methodology.

    Same arguments, same numbers: nothing here reads the clock, the network or the environment. What it holds of the
    scores themselves, see `scoring.score.snapshot.Snapshot`.

    Parameters
    ----------
    release : Release
        Reference data, from `open_release`.
    as_of : str, datetime.date or numpy.datetime64, optional
        ISO date; facts that became known later do not exist. Default: the last date the release supports.
    methodology : str, Path or Methodology
        Version such as ``2026.1``, path of a YAML document, or a loaded document.
    scenario : str, Path, mapping, Scenario or sequence of these, optional
        What if: a name in the library, a document, or several that apply in order.
    estimates : {"include", "exclude", "only"}
        Whether companies whose figures are estimated have a score; ``only`` leaves the rows of all others out.

    Raises
    ------
    AsOfError
        `as_of` is not a date, or later than the release supports.
    MethodologyNotFoundError, MethodologyInvalidError
        The methodology does not exist or does not validate.
    ScenarioNotFoundError, ScenarioInvalidError
        The scenario does not exist, does not validate, or names what the release does not have.

    Examples
    --------
    >>> import scoring
    >>> scorer = scoring.Scorer(scoring.open_release("2026.11.0"), as_of="2024-09-02")
    >>> scorer.score(["8035.T"]).loc[0, "score"].round(1)
    np.float64(50.0)
    """

    _latest_intervals: Intervals | None = None

    def _repr_html_(self) -> str | None:
        known = ~np.isnan(self.evaluation.score)
        estimated = known & self.evaluation.facts.estimated
        numbers = {"known": int((known & ~estimated).sum()), "estimated": int(estimated.sum())}
        return card("scorer", self.versions, companies=known.size, **numbers)

    def score(
        self, tickers: Queries, *, uncertainty: bool = False, draws: int | None = None, seed: int | None = None
    ) -> pd.DataFrame:
        """Score a list of identifiers.

        Parameters
        ----------
        tickers : str, or iterable of str or Row
            Tickers, RICs, Bloomberg codes, ISINs, FIGIs, company ids or names, in any mixture. One text is one query;
            None, NaN and numbers have rows as well; a Series keeps its index.
        uncertainty : bool
            Whether to add `scoring.columns.INTERVAL`.
        draws, seed : int, optional
            Of the intervals, see `intervals`.

        Returns
        -------
        DataFrame
            One row per query, or with ``estimates="only"`` per estimated company, in order, duplicates kept, with
            the columns `scoring.columns.RESULT`.
            Exposures are shares 0..1, scores are points 0..100, missing values are missing.
        """
        import pandas as pd  # imported here: the arrays need no pandas, and it is slow to import

        columns = self.columns(tickers, uncertainty=uncertainty, draws=draws, seed=seed)
        return pd.DataFrame(columns, index=tickers.index if isinstance(tickers, pd.Series) else None)

    def universe(self) -> pd.DataFrame:
        """Score every company of the release; rows as in `score`, in the order of the companies table."""
        return self.score(self.evaluation.facts.company_ids)

    def columns(
        self, tickers: Queries, *, uncertainty: bool = False, draws: int | None = None, seed: int | None = None
    ) -> Columns:
        """Result rows as one array per column; see `score`."""
        matches = self.shown(self.resolver.resolve_many(tickers))
        return self.columns_of(matches, uncertainty=uncertainty, draws=draws, seed=seed)

    def columns_of(
        self, matches: Sequence[Match], *, uncertainty: bool = False, draws: int | None = None, seed: int | None = None
    ) -> Columns:
        """Result rows of resolved queries."""
        rows = super().columns_of(matches)
        if uncertainty:
            asked = np.array([match.company for match in matches], dtype=int)
            rows |= self.intervals(draws, seed, asked[asked >= 0]).columns(asked)
        return rows

    def explain(self, ticker: str, *, uncertainty: bool = False) -> Explanation:
        """Take one company's score apart, down to facts and their sources.

        With `uncertainty`, also say how far the score could move and which assumptions move it.

        Raises
        ------
        QueryError
            `ticker` does not name exactly one company; the message lists the nearest.
        """
        from scoring.explanation.document import Interval
        from scoring.explanation.tree import explain

        explanation = explain(self, ticker)
        if uncertainty and explanation.score is not None:
            company = self.resolver.one(ticker).company
            one = np.array([company])
            explanation.interval = Interval.of(self.intervals(companies=one), self.importance(one), company)
        return explanation

    def intervals(
        self, draws: int | None = None, seed: int | None = None, companies: np.ndarray | None = None
    ) -> Intervals:
        """Where scores and ranks lie when every assumption takes any value of its range.

        Parameters
        ----------
        draws, seed : int, optional
            Default: those of `scoring.uncertainty.propagate`. The latest answer is kept.
        companies : ndarray of int, optional
            Positions of companies of which they are wanted, at the least; default: all, which takes longer.

        Raises
        ------
        InputError
            Too few or too many draws, or a seed below 0.
        """
        from scoring.uncertainty.propagate import SCORE_DRAWS, SEED, intervals

        asked = SCORE_DRAWS if draws is None else draws, SEED if seed is None else seed
        with _ONE_AT_A_TIME:  # several threads that ask for the same wait for one answer
            latest = self._latest_intervals
            wanted = np.arange(self.evaluation.score.size) if companies is None else companies
            if latest is None or (latest.draws, latest.seed) != asked or not latest.cover(wanted):
                latest = self._latest_intervals = intervals(self.evaluation, *asked, companies=companies)
            return latest

    def importance(self, companies: np.ndarray) -> Importance:
        """Which group of assumptions moves the scores of some companies, as total-order Sobol' indices."""
        from scoring.uncertainty.indices import importance

        with _ONE_AT_A_TIME:
            return importance(self.evaluation, companies=companies)

    @cached_property
    def risk(self) -> RevenueAtRisk:
        """Revenue at risk of every company; see `scoring.risk.revenue_at_risk`."""
        from scoring.risk.revenue_at_risk import RevenueAtRisk

        return RevenueAtRisk(self.evaluation, self.known, self.methodology)

    def revenue_at_risk(self, tickers: Queries, *, uncertainty: bool = False) -> pd.DataFrame:
        """Revenue at risk of a list of identifiers, from what came since each fiscal period, and the scenario.

        Parameters
        ----------
        tickers : str, or iterable of str or Row
            As in `score`.
        uncertainty : bool
            Whether to add `scoring.columns.RISK_INTERVAL`, percentiles over all assumptions.

        Returns
        -------
        DataFrame
            One row per query, in order, with the columns `scoring.columns.RISK`.
        """
        import pandas as pd

        columns = self.risk_columns(tickers, uncertainty=uncertainty)
        return pd.DataFrame(columns, index=tickers.index if isinstance(tickers, pd.Series) else None)

    def risk_columns(self, tickers: Queries, *, uncertainty: bool = False) -> Columns:
        """Revenue at risk as one array per column; see `revenue_at_risk`."""
        from scoring.risk.table import risk_columns

        return risk_columns(self, self.risk, tickers, uncertainty=uncertainty)

    def revenue_at_risk_detail(self, ticker: str) -> RiskDetail:
        """Take the revenue at risk of one company apart, by segment and rule, mineral, and market closed.

        Raises
        ------
        QueryError
            `ticker` does not name exactly one company; the message lists the nearest.
        """
        from scoring.risk.detail import risk_detail

        return risk_detail(self, self.risk, ticker)
