"""Kinds of values in a methodology: a number with its range and reason, a word with its reason, complete codebooks."""

from __future__ import annotations

from typing import Annotated, Any, Self, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from scoring.reference.jurisdictions import EU, WORLDWIDE


class Document(BaseModel):
    """A part of a methodology: every field known, nothing changed after it was read."""

    # Only the whole document validates, so its parts need no validator of their own.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False, defer_build=True)


class Parameter(Document):
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


class Choice(Document):
    """A choice between rules: the word that names the rule, and why. Each choice says which words there are."""

    value: str
    reason: str = Field(min_length=1)


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


def covers(words: Any) -> AfterValidator:
    """Check that a codebook has an entry for every word of a vocabulary (unknown words are refused by its type)."""

    def check(codebook: dict[str, Any]) -> dict[str, Any]:
        missing = [word for word in get_args(words) if word not in codebook]
        if missing:
            raise ValueError(f"has no entry for {', '.join(missing)}")
        return codebook

    return AfterValidator(check)
