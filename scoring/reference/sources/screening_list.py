"""Read the Consolidated Screening List of the United States: who is on its lists of parties, such as the Entity List.

Source: https://data.trade.gov/downloadable_consolidated_screening_list/v1/consolidated.csv.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final, NamedTuple

from scoring.errors import InputError
from scoring.reference.sources import raw

VERSION: Final = "consolidated.csv, version 1"
COLUMNS: Final = ("source", "name", "addresses", "federal_register_notice", "start_date", "alt_names")


class Party(NamedTuple):
    """One party of one list.

    Attributes
    ----------
    name : str
    listing : str
        List that it is on, such as ``Entity List (EL) - Bureau of Industry and Security``.
    countries : tuple of str
        Countries of its addresses, ISO 3166-1 alpha-2; empty where none is given.
    notice : str
        Citation of the notice that listed it.
    since : datetime.date or None
    other_names : tuple of str
    """

    name: str
    listing: str
    countries: tuple[str, ...]
    notice: str
    since: dt.date | None
    other_names: tuple[str, ...]


def parties(name: str, data: bytes) -> list[Party]:
    """Parties in the order of the file.

    Raises
    ------
    InputError
        Another file, a column is missing, or a day is none.
    """
    return [_party(name, row) for row in raw.rows(name, raw.text(name, data), COLUMNS, VERSION)]


def _party(name: str, row: dict[str, str]) -> Party:
    # Addresses are parted by semicolons; each ends with the code of its country.
    ends = (address.strip()[-2:] for address in row["addresses"].split(";"))
    countries = tuple(dict.fromkeys(end for end in ends if re.fullmatch("[A-Z]{2}", end)))
    start = row["start_date"].strip()
    try:
        since = dt.date.fromisoformat(start[:10]) if start else None
    except ValueError:
        raise InputError(name, f"start_date: {start[:30]!r} is no date", f"this reader expects {VERSION}") from None
    others = tuple(part.strip() for part in row["alt_names"].split(";") if part.strip())
    return Party(
        " ".join(row["name"].split()), row["source"].strip(), countries, row["federal_register_notice"], since, others
    )
