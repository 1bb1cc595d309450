"""Query options that several resources share, and the versions of code and method they lead to.

In this package, what computes scores is imported when the first score is asked for: a server is ready before that.
"""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from scoring.vocabulary import Estimates
from service.formats.encode import FORMATS

_LONGEST: Final = 50
_LONGEST_SCENARIO: Final = 300


MOST_ROWS: Final = 1_000_000
"""Rows in any body; `--max-tickers` sets a lower limit."""

MOST_SCENARIOS: Final = 20
"""Scenarios that may apply in order."""

Day = Annotated[str, Field(max_length=_LONGEST), WithJsonSchema({"type": "string", "format": "date"})]
"""A day, YYYY-MM-DD; read by the library, whose error says what is wrong with it."""

Format = Annotated[str, Field(max_length=_LONGEST), WithJsonSchema({"type": "string", "enum": [*FORMATS]})]

FORMAT_TEXT: Final = "Format of the reply, before the Accept header."

Rows = Field(max_length=MOST_ROWS, fail_fast=True)
"""What a list in a body keeps to: it is refused at its first wrong element, not after millions of them."""

Tickers = Annotated[
    list[str],
    Rows,
    Field(description="Tickers, RICs, Bloomberg codes, ISINs, FIGIs, company ids or names."),
]


ESTIMATES_TEXT: Final = (
    "Companies that disclose no China share: with an estimate (include), without a score (exclude), or the only ones "
    "shown (only). Default: include, and for a basket exclude."
)


class NoOptions(BaseModel):
    """A resource without options; an unknown one is refused, here and in every subclass.

    How they are read is worked out when a resource is first asked for: a server is ready before that.
    """

    model_config = ConfigDict(extra="forbid", defer_build=True)


class Versions(NoOptions):
    """Which facts and which method."""

    as_of: Day | None = Field(
        None,
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
    """Versions, what is assumed, and whether estimates count."""

    scenario: str | None = Field(
        None,
        max_length=_LONGEST_SCENARIO,
        description="Scenarios of the library, comma-separated, applied in order; see /v1/scenarios. Default: none.",
    )
    estimates: Estimates | None = Field(None, description=ESTIMATES_TEXT)


class TableOptions(WhatIf):
    """Versions, what is assumed, and how a table is written."""

    format: Format | None = Field(None, description=FORMAT_TEXT)
