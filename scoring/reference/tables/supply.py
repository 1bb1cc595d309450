"""Who mines a mineral, and how these countries are governed: what the concentration of its supply is computed from."""

from __future__ import annotations

from typing import Final, get_args

from scoring.reference.tables import kinds
from scoring.reference.tables.countries import COUNTRIES
from scoring.reference.tables.model import Reference, Table
from scoring.vocabulary import GovernanceDimension

_SOURCE = Reference("source_id", "sources", "source_id")

MINERAL_OUTPUT = Table(
    "mineral_output",
    "Countries' shares of the world's mine output of a mineral; moves no score",
    {
        "mineral": kinds.text("Mineral"),
        "country": kinds.code("Country that mines it", COUNTRIES),
        "year": kinds.integer("Year of the output", 1990, 2100),
        "share": kinds.share("Share of the world's mine output"),
        "source_id": kinds.source(),
    },
    key=("mineral", "country", "year"),
    references=(Reference("mineral", "minerals", "mineral"), _SOURCE),
    optional=True,
)

GOVERNANCE = Table(
    "governance",
    "Worldwide Governance Indicators of the World Bank; move no score",
    {
        "country": kinds.code("Country", COUNTRIES),
        "year": kinds.integer("Year that is estimated", 1990, 2100),
        "dimension": kinds.word("Dimension of governance", get_args(GovernanceDimension)),
        "estimate": kinds.number("About -2.5 (weak) to 2.5 (strong), in units of a standard normal"),
        "standard_error": kinds.number("Standard error of the estimate, in the same units", nullable=True, minimum=0),
        "published": kinds.day("Day of the edition; every edition estimates all years again"),
        "source_id": kinds.source(),
    },
    key=("country", "year", "dimension", "published"),
    references=(_SOURCE,),
    optional=True,
)

TABLES: Final = (MINERAL_OUTPUT, GOVERNANCE)
