"""Exchange rates."""

from __future__ import annotations

from typing import Final

from scoring.reference.tables import kinds
from scoring.reference.tables.model import Reference, Table

EXCHANGE_RATES = Table(
    "exchange_rates",
    "Reference rates of the European Central Bank on the days that fiscal periods end",
    {
        "currency": kinds.text("Currency, ISO 4217", pattern="[A-Z]{3}", what="a currency code"),
        "date": kinds.day("Day of the rate: that of the period end, or the last one before it with a rate"),
        "rate": kinds.number("Units of the currency per euro", minimum=0),
        "source_id": kinds.source(),
    },
    key=("currency", "date"),
    references=(Reference("source_id", "sources", "source_id"),),
)

TABLES: Final = (EXCHANGE_RATES,)
