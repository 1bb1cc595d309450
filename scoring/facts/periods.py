"""Fiscal periods: where the middle of one lies, and how one is written in a table."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache


@lru_cache(maxsize=4096)
def midpoint(end: dt.date, months: int) -> dt.date:
    """Day in the middle of a fiscal period of so many months."""
    years, month = divmod(end.year * 12 + end.month - 1 - months, 12)
    # The period begins on the day after the same day some months earlier, or after the end of a shorter month.
    day = end.day
    while True:
        try:
            start = dt.date(years, month + 1, day) + dt.timedelta(days=1)
        except ValueError:
            day -= 1
            continue
        break
    if (end + dt.timedelta(days=1)).month != end.month:  # a month's end stays a month's end
        start = (dt.date(years, month + 1, 28) + dt.timedelta(days=4)).replace(day=1)
    return start + (end - start) / 2


def short_period(label: str | None) -> str:
    """Label of a period as it stands beside a number: ``2022`` is FY22, ``2024Q3`` Q3 24; empty for none.

    Of a sum, ``2024Q4..2025Q3``, the first and the last: Q4 24-Q3 25.
    """
    return "-".join(map(_short, label.split(".."))) if label else ""


def _short(label: str) -> str:
    return f"{label[4:]} {label[2:4]}" if label[4:] else f"FY{label[2:4]}"
