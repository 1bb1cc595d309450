"""The words of the data and of every surface, each defined once.

Tables, methodology documents, result rows, CLI and HTTP API all take their words from here.
"""

from __future__ import annotations

from typing import Final, Literal

Evidence = Literal[
    "reported",
    "derived",
    "company-statement",
    "secondary",
    "analyst-estimate",
    "expert-judgement",
    "modelled",
]
"""How a value came to be known, from printed in a filing to computed by a model."""

ControlMeasure = Literal[
    "notification",
    "presumption-of-approval",
    "licence-required",
    "case-by-case",
    "presumption-of-denial",
    "prohibition",
]
"""Review policy of an export control toward China."""

SupplyMeasure = Literal[
    "notification",
    "presumption-of-approval",
    "licence-required",
    "case-by-case",
    "informal-embargo",
    "presumption-of-denial",
    "prohibition",
]
"""What China does to its own exports."""

AccessMeasure = Literal[
    "notification",
    "tariff",
    "investigation",
    "case-by-case",
    "licence-required",
    "listing",
    "informal-embargo",
    "presumption-of-denial",
    "procurement-ban",
    "prohibition",
]
"""What China does to sales into its market."""

Severity = Literal[
    "threat",
    "investigation",
    "tariff",
    "listing",
    "procurement-ban",
    "informal-embargo",
    "formal-control",
    "prohibition",
]
"""Kinds of coercive act, in the words of the event table."""

FamilyGroup = Literal[
    "consumer",
    "semiconductors",
    "electronics",
    "transport",
    "healthcare",
    "services",
    "industrial",
    "energy-materials",
    "materials",
    "other",
    "semiconductor-equipment",
    "semiconductor-materials",
]
"""Groups of product families."""

Scope = Literal["mainland", "mainland+hk", "greater-china", "unspecified"]
"""What a company counts as China; greater-china includes Taiwan."""

ShareOf = Literal["revenue", "systems", "segment", "parent", "bound"]
"""What a China share is a share of: the company's revenue, a lesser base, or a bound that is never the share."""

Calibration = Literal["caught", "loss"]
"""Whether a fraction of a family's China sales is what a package catches, or what was lost."""

GovernanceDimension = Literal[
    "voice-and-accountability",
    "political-stability",
    "government-effectiveness",
    "regulatory-quality",
    "rule-of-law",
    "control-of-corruption",
]
"""Dimensions of the Worldwide Governance Indicators."""

Timing = Literal["announced", "effective"]
"""Whether a control counts from its announcement or from its effective date."""

PeriodLength = Literal["year", "half-year", "quarter"]
"""Lengths of the periods that figures describe."""

DEFAULT_METHODOLOGY: Final = "2026.2"
"""Methodology of every surface unless another is named."""

PILLAR_WORDS: Final = {
    "market": "of revenue comes from China",
    "control": "of revenue is under export control toward China, counting its stringency and the alignment gap",
    "retaliation": "of the business is within reach of Chinese retaliation",
}
"""What each exposure is a share of, in words that follow the number."""

Estimates = Literal["include", "exclude", "only"]
"""Whether companies whose figures are estimated are counted, left without a score, or the only ones shown."""

ESTIMATED: Final = "estimated"
"""Status of a row whose score rests on an estimate."""

Status = Literal["ok", "estimated", "partial", "no-data", "unresolved", "ambiguous", "cash", "not-a-share"]
"""What became of a query."""


def basis(release: str, methodology: str, scenario: str | None) -> str:
    """What a result was made from, in the words of every heading and picture."""
    return f"release {release} · methodology {methodology}" + (f" · scenario {scenario}" if scenario else "")


PILLAR_COLOURS: Final = {"market": "#0072b2", "control": "#d55e00", "retaliation": "#cc79a7"}
"""Colour of each pillar, of Okabe and Ito's palette, which colour-blind eyes tell apart; the same on every surface."""
