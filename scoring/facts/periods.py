"""Fiscal periods: where the middle of one lies."""

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
