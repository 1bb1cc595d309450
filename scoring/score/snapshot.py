"""Snapshot: release + as-of date + methodology + scenario, evaluated; result rows out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import numpy as np

from scoring.errors import InputError
from scoring.facts.blocks import Segments
from scoring.facts.evidence import EVIDENCE
from scoring.methodology import Methodology, load_methodology
from scoring.reference.identifiers.resolver import Match, Resolver
from scoring.reference.identifiers.row import Query
from scoring.reference.releases.release import Release
from scoring.score.china_columns import china_columns
from scoring.score.evaluation import Evaluation, evaluate
from scoring.score.leaves import Leaves, leaves
from scoring.score.ranking import bands, percentiles, ranks
from scoring.score.rows import Block, Rows
from scoring.score.rows import Columns as Columns
from scoring.vocabulary import DEFAULT_METHODOLOGY, Estimates

if TYPE_CHECKING:
    from scoring.reference.identifiers.row import Queries
    from scoring.scenario import Scenario
    from scoring.scenario.library import ScenarioLike

Q = TypeVar("Q", bound=Query)
"""Kind of query of a list: text, or row of a file."""


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
    estimates : {"include", "exclude", "only"}
        Whether companies whose figures are estimated have a score; ``only`` leaves the rows of all others out.

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
        estimates: Estimates = "include",
    ) -> None:
        self.release, self.estimates = release, estimates
        self.methodology = counting(load_methodology(methodology), estimates)
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
        return self.columns_of(self.shown(self.resolver.resolve_many(tickers)))

    def columns_of(self, matches: Sequence[Match]) -> Columns:
        """Result rows of resolved queries, with the columns `scoring.columns.RESULT`."""
        return self._rows.of_all(matches)

    def row_of(self, match: Match) -> dict[str, Any]:
        """Result row of one resolved query as in `columns_of`, without arrays; a number that is missing is NaN."""
        return self._rows.of_one(match)

    def shown(self, matches: Sequence[Match]) -> Sequence[Match]:
        """The matches that have a row: all, or those of estimated companies where only these are asked for."""
        return [match for match in matches if self._is_shown(match)] if self.estimates == "only" else matches

    def wanted(self, queries: Sequence[Q]) -> list[Q]:
        """The identifiers that have a row, see `shown`."""
        if self.estimates != "only":
            return list(queries)
        matches = self.resolver.resolve_many(queries)
        return [query for query, match in zip(queries, matches, strict=True) if self._is_shown(match)]

    def _is_shown(self, match: Match) -> bool:
        company, evaluation = match.company, self.evaluation
        return company >= 0 and bool(evaluation.facts.estimated[company]) and not np.isnan(evaluation.score[company])

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
    def _rows(self) -> Rows:
        evaluation, release = self.evaluation, self.release
        facts, companies = evaluation.facts, release.columns("companies")
        n = facts.country.size
        confidence = self.leaves.confidence(n)
        scored, partial = ~np.isnan(evaluation.score), ~np.isnan(evaluation.floor)
        estimated = facts.estimated
        mix, mix_evidence = _product_mix(evaluation)
        china_texts, china_numbers = china_columns(facts)
        texts = {
            "status": np.select(
                [scored & estimated, scored, partial], ["estimated", "ok", "partial"], "no-data"
            ).astype(object),
            "company_id": companies["company_id"],
            "name": companies["name"],
            "country": companies["country"],
            "sector": companies["sector"],
            "industry": companies["industry"],
            "band": bands(evaluation.score, self.methodology.bands),
            "confidence_grade": bands(confidence, self.methodology.confidence.grades),
            **china_texts,
            "product_mix": mix,
            "product_mix_evidence": mix_evidence,
        }
        numbers = {
            "score": evaluation.score,
            "score_floor": evaluation.floor,
            "rank": ranks(evaluation.score, estimated),
            "percentile": percentiles(evaluation.score, apart=estimated),
            "sector_percentile": percentiles(evaluation.score, companies["sector"], estimated),
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
            **china_numbers,
        }
        listings = {name: release.columns("listings")[name] for name in ("ticker", "mic")}
        blocks = Block.of(texts, None), Block.of(numbers, np.nan), Block.of(listings, None)
        return Rows(*blocks, self.versions)


def _product_mix(evaluation: Evaluation) -> tuple[np.ndarray, np.ndarray]:
    """Where each company's product mix comes from, and the kinds of evidence in it."""
    segments, release = evaluation.facts.segments, evaluation.facts.release
    label = np.full(evaluation.facts.country.size, None, dtype=object)
    first = segments.starts
    peers = evaluation.facts.peers if segments.inferred.any() else label
    for company, row, is_inferred, is_disclosed in zip(
        segments.owners.tolist(),
        segments.row[first].tolist(),
        segments.inferred[first].tolist(),
        segments.disclosed[first].tolist(),
        strict=True,
    ):
        if is_inferred:
            label[company] = "unallocated" if peers[company] is None else f"peers {peers[company]}"
        elif is_disclosed:
            label[company] = f"segments {release.columns('segments')['fiscal_year'][row]}"
        else:
            label[company] = f"business-mix {release.columns('business_mix')['valid_from'][row]}"
    return label, _evidence_of(segments, label.size)


def _evidence_of(segments: Segments, companies: int) -> np.ndarray:
    """Kinds of evidence in each company's product mix, in words; few sets of kinds occur, so each is worded once."""
    words = np.full(companies, None, dtype=object)
    if segments.owners.size:
        kinds = np.bitwise_or.reduceat(1 << segments.evidence.astype(np.int64), segments.starts)
        for each in np.unique(kinds).tolist():
            words[segments.owners[kinds == each]] = ";".join(w for code, w in enumerate(EVIDENCE) if each >> code & 1)
    return words


def counting(methodology: Methodology, estimates: Estimates) -> Methodology:
    """A methodology under which estimates count as asked for.

    Raises
    ------
    InputError
        `estimates` is no such word.
    """
    if estimates not in get_args(Estimates):
        raise InputError("estimates", f"{str(estimates)[:50]!r} is unknown", f"use {', '.join(get_args(Estimates))}")
    return methodology.without_estimates() if estimates == "exclude" else methodology
