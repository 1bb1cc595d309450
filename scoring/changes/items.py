"""What two ends do not have in common, as items that can be taken from the one end or the other."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, get_args

import numpy as np

from scoring.changes.aligned import ASSUMED, AlignedMeasures
from scoring.changes.ends import End
from scoring.changes.mixture import Mixture, Toggle
from scoring.changes.result import Change, Kind
from scoring.facts.facts import Facts
from scoring.reference.clock import CLOCK, begins, known_by
from scoring.reference.jurisdictions import members, split

KINDS: Final[tuple[str, ...]] = get_args(Kind)

CHOICES: Final[tuple[Kind, str]] = ("parameter", "fact_choices")
"""Kind and key of the item that is the choices of facts that count."""

_MIX: Final = ("company", "family", "service", "share", "china")

_OWN, _DATED, _DECAY, _STANDING, _METHOD = range(5)


@dataclass(frozen=True)
class Item:
    """One thing that differs.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    key : str
        Which one; empty where there is only one, or each company has its own.
    change : {"added", "removed", "changed"}
        From the first end to the second.
    toggles : tuple of (str, int)
        What in the mixture is taken from the other end with it.
    order : tuple
        Place in the walk; the same whichever end comes first.
    """

    kind: Kind
    key: str
    change: Change
    toggles: tuple[Toggle, ...]
    order: tuple[int, str, int, str]


def differing_items(mixture: Mixture) -> list[Item]:
    """Everything that differs, in the order of the walk.

    First the companies' own facts, then rules, fractions, measures and acts by the day they were announced, then the
    decay of the acts that both ends know, then facts without a day of their own, then the methodology.
    """
    a, b = mixture.ends
    items = [*_own(a, b), *_rules(mixture), *_measures(mixture), *_events(mixture), *_standing(a, b), *_method(mixture)]
    return sorted(items, key=lambda item: item.order)


def _item(kind: Kind, key: str, change: Change, toggles: list[Toggle], group: int, day: str = "") -> Item:
    return Item(kind, key, change, tuple(toggles), (group, day, KINDS.index(kind), key))


def _own(a: End, b: End) -> list[Item]:
    """Own facts: companies do not touch each other, so those of all companies change in one step."""
    one, other = a.own, b.own
    found: list[tuple[Kind, str, bool]] = [
        ("company", "home", not np.array_equal(one.country, other.country)),
        ("revenue", "china", any(not _same_sales(a.by_choices[c], b.by_choices[c]) for c in a.by_choices)),
        (
            "mix",
            "segments",
            any(not _same(a.by_choices[c].segments, b.by_choices[c].segments, _MIX) for c in a.by_choices),
        ),
    ]
    return [_item(kind, "", "changed", [(name, 0)], _OWN) for kind, name, differs in found if differs]


def _same_sales(one: Facts, other: Facts) -> bool:
    """Whether companies sold the same to China, and to the same named customers, as far as is known."""
    same_shares = _same(one.china, other.china, ("latest", "structural", "midpoint"))
    same_customers = _same(one.customers, other.customers, ("company", "entity", "share"))
    return same_shares and same_customers and np.array_equal(one.unsold, other.unsold)


def _same(one: object, other: object, names: tuple[str, ...]) -> bool:
    pairs = [(getattr(one, name), getattr(other, name)) for name in names]
    return all(np.array_equal(x, y, equal_nan=x.dtype.kind in "fM") for x, y in pairs)


def _rules(mixture: Mixture) -> list[Item]:
    aligned = mixture.rules
    toggles: dict[str, list[Toggle]] = {}
    changes: dict[str, Change] = {}
    for k in aligned.differing():
        key = aligned.keys[k]
        toggles[key] = [("rules", k)]
        changes[key] = _change(mixture, aligned.present, k)
        if (aligned.position[:, k] < 0).any():  # its fractions come and go with it
            toggles[key] += [("fractions", f) for f in aligned.fractions_of(k)]
    # A rule makes allies of the countries that it names, from the day on which it is announced.
    for j in np.flatnonzero(mixture.ends[0].own.rules.allied != mixture.ends[1].own.rules.allied).tolist():
        newly = int(mixture.ends[1].own.rules.allied[j])
        key = _naming(mixture.ends[newly], mixture.ends[0].own.countries[j], toggles)
        toggles.setdefault(key, []).append(("allied", j))
        changes.setdefault(key, "added" if newly else "removed")
    items = []
    for key, some in toggles.items():
        kind: Kind = "scenario" if key.startswith(ASSUMED) else "rule"
        items.append(_item(kind, key, changes[key], some, _DATED, _announced(mixture, "rules", key)))
    for f in aligned.differing_fractions():
        k, family = aligned.fraction_keys[f]
        key = f"{mixture.ends[0].own.families[family]}/{aligned.keys[k]}"
        there = aligned.fraction_position[:, f] >= 0
        change: Change = "changed" if there.all() else "added" if there[1] else "removed"
        day = _announced(mixture, "rules", aligned.keys[k])
        items.append(_item("fraction", key, change, [("fractions", f)], _DATED, day))
    return items


def _naming(end: End, country: str, known: dict[str, list[Toggle]]) -> str:
    """Rule because of which a country is an ally at one end only: one that differs anyway, else the first announced."""
    rules, day = end.known.release.columns("rules"), np.datetime64(end.known.as_of, "D")
    rows = [
        row
        for row in np.flatnonzero(known_by("rules", rules, day)).tolist()
        if country in members(rules["imposed_by"][row]) | split(rules["bound_countries"][row])
    ]
    rows.sort(key=lambda row: (rules["rule_id"][row] not in known, rules["announced"][row], rules["rule_id"][row]))
    if rows:
        return str(rules["rule_id"][rows[0]])
    assumed = [key for key in sorted(known) if key.startswith(ASSUMED)]
    return assumed[0] if assumed else f"{ASSUMED}allies"


def _measures(mixture: Mixture) -> list[Item]:
    toggles: dict[str, list[Toggle]] = {}
    changes: dict[str, set[Change]] = {}
    for side in ("supply", "access"):
        aligned: AlignedMeasures = getattr(mixture, side)
        for k in aligned.differing():
            key = aligned.keys[k]
            # A measure that reaches several companies, each the parent of its subject, is one measure.
            key = key if key.startswith(ASSUMED) else key.rstrip("'")
            toggles.setdefault(key, []).append((side, k))
            changes.setdefault(key, set()).add(_change(mixture, aligned.present, k))
    items = []
    for key, some in toggles.items():
        kind: Kind = "scenario" if key.startswith(ASSUMED) else "countermeasure"
        change = changes[key].pop() if len(changes[key]) == 1 else "changed"
        items.append(_item(kind, key, change, some, _DATED, _announced(mixture, "countermeasures", key)))
    return items


def _events(mixture: Mixture) -> list[Item]:
    aligned = mixture.events
    items = [
        _item(
            "event",
            aligned.keys[k],
            _change(mixture, aligned.present, k),
            [("events", k)],
            _DATED,
            aligned.keys[k][:10],
        )
        for k in aligned.differing()
    ]
    if aligned.aged():
        items.append(_item("decay", "", "changed", [("clock", 0)], _DECAY))
    return items


def _standing(a: End, b: End) -> list[Item]:
    """Facts of minerals and product families, which have no day of their own."""
    one, other = a.own, b.own
    items = []
    supply = _unequal(one.mineral.supply_share, other.mineral.supply_share)
    imports = np.logical_or.reduce(
        [
            _unequal(a.by_choices[c].mineral.import_share, b.by_choices[c].mineral.import_share).any(axis=1)
            for c in a.by_choices
        ]
    )
    for m, mineral in enumerate(one.minerals):
        if supply[m]:
            items.append(_item("mineral", mineral, "changed", [("supply_share", m)], _STANDING))
        if imports[m]:
            # A company feels only the imports of its own country, so those of all countries change in one step.
            items.append(_item("import", mineral, "changed", [("import_share", m)], _STANDING))
    needs = _unequal(one.mineral.criticality, other.mineral.criticality)
    needs |= _unequal(one.mineral.substitutability, other.mineral.substitutability)
    for f, m in np.argwhere(needs).tolist():
        there = [facts.mineral.dependence_row[f, m] >= 0 for facts in (one, other)]
        change: Change = "changed" if all(there) else "added" if there[1] else "removed"
        key = f"{one.families[f]}/{one.minerals[m]}"
        items.append(_item("criticality", key, change, [("needs", f * len(one.minerals) + m)], _STANDING))
    if not _same(one.mineral, other.mineral, ("producer_company", "producer_mineral")):
        items.append(_item("criticality", "producers", "changed", [("producers", 0)], _STANDING))
    for f in np.flatnonzero(one.groups != other.groups).tolist():
        items.append(_item("family", one.families[f], "changed", [("groups", f)], _STANDING))
    return items


def _method(mixture: Mixture) -> list[Item]:
    a, b = mixture.ends
    items = [
        _item("parameter", number.path, "changed", [("numbers", i)], _METHOD)
        for i, number in enumerate(mixture.numbers)
    ]
    if a.methodology.china_share != b.methodology.china_share:
        items.append(_item("parameter", "china_share", "changed", [("share_option", 0)], _METHOD))
    if a.known.choices != b.known.choices:
        items.append(_item(*CHOICES, "changed", [("choices", 0)], _METHOD))
    if a.known.timing != b.known.timing:
        items.append(_item("timing", "", "changed", [("timing", 0)], _METHOD))
    return items


def _unequal(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Where two arrays differ; two unknown values are the same."""
    return (one != other) & ~(np.isnan(one) & np.isnan(other))


def _change(mixture: Mixture, present: np.ndarray, key: int) -> Change:
    """What became of a row from the first end to the second, each under its own timing."""
    timings = list(mixture.ends[0].facts)
    at = [timings.index(end.known.timing) if present.shape[1] > 1 else 0 for end in mixture.ends]
    was, now = bool(present[0, at[0], key]), bool(present[1, at[1], key])
    return "changed" if was == now else "added" if now else "removed"


def _announced(mixture: Mixture, table: str, key: str) -> str:
    """Day on which a rule or measure was announced, the earlier where the ends differ; late for an assumption."""
    days: list[str] = []
    (name,) = CLOCK[table].key
    for end in mixture.ends:
        columns = end.known.release.columns(table)
        days += begins(table, columns)[columns[name] == key].astype(str).tolist()
    return min(days, default=str(dt.date.max))
