"""Read the world data of the Mineral Commodity Summaries of the United States Geological Survey.

Source: https://doi.org/10.5066/P13XCP3R (edition of 2025), the file ``MCS2025_World_Data.csv``. Its encoding is
Windows-1252, and its columns of production bear their years.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Final, NamedTuple

from scoring.errors import InputError
from scoring.reference.sources import raw

VERSION: Final = "the world data of the edition of 2025: COMMODITY, COUNTRY, TYPE, UNIT_MEAS, PROD_year, PROD_EST_ year"
COLUMNS: Final = ("SOURCE", "COMMODITY", "COUNTRY", "TYPE", "UNIT_MEAS")
_WORLD: Final = "world total"
_PRODUCTION: Final = re.compile(r"PROD_(?:EST_ ?)?(\d{4})")


class Output(NamedTuple):
    """A country's part of the world's mine output of a commodity in a year, 0..1, and what was counted.

    Attributes
    ----------
    commodity, what : str
    year : int
    country : str
        As the survey calls it.
    share : float
    doubt : str
        Why it cannot count as it stands; empty where it can.
    """

    commodity: str
    what: str
    year: int
    country: str
    share: float
    doubt: str


def mine_shares(name: str, data: bytes) -> list[Output]:
    """Shares of mine output by country, for every commodity, kind of output and year with a total of the world.

    A country that is not named for a commodity has no entry: it may produce some that is withheld, or be among the
    other countries, which are one sum and have none either.

    Raises
    ------
    InputError
        Another file, a column is missing, or a share is above 1.
    """
    content = raw.text(name, data, "cp1252").removeprefix("ï»¿")
    made: dict[tuple[str, str, str, int], dict[str, float]] = defaultdict(dict)
    twice: dict[tuple[str, str, str, int], str] = {}
    years: dict[str, int] = {}
    for row in raw.rows(name, content, COLUMNS, VERSION):
        years = years or {column: int(m[1]) for column in row if (m := _PRODUCTION.fullmatch(column))}
        if not years:
            raw.require(name, list(row), ["PROD_year"], VERSION)
        what = " ".join(row["TYPE"].split())
        country = " ".join(row["COUNTRY"].split())
        if "mine production" not in what.lower() or country.lower().startswith("other countries"):
            continue
        whose = _WORLD if country.lower().startswith(_WORLD) else country
        for column, year in years.items():
            value = _amount(name, row, column)
            if value is not None:
                key = row["COMMODITY"].strip(), what, row["UNIT_MEAS"].strip(), year
                if made[key].setdefault(whose, value) != value:
                    twice[key] = f"{country} stands twice with other amounts"
    shares = []
    for key, amounts in made.items():
        commodity, what, _, year = key
        world = amounts.pop(_WORLD, 0.0)
        for country, amount in amounts.items() if world else ():
            if amount > world:
                raise InputError(name, f"{commodity} {year}: {country} makes more than the world", "look at the file")
            shares.append(Output(commodity, what, year, country, amount / world, twice.get(key, "")))
    return shares


def _amount(name: str, row: dict[str, str], column: str) -> float | None:
    """Amount in a cell; None where it is empty, withheld (W) or a dash."""
    cell = row[column].strip().lstrip("<>")
    if cell in ("", "W", "NA", "—", "–", "-") or not re.search(r"\d", cell):
        return None
    return raw.number(name, f"{row['COMMODITY']} {row['COUNTRY']} {column}", cell)
