"""Scorer: release + as-of date + methodology in, result rows out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from scoring.facts.blocks import ChinaShares
from scoring.facts.evidence import EVIDENCE
from scoring.facts.facts import Facts
from scoring.methodology import Methodology, load_methodology
from scoring.reference.identifiers.resolver import Match, Resolver
from scoring.reference.releases.release import Release
from scoring.score.evaluation import Evaluation, evaluate
from scoring.score.leaves import Leaves, leaves
from scoring.score.ranking import bands, percentiles, ranks
from scoring.vocabulary import DEFAULT_METHODOLOGY, INTERVAL_COLUMNS, RESULT_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

    from scoring.explanation.tree import Explanation
    from scoring.risk.detail import RiskDetail
    from scoring.risk.revenue_at_risk import RevenueAtRisk
    from scoring.scenario import Scenario
    from scoring.scenario.library import ScenarioLike
    from scoring.uncertainty import Importance, Intervals

Columns = dict[str, np.ndarray]

_ONE_AT_A_TIME: Final = Lock()
"""Draws take all the memory they are given; two at once would take it twice."""

SHARE_KIND: Final[Mapping[str, str]] = {
    "reported": "reported",
    "company-statement": "reported",
    "secondary": "reported",
    "derived": "derived",
    "analyst-estimate": "modelled",
    "expert-judgement": "modelled",
    "modelled": "modelled",
}
"""What kind of knowledge a China share is, by its evidence."""


class Scorer:
    """Scores of any company of a release, as of a date, under a methodology.

    Same arguments, same numbers: nothing here reads the clock, the network or the environment.

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

    Attributes
    ----------
    release : Release
    as_of : datetime.date
    methodology : Methodology
    scenario : Scenario or None
        The scenarios, composed.
    scenario_notes : tuple of str
        Changes of the scenario that change nothing at the as-of date.
    evaluation : Evaluation
        Exposures and points of every company, as arrays.

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

    def __init__(
        self,
        release: Release,
        as_of: str | dt.date | np.datetime64 | None = None,
        methodology: str | Path | Methodology = DEFAULT_METHODOLOGY,
        scenario: ScenarioLike | Sequence[ScenarioLike] | None = None,
    ) -> None:
        self.release = release
        self.methodology = methodology if isinstance(methodology, Methodology) else load_methodology(methodology)
        self.scenario = composed(scenario)
        self.scenario_notes: tuple[str, ...] = ()
        facts = Facts(release, release.last_as_of if as_of is None else as_of, self.methodology.timing)
        self.as_of = facts.as_of
        self._known = facts
        self._intervals: Intervals | None = None
        numbers = self.methodology
        if self.scenario is not None:
            from scoring.scenario import apply

            applied = apply(self.scenario, facts, numbers)
            facts, numbers, self.scenario_notes = applied.facts, applied.methodology, applied.notes
        self.evaluation: Evaluation = evaluate(facts, numbers)

    @cached_property
    def resolver(self) -> Resolver:
        """Identifier resolver of the release."""
        return Resolver(self.release)

    @cached_property
    def leaves(self) -> Leaves:
        """The scores taken apart; see `scoring.score.leaves`."""
        return leaves(self.evaluation)

    @cached_property
    def risk(self) -> RevenueAtRisk:
        """Revenue at risk of every company; see `scoring.risk.revenue_at_risk`."""
        from scoring.risk.revenue_at_risk import RevenueAtRisk

        return RevenueAtRisk(self.evaluation, self._known, self.methodology)

    def revenue_at_risk(self, tickers: Iterable[str], *, uncertainty: bool = False) -> pd.DataFrame:
        """Revenue at risk of a list of identifiers, from what came since each fiscal period, and the scenario.

        Parameters
        ----------
        tickers : iterable of str
        uncertainty : bool
            Whether to add `scoring.risk.table.RISK_INTERVAL_COLUMNS`, percentiles over all assumptions.

        Returns
        -------
        DataFrame
            One row per query, in order, with the columns `scoring.risk.table.RISK_COLUMNS`.
        """
        import pandas as pd

        from scoring.risk.table import risk_columns

        return pd.DataFrame(risk_columns(self, tickers, uncertainty=uncertainty))

    def revenue_at_risk_detail(self, ticker: str) -> RiskDetail:
        """Take the revenue at risk of one company apart, by segment and rule, mineral, and market closed.

        Raises
        ------
        QueryError
            `ticker` does not name exactly one company; the message lists the nearest.
        """
        from scoring.risk.detail import risk_detail

        return risk_detail(self, ticker)

    def intervals(self, draws: int | None = None, seed: int | None = None) -> Intervals:
        """Where the scores and ranks of all companies lie when every assumption takes any value of its range.

        Parameters
        ----------
        draws, seed : int, optional
            Default: those of `scoring.uncertainty.propagate`. The latest answer is kept.

        Raises
        ------
        InputError
            Too few or too many draws, or a seed below 0.
        """
        from scoring.uncertainty.propagate import DRAWS, SEED, intervals

        asked = DRAWS if draws is None else draws, SEED if seed is None else seed
        with _ONE_AT_A_TIME:  # several threads that ask for the same wait for one answer
            if self._intervals is None or (self._intervals.draws, self._intervals.seed) != asked:
                self._intervals = intervals(self.evaluation, *asked)
            return self._intervals

    @cached_property
    def importance(self) -> Importance:
        """Which group of assumptions moves each score, as total-order Sobol' indices."""
        from scoring.uncertainty.indices import importance

        with _ONE_AT_A_TIME:
            return importance(self.evaluation)

    def score(
        self, tickers: Iterable[str], *, uncertainty: bool = False, draws: int | None = None, seed: int | None = None
    ) -> pd.DataFrame:
        """Score a list of identifiers.

        Parameters
        ----------
        tickers : iterable of str
            Tickers, RICs, Bloomberg codes, ISINs, FIGIs, company ids or names, in any mixture.
        uncertainty : bool
            Whether to add `scoring.vocabulary.INTERVAL_COLUMNS`.
        draws, seed : int, optional
            Of the intervals, see `intervals`.

        Returns
        -------
        DataFrame
            One row per query, in order, duplicates kept, with the columns `scoring.vocabulary.RESULT_COLUMNS`.
            Exposures are shares 0..1, scores are points 0..100, missing values are missing.
        """
        import pandas as pd  # imported here: the arrays need no pandas, and it is slow to import

        return pd.DataFrame(self.columns(tickers, uncertainty=uncertainty, draws=draws, seed=seed))

    def universe(self) -> pd.DataFrame:
        """Score every company of the release; rows as in `score`, in the order of the companies table."""
        return self.score(self.evaluation.facts.company_ids)

    def columns(
        self, tickers: Iterable[str], *, uncertainty: bool = False, draws: int | None = None, seed: int | None = None
    ) -> Columns:
        """Result rows as one array per column; see `score`."""
        matches = self.resolver.resolve_many(list(tickers))
        return self.columns_of(matches, uncertainty=uncertainty, draws=draws, seed=seed)

    def columns_of(
        self, matches: list[Match], *, uncertainty: bool = False, draws: int | None = None, seed: int | None = None
    ) -> Columns:
        """Result rows of resolved queries."""
        company = np.array([match.company for match in matches], dtype=int)
        listing = np.array([match.listing for match in matches], dtype=int)
        listings = self.release.columns("listings")
        # Row -1, one past the last company, is the empty row of a query that named no company.
        columns = {name: column[company] for name, column in self._by_company.items()}
        columns["query"] = _texts(match.query for match in matches)
        columns["ticker"] = np.where(listing >= 0, listings["ticker"][listing], None)
        columns["mic"] = np.where(listing >= 0, listings["mic"][listing], None)
        columns["status"] = np.where(company >= 0, columns["status"], _texts(match.status for match in matches))
        columns["matched_by"] = _texts(match.matched_by for match in matches)
        columns["candidates"] = _texts("; ".join(map(str, match.candidates)) or None for match in matches)
        columns["reason"] = _texts(match.reason or None for match in matches)
        for name, value in self.versions.items():
            columns[name] = np.full(company.size, value, dtype=object)
        found = {name: columns[name] for name in RESULT_COLUMNS}
        if uncertainty:
            intervals = self.intervals(draws, seed)
            values = np.concatenate([intervals.score, intervals.rank])
            values = np.concatenate([values, np.full((len(values), 1), np.nan)], axis=1)
            found |= dict(zip(INTERVAL_COLUMNS, values[:, company], strict=True))
        return found

    @property
    def versions(self) -> dict[str, Any]:
        """The arguments that every row names."""
        return {
            "as_of": self.as_of,
            "release": self.release.version,
            "methodology": self.methodology.version,
            "scenario": self.scenario.scenario_id if self.scenario else None,
        }

    def explain(self, ticker: str, *, uncertainty: bool = False) -> Explanation:
        """Take one company's score apart, down to facts and their sources.

        With `uncertainty`, also say how far the score could move and which assumptions move it.

        Raises
        ------
        QueryError
            `ticker` does not name exactly one company; the message lists the nearest.
        """
        from scoring.explanation.tree import explain

        return explain(self, ticker, uncertainty=uncertainty)

    @cached_property
    def _by_company(self) -> Columns:
        """Company part of the result rows, shape (n + 1,): the last row is empty."""
        evaluation, release = self.evaluation, self.release
        facts, china = evaluation.facts, evaluation.facts.china
        companies, revenue = release.columns("companies"), release.columns("revenue")
        n = facts.country.size
        confidence = self.leaves.confidence(n)
        scored, partial = ~np.isnan(evaluation.score), ~np.isnan(evaluation.floor)
        words: np.ndarray = np.array(EVIDENCE, dtype=object)[china.evidence]
        evidence: np.ndarray = np.where(china.row >= 0, words, np.array(None, dtype=object))
        mix, mix_evidence = _product_mix(evaluation)
        texts = {
            "status": np.select([scored, partial], ["ok", "partial"], "no-data").astype(object),
            "company_id": companies["company_id"],
            "name": companies["name"],
            "country": companies["country"],
            "sector": companies["sector"],
            "industry": companies["industry"],
            "band": bands(evaluation.score, self.methodology.bands),
            "confidence_grade": bands(confidence, self.methodology.confidence.grades),
            "china_share_kind": _texts(None if word is None else SHARE_KIND[word] for word in evidence.tolist()),
            "china_share_evidence": evidence,
            "china_share_scope": _kinds(revenue["china_scope"], china),
            "china_share_basis": _kinds(revenue["basis"], china),
            "china_share_note": np.where(china.row >= 0, revenue["note"][china.row], None),
            "china_share_period_end": np.where(china.row >= 0, revenue["period_end"][china.row].astype(object), None),
            "product_mix": mix,
            "product_mix_evidence": mix_evidence,
        }
        numbers = {
            "score": evaluation.score,
            "score_floor": evaluation.floor,
            "rank": ranks(evaluation.score),
            "percentile": percentiles(evaluation.score),
            "sector_percentile": percentiles(evaluation.score, companies["sector"]),
            "market": evaluation.market,
            "control": evaluation.control.total,
            "control_now": evaluation.control.now,
            "alignment_gap": evaluation.control.gap,
            "retaliation": evaluation.retaliation.total,
            "retaliation_supply": evaluation.retaliation.supply,
            "retaliation_access": evaluation.retaliation.access,
            "score_market": evaluation.points[:, 0],
            "score_control": evaluation.points[:, 1],
            "score_retaliation": evaluation.points[:, 2],
            "confidence": confidence,
            "china_share": china.latest,
            "china_share_structural": china.structural,
            "china_share_surge": china.latest - china.structural,
        }
        empty_text, empty_number = np.array([None], dtype=object), np.array([np.nan])
        return {name: np.concatenate([column, empty_text]) for name, column in texts.items()} | {
            name: np.concatenate([column, empty_number]) for name, column in numbers.items()
        }


