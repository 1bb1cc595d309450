"""Does a scenario name what the release has? Unknown names are refused, with what is near."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from weakref import WeakKeyDictionary

from scoring.errors import ScenarioInvalidError
from scoring.reference.releases.release import Release
from scoring.scenario.model import (
    AddCountermeasure,
    AddRule,
    Align,
    Change,
    EndCountermeasures,
    EndRules,
    ExtendRule,
    ListEntity,
    Scenario,
)
from scoring.suggest import nearest

_COLUMN = {
    "rule": ("rules", "rule_id"),
    "measure": ("countermeasures", "measure_id"),
    "product_family": ("product_families", "product_family"),
    "mineral": ("minerals", "mineral"),
    "company": ("companies", "company_id"),
    "entity": ("entities", "entity"),
}


def check(scenario: Scenario, release: Release) -> None:
    """Check every name in a scenario.

    Raises
    ------
    ScenarioInvalidError
        An unknown rule, measure, family, mineral or company; the message lists near matches.
    """
    for number, change in enumerate(scenario.changes):
        for field, kind, names in _named(change):
            table, column = _COLUMN[kind]
            known = _known(release, table, column)
            for name in names:
                if name not in known:
                    raise ScenarioInvalidError(
                        f"{scenario.scenario_id}: changes.{number}.{field}",
                        f"{name[:200]!r} is not in release {release.version}",
                        f"{nearest(name, list(known))}see the table {table}",
                    )


def _known(release: Release, table: str, column: str) -> dict[str, None]:
    """Names in a column, each once; kept with the release, for a sweep asks for them a thousand times."""
    kept = _KNOWN.setdefault(release, {})
    if table not in kept:
        kept[table] = dict.fromkeys(release.columns(table)[column].tolist())
    return kept[table]


_KNOWN: WeakKeyDictionary[Release, dict[str, dict[str, None]]] = WeakKeyDictionary()


def _named(change: Change) -> Iterator[tuple[str, str, Iterable[str]]]:
    """Names in a change, with their field and what they are names of."""
    if isinstance(change, ExtendRule | ListEntity):
        yield "rule_id", "rule", [change.rule_id]
        if isinstance(change, ListEntity):
            yield "entities", "entity", change.entities
    elif isinstance(change, EndRules):
        yield "rule_ids", "rule", change.rule_ids
    elif isinstance(change, EndCountermeasures):
        yield "measure_ids", "measure", change.measure_ids
    elif isinstance(change, Align | AddRule):
        yield "families", "product_family", change.families
    elif isinstance(change, AddCountermeasure) and change.subject_kind != "country":
        yield "subject", change.subject_kind, change.subject
