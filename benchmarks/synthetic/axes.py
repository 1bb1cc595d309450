"""What the tables of a synthetic universe have in common: its companies, countries, families, minerals and years."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from scoring.methodology.parameters import GROUPS

LAST_AS_OF: Final = "2026-07-31"
LAST_YEAR: Final = 2025
"""Latest fiscal year with figures."""

PARTIES: Final = 12
UNITS: Final = 8

IMPOSERS: Final = ("US", "JP", "NL", "EU", "GB", "KR", "TW")

# About the share of each country among companies of the world's larger exchanges; the rest is spread evenly.
_HOMES: Final = {"US": 0.3, "JP": 0.16, "KR": 0.06, "TW": 0.06, "GB": 0.05, "DE": 0.05, "FR": 0.04, "NL": 0.02}
_OTHERS: Final = (
    "AU", "CA", "IT", "CH", "SE", "IN", "SG", "IL", "ES", "BE", "FI", "DK", "NO", "AT", "IE", "PL", "CZ", "NZ", "BR",
    "MX", "ZA", "TH", "MY", "PH", "ID", "TR", "SA", "AE", "CL", "PT", "GR", "LT",
)  # fmt: skip


@dataclass(frozen=True)
class Axes:
    """Names of what the universe holds, and the home of each company.

    Attributes
    ----------
    company_ids, families, groups, minerals, homes : ndarray of str
        `groups` has one entry per family; `homes` are the countries in which companies are at home.
    country : ndarray of str, shape (n,)
    parties, units : ndarray of str
        Chinese parties that rules name and companies sell to, and units of companies that measures name.
    years : tuple of int
        Fiscal years with figures, oldest first.
    """

    company_ids: np.ndarray
    country: np.ndarray
    homes: np.ndarray
    families: np.ndarray
    groups: np.ndarray
    minerals: np.ndarray
    parties: np.ndarray
    units: np.ndarray
    years: tuple[int, ...]

    @classmethod
    def of(
        cls, companies: int, families: int, minerals: int, countries: int, years: int, random: np.random.Generator
    ) -> Axes:
        """Axes of some lengths."""
        known = [*_HOMES, *_OTHERS]
        if not len(_HOMES) < countries <= len(known):
            raise ValueError(f"{countries} countries were asked for; there are names for {len(_HOMES)} to {len(known)}")
        homes = np.array(known[:countries], dtype=object)
        chance = np.array([_HOMES.get(home, 0.26 / (countries - len(_HOMES))) for home in homes])
        return cls(
            company_ids=_names("company", companies),
            country=random.choice(homes, companies, p=chance / chance.sum()),
            homes=homes,
            # What cannot be allocated is in a family of its own, as in a release.
            families=np.append(_names("family", families - 1), "other"),
            groups=np.array(GROUPS, dtype=object)[np.arange(families) % len(GROUPS)],
            minerals=_names("mineral", minerals),
            parties=_names("party", PARTIES),
            units=_names("unit", UNITS),
            years=tuple(range(LAST_YEAR - years + 1, LAST_YEAR + 1)),
        )


def _names(word: str, count: int) -> np.ndarray:
    return np.array([f"{word}-{i:06d}" for i in range(count)], dtype=object)


def days(years: np.ndarray) -> np.ndarray:
    """Calendar days of fractional years such as 2024.5."""
    return np.datetime64("1970-01-01") + ((np.asarray(years) - 1970) * 365.25).astype("timedelta64[D]")
