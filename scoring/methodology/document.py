"""The methodology: every choice behind a score, as a versioned and validated document.

A methodology is a YAML file such as ``data/methodology/2026.1.yaml``. Each parameter has the value
that enters the score, the range used by the uncertainty analysis and a one-line reason.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from scoring.data import data_directory
from scoring.documents import SafeLoader, first_problem
from scoring.errors import MethodologyInvalidError, MethodologyNotFoundError
from scoring.methodology.parameters import Parameters, parameters_of
from scoring.reference.jurisdictions import EU, WORLDWIDE
from scoring.vocabulary import (
    DEFAULT_METHODOLOGY,
    AccessMeasure,
    ControlMeasure,
    Evidence,
    FamilyGroup,
    Scope,
    Severity,
    SupplyMeasure,
    Timing,
)


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Parameter(_Document):
    """A choice: its value, the range it could reasonably take, and why.

    Attributes
    ----------
    value, low, high : float
        Used value and its range, ``low <= value <= high``.
    reason : str
        One line: why this value.
    """

    value: float
    low: float
    high: float
    reason: str = Field(min_length=1)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= self.value <= self.high:
            raise ValueError(f"value {self.value:g} is outside its own range {self.low:g} to {self.high:g}")
        return self


def _fraction(parameter: Parameter) -> Parameter:
    if parameter.low < 0 or parameter.high > 1:
        raise ValueError("must lie between 0 and 1, with its range")
    return parameter


def _positive(parameter: Parameter) -> Parameter:
    if parameter.low <= 0:
        raise ValueError("must be above 0, with its range")
    return parameter


def _power_of_mean(parameter: Parameter) -> Parameter:
    if parameter.low < 1 or parameter.high > 20:
        raise ValueError(
            "must be from 1 to 20, with its range: below, a severe exposure would be averaged away; above, "
            "its power is too small a number"
        )
    return parameter


def _single_country(code: str) -> str:
    if code in (EU, WORLDWIDE):
        raise ValueError(f"{code} is not a country; name its members")
    return code


Fraction = Annotated[Parameter, AfterValidator(_fraction)]
Positive = Annotated[Parameter, AfterValidator(_positive)]
Country = Annotated[str, Field(pattern="^[A-Z]{2}$"), AfterValidator(_single_country)]
PowerOfMean = Annotated[Parameter, AfterValidator(_power_of_mean)]


def _covers(words: Any) -> AfterValidator:
    """Check that a codebook has an entry for every word of a vocabulary (unknown words are refused by its type)."""

    def check(codebook: dict[str, Any]) -> dict[str, Any]:
        missing = [word for word in get_args(words) if word not in codebook]
        if missing:
            raise ValueError(f"has no entry for {', '.join(missing)}")
        return codebook

    return AfterValidator(check)


class Weights(_Document):
    """Weights of the three pillars; they sum to 1."""

    market: Fraction
    control: Fraction
    retaliation: Fraction

    @model_validator(mode="after")
    def _sum(self) -> Self:
        total = self.market.value + self.control.value + self.retaliation.value
        if abs(total - 1) > 1e-9:
            raise ValueError(f"the weights sum to {total:g}; they must sum to 1")
        return self


class HalfPoints(_Document):
    """Exposure at which each pillar reaches half of its scale."""

    market: Positive
    control: Positive
    retaliation: Positive


class AlignmentProbability(_Document):
    """Probability that a jurisdiction adopts the strictest allied treatment."""

    default: Fraction
    countries: dict[Country, Fraction]

    def of(self, country: str) -> float:
        """Probability for one ISO 3166 country."""
        return self.countries.get(country, self.default).value


class LatentThreat(_Document):
    """Parameters of the self-exciting index of coercive acts."""

    maximum: Fraction
    scale: Positive
    half_life_years: Positive
    worldwide_share: Fraction
    severity: Annotated[dict[Severity, Positive], _covers(Severity)]


class Confidence(_Document):
    """How sure a fact is, by its evidence and age."""

    evidence: Annotated[dict[Evidence, Fraction], _covers(Evidence)]
    half_life_years: Positive
    grades: dict[str, float]

    @model_validator(mode="after")
    def _graded(self) -> Self:
        _check_steps("grades", self.grades, upper=1)
        return self


class Uncertainty(_Document):
    """How far facts could be off; it enters the uncertainty analysis and never the score.

    Attributes
    ----------
    spread : dict of str to Parameter
        Relative half-width of a value, by its evidence.
    scope : dict of str to Parameter
        Factor from the stated China share to that of mainland China, by what was counted as China.
    """

    spread: Annotated[dict[Evidence, Fraction], _covers(Evidence)]
    scope: Annotated[dict[Scope, Positive], _covers(Scope)]


class Methodology(_Document):
    """A validated methodology document; see docs/methodology.md for the equations it feeds.

    Attributes
    ----------
    version : str
        Name of the document, such as ``2026.1``.
    china_share : {"latest", "structural"}
        Which China share enters the score.
    timing : {"announced", "effective"}
        Date from which a control counts.
    weights, half_points, beta
        Composite (section 4).
    control_stringency, supply_stringency, access_stringency, vulnerability : dict of str to Parameter
        Codebooks, each complete over its vocabulary.
    """

    version: str = Field(min_length=1)
    title: str
    china_share: Literal["latest", "structural"]
    timing: Timing
    weights: Weights
    half_points: HalfPoints
    beta: PowerOfMean
    bands: dict[str, float]
    alignment_probability: AlignmentProbability
    control_stringency: Annotated[dict[ControlMeasure, Fraction], _covers(ControlMeasure)]
    supply_stringency: Annotated[dict[SupplyMeasure, Fraction], _covers(SupplyMeasure)]
    access_stringency: Annotated[dict[AccessMeasure, Fraction], _covers(AccessMeasure)]
    latent_threat: LatentThreat
    vulnerability: Annotated[dict[FamilyGroup, Fraction], _covers(FamilyGroup)]
    unknown_import_share: Fraction
    confidence: Confidence
    uncertainty: Uncertainty

    @model_validator(mode="after")
    def _banded(self) -> Self:
        _check_steps("bands", self.bands, upper=100)
        return self

    @property
    def parameters(self) -> Parameters:
        """The numbers that enter the equations, as arrays."""
        return parameters_of(self)

    @property
    def sha256(self) -> str:
        """Hash of the content: two documents that score alike but were written differently share it."""
        content = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()


def _check_steps(name: str, steps: dict[str, float], upper: float) -> None:
    bounds = sorted(steps.values())
    if not bounds or bounds[0] != 0 or bounds[-1] >= upper or len(set(bounds)) != len(bounds):
        raise ValueError(f"{name} need distinct lower bounds from 0 to below {upper:g}")


def list_methodologies() -> list[str]:
    """Versions that come with the package, oldest first."""
    return sorted(path.stem for path in (data_directory() / "methodology").glob("*.yaml"))


def load_methodology(version: str | Path | Methodology = DEFAULT_METHODOLOGY) -> Methodology:
    """Load and validate a methodology document.

    Parameters
    ----------
    version : str, Path or Methodology
        Bundled version such as ``2026.1``, the path of a YAML file, or a document that is loaded already.

    Raises
    ------
    MethodologyNotFoundError
        No such version or file; the message lists what exists.
    MethodologyInvalidError
        The document has an unknown, missing or out-of-range value; the message names the field.
    """
    if isinstance(version, Methodology):
        return version
    name = str(version)
    if name in list_methodologies():
        return _bundled(name)
    path = Path(name)
    if path.suffix not in {".yaml", ".yml"} or not path.is_file():
        raise MethodologyNotFoundError(
            "methodology",
            f"{name} does not exist",
            f"choose one of: {', '.join(list_methodologies())}, or give the path of a YAML file",
        )
    return parse_methodology(path.read_bytes(), name)


def parse_methodology(text: str | bytes, name: str) -> Methodology:
    """Validate a methodology document given as YAML; `name` is what errors call it."""
    try:
        return Methodology.model_validate(yaml.load(text, Loader=SafeLoader))  # noqa: S506 (a safe loader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise MethodologyInvalidError(name, f"is not YAML: {' '.join(str(error).split())}", "mend the syntax") from None
    except ValidationError as error:
        field, problem = first_problem(error)
        raise MethodologyInvalidError(f"{name}: {field}", problem, "compare with `exposure methodology show`") from None


@lru_cache
def _bundled(version: str) -> Methodology:
    return parse_methodology((data_directory() / "methodology" / f"{version}.yaml").read_bytes(), version)
