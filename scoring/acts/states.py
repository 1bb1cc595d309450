"""The two states that an act lies between: without it and with it, both from what was known on one day."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from scoring.acts.act import TABLES, Act
from scoring.errors import AsOfError, InputError
from scoring.facts.blocks import Measures
from scoring.facts.facts import Facts, parse_as_of
from scoring.facts.selection import in_force
from scoring.methodology import Methodology
from scoring.reference.clock import ended_by
from scoring.reference.releases.release import Release
from scoring.risk.loss import Loss, loss
from scoring.scenario.apply import apply, on_axis
from scoring.score.evaluation import Evaluation, evaluate

_DAY: Final = np.timedelta64(1, "D")

LEAST: Final = 1e-12
"""Share of revenue below which a difference is one of rounding."""


@dataclass(frozen=True)
class States:
    """An act between two states of all companies.

    Attributes
    ----------
    act : Act
    day : datetime.date
        What was known on it is all that either state knows, but for the act.
    without, with_it : Evaluation
    notes : tuple of str
        What of a scenario changes nothing on the day.
    """

    act: Act
    day: dt.date
    without: Evaluation
    with_it: Evaluation
    notes: tuple[str, ...] = ()

    @cached_property
    def loss(self) -> Loss:
        """Share of revenue that the act takes away."""
        return loss(self.with_it, self.without)

    @cached_property
    def hit(self) -> np.ndarray:
        """Share of revenue at risk with the supply side, which alone counts where the rest is not known, shape (n,)."""
        total, supply = self.loss.total, self.loss.supply
        known = ~(np.isnan(total) & np.isnan(supply))
        share = 1.0 - (1.0 - np.nan_to_num(total)) * (1.0 - np.nan_to_num(supply))
        return np.where(known, share, np.nan)

    @cached_property
    def touched(self) -> np.ndarray:
        """Whether the act moves anything of a company, shape (n,)."""
        before, after = self.without, self.with_it
        moves = [
            self.hit,
            after.control.total - before.control.total,
            after.retaliation.supply - before.retaliation.supply,
            after.retaliation.total - before.retaliation.total,
            np.nan_to_num(after.floor) - np.nan_to_num(before.floor),
            after.score - before.score,
        ]
        return np.logical_or.reduce([np.abs(np.nan_to_num(move)) > LEAST for move in moves])

    @cached_property
    def rank(self) -> np.ndarray:
        """Place by `hit` among the companies that lose by the act, 1 is hardest hit, equal ones share the best."""
        lost = np.nan_to_num(self.hit)
        order = np.sort(-lost[lost > LEAST])
        return np.where(lost > LEAST, np.searchsorted(order, -lost) + 1.0, np.nan)

    @cached_property
    def hardest_first(self) -> np.ndarray:
        """The companies that the act touches, as positions: by `hit`, then by what their score moves."""
        found = np.flatnonzero(self.touched)
        moved = np.abs(np.nan_to_num(self.with_it.score - self.without.score))
        order: np.ndarray = found[np.lexsort((found, -moved[found], -np.nan_to_num(self.hit[found])))]
        return order


def states_of(
    release: Release, act: Act, methodology: Methodology, as_of: str | dt.date | np.datetime64 | None = None
) -> States:
    """The states without and with an act (methodology, section 11).

    Parameters
    ----------
    release : Release
    act : Act
    methodology : Methodology
    as_of : str, datetime.date or numpy.datetime64, optional
        Day whose knowledge counts. Default: the day before the announcement, with what the same government ends on
        the day of the announcement ended, so that an easing eases; for a scenario the last day of the release.

    Raises
    ------
    AsOfError
        The day is none, or later than the release supports.
    InputError
        Nothing is known of any company on the day.
    ScenarioInvalidError
        A scenario names what the release does not have.
    """
    day = day_of(release, act, as_of)
    also = act.countries(release)
    facts = Facts(release, day, methodology.timing, also, choices=methodology.fact_choices)
    if act.scenario is not None:
        facts = on_axis(facts, [act.scenario])
    states = between(act, facts, methodology, at_announcement=as_of is None)
    if np.isnan(states.without.market).all() and np.isnan(states.without.retaliation.supply).all():
        raise InputError("act", f"nothing is known of any company on {day}", "choose a later act, or give --as-of")
    return states


def between(
    act: Act, facts: Facts, methodology: Methodology, *, at_announcement: bool, known: Evaluation | None = None
) -> States:
    """The states without and with an act, of facts whose axes have the countries that it names.

    Parameters
    ----------
    act : Act
    facts : Facts
    methodology : Methodology
    at_announcement : bool
        Whether what the same government ends on the day after that of the facts ends.
    known : Evaluation, optional
        Of the facts, where it is at hand.
    """
    if act.scenario is not None:
        before = evaluate(facts, methodology) if known is None else known
        applied = apply(act.scenario, facts, methodology)
        after, notes = evaluate(applied.facts, applied.methodology), applied.notes
    else:
        ended = _ended(act, facts) if at_announcement else np.array([], dtype=int)
        if act.kind == "rule":
            without, with_it = _rules(act, facts, ended)
        else:
            without, with_it = _measures(act, facts, ended)
        before = known if known is not None and without is facts else evaluate(without, methodology)
        after, notes = evaluate(with_it, methodology), ()
    return States(act, facts.as_of, before, after, notes)


def day_of(release: Release, act: Act, as_of: str | dt.date | np.datetime64 | None = None) -> dt.date:
    """Day whose knowledge an act is judged by; parameters and errors as of `states_of`."""
    if as_of is not None:
        return parse_as_of(as_of, release)
    if act.announced is None:
        return release.last_as_of
    if act.announced > release.last_as_of:
        raise AsOfError(
            "act",
            f"{act.act_id} is announced on {act.announced}, after release {release.version} ends "
            f"({release.last_as_of})",
            "give --as-of with an earlier day, or use a newer release",
        )
    return act.announced - dt.timedelta(days=1)


def _rules(act: Act, facts: Facts, ended: np.ndarray) -> tuple[Facts, Facts]:
    active = np.setdiff1d(facts.rules.row, act.rows)
    without = facts if active.size == facts.rules.row.size else facts.replace(rules=facts.rules_of(active))
    now = np.setdiff1d(np.union1d(active, act.rows), ended)
    rules = facts.rules_of(now)
    allied = rules.allied | facts.axes.mask(act.countries(facts.release))
    return without, facts.replace(rules=dataclasses.replace(rules, allied=allied))


def _measures(act: Act, facts: Facts, ended: np.ndarray) -> tuple[Facts, Facts]:
    sides: dict[str, tuple[Measures, Measures]] = {}
    for side in ("supply", "access"):
        block: Measures = getattr(facts, side)
        active = np.setdiff1d(np.unique(block.row), act.rows)
        now = np.setdiff1d(np.union1d(active, act.rows), ended)
        same = block if active.size == np.unique(block.row).size else facts.measures_of(active, side)
        sides[side] = same, facts.measures_of(now, side)
    without, with_it = ({side: pair[i] for side, pair in sides.items()} for i in (0, 1))
    unchanged = all(block is getattr(facts, side) for side, block in without.items())
    return facts if unchanged else facts.replace(**without), facts.replace(**with_it)


def _ended(act: Act, facts: Facts) -> np.ndarray:
    """Rows of the same government that end on the day of the announcement."""
    name = TABLES[act.kind]
    table = facts.release.columns(name)
    announced = np.datetime64(facts.as_of, "D") + _DAY
    active = in_force(name, table, np.datetime64(facts.as_of, "D"), facts.timing)
    ends = active[ended_by(name, table, announced)[active]]
    if act.kind == "rule":
        ends = ends[table["imposed_by"][ends] == act.imposer]
    return np.setdiff1d(ends, act.rows)