def composed(scenario: ScenarioLike | Sequence[ScenarioLike] | None) -> Scenario | None:
    """One scenario of what a caller gives: none, one, or several that apply in order."""
    if scenario is None:
        return None
    from scoring.scenario import compose  # imported here: most scores have none

    one = isinstance(scenario, str) or not isinstance(scenario, Sequence)
    return compose([scenario] if one else scenario)  # type: ignore[list-item,arg-type]


def _product_mix(evaluation: Evaluation) -> tuple[np.ndarray, np.ndarray]:
    """Where each company's product mix comes from, and the kinds of evidence in it."""
    segments, release = evaluation.facts.segments, evaluation.facts.release
    label, evidence = np.full((2, evaluation.facts.country.size), None, dtype=object)
    for company, first, end in zip(segments.owners, segments.starts, segments.ends, strict=True):
        row = segments.row[first]
        if segments.disclosed[first]:
            label[company] = f"segments {release.columns('segments')['fiscal_year'][row]}"
        else:
            label[company] = f"business-mix {release.columns('business_mix')['valid_from'][row]}"
        evidence[company] = ";".join(EVIDENCE[code] for code in np.unique(segments.evidence[first:end]))
    return label, evidence


def _kinds(column: np.ndarray, china: ChinaShares) -> np.ndarray:
    """Kinds of the figures behind each company's latest and structural share, the latest first.

    More than one says that the series mixes them, and that the surge is partly a change of definition.
    """
    rows = [[row, *reversed(years)] if row >= 0 else [] for row, years in zip(china.row, china.years, strict=True)]
    return _texts(";".join(dict.fromkeys(column[r])) or None for r in rows)


def _texts(values: Iterable[str | None]) -> np.ndarray:
    texts = list(values)
    column = np.empty(len(texts), dtype=object)
    column[:] = texts
    return column
