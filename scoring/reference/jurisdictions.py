"""Countries as the rules name them."""

from __future__ import annotations

from typing import Final

EU: Final = "EU"
WORLDWIDE: Final = "WW"

EU_MEMBERS: Final = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)
"""The 27 members since 1 February 2020, whom EU law binds (Treaty on European Union, Article 52)."""


def members(name: str) -> frozenset[str]:
    """Countries that `name`, an ISO 3166 code or ``EU``, stands for."""
    return EU_MEMBERS if name == EU else frozenset({name})


def split(text: str | None) -> frozenset[str]:
    """Countries of a semicolon-separated cell, the EU expanded; empty cell, empty set."""
    return frozenset().union(*(members(part.strip()) for part in (text or "").split(";") if part.strip()))
