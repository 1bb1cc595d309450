"""What an act adds as a table: one row per company, hardest hit first, or per query in order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from scoring.acts.states import States
from scoring.columns import EVENT, RISK_INTERVAL
from scoring.facts.facts import Facts
from scoring.risk.revenue_at_risk import RevenueAtRisk
from scoring.risk.table import at_risk

if TYPE_CHECKING:
    from scoring.reference.identifiers.resolver import Match
    from scoring.score.snapshot import Columns


_ESTIMATED: Final = "the China share is estimated"
_POOR: Final = "no annual revenue in the release"


class Added(RevenueAtRisk):
    """Revenue that an act puts at risk: the base of every company is the state without it.

    Parameters
    ----------
    states : States
    """

    def __init__(self, states: States) -> None:
        without = states.without
        super().__init__(states.with_it, without.facts, without.methodology)
        self.states = states

    @cached_property
    def members(self) -> dict[np.datetime64, np.ndarray]:
        """The one base state, and the companies of which something is known in it."""
        without = self.states.without
        known = ~(np.isnan(without.market) & np.isnan(without.retaliation.supply))
        return {np.datetime64(self.states.day, "D"): np.flatnonzero(known)}

    @cached_property
    def notes(self) -> np.ndarray:
        """What is not known of what the act takes from each company: the share, or the money, shape (n,)."""
        without, total = self.states.without, self.loss.total
        estimated, poor = without.facts.china.estimated, np.isnan(self.revenue)
        notes = np.select(
            [np.isnan(without.market), np.isnan(total), estimated & poor, estimated, poor],
            ["no China share is known", "the product mix is not known", f"{_ESTIMATED}; {_POOR}", _ESTIMATED, _POOR],
            "",
        ).astype(object)
        usd = self.usd.note
        for i in np.flatnonzero(~np.isnan(total) & ~poor & (usd != np.array(None))).tolist():
            notes[i] = "; ".join(filter(None, (notes[i], f"no US dollars: {usd[i]}")))
        said: np.ndarray = np.where(notes == "", np.array(None, dtype=object), notes)
        return said

    def base_facts(self, day: np.datetime64) -> Facts:
        """What is known without the act."""
        return self.states.without.facts


def rows_of_companies(added: Added, companies: np.ndarray, *, uncertainty: bool = False) -> Columns:
    """Rows of some companies, in their order, each by its main listing."""
    listings = added.facts.release.columns("listings")
    main = np.flatnonzero(listings["primary"])
    of_company = dict(zip(listings["company_id"][main], main.tolist(), strict=True))
    names = added.facts.company_ids
    listing = np.array([of_company.get(names[company], -1) for company in companies.tolist()], dtype=int)
    query = np.array([names[company] for company in companies.tolist()], dtype=object)
    none = np.full(companies.size, None, dtype=object)
    asked = {"query": query, "candidates": none, "reason": none}
    return _rows(added, companies, listing, asked, uncertainty)


def rows_of_matches(added: Added, matches: Sequence[Match], *, uncertainty: bool = False) -> Columns:
    """Rows of resolved queries, in order; one that names no company has its query and why."""
    company = np.array([match.company for match in matches], dtype=int)
    listing = np.array([match.listing for match in matches], dtype=int)
    asked = {
        "query": _texts([match.query for match in matches]),
        "candidates": _texts(["; ".join(map(str, match.candidates)) or None for match in matches]),
        "reason": _texts([match.reason or None for match in matches]),
        "status": _texts([match.status for match in matches]),
    }
    return _rows(added, company, listing, asked, uncertainty)


def _rows(added: Added, company: np.ndarray, listing: np.ndarray, asked: Columns, uncertainty: bool) -> Columns:
    states, release = added.states, added.facts.release
    before, after, act = states.without, states.with_it, states.act
    companies, listings = release.columns("companies"), release.columns("listings")
    named = company >= 0

    def pick(values: np.ndarray) -> np.ndarray:
        picked: np.ndarray = np.append(values, np.nan)[company]
        return picked

    def text(values: np.ndarray, position: np.ndarray) -> np.ndarray:
        return np.where(position >= 0, values[position], np.array(None, dtype=object))

    points = after.points - before.points
    scored, partial = ~np.isnan(pick(before.score)), ~np.isnan(pick(before.floor))
    estimated = np.append(before.facts.estimated, False)[company]
    status = np.select([scored & estimated, scored, partial], ["estimated", "ok", "partial"], "no-data")
    found: Columns = asked | {
        "status": np.where(named, status.astype(object), asked.get("status", status)),
        **{name: text(companies[name], company) for name in ("company_id", "name", "country", "sector", "industry")},
        **{name: text(listings[name], listing) for name in ("ticker", "mic")},
        "market": pick(before.market),
        "score_before": pick(before.score),
        "score": pick(after.score),
        "delta": pick(after.score - before.score),
        **{f"delta_{name}": pick(points[:, i]) for i, name in enumerate(("market", "control", "retaliation"))},
        "score_floor_before": pick(before.floor),
        "score_floor": pick(after.floor),
        "control_change": pick(after.control.total - before.control.total),
        "retaliation_change": pick(after.retaliation.total - before.retaliation.total),
        "retaliation_supply_change": pick(after.retaliation.supply - before.retaliation.supply),
        "hit_rank": pick(states.rank),
        "act": np.full(company.size, act.act_id, dtype=object),
        "act_label": np.full(company.size, act.label(release), dtype=object),
        "announced": np.full(company.size, act.announced, dtype=object),
        "as_of": np.full(company.size, states.day, dtype=object),
        "release": np.full(company.size, release.version, dtype=object),
        "methodology": np.full(company.size, before.methodology.version, dtype=object),
    }
    found |= at_risk(added, company, uncertainty=uncertainty)
    names = (*EVENT, *RISK_INTERVAL) if uncertainty else EVENT
    return {name: found[name] for name in names}


def _texts(values: Sequence[str | None]) -> np.ndarray:
    texts = np.empty(len(values), dtype=object)
    texts[:] = values
    return texts
