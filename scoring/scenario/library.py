"""Scenarios by name: those that come with the package, documents in YAML or JSON, and compositions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from scoring.data import data_directory
from scoring.documents import SafeLoader, first_problem
from scoring.errors import ScenarioInvalidError, ScenarioNotFoundError
from scoring.scenario.model import Scenario
from scoring.suggest import nearest

ScenarioLike = str | Path | Mapping[str, Any] | Scenario


def list_scenarios() -> list[str]:
    """Names of the scenarios that come with the package."""
    return list(_names())


def load_scenario(what: ScenarioLike) -> Scenario:
    """Load and validate a scenario.

    Parameters
    ----------
    what : str, Path, mapping or Scenario
        Name in the library, path of a YAML or JSON document, or the document itself.

    Raises
    ------
    ScenarioNotFoundError
        No such name or file; the message lists what is near.
    ScenarioInvalidError
        The document does not validate; the message names the field.
    """
    if isinstance(what, Scenario):
        return what
    if isinstance(what, Mapping):
        return _validated(dict(what), str(what.get("scenario_id", "scenario")))
    name, path = str(what), Path(what)
    if name in list_scenarios():
        return _bundled(name)
    if path.suffix not in {".yaml", ".yml", ".json"}:
        raise not_found(name)
    try:
        text = path.read_bytes()
    except OSError as error:
        raise ScenarioNotFoundError(
            "scenario", f"{name} cannot be read ({error.strerror})", "give the path of a YAML or JSON document"
        ) from None
    return parse_scenario(text, name)


def not_found(name: str) -> ScenarioNotFoundError:
    """Error for a name that is not in the library, with what is near."""
    return ScenarioNotFoundError(
        "scenario",
        f"{name[:200]!r} is not in the library",
        f"{nearest(name, list_scenarios())}`exposure scenario list` shows all; a path must end in .yaml or .json",
    )


def parse_scenario(text: str | bytes, name: str) -> Scenario:
    """Validate a scenario given as YAML or JSON; `name` is what errors call it."""
    try:
        document = yaml.load(text, Loader=SafeLoader)  # noqa: S506 (a safe loader; JSON is YAML)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ScenarioInvalidError(name, f"is not YAML: {' '.join(str(error).split())}", "mend the syntax") from None
    return _validated(document, name)


def to_yaml(scenario: Scenario) -> str:
    """The scenario as a YAML document that `parse_scenario` reads back."""
    return yaml.safe_dump(scenario.document(), sort_keys=False, allow_unicode=True, width=118)


def compose(scenarios: Sequence[ScenarioLike]) -> Scenario | None:
    """One scenario that applies several in order; None of none.

    Raises
    ------
    ScenarioInvalidError
        They contradict each other.
    """
    loaded = [load_scenario(scenario) for scenario in scenarios]
    if len(loaded) < 2:
        return loaded[0] if loaded else None
    name = "+".join(scenario.scenario_id for scenario in loaded)
    return _validated(
        {
            "scenario_id": name,
            "title": "; then ".join(scenario.title or scenario.scenario_id for scenario in loaded),
            "changes": [change for scenario in loaded for change in scenario.document()["changes"]],
        },
        name,
    )


def composed(scenario: ScenarioLike | Sequence[ScenarioLike] | None) -> Scenario | None:
    """One scenario of what a caller gives: none, one, or several that apply in order."""
    if scenario is None:
        return None
    if isinstance(scenario, str) or not isinstance(scenario, Sequence):
        return load_scenario(scenario)
    return compose(scenario)


def _validated(document: Any, name: str) -> Scenario:
    try:
        return Scenario.model_validate(document)
    except ValidationError as error:
        field, problem = first_problem(error)
        raise ScenarioInvalidError(
            f"{name[:200]}: {field}", problem, "compare with `exposure scenario show jp-matches-us-servicing-ban`"
        ) from None


@lru_cache(maxsize=1)
def _names() -> tuple[str, ...]:
    # The folder comes with the package and is read once: a request may name many scenarios.
    return tuple(sorted(path.stem for path in (data_directory() / "scenarios").glob("*.yaml")))


@lru_cache
def _bundled(name: str) -> Scenario:
    path = data_directory() / "scenarios" / f"{name}.yaml"
    return parse_scenario(path.read_bytes(), name)
