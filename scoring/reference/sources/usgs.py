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
_PRODUCTION: Final = re.compile(r"PROD_(?:EST_ ?)?(\d{4})")


class Output(NamedTuple):
    """China's part of the world's mine output of a commodity in a year, 0..1, and what was counted."""

    commodity: str
    what: str
    year: int
    share: float


def china_mine_shares(name: str, data: bytes) -> list[Output]:
    """China's share of mine output, for every commodity, kind of output and year with a total of the world.

    A commodity that China is not named for has no entry: it may produce some that is withheld.

    Raises
    ------
    InputError
        Another file, a column is missing, or a share is above 1.
    """
    content = raw.text(name, data, "cp1252").removeprefix("ï»¿")
    made: dict[tuple[str, str, str, int], dict[str, float]] = defaultdict(dict)
    years: dict[str, int] = {}
    for row in raw.rows(name, content, COLUMNS, VERSION):
        years = years or {column: int(m[1]) for column in row if (m := _PRODUCTION.fullmatch(column))}
        if not years:
            raw.require(name, list(row), ["PROD_year"], VERSION)
        what = " ".join(row["TYPE"].split())
        if "mine production" not in what.lower():
            continue
        country = row["COUNTRY"].strip().lower()
        where = "China" if country == "china" else "World" if country.startswith("world total") else None
        for column, year in years.items() if where else ():
            value = _amount(name, row, column)
            if value is not None:
                made[row["COMMODITY"].strip(), what, row["UNIT_MEAS"].strip(), year][str(where)] = value
    shares = []
    for (commodity, what, _, year), amounts in made.items():
        if "China" in amounts and amounts.get("World"):
            share = amounts["China"] / amounts["World"]
            if share > 1:
                raise InputError(name, f"{commodity} {year}: China makes more than the world", "look at the file")
            shares.append(Output(commodity, what, year, share))
    return shares


def _amount(name: str, row: dict[str, str], column: str) -> float | None:
    """Amount in a cell; None where it is empty, withheld (W) or a dash."""
    cell = row[column].strip().lstrip("<>")
    if cell in ("", "W", "NA", "—", "–", "-") or not re.search(r"\d", cell):
        return None
    return raw.number(name, f"{row['COMMODITY']} {row['COUNTRY']} {column}", cell)
