"""Query options that several resources share, and the versions of code and method they lead to.

In this package, what computes scores is imported when the first score is asked for: a server is ready before that.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, Field

from scoring.errors import MethodologyNotFoundError
from service.formats.encode import FORMATS

if TYPE_CHECKING:
    from scoring.methodology import Methodology
    from scoring.reference.releases.release import Release
    from scoring.scenario import Scenario

_LONGEST: Final = 50
_LONGEST_SCENARIO: Final = 300


class NoOptions(BaseModel):
    """A resource without options; an unknown one is refused, here and in every subclass."""

    model_config = ConfigDict(extra="forbid")


class Versions(NoOptions):
    """Which facts and which method."""

    as_of: str | None = Field(
        None,
        max_length=_LONGEST,
        description="Only facts known by this day, YYYY-MM-DD. Default: today, or the last day the release supports.",
    )
    release: str | None = Field(None, max_length=_LONGEST, description="Release version. Default: the newest.")
    methodology: str | None = Field(
        None, max_length=_LONGEST, description="Methodology version. Default: the one that the package is made for."
    )

    @property
    def is_pinned(self) -> bool:
        """Whether the reply can never change: nothing is left to a default that moves."""
        return None not in (self.as_of, self.release, self.methodology)


class WhatIf(Versions):
    """Versions, and what is assumed."""

    scenario: str | None = Field(
        None,
        max_length=_LONGEST_SCENARIO,
        description="Scenarios of the library, comma-separated, applied in order; see /v1/scenarios. Default: none.",
    )


class TableOptions(WhatIf):
    """Versions, what is assumed, and how a table is written."""

    format: str | None = Field(
        None,
        max_length=_LONGEST,
        description=f"Format of the reply, before the Accept header: {', '.join(FORMATS)}.",
    )


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
    from scoring.vocabulary import DEFAULT_METHODOLOGY

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
    from scoring.scenario import check, compose, list_scenarios
    from scoring.scenario.library import not_found

    wanted, known = [name.strip() for name in names.split(",")], list_scenarios()
    for name in wanted:
        if name not in known:
            raise not_found(name)
    scenario = compose(wanted)
    if scenario is not None:
        check(scenario, release)
    return scenario


@lru_cache(maxsize=1)
def known_methodologies() -> tuple[str, ...]:
    """Methodologies that come with the package, oldest first."""
    from scoring.methodology import list_methodologies

    return tuple(list_methodologies())


@lru_cache(maxsize=1)
def package_version() -> str:
    """Version of this package: part of every entity tag, since other code may give other numbers."""
    return version("exposure-risk")


@lru_cache
def _load(name: str) -> Bundled:
    from scoring.methodology import load_methodology

    return Bundled(load_methodology(name))
