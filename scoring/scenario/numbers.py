"""Numbers of a methodology that a scenario sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from scoring.documents import first_problem
from scoring.errors import ScenarioInvalidError
from scoring.methodology import Methodology
from scoring.scenario.model import Scenario
from scoring.suggest import nearest


def with_numbers(scenario: Scenario, methodology: Methodology, numbers: Mapping[str, float]) -> Methodology:
    """Methodology with some numbers changed, validated as a whole."""
    if not numbers:
        return methodology
    document = methodology.model_dump(mode="json")
    paths = dict(_parameters(document))
    for path, value in numbers.items():
        if path not in paths:
            raise ScenarioInvalidError(
                f"{scenario.scenario_id}: set_parameter",
                f"{path!r} is no number of methodology {methodology.version}",
                f"{nearest(path, list(paths))}see `exposure methodology show`",
            )
        parameter = paths[path]
        parameter |= {
            "value": value,
            "low": min(value, parameter["low"]),
            "high": max(value, parameter["high"]),
            "reason": f"set by the scenario {scenario.scenario_id}",
        }
    try:
        return Methodology.model_validate(document)
    except ValidationError as error:
        field, problem = first_problem(error)
        raise ScenarioInvalidError(
            f"{scenario.scenario_id}: {field}", problem, "set a value that the methodology allows"
        ) from None


def _parameters(document: Any, path: str = "") -> list[tuple[str, dict[str, Any]]]:
    """Every number of a methodology document by its path."""
    if not isinstance(document, dict):
        return []
    if {"value", "low", "high", "reason"} == set(document):
        return [(path, document)]
    return [
        found for name, child in document.items() for found in _parameters(child, f"{path}.{name}" if path else name)
    ]
