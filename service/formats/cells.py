"""Cells of a result table: what kind each column is, and its values as plain Python."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal

import numpy as np

from scoring.risk.table import RISK_INTERVAL_COLUMNS
from scoring.vocabulary import EXPOSURE_COLUMNS, INTERVAL_COLUMNS, RANK_COLUMNS, RESULT_COLUMNS

Kind = Literal["text", "number", "integer", "date", "truth"]

KINDS: Final[Mapping[str, Kind]] = {
    "rank": "integer",
    "rank_before": "integer",
    "rank_from": "integer",
    "rank_to": "integer",
    "known_from": "date",
    "as_of_from": "date",
    "as_of_to": "date",
    "pair": "integer",
    "china_share_period_end": "date",
    "as_of": "date",
    "period_end": "date",
    "base_date": "date",
    **dict.fromkeys(
        (
            "score",
            "score_floor",
            *INTERVAL_COLUMNS,
            "percentile",
            "sector_percentile",
            *EXPOSURE_COLUMNS,
            "score_market",
            "score_control",
            "score_retaliation",
            "confidence",
            "china_share",
            "china_share_structural",
            "china_share_surge",
            "score_from",
            "score_to",
            "floor_from",
            "floor_to",
            "floor_delta",
            "points",
            "value_from",
            "value_to",
            "score_before",
            "delta",
            "delta_market",
            "delta_control",
            "delta_retaliation",
            "score_floor_before",
            "control_before",
            "retaliation_before",
            "retaliation_supply_before",
            *RANK_COLUMNS,
            "sort_value",
            "amount",
            "weight",
            "contribution",
            "contribution_net",
            "share_at_risk",
            "share_at_risk_low",
            "share_at_risk_high",
            "control_loss",
            "retaliation_loss",
            "revenue",
            "revenue_at_risk",
            "revenue_at_risk_low",
            "revenue_at_risk_high",
            "usd_rate",
            "revenue_at_risk_usd",
            "revenue_at_risk_usd_low",
            "revenue_at_risk_usd_high",
            *RISK_INTERVAL_COLUMNS,
        ),
        "number",
    ),
}
"""Columns of a result row, an impact, revenue at risk, a screen, a portfolio or a table of changes that are not text.
Fixed by name, so that a column in which everything is missing has the same type as always."""

# A spreadsheet runs a cell that begins so as a formula; some drop a quotation mark or spaces before it.
_FORMULA: Final = re.compile(r"[\s\"']*[=+\-@\t\r\n＝＋－＠]")
_NUMBER: Final = re.compile(r"[+\-]?\d+(\.\d+)?")


def kind_of(name: str, values: Sequence[Any]) -> Kind:
    """Kind of a column: by its name, or for a column that is not of a result row by all its values."""
    if name in RESULT_COLUMNS or name in KINDS:
        return KINDS.get(name, "text")
    types = {type(value) for value in values if value is not None}
    if types == {int}:
        return "integer"
    if types == {bool}:
        return "truth"
    if types and types <= {int, float}:
        return "number"
    return "date" if types and types <= {dt.date, dt.datetime} else "text"


def plain(name: str, column: Sequence[Any] | np.ndarray) -> tuple[Kind, list[Any]]:
    """Kind and values of a column: str, float, int, date, or None where missing or not finite."""
    array = column if isinstance(column, np.ndarray) else None
    if array is not None and array.dtype.kind == "M":
        array = array.astype("datetime64[D]")
    values = [_known(value) for value in (column if array is None else array.tolist())]
    kind = kind_of(name, values)
    convert = _CONVERT[kind]
    values = [None if value is None else convert(value) for value in values]
    return kind, _encodable(values) if kind == "text" else values


def defused(text: str) -> str:
    """Text that a spreadsheet does not run: one that begins like a formula gets a single quote before it."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _known(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _date(value: Any) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)


_CONVERT: Final[Mapping[Kind, Callable[[Any], Any]]] = {
    "text": str,
    "number": float,
    "integer": int,
    "date": _date,
    "truth": bool,
}


def _encodable(values: list[Any]) -> list[Any]:
    """Replace lone surrogates, which a query can contain and no encoding can."""
    try:
        "".join(value for value in values if value).encode()
    except UnicodeEncodeError:
        return [None if value is None else value.encode("utf-8", "replace").decode() for value in values]
    return values
