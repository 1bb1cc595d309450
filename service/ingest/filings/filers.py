"""Which company of the universe a filer is: by its trading symbol, and only where the names agree."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from scoring.errors import InputError
from scoring.reference.sources import raw
from scoring.reference.sources.sec.filing import Filing
from service.ingest.names import ALIKE, Names
from service.ingest.working import WorkingTables

UNITED_STATES: Final = ("XNAS", "XNYS", "XASE", "ARCX", "BATS")
JAPAN: Final = ("XTKS", "XNGO", "XFKA", "XSAP")


class Filers:
    """Companies of the working tables by symbol on the markets of a country.

    Parameters
    ----------
    tables : WorkingTables
    symbols : dict of str to list of str, optional
        Trading symbols by number of the filer, for filings that do not state them; see `symbols_of_filers`.
    markets : collection of str, optional
        Codes of the markets (ISO 10383) whose symbols filings state.
    """

    def __init__(
        self,
        tables: WorkingTables,
        symbols: dict[str, list[str]] | None = None,
        markets: Collection[str] = UNITED_STATES,
    ) -> None:
        self._symbols = symbols or {}
        self._names = Names(tables)
        self._companies = {
            _plain(row["ticker"]): row["company_id"] for row in tables.rows("listings") if row["mic"] in markets
        }

    def company(self, filing: Filing) -> tuple[str | None, str | None]:
        """Company of a filing, or why there is none; both are None where no company of the universe is meant."""
        symbols = [symbol for symbol, _ in filing.symbols] or self._symbols.get(filing.cik, [])
        found = {self._companies[_plain(symbol)] for symbol in symbols if _plain(symbol) in self._companies}
        if len(found) > 1:
            return None, f"the symbols {', '.join(symbols)} are of {', '.join(sorted(found))}"
        if not found:
            return None, None
        company = found.pop()
        if self._names.likeness(company, filing.registrant) < ALIKE:
            here = self._names.of[company][0]
            return None, f"{', '.join(symbols)} is {here} here, and the filer is {filing.registrant}"
        return company, None


def symbols_of_filers(name: str, data: bytes) -> dict[str, list[str]]:
    """Trading symbols by number of the filer, from the SEC's `company_tickers.json`.

    Raises
    ------
    InputError
        Another file.
    """
    symbols: dict[str, list[str]] = {}
    try:
        for entry in raw.document(name, data).values():
            symbols.setdefault(str(entry["cik_str"]).zfill(10), []).append(entry["ticker"])
    except (AttributeError, KeyError, TypeError) as error:
        raise InputError(
            name, f"is no list of filers with cik_str and ticker ({error})", "fetch company_tickers.json of the SEC"
        ) from None
    return symbols


def _plain(symbol: str) -> str:
    """Symbol without what parts its classes: ``BRK.B``, ``BRK-B`` and ``BRK/B`` are one."""
    return re.sub(r"[^A-Z0-9]", "", symbol.upper())
