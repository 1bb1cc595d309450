"""What calls of the client are given, and how that is written down for the service."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypedDict

from scoring.vocabulary import Estimates

if TYPE_CHECKING:
    import pandas as pd

    Rows = Sequence[Mapping[str, Any]] | pd.DataFrame


class Versions(TypedDict, total=False):
    """Which facts and which method; defaults are those of the service."""

    as_of: str | dt.date | None
    release: str | None
    methodology: str | None


class WhatIf(Versions, total=False):
    """Versions, what is assumed, and whether estimates count."""

    scenario: str | None
    estimates: Estimates | None


def given(**options: Any) -> dict[str, Any]:
    """Options that are given, dates as text."""
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in options.items()
        if value is not None
    }


def query(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options as a query: several values of one are parted with commas."""
    return {
        name: ",".join(map(str, value)) if isinstance(value, list | tuple) else value
        for name, value in given(**options).items()
    }


def records(rows: Rows) -> list[dict[str, Any]]:
    """Rows as JSON objects, without what is missing in them."""
    found: Any = rows if isinstance(rows, Sequence) else rows.to_dict("records")
    return [{name: cell for name, cell in row.items() if cell is not None and cell == cell} for row in found]
