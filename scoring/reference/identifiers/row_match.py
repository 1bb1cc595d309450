"""What became of a row, and whether the list that it is in is plainly American."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scoring.reference.identifiers import venues
from scoring.reference.identifiers.match import Match
from scoring.reference.identifiers.name_evidence import Agreement
from scoring.reference.identifiers.places import exchange_of, venues_of_currency
from scoring.reference.identifiers.row import Row
from scoring.reference.identifiers.symbols import clean, code_key, without_market

if TYPE_CHECKING:
    from scoring.reference.identifiers.index import Index


@dataclass(frozen=True, slots=True)
class RowMatch:
    """What became of a row, and by which evidence.

    Attributes
    ----------
    row : Row
    match : Match
    evidence : tuple of str
        Columns that point to the company, such as ``("isin", "ticker", "exchange", "name")``.
    agreement : str
        How the name in the file compares with that of the company.
    """

    row: Row
    match: Match
    evidence: tuple[str, ...] = ()
    agreement: Agreement = "missing"


def is_american(index: Index, found: Sequence[RowMatch]) -> bool:
    """Whether nothing in a list points beyond the United States."""
    for one in found:
        row, match = one.row, one.match
        if match.status == "ok" and match.listing >= 0 and index.mics[match.listing] not in venues.US_MICS:
            return False
        if match.status == "ambiguous":
            return False
        if row.exchange and (there := exchange_of(row.exchange)) and not there & venues.US_MICS:
            return False
        if row.currency and (there := venues_of_currency(row.currency)) and not there & venues.US_MICS:
            return False
    return True


def said_to_be_american(index: Index, one: RowMatch) -> RowMatch:
    """Say that a code was read as a US one, where nothing but the code supports it."""
    match = one.match
    is_bare = one.evidence == ("ticker",) and match.status == "ok" and not match.reason
    if not is_bare or index.mics[match.listing] not in venues.US_MICS:
        return one
    symbol, is_code = without_market(clean(one.row.identifiers[0][1]).upper())
    if is_code or code_key(symbol) != code_key(index.tickers[match.listing]):
        return one
    shown = f"{index.mics[match.listing]}:{index.tickers[match.listing]}"
    return replace(one, match=replace(match, reason=f"no exchange given: read as {shown}"))
