"""Tables of a synthetic universe that say what states do: controls, countermeasures, coercive acts, and minerals."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from benchmarks.synthetic.axes import IMPOSERS, LAST_YEAR, Axes, days
from scoring.methodology.parameters import ACCESS_WORDS, CONTROL_WORDS, SEVERITY_WORDS, SUPPLY_WORDS
from scoring.reference.jurisdictions import EU

Tables = dict[str, dict[str, Any]]

ACTIVE_RULES: Final = 60
OTHER_RULES: Final = 14
"""Packages that have ended, or are only scheduled."""
FRACTIONS: Final = 600
SUPPLY: Final = {"mineral": 50, "product_family": 10, "country": 4, "company": 36}
ACCESS: Final = {"product_family": 14, "company": 16}
OTHER_MEASURES: Final = 20
EVENTS: Final = 80
DEPENDENCES: Final = 430
STATED_AS_LOST: Final = 0.1
"""Part of the fractions that say what was lost, and not what is caught."""
REACHING_A_PART: Final = 0.15
"""Part of the measures that reach only a part of their subject."""
WITH_DEFAULT: Final = 0.2
"""Part of the minerals with a default for imports that are not measured."""
FIRST_YEAR: Final = 2014


def tables(axes: Axes, random: np.random.Generator) -> Tables:
    """Tables of rules, fractions, countermeasures, coercive acts, minerals, needs and imports."""
    rules = _rules(random)
    return {
        "rules": rules,
        "family_rules": _fractions(axes, rules, random),
        "countermeasures": _measures(axes, random),
        "coercion_events": _events(axes, random),
        "minerals": _minerals(axes, random),
        "family_minerals": _needs(axes, random),
        "mineral_codes": {
            "mineral": axes.minerals,
            "hs6": _codes(axes),
            "form": np.full(axes.minerals.size, "metal", dtype=object),
            "usable": np.arange(axes.minerals.size) % 5 != 0,
        },
        "mineral_imports": _imports(axes, random),
        "mineral_facts": _survey(axes, random),
    }


def _life(active: int, other: int, random: np.random.Generator) -> dict[str, np.ndarray]:
    """Dates and status: the first `active` are in force at the end, the others have ended or are scheduled."""
    count = active + other
    announced = days(np.sort(random.uniform(FIRST_YEAR, LAST_YEAR + 1, count)))
    effective = announced + random.integers(0, 120, count)
    ended = np.zeros(count, dtype=bool)
    ended[random.permutation(count)[:other]] = True
    scheduled = ended & (np.arange(count) % 3 == 0)
    end = np.where(ended & ~scheduled, effective + random.integers(30, 400, count), np.datetime64("NaT"))
    over = ended & ~scheduled
    # Whatever is to have ended has ended before the last date.
    end = np.where(over, np.minimum(end, np.datetime64("2026-05-01")), end)
    announced, effective = (np.where(over, np.minimum(d, end - 10), d) for d in (announced, effective))
    return {
        "announced": announced,
        "effective_from": effective,
        "effective_to": end,
        "end_announced": np.where(np.arange(count) % 2 == 0, end - 5, np.datetime64("NaT")),
        "status": np.where(scheduled, "scheduled", "confirmed").astype(object),
    }


def _rules(random: np.random.Generator) -> dict[str, Any]:
    count = ACTIVE_RULES + OTHER_RULES
    imposed_by = random.choice(np.array(IMPOSERS, dtype=object), count, p=[0.5, 0.12, 0.1, 0.1, 0.06, 0.06, 0.06])
    imposed_by[: len(IMPOSERS)] = IMPOSERS
    abroad = (imposed_by == "US") & (random.random(count) < 0.4)
    named = abroad & (random.random(count) < 0.5)
    return {
        "rule_id": np.array([f"rule-{i:03d}" for i in range(count)], dtype=object),
        "imposed_by": imposed_by,
        "target": np.full(count, "CN", dtype=object),
        "title": np.full(count, "Synthetic package", dtype=object),
        **_life(ACTIVE_RULES, OTHER_RULES, random),
        "measure": random.choice(np.array(CONTROL_WORDS, dtype=object), count),
        "reach": np.where(abroad, "extraterritorial", "home-exports").astype(object),
        "bound_countries": np.where(named, "TW;KR;EU", None),
        "exempt_countries": np.where(abroad & ~named, "JP;NL", None),
        "covers_servicing": random.random(count) < 0.3,
        "legal_ref": np.full(count, "none", dtype=object),
    }


def _fractions(axes: Axes, rules: dict[str, Any], random: np.random.Generator) -> dict[str, Any]:
    # Controls gather on some families: the tail of the others is seldom caught.
    chance = 1.0 / (1.0 + np.arange(axes.families.size) / 12)
    count, total = len(rules["rule_id"]), axes.families.size * len(rules["rule_id"])
    weight = np.repeat(chance, count) / (chance.sum() * count)
    wanted = min(FRACTIONS * count // ACTIVE_RULES, total // 2)
    cell = np.sort(random.choice(total, wanted, replace=False, p=weight))
    fraction = random.beta(1.2, 2.0, cell.size)
    lost = random.random(cell.size) < STATED_AS_LOST
    return {
        "product_family": axes.families[cell // count],
        "rule_id": rules["rule_id"][cell % count],
        "fraction": fraction,
        "fraction_low": fraction * 0.6,
        "fraction_high": np.minimum(fraction * 1.4, 1.0),
        "calibration": np.where(lost, "loss", "caught").astype(object),
        "evidence": np.full(cell.size, "expert-judgement", dtype=object),
    }


def _measures(axes: Axes, random: np.random.Generator) -> dict[str, Any]:
    side, kind = [], []
    for name, counts in (("supply", SUPPLY), ("access", ACCESS)):
        for subject_kind, count in counts.items():
            side += [name] * count
            kind += [subject_kind] * count
    shuffled = random.permutation(len(kind))
    active = len(kind)
    more = random.integers(0, active, OTHER_MEASURES)
    picked = np.concatenate([shuffled, shuffled[more]])
    sides, kinds = np.array(side, dtype=object)[picked], np.array(kind, dtype=object)[picked]
    targets = np.array(["WW", "US", "JP", EU, "NL", "KR", "TW", "DE"], dtype=object)
    target = random.choice(targets, picked.size, p=[0.3, 0.25, 0.2, 0.08, 0.05, 0.05, 0.04, 0.03])
    homes = random.permutation(np.array(["US", "JP", "NL", "KR"], dtype=object))
    subject = np.array([_subject(axes, k, random) for k in kinds], dtype=object)
    of_country = np.flatnonzero(kinds == "country")
    subject[of_country] = target[of_country] = homes[np.arange(of_country.size) % homes.size]
    of_unit = np.flatnonzero(kinds == "company")[::5]
    subject[of_unit] = axes.units[np.arange(of_unit.size) % axes.units.size]
    words = [random.choice(SUPPLY_WORDS if s == "supply" else ACCESS_WORDS) for s in sides]
    fraction = np.where(random.random(picked.size) < REACHING_A_PART, random.uniform(0.2, 0.9, picked.size), 1.0)
    # The ones that repeat a subject are those that have ended; which these are, `_life` draws.
    return {
        "measure_id": np.array([f"measure-{i:03d}" for i in range(picked.size)], dtype=object),
        "side": sides,
        "subject_kind": kinds,
        "subject": subject,
        "target": target,
        **_life(active, OTHER_MEASURES, random),
        "measure": np.array(words, dtype=object),
        "reach": np.full(picked.size, "home-exports", dtype=object),
        "legal_ref": np.full(picked.size, "none", dtype=object),
        "fraction": fraction,
        "fraction_low": fraction * 0.6,
        "fraction_high": np.minimum(fraction * 1.4, 1.0),
    }


def _subject(axes: Axes, kind: str, random: np.random.Generator) -> str:
    # Half of the minerals are under measures, so that worldwide and named measures meet on the same ones.
    of_kind = {
        "mineral": axes.minerals[: axes.minerals.size // 2],
        "product_family": axes.families,
        "company": axes.company_ids,
        "country": np.array(["US"], dtype=object),
    }
    return str(random.choice(of_kind[kind]))


def _events(axes: Axes, random: np.random.Generator) -> dict[str, Any]:
    targets = np.array(["WW", EU, *axes.homes[:10]], dtype=object)
    chance = np.array([0.12, 0.05, *([0.83 / (targets.size - 2)] * (targets.size - 2))])
    severity = random.choice(np.array(SEVERITY_WORDS, dtype=object), EVENTS)
    return {
        "event_id": np.array([f"event-{i:03d}" for i in range(EVENTS)], dtype=object),
        "date": days(np.sort(random.uniform(FIRST_YEAR, LAST_YEAR + 1.4, EVENTS))),
        "target_country": random.choice(targets, EVENTS, p=chance / chance.sum()),
        "kind": severity,
        "severity_kind": severity,
        "subject": np.full(EVENTS, "synthetic", dtype=object),
    }


def _minerals(axes: Axes, random: np.random.Generator) -> dict[str, Any]:
    m = axes.minerals.size
    mined, refined = random.beta(1.5, 1.5, m), random.beta(2.0, 1.5, m)
    unknown = np.arange(m) % 20 == 7  # as helium: China's share of world supply is not known
    return {
        "mineral": axes.minerals,
        "label": axes.minerals,
        "symbol": np.full(m, "Xx", dtype=object),
        "group": np.full(m, "minor-metal", dtype=object),
        "china_mine_share": np.where(unknown | (np.arange(m) % 4 == 0), np.nan, mined),
        "china_refined_share": np.where(unknown | (np.arange(m) % 4 == 1), np.nan, refined),
        "latest_year": np.full(m, 2024),
        "us_critical_list": np.ones(m, dtype=bool),
        "eu_crm_2023": np.ones(m, dtype=bool),
        "jp_critical": np.ones(m, dtype=bool),
        "import_share_default": np.where(random.random(m) < WITH_DEFAULT, random.beta(1.0, 1.5, m), np.nan),
    }


def _needs(axes: Axes, random: np.random.Generator) -> dict[str, Any]:
    # Families 0, 17, 34, ... need nothing, as services and software do.
    needy = np.flatnonzero(np.arange(axes.families.size) % 17 != 0)
    total = needy.size * axes.minerals.size
    cell = np.sort(random.choice(total, min(DEPENDENCES, total // 2), replace=False))
    return {
        "product_family": axes.families[needy[cell // axes.minerals.size]],
        "mineral": axes.minerals[cell % axes.minerals.size],
        "criticality": random.beta(1.5, 3.0, cell.size),
        "substitutability": random.beta(1.5, 2.0, cell.size),
        "stage": np.full(cell.size, "input", dtype=object),
        "evidence": np.full(cell.size, "expert-judgement", dtype=object),
    }


def _codes(axes: Axes) -> np.ndarray:
    return np.array([f"28{i:04d}" for i in range(axes.minerals.size)], dtype=object)


def _imports(axes: Axes, random: np.random.Generator) -> dict[str, Any]:
    importers = np.array(["EU27", *[home for home in axes.homes if home not in ("AT", "IE", "PL")]], dtype=object)
    years = np.arange(FIRST_YEAR - 2, LAST_YEAR)
    code, importer, year = (
        axis.ravel()
        for axis in np.meshgrid(np.arange(axes.minerals.size), np.arange(importers.size), years, indexing="ij")
    )
    kept = random.random(code.size) < 0.85  # the trade data have holes
    code, importer, year = code[kept], importer[kept], year[kept]
    return {
        "hs6": _codes(axes)[code],
        "year": year,
        "importer": importers[importer],
        "china_import_share": random.beta(1.0, 1.5, code.size),
        "import_value_kusd": random.lognormal(8.0, 2.0, code.size),
    }


def _survey(axes: Axes, random: np.random.Generator) -> dict[str, Any]:
    mineral = axes.minerals[::2]
    return {
        "mineral": mineral,
        "fact": np.full(mineral.size, "us_import_share_china", dtype=object),
        "value": random.beta(1.0, 1.5, mineral.size),
        "year": np.full(mineral.size, 2023),
    }
