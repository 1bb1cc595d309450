"""What comes with the package and may be named over the network: methodologies and scenarios, never files."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from scoring.errors import MethodologyNotFoundError, ScenarioInvalidError
from scoring.vocabulary import DEFAULT_METHODOLOGY
from service.http.options import MOST_SCENARIOS

if TYPE_CHECKING:
    from scoring.methodology import Methodology
    from scoring.reference.releases.release import Release
    from scoring.scenario import Scenario

_LONGEST: Final = 50


class Bundled:
    """A methodology that comes with the package, with its hash computed once."""

    def __init__(self, document: Methodology) -> None:
        self.document = document
        self.sha256 = document.sha256


def bundled(name: str | None) -> Bundled:
    """Methodology of a version; the network names methodologies, it does not locate files.

    Raises
    ------
    MethodologyNotFoundError
        No such version; the message lists what exists.
    """
    known = known_methodologies()
    wanted = DEFAULT_METHODOLOGY if name is None else name
    if wanted not in known:
        raise MethodologyNotFoundError(
            "methodology", f"{wanted[:_LONGEST]!r} does not exist", f"choose one of: {', '.join(known)}"
        )
    return _load(wanted)


def library_scenario(names: str | None, release: Release) -> Scenario | None:
    """Scenarios of the library, composed; like a methodology, the network names them and locates no files.

    Raises
    ------
    ScenarioNotFoundError, ScenarioInvalidError
        No such scenario, or it names what the release does not have.
    """
    if names is None:
        return None
    from scoring.scenario import check, compose

    parts = [name.strip() for name in names.split(",")]
    if len(parts) > MOST_SCENARIOS:
        raise ScenarioInvalidError("scenario", f"names {len(parts)}, more than {MOST_SCENARIOS}", "apply fewer")
    scenario = compose([located(name) for name in parts])
    if scenario is not None:
        check(scenario, release)
    return scenario


@lru_cache(maxsize=1)
def known_methodologies() -> tuple[str, ...]:
    """Methodologies that come with the package, oldest first."""
    from scoring.methodology import list_methodologies

    return tuple(list_methodologies())


@lru_cache
def _load(name: str) -> Bundled:
    from scoring.methodology import load_methodology

    return Bundled(load_methodology(name))


def located(given: Any) -> Any:
    """A scenario that the network may name: a document, or a name in the library, never a path.

    Raises
    ------
    ScenarioNotFoundError
        No such name.
    """
    from scoring.scenario import list_scenarios
    from scoring.scenario.library import not_found

    if isinstance(given, str) and given not in list_scenarios():
        raise not_found(given)
    return given
