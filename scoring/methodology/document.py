"""The methodology: every choice behind a score, as a versioned and validated document.

A methodology is a YAML file such as ``data/methodology/2026.1.yaml``. Each parameter has the value
that enters the score, the range used by the uncertainty analysis and a one-line reason.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self

import yaml
from pydantic import Field, ValidationError, model_validator

from scoring.data import data_directory
from scoring.documents import SafeLoader, first_problem
from scoring.errors import MethodologyInvalidError, MethodologyNotFoundError
from scoring.facts.choices import FactChoices
from scoring.methodology.kinds import Choice, Country, Document, Fraction, Positive, PowerOfMean, covers
from scoring.methodology.parameters import Parameters, parameters_of
from scoring.vocabulary import (
    DEFAULT_METHODOLOGY,
    AccessMeasure,
    ControlMeasure,
    Evidence,
    FamilyGroup,
    PeriodLength,
    Scope,
    Severity,
    SupplyMeasure,
    Timing,
)

if TYPE_CHECKING:
    import numpy as np

    from scoring.facts.axes import Axes
    from scoring.facts.facts import Facts
    from scoring.reference.releases.release import Release


class Weights(Document):
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


class HalfPoints(Document):
    """Exposure at which each pillar reaches half of its scale."""

    market: Positive
    control: Positive
    retaliation: Positive


class AlignmentProbability(Document):
    """Probability that a jurisdiction adopts the strictest allied treatment."""

    default: Fraction
    countries: dict[Country, Fraction]

    def of(self, country: str) -> float:
        """Probability for one ISO 3166 country."""
        return self.countries.get(country, self.default).value


class LatentThreat(Document):
    """Parameters of the self-exciting index of coercive acts."""

    maximum: Fraction
    scale: Positive
    half_life_years: Positive
    worldwide_share: Fraction
    severity: Annotated[dict[Severity, Positive], covers(Severity)]


class Confidence(Document):
    """How sure a fact is, by its evidence and age."""

    evidence: Annotated[dict[Evidence, Fraction], covers(Evidence)]
    half_life_years: Positive
    grades: dict[str, float]

    @model_validator(mode="after")
    def _graded(self) -> Self:
        _check_steps("grades", self.grades, upper=1)
        return self


class Uncertainty(Document):
    """How far facts could be off; it enters the uncertainty analysis and never the score.

    Attributes
    ----------
    spread : dict of str to Parameter
        Relative half-width of a value, by its evidence.
    scope : dict of str to Parameter
        Factor from the stated China share to that of mainland China, by what was counted as China.
    """

    spread: Annotated[dict[Evidence, Fraction], covers(Evidence)]
    scope: Annotated[dict[Scope, Positive], covers(Scope)]


class ChinaFigure(Document):
    """Which China share counts: fresh figures only, and the latest of them.

    Attributes
    ----------
    lifetime_days : dict of str to Parameter
        Days from the end of a period for which its figure counts, by the length of the period.
    newer_by_days : Parameter
        A shorter period that ends more than so many days after the latest year replaces it.
    """

    lifetime_days: Annotated[dict[PeriodLength, Positive], covers(PeriodLength)]
    newer_by_days: Positive


class NamedCustomers(Document):
    """Sales to customers that packages of controls name.

    Attributes
    ----------
    lasting_days : Parameter
        Days after the end of its period for which a customer's share counts.
    """

    lasting_days: Positive


class SupplyNeeds(Choice):
    """Whether every mineral that a segment needs counts, or its scarcest."""

    value: Literal["product", "bottleneck"]


class ThreatAndActs(Choice):
    """Whether the strictest of threat and acts counts, or an act adds to the threat."""

    value: Literal["strictest", "both"]


class RevenueBase(Choice):
    """Whether money is a share of the revenue of the period of the China share, or of the latest year."""

    value: Literal["period", "year"]


class Undisclosed(Choice):
    """What stands for a China share that no figure gives: nothing, or an estimate."""

    value: Literal["unknown", "estimated"]


class Methodology(Document):
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
    china_figure : ChinaFigure or None
        None: the latest annual share however old, else the latest of a shorter period.
    unsold_from : Parameter or None
        Loss from which a segment earned nothing in China in the period that the share describes; None: no such rule.
    control_loss : dict of str to Parameter or None
        Share of caught sales that is lost within a year; None: strictness stands for loss too.
    named_customers : NamedCustomers or None
        None: controls act through product families only.
    supply_needs : {"product", "bottleneck"}
        Whether every mineral that a segment needs counts, or its scarcest.
    threat_and_acts : {"strictest", "both"}
        Whether the strictest of threat and acts counts, or an act adds to the threat.
    import_share_years : Parameter or None
        Trade years whose largest import share counts; None: the latest, and the survey before it.
    supply_loss : Parameter or None
        Share of a dependence on minerals that is lost; None: all of it, and it is part of what is at risk.
    revenue_base : {"period", "year"}
        Whether money is a share of the revenue of the period of the China share, or of the latest year.
    undisclosed : {"unknown", "estimated"}
        Whether a company that discloses no China share has none, or an estimated one.
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
    control_stringency: Annotated[dict[ControlMeasure, Fraction], covers(ControlMeasure)]
    supply_stringency: Annotated[dict[SupplyMeasure, Fraction], covers(SupplyMeasure)]
    access_stringency: Annotated[dict[AccessMeasure, Fraction], covers(AccessMeasure)]
    latent_threat: LatentThreat
    vulnerability: Annotated[dict[FamilyGroup, Fraction], covers(FamilyGroup)]
    unknown_import_share: Fraction
    confidence: Confidence
    uncertainty: Uncertainty
    # What a document does not state is as methodology 2026.1 had it, which stated none of these.
    china_figure: ChinaFigure | None = None
    unsold_from: Fraction | None = None
    control_loss: Annotated[dict[ControlMeasure, Fraction], covers(ControlMeasure)] | None = None
    named_customers: NamedCustomers | None = None
    supply_needs: SupplyNeeds | None = None
    threat_and_acts: ThreatAndActs | None = None
    import_share_years: Positive | None = None
    supply_loss: Fraction | None = None
    revenue_base: RevenueBase | None = None
    undisclosed: Undisclosed | None = None

    @model_validator(mode="after")
    def _banded(self) -> Self:
        _check_steps("bands", self.bands, upper=100)
        return self

    @model_validator(mode="after")
    def _loses_what_it_does_not_sell(self) -> Self:
        if self.unsold_from is not None and self.control_loss is None:
            raise ValueError("unsold_from is a share of loss; give the codebook control_loss too")
        return self

    @property
    def parameters(self) -> Parameters:
        """The numbers that enter the equations, as arrays."""
        return parameters_of(self)

    def facts(
        self,
        release: Release,
        as_of: str | dt.date | np.datetime64,
        also: frozenset[str] = frozenset(),
        axes: Axes | None = None,
    ) -> Facts:
        """Facts of a release that count under this methodology at a date; see `Facts`."""
        from scoring.facts.facts import Facts

        return Facts(release, as_of, self.timing, also, axes, self.fact_choices)

    @property
    def fact_choices(self) -> FactChoices:
        """What of the methodology decides which facts count."""
        figure, customers, years = self.china_figure, self.named_customers, self.import_share_years
        return FactChoices(
            lifetime_days=None
            if figure is None
            else tuple((length, days.value) for length, days in sorted(figure.lifetime_days.items())),
            newer_by_days=None if figure is None else figure.newer_by_days.value,
            customer_days=None if customers is None else customers.lasting_days.value,
            unsold_from=None if self.unsold_from is None else self.unsold_from.value,
            loss=tuple((measure, share.value) for measure, share in sorted((self.control_loss or {}).items())),
            import_share_years=None if years is None else int(years.value),
            estimates=self.undisclosed is not None and self.undisclosed.value == "estimated",
        )

    def without_estimates(self) -> Methodology:
        """The same methodology, under which what is not disclosed stays unknown."""
        return self.model_copy(update={"undisclosed": None})

    @property
    def sha256(self) -> str:
        """Hash of the content: two documents that score alike but were written differently share it."""
        # A choice left as it was before there was a field for it is no part of the content.
        content = json.dumps(self.model_dump(mode="json", exclude_defaults=True), sort_keys=True)
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
