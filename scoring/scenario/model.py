"""The scenario document: a list of changes to controls, countermeasures and parameters."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Final, Literal, Self, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from scoring.reference.jurisdictions import COUNTRIES, EU, WORLDWIDE
from scoring.vocabulary import AccessMeasure, ControlMeasure, SupplyMeasure

Side = Literal["supply", "access"]
_WORDS: Final = {"supply": get_args(SupplyMeasure), "access": get_args(AccessMeasure)}


def _known(code: str) -> str:
    if code not in COUNTRIES | {EU}:
        raise ValueError(f"{code!r} is no ISO 3166 country and not EU")
    return code


def _known_target(code: str) -> str:
    return code if code == WORLDWIDE else _known(code)


def _once(names: list[str]) -> list[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"{name} is named twice")
        seen.add(name)
    return names


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False, populate_by_name=True)


MOST_CHANGES: Final = 1_000
"""Changes in a scenario: each makes a world of its own before the next one is applied to it."""

MOST_NAMES: Final = 5_000
"""Names in one list of a change."""

LONGEST_NAME: Final = 200

Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
# A list is refused at its first wrong element: a document of millions of them makes one error, not millions.
_LIST: Final = (Field(min_length=1, max_length=MOST_NAMES, fail_fast=True), AfterValidator(_once))
Names = Annotated[list[Name], *_LIST]
Country = Annotated[str, AfterValidator(_known)]
Countries = Annotated[list[Country], *_LIST]
Targets = Annotated[list[Annotated[str, AfterValidator(_known_target)]], *_LIST]
Fraction = Annotated[float, Field(ge=0, le=1)]


class ExtendRule(_Document):
    """A package of controls binds exporters of more countries."""

    op: Literal["extend_rule"]
    rule_id: Name
    countries: Countries


class Align(_Document):
    """Exporters of some countries face at least what exporters of another face, for some families.

    `servicing` says whether service revenue is aligned too.
    """

    op: Literal["align"]
    countries: Countries
    with_: Country = Field(alias="with")
    families: Names
    servicing: bool


class AddRule(_Document):
    """A new package: the fraction of each family's China sales it catches, and how strictly.

    `bound_countries` are whose exporters it binds; default: those of `imposed_by`.
    """

    op: Literal["add_rule"]
    imposed_by: Country
    bound_countries: Countries | None = None
    families: Annotated[dict[Name, Fraction], Field(min_length=1, max_length=MOST_NAMES)]
    measure: ControlMeasure
    covers_servicing: bool


class ListEntity(_Document):
    """A package names more parties: what companies sell to them is caught, whatever the products."""

    op: Literal["list_entity"]
    rule_id: Name
    entities: Names


class EndRules(_Document):
    """Packages of controls end."""

    op: Literal["end_rules"]
    rule_ids: Names


class EndCountermeasures(_Document):
    """Chinese measures end."""

    op: Literal["end_countermeasures"]
    measure_ids: Names


class AddCountermeasure(_Document):
    """A new Chinese measure on each subject toward each target.

    `side` is ``supply`` (what China withholds) or ``access`` (what may be sold to China). Default: ``supply``, unless
    only the access side has such a measure.
    """

    op: Literal["add_countermeasure"]
    subject_kind: Literal["mineral", "product_family", "company", "country"]
    subject: Names
    target: Targets
    measure: str
    side: Side | None = None

    @property
    def on_side(self) -> Side:
        """The side that is meant."""
        if self.side is not None:
            return self.side
        return "supply" if self.measure in _WORDS["supply"] else "access"

    @model_validator(mode="after")
    def _has_words(self) -> Self:
        if self.measure not in _WORDS[self.on_side]:
            raise ValueError(
                f"{self.measure!r} is no measure on the {self.on_side} side; use {', '.join(_WORDS[self.on_side])}"
            )
        if self.on_side == "access" and self.subject_kind in ("mineral", "country"):
            raise ValueError("an access measure is on a product_family or a company")
        return self


class ActivateScheduled(_Document):
    """Rules and measures that were announced for a later date, and are not confirmed, come into force."""

    op: Literal["activate_scheduled"]


class SetParameter(_Document):
    """A number of the methodology takes another value; its range is widened to hold it.

    `parameter` is its path, such as ``latent_threat.maximum`` or ``control_stringency.licence-required``.
    """

    op: Literal["set_parameter"]
    parameter: Name
    value: float


Change = Annotated[
    ExtendRule
    | ListEntity
    | Align
    | AddRule
    | EndRules
    | EndCountermeasures
    | AddCountermeasure
    | ActivateScheduled
    | SetParameter,
    Field(discriminator="op"),
]


class Scenario(_Document):
    """A what-if as data.

    Attributes
    ----------
    scenario_id : str
        Name; of a composition the names joined by ``+``.
    title, description : str
    changes : list of Change
        Applied in order; an identical change counts once.
    source_id : str or None
        Document that describes the scenario.
    note : str or None
    """

    scenario_id: Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[A-Za-z0-9][A-Za-z0-9._+-]*$")]
    title: str = ""
    description: str = ""
    changes: Annotated[list[Change], Field(max_length=MOST_CHANGES, fail_fast=True)]
    source_id: str | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        ended = {rule for change in self.changes if isinstance(change, EndRules) for rule in change.rule_ids}
        values: dict[str, float] = {}
        for change in self.changes:
            if isinstance(change, ExtendRule | ListEntity) and change.rule_id in ended:
                raise ValueError(f"{change.rule_id} is both ended and extended")
            if isinstance(change, SetParameter) and values.setdefault(change.parameter, change.value) != change.value:
                raise ValueError(f"{change.parameter} is set to {values[change.parameter]:g} and to {change.value:g}")
        return self

    def document(self) -> dict[str, Any]:
        """The scenario as plain values, ready for JSON or YAML."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    @property
    def distinct(self) -> list[Change]:
        """The changes, each once."""
        if len(self.changes) == 1:  # most scenarios of a large sweep
            return list(self.changes)
        return list({_canonical(change): change for change in reversed(self.changes)}.values())[::-1]

    @property
    def sha256(self) -> str:
        """Hash of what the scenario does: neither names and notes nor the order of keys enter it."""
        return hashlib.sha256("\n".join(map(_canonical, self.distinct)).encode()).hexdigest()


def _canonical(change: BaseModel) -> str:
    return json.dumps(change.model_dump(mode="json", by_alias=True), sort_keys=True)
