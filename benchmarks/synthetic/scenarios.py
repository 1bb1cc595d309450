"""Scenario documents made from a seed, of the kinds and sizes that the scenario library holds."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from scoring.facts.facts import Facts
from scoring.methodology.parameters import ACCESS_WORDS, CONTROL_WORDS, SUPPLY_WORDS
from scoring.scenario import Scenario

_WHO: Final = ("US", "JP", "NL", "KR", "TW", "DE")


def scenarios(facts: Facts, count: int, seed: int = 1) -> list[Scenario]:
    """Scenarios of one change each, in turn: every operation on controls and countermeasures of the library.

    Numbers of the methodology stay: most of them move every company, and are a whole evaluation each.
    """
    draw = _Draw(facts, np.random.default_rng(seed))
    kinds = (
        draw.extend_rule,
        draw.align,
        draw.add_rule,
        draw.end_rules,
        draw.mineral_measure,
        draw.family_measure,
        draw.company_measure,
        draw.end_countermeasures,
    )
    return [Scenario(scenario_id=f"drawn-{i}", changes=[kinds[i % len(kinds)]()]) for i in range(count)]


class _Draw:
    def __init__(self, facts: Facts, random: np.random.Generator) -> None:
        self.facts, self.random = facts, random
        rules = facts.release.columns("rules")["rule_id"]
        measures = facts.release.columns("countermeasures")["measure_id"]
        self.rules = rules[facts.rules.row].tolist()
        self.measures = measures[np.concatenate([facts.supply.row, facts.access.row])].tolist()
        self.caught = sorted({facts.families[f] for f in facts.rules.entry_family})

    def some(self, names: Any, least: int, most: int) -> list[str]:
        """Between `least` and `most` different names."""
        count = int(self.random.integers(least, most + 1))
        return [str(name) for name in self.random.choice(names, min(count, len(names)), replace=False)]

    def one(self, names: Any) -> str:
        return str(self.random.choice(names))

    def extend_rule(self) -> dict[str, Any]:
        return {"op": "extend_rule", "rule_id": self.one(self.rules), "countries": self.some(_WHO, 1, 3)}

    def align(self) -> dict[str, Any]:
        return {
            "op": "align",
            "countries": self.some(_WHO[1:], 1, 3),
            "with": "US",
            "families": self.some(self.caught, 1, 5),
            "servicing": bool(self.random.random() < 0.5),
        }

    def add_rule(self) -> dict[str, Any]:
        who = self.one(_WHO)
        fractions = {family: float(self.random.uniform(0.1, 1.0)) for family in self.some(self.caught, 2, 14)}
        return {
            "op": "add_rule",
            "imposed_by": who,
            "bound_countries": [who],
            "families": fractions,
            "measure": self.one(CONTROL_WORDS),
            "covers_servicing": bool(self.random.random() < 0.5),
        }

    def end_rules(self) -> dict[str, Any]:
        return {"op": "end_rules", "rule_ids": self.some(self.rules, 1, 2)}

    def mineral_measure(self) -> dict[str, Any]:
        return self._measure("mineral", self.facts.minerals, 5, "supply", SUPPLY_WORDS)

    def family_measure(self) -> dict[str, Any]:
        return self._measure("product_family", self.facts.families, 3, "access", ACCESS_WORDS)

    def company_measure(self) -> dict[str, Any]:
        return self._measure("company", self.facts.company_ids, 5, "supply", SUPPLY_WORDS)

    def end_countermeasures(self) -> dict[str, Any]:
        return {"op": "end_countermeasures", "measure_ids": self.some(self.measures, 1, 3)}

    def _measure(self, kind: str, names: list[str], most: int, side: str, words: tuple[str, ...]) -> dict[str, Any]:
        return {
            "op": "add_countermeasure",
            "subject_kind": kind,
            "subject": self.some(names, 1, most),
            "target": [self.one(_WHO)],
            "measure": self.one(words),
            "side": side,
        }
