"""Values in pages and cards: one decimal for points and percent, thin spaces in thousands, a dash for nothing."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

MISSING: Final = "–"
_THIN: Final = "\N{NARROW NO-BREAK SPACE}"
_MINUS: Final = "\N{MINUS SIGN}"
_SCALES: Final = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"), (1e3, "k"))


def is_missing(value: Any) -> bool:
    """Whether there is no value: None, not a number, or no day."""
    return value is None or value != value


def short_period(label: str | None) -> str:
    """Label of a period as it stands beside a number: ``2022`` is FY22, ``2024Q3`` Q3 24; empty for none.

    Of a sum, ``2024Q4..2025Q3``, the first and the last: Q4 24-Q3 25.
    """
    return "-".join(map(_short, label.split(".."))) if label else ""


def _short(label: str) -> str:
    return f"{label[4:]} {label[2:4]}" if label[4:] else f"FY{label[2:4]}"


def _number(value: Any, form: str) -> str:
    if is_missing(value):
        return MISSING
    text = format(float(value), form).replace(",", _THIN)
    return text.replace("-", _MINUS) if float(value) < 0 and text.strip("-0.%+" + _THIN) else text.lstrip("-")


def points(value: Any) -> str:
    """Points, one decimal."""
    return _number(value, ",.1f")


def change(value: Any) -> str:
    """Difference of points with its sign, one decimal."""
    return _number(value, "+,.1f")


def percent(value: Any) -> str:
    """A share as percent, one decimal."""
    return _number(value, ",.1%")


def whole(value: Any) -> str:
    """A whole number."""
    return _number(value, ",.0f")


def plain(value: Any) -> str:
    """A number of no particular kind, two decimals."""
    return _number(value, ",.2f")


def money(value: Any, currency: str = "USD") -> str:
    """An amount, its currency before it, scaled to thousands, millions or more."""
    if is_missing(value):
        return MISSING
    for scale, name in _SCALES:
        if abs(value) >= scale:
            return f"{currency}\N{NO-BREAK SPACE}{_number(value / scale, ',.1f')}\N{NO-BREAK SPACE}{name}"
    return f"{currency}\N{NO-BREAK SPACE}{_number(value, ',.0f')}"


def day(value: Any) -> str:
    """A day as YYYY-MM-DD."""
    if is_missing(value):
        return MISSING
    return value.isoformat() if isinstance(value, dt.date) else str(value)[:10]


def text(value: Any) -> str:
    """A text, or the dash."""
    return MISSING if is_missing(value) or value == "" else str(value)


def period(label: Any) -> str:
    """The fiscal period of a China share beside it, such as FY22; ``est.`` of an estimated share."""
    return short_period(None if is_missing(label) else label) or "est."


def width(value: Any, most: float = 1.0) -> str:
    """A number as a part of 100 of the longest bar, for the width of one."""
    if is_missing(value) or most <= 0 or not math.isfinite(most):
        return "0"
    return f"{min(max(float(value) / most, 0.0), 1.0) * 100:.2f}"


def rows(records: Iterable[Any], *columns: str) -> list[list[str]]:
    """Records as rows of texts; a column is the name of a member, and after a colon how it is written."""

    def cell(record: Any, column: str) -> str:
        name, _, form = column.partition(":")
        value = record[name] if isinstance(record, Mapping) else getattr(record, name)
        return FILTERS[form or "text"](value)

    return [[cell(record, column) for column in columns] for record in records]


def zipped(names: Iterable[str], values: Iterable[Any]) -> dict[str, Any]:
    """Values by their names."""
    return dict(zip(names, values, strict=True))


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "points": points,
    "change": change,
    "percent": percent,
    "whole": whole,
    "plain": plain,
    "money": money,
    "day": day,
    "text": text,
    "period": period,
    "width": width,
    "rows": rows,
    "by": zipped,
}
"""Filters of the templates."""
