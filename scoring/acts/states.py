"""The two states that an act lies between: without it and with it, both from what was known on one day."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass

import numpy as np

from scoring.acts.act import TABLES, Act
from scoring.errors import AsOfError, InputError
from scoring.facts.blocks import Measures
from scoring.facts.facts import Facts, parse_as_of
from scoring.facts.selection import in_force
from scoring.methodology import Methodology
from scoring.reference.clock import ended_by
from scoring.reference.releases.release import Release
from scoring.scenario.apply import apply, on_axis
from scoring.score.evaluation import Evaluation, evaluate

_DAY = np.timedelta64(1, "D")


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
    day = _day_of(release, act, as_of)
    also = act.countries(release)
    facts = Facts(release, day, methodology.timing, also, choices=methodology.fact_choices)
    if act.scenario is not None:
        facts = on_axis(facts, [act.scenario])
    return between(act, facts, methodology, at_announcement=as_of is None)


def between(act: Act, facts: Facts, methodology: Methodology, *, at_announcement: bool) -> States:
    """The states without and with an act, of facts whose axes have the countries that it names."""
    if act.scenario is not None:
        before = evaluate(facts, methodology)
        applied = apply(act.scenario, facts, methodology)
        after, notes = evaluate(applied.facts, applied.methodology), applied.notes
    else:
        ended = _ended(act, facts) if at_announcement else np.array([], dtype=int)
        if act.kind == "rule":
            without, with_it = _rules(act, facts, ended)
        else:
            without, with_it = _measures(act, facts, ended)
        before, after, notes = evaluate(without, methodology), evaluate(with_it, methodology), ()
    if not (~np.isnan(before.market) | ~np.isnan(before.retaliation.supply)).any():
        raise InputError("act", f"nothing is known of any company on {facts.as_of}", "choose a later act, or --as-of")
    return States(act, facts.as_of, before, after, notes)


def _day_of(release: Release, act: Act, as_of: str | dt.date | np.datetime64 | None) -> dt.date:
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
    return facts.replace(**without), facts.replace(**with_it)


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
