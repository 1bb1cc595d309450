"""Acts: rules, measures and scenarios by name, alone or several announced together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from scoring.errors import InputError
from scoring.lookup.touched import NotFoundError
from scoring.reference.clock import CLOCK
from scoring.reference.jurisdictions import members, split
from scoring.reference.releases.release import Release
from scoring.scenario import Scenario, list_scenarios, load_scenario
from scoring.suggest import nearest

Kind = Literal["rule", "measure", "scenario"]

TABLES: Final[Mapping[Kind, str]] = {"rule": "rules", "measure": "countermeasures"}
"""Table of the acts of each kind that a release holds."""

CHINA: Final = "CN"
"""Who takes countermeasures."""

ActLike = str | Path | Mapping[str, Any] | Scenario


@dataclass(frozen=True)
class Act:
    """One act, or several that one government announced together.

    Attributes
    ----------
    act_id : str
        Identifier of the rule, measure or scenario; of several the identifiers joined by ``+``.
    kind : {"rule", "measure", "scenario"}
    rows : tuple of int
        In `rules` or `countermeasures`; none of a scenario.
    imposer : str or None
        Who acts; None for a scenario.
    announced : datetime.date or None
        None for a scenario.
    scenario : Scenario or None
    """

    act_id: str
    kind: Kind
    rows: tuple[int, ...] = ()
    imposer: str | None = None
    announced: dt.date | None = None
    scenario: Scenario | None = None

    def label(self, release: Release) -> str:
        """What it is called: who imposes what, or the title of the scenario; of several, each."""
        if self.scenario is not None:
            return self.scenario.title or self.scenario.scenario_id
        name = release.labels.rule if self.kind == "rule" else release.labels.measure
        return "; ".join(name(release.row(TABLES[self.kind], row)) for row in self.rows)

    def countries(self, release: Release) -> frozenset[str]:
        """Countries that rules of the act are imposed by or name as bound: allies, once it is announced."""
        if self.kind != "rule":
            return frozenset()
        rules = release.columns("rules")
        return frozenset().union(
            *(members(rules["imposed_by"][row]) | split(rules["bound_countries"][row]) for row in self.rows)
        )


def find_act(release: Release, what: ActLike | Sequence[str], *, files: bool = True) -> Act:
    """The act of a name.

    Parameters
    ----------
    release : Release
    what : str, Path, mapping, Scenario or sequence of str
        rule_id, measure_id, or a scenario as `load_scenario` takes it; several rules, or several measures, of one
        government and day are one act.
    files : bool
        Whether a text may be the path of a document.

    Raises
    ------
    NotFoundError
        No such act; the message lists the nearest.
    InputError
        Several that were not announced together.
    ScenarioInvalidError, ScenarioNotFoundError
        A scenario that does not validate or cannot be read.
    """
    if isinstance(what, Path | Mapping | Scenario):
        return _as_act(load_scenario(what))
    names = [what] if isinstance(what, str) else what
    return together([_of_release(release, name) or _scenario(release, name, files) for name in names])


def together(acts: Sequence[Act]) -> Act:
    """Several acts as one.

    Raises
    ------
    InputError
        There is none, or they are not of one government and day.
    """
    if len(acts) == 1:
        return acts[0]
    if not acts or len({(act.kind, act.imposer, act.announced) for act in acts}) > 1 or acts[0].kind == "scenario":
        named = ", ".join(f"{act.act_id} ({act.imposer or 'scenario'}, {act.announced or 'no day'})" for act in acts)
        raise InputError(
            "act",
            f"{named or 'nothing'} is not one announcement",
            "name rules, or measures, that one government announced on one day; scenarios one at a time",
        )
    first = acts[0]
    rows = tuple(dict.fromkeys(row for act in acts for row in act.rows))
    return Act("+".join(act.act_id for act in acts), first.kind, rows, first.imposer, first.announced)


def every_act(release: Release) -> list[Act]:
    """Every confirmed rule and measure of a release announced by its last day, in the order of announcement."""
    last = np.datetime64(release.last_as_of, "D")
    acts = []
    for kind, table in TABLES.items():
        columns = release.columns(table)
        chosen = np.flatnonzero((columns["status"] == "confirmed") & (columns["announced"] <= last))
        acts += [_act(release, kind, row) for row in chosen.tolist()]
    return sorted(acts, key=lambda act: (act.announced or dt.date.min, act.act_id))


def announcements(release: Release) -> list[Act]:
    """The acts of a release, those that one government announced on one day as one."""
    days: dict[tuple[Any, ...], list[Act]] = {}
    for act in every_act(release):
        days.setdefault((act.announced, act.imposer, act.kind), []).append(act)
    return [together(acts) for acts in days.values()]


def _act(release: Release, kind: Kind, row: int) -> Act:
    table = TABLES[kind]
    columns, (key,) = release.columns(table), CLOCK[table].key
    imposer = str(columns["imposed_by"][row]) if kind == "rule" else CHINA
    return Act(str(columns[key][row]), kind, (row,), imposer, columns["announced"][row].item())


def _of_release(release: Release, name: str) -> Act | None:
    for kind, table in TABLES.items():
        (key,) = CLOCK[table].key
        found = np.flatnonzero(release.columns(table)[key] == name)
        if found.size:
            return _act(release, kind, int(found[0]))
    return None


def _scenario(release: Release, name: str, files: bool) -> Act:
    if name in list_scenarios() or (files and Path(name).suffix in {".yaml", ".yml", ".json"}):
        return _as_act(load_scenario(name))
    if name in set(release.columns("coercion_events")["event_id"]):
        raise NotFoundError(
            "act",
            f"{name!r} is a coercive act, which adds to the threat and is neither rule nor measure",
            "see /v1/events/{id}/companies for whom it touches, and the table countermeasures for measures",
        )
    known = [*release.columns("rules")["rule_id"], *release.columns("countermeasures")["measure_id"], *list_scenarios()]
    raise NotFoundError(
        "act",
        f"{name[:200]!r} is no rule, measure or scenario",
        f"{nearest(name, known)}see the tables rules and countermeasures, and `exposure scenario list`",
    )


def _as_act(scenario: Scenario) -> Act:
    return Act(scenario.scenario_id, "scenario", scenario=scenario)
