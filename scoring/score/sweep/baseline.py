"""Baseline: what the variants of one evaluation share, laid out so that what a variant changes lies side by side."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from scoring.exposure.leverage import needs
from scoring.exposure.stakes import spared
from scoring.facts.facts import Facts
from scoring.score.composite import pillar_term
from scoring.score.evaluation import Evaluation
from scoring.score.sweep.tables import Tables


class Lists(NamedTuple):
    """Members of each group, one group after the other: those of group g are at first[g] : first[g + 1]."""

    first: np.ndarray
    member: np.ndarray


class StakeBaseline(NamedTuple):
    """What the variants of one evaluation share: all that can move the score of a company that has one.

    Companies have places, in which those that look at the same cells lie side by side: what a variant touches is then
    at hand, which is most of the time of a pass. Segments are kept twice, by company and by the cell of the table
    `control` that they look at, and stakes are numbered by the cell of the table `reach`.

    Attributes
    ----------
    score : ndarray of float, shape (n,)
    known : ndarray of float, shape (n, 6)
        Terms of the three pillars, control exposure, the share that supply spares, and exposure of access, by place.
    order : ndarray of int, shape (n,)
        Company at each place; all below that is of companies is of places.
    place : ndarray of int, shape (n,)
    restricted : Lists
        Company of each segment that looks at a cell of `control`; more than once if several of its segments do.
    restricted_revenue : ndarray of float
        Share of the company's revenue that each of these earns in China.
    shut : Lists
        Companies that look at a cell of `shut`.
    segments : Lists
        Cell of `shut` of each segment of a company.
    china_revenue : ndarray of float
        Share of the company's revenue that each of these earns in China.
    stakes : Lists
        Stakes of each company.
    stake_first : ndarray of int, shape (m j + 1,)
        Stakes c of the cells of `reach` are at stake_first[c] : stake_first[c + 1].
    stake_company, stake_cell : ndarray of int, shape (s,)
    stake_exposure : ndarray of float, shape (s,)
    uses : Lists
        Need of each use of a stake.
    use_rests : ndarray of float
        Share of the company's revenue that rests on each of these.
    need_cell : ndarray of int, shape (u,)
        Cell of `reach` to which each need belongs.
    """

    score: np.ndarray
    known: np.ndarray
    order: np.ndarray
    place: np.ndarray
    restricted: Lists
    restricted_revenue: np.ndarray
    shut: Lists
    segments: Lists
    china_revenue: np.ndarray
    stakes: Lists
    stake_first: np.ndarray
    stake_company: np.ndarray
    stake_cell: np.ndarray
    stake_exposure: np.ndarray
    uses: Lists
    use_rests: np.ndarray
    need_cell: np.ndarray


def stake_baseline(base: Evaluation, tables: Tables) -> StakeBaseline:
    """Compile what the variants of an evaluation share; `tables` are those of the evaluation."""
    facts, layout, n = base.facts, base.facts.layout, base.score.size
    uses, stakes = layout.uses, base.retaliation.stakes
    assert stakes is not None  # noqa: S101 (only where every need counts is it asked for)
    scored = ~np.isnan(base.score)
    # Segments that earn nothing in China and minerals of unknown supply move nothing under any variant.
    order, place = _neighbours(facts)
    k = _in_places(np.flatnonzero(scored[facts.segments.company] & (base.china_revenue != 0)), facts, place)
    company, cell, restriction = place[facts.segments.company[k]], layout.segment_cell[k], layout.segment_restriction[k]
    by_restriction = _sorted(restriction, tables.control.size)
    known = ~np.isnan(facts.mineral.supply_share[uses.stake_mineral]) & scored[uses.stake_company]
    stake = np.flatnonzero(known)
    by_cell = _sorted(uses.stake_cell[stake], tables.reach.size)
    stake = stake[by_cell.member]
    number = np.full(known.size, -1)
    number[stake] = np.arange(stake.size)
    use = np.flatnonzero(known[uses.stake])
    by_stake = _sorted(number[uses.stake[use]], stake.size)
    use = use[by_stake.member]
    return StakeBaseline(
        score=base.score,
        known=np.stack(
            # Not exposure of supply: where it is nearly 1, it could not tell what is spared.
            [*_terms(base), base.control.total, spared(facts, stakes.exposure), base.retaliation.access],
            axis=1,
        )[order],
        order=order,
        place=place,
        restricted=Lists(by_restriction.first, _small(company[by_restriction.member])),
        restricted_revenue=base.china_revenue[k[by_restriction.member]],
        shut=_sorted(cell, tables.shut.size, company),
        segments=Lists(_ends(company, n), _small(cell)),
        china_revenue=base.china_revenue[k],
        stakes=_sorted(place[uses.stake_company[stake]], n),
        stake_first=by_cell.first,
        stake_company=_small(place[uses.stake_company[stake]]),
        stake_cell=_small(uses.stake_cell[stake]),
        stake_exposure=stakes.exposure[stake],
        uses=Lists(by_stake.first, _small(uses.need[use])),
        use_rests=uses.share[use] * needs(facts)[uses.need[use]],
        need_cell=_small(layout.need_mineral_cell),
    )


class KitBaseline(NamedTuple):
    """What the variants of one evaluation share where the scarcest mineral of a segment counts.

    Attributes
    ----------
    score : ndarray of float, shape (n,)
    known : ndarray of float, shape (n, 6)
        As in `StakeBaseline`.
    order, place : ndarray of int, shape (n,)
    restricted : Lists
    restricted_revenue : ndarray of float
        As in `StakeBaseline`.
    shut, kits : Lists
        Companies that look at a cell of `shut`, and at a kit.
    segments_first : ndarray of int, shape (n + 1,)
        Segments of company i are at segments_first[i] : segments_first[i + 1].
    segment_cell, segment_kit : ndarray of int, shape (k,)
    segment_share, china_revenue : ndarray of float, shape (k,)
        Share of the company's revenue that each is, and that it earns in China.
    adds : bool
        Whether acts add to the threat.
    """

    score: np.ndarray
    known: np.ndarray
    order: np.ndarray
    place: np.ndarray
    restricted: Lists
    restricted_revenue: np.ndarray
    shut: Lists
    kits: Lists
    segments_first: np.ndarray
    segment_cell: np.ndarray
    segment_kit: np.ndarray
    segment_share: np.ndarray
    china_revenue: np.ndarray
    adds: bool


def kit_baseline(base: Evaluation, tables: Tables) -> KitBaseline:
    """Compile what the variants of an evaluation share; `tables` are those of the evaluation."""
    facts, layout, n = base.facts, base.facts.layout, base.score.size
    scored = ~np.isnan(base.score)
    order, place = _neighbours(facts)
    k = _in_places(np.flatnonzero(scored[facts.segments.company]), facts, place)
    company, cell, kit = place[facts.segments.company[k]], layout.segment_cell[k], layout.segment_kit[k]
    sold = k[base.china_revenue[k] != 0]  # a segment that earns nothing in China is under no control
    by_restriction = _sorted(layout.segment_restriction[sold], tables.control.size)
    spared = 1.0 - base.retaliation.supply
    return KitBaseline(
        score=base.score,
        known=np.stack([*_terms(base), base.control.total, spared, base.retaliation.access], axis=1)[order],
        order=order,
        place=place,
        restricted=Lists(by_restriction.first, _small(place[facts.segments.company[sold[by_restriction.member]]])),
        restricted_revenue=base.china_revenue[sold[by_restriction.member]],
        shut=_sorted(cell, tables.shut.size, company),
        kits=_sorted(kit, tables.kit.size, company),
        segments_first=_ends(company, n),
        segment_cell=_small(cell),
        segment_kit=_small(kit),
        segment_share=facts.segments.share[k],
        china_revenue=base.china_revenue[k],
        adds=base.parameters.adds,
    )


def _neighbours(facts: Facts) -> tuple[np.ndarray, np.ndarray]:
    """Companies in an order in which those that look at the same cells lie side by side, and the place of each."""
    segments = facts.segments
    family = np.full(facts.country.size, -1)
    family[segments.owners] = segments.family[segments.starts]
    order = np.lexsort((family, facts.country))
    place = np.empty_like(order)
    place[order] = np.arange(order.size)
    return _small(order), _small(place)


def _in_places(segments: np.ndarray, facts: Facts, place: np.ndarray) -> np.ndarray:
    """Segments sorted by the place of their company."""
    return segments[_sorted(place[facts.segments.company[segments]], place.size).member]


def _terms(base: Evaluation) -> list[np.ndarray]:
    """Terms of the three pillars."""
    exposures = (base.market, base.control.total, base.retaliation.total)
    return [pillar_term(pillar, exposure, base.parameters) for pillar, exposure in enumerate(exposures)]


def _small(numbers: np.ndarray) -> np.ndarray:
    """Numbers to look up with: without a sign, none can be meant to count from the end, and nothing checks for it."""
    return numbers.astype(np.uint32)


def _ends(group: np.ndarray, groups: int) -> np.ndarray:
    """Where the members of each group begin if they lie one group after the other, and where the last one ends."""
    return _small(np.append(0, np.cumsum(np.bincount(group, minlength=groups))))


def _sorted(group: np.ndarray, groups: int, member: np.ndarray | None = None) -> Lists:
    """Members by group, in their order; without members, their positions."""
    # A sparse row turned into columns is a sort by counting: a tenth of the time of an argsort.
    members = np.arange(group.size) if member is None else member
    columns = csr_array((members, group, [0, group.size]), shape=(1, groups)).tocsc()
    return Lists(_small(columns.indptr), _small(columns.data))
