"""Snapshot: release + as-of date + methodology + scenario, evaluated; result rows out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from scoring.columns import RESULT
from scoring.facts.blocks import ChinaShares
from scoring.facts.evidence import EVIDENCE
from scoring.methodology import Methodology, load_methodology
from scoring.reference.identifiers.resolver import Match, Resolver
from scoring.reference.releases.release import Release
from scoring.score.evaluation import Evaluation, evaluate
from scoring.score.leaves import Leaves, leaves
from scoring.score.ranking import bands, percentiles, ranks
from scoring.vocabulary import DEFAULT_METHODOLOGY

if TYPE_CHECKING:
    from scoring.reference.identifiers.row import Queries
    from scoring.scenario import Scenario
    from scoring.scenario.library import ScenarioLike

Columns = dict[str, np.ndarray]

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


class Snapshot:
    """Every company of a release scored, as of a date, under a methodology and a scenario.

    Same arguments, same numbers: nothing here reads the clock, the network or the environment. It holds the number
    and what it is made of; `scoring.Scorer` adds what is built on it: why, how sure, how much money.

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
    known : Facts
        What was known at the date, without the scenario.
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
    """

    def __init__(
        self,
        release: Release,
        as_of: str | dt.date | np.datetime64 | None = None,
        methodology: str | Path | Methodology = DEFAULT_METHODOLOGY,
        scenario: ScenarioLike | Sequence[ScenarioLike] | None = None,
    ) -> None:
        self.release = release
        self.methodology = load_methodology(methodology)
        self.scenario: Scenario | None = None
        self.scenario_notes: tuple[str, ...] = ()
        if scenario is not None:
            from scoring.scenario.library import composed  # imported here: most scores have none

            self.scenario = composed(scenario)
        self.known = self.methodology.facts(release, release.last_as_of if as_of is None else as_of)
        self.as_of = self.known.as_of
        facts, numbers = self.known, self.methodology
        if self.scenario is not None:
            from scoring.scenario.apply import apply

            applied = apply(self.scenario, facts, numbers)
            facts, numbers, self.scenario_notes = applied.facts, applied.methodology, applied.notes
        self.evaluation: Evaluation = evaluate(facts, numbers)

    @cached_property
    def resolver(self) -> Resolver:
        """Identifier resolver of the release, as of the date."""
        return Resolver(self.release, self.as_of)

    @cached_property
    def leaves(self) -> Leaves:
        """The scores taken apart; see `scoring.score.leaves`."""
        return leaves(self.evaluation)

    def columns(self, tickers: Queries) -> Columns:
        """Result rows of a list of identifiers, one array per column; see `Scorer.score`."""
        return self.columns_of(self.resolver.resolve_many(tickers))

    def columns_of(self, matches: Sequence[Match]) -> Columns:
        """Result rows of resolved queries, with the columns `scoring.columns.RESULT`."""
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
        return {name: columns[name] for name in RESULT}

    @property
    def versions(self) -> dict[str, Any]:
        """The arguments that every row names."""
        return {
            "as_of": self.as_of,
            "release": self.release.version,
            "methodology": self.methodology.version,
            "scenario": self.scenario.scenario_id if self.scenario else None,
        }

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
            "china_share_surge": china.surge,
        }
        empty_text, empty_number = np.array([None], dtype=object), np.array([np.nan])
        return {name: np.concatenate([column, empty_text]) for name, column in texts.items()} | {
            name: np.concatenate([column, empty_number]) for name, column in numbers.items()
        }


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
