"""Calendars: the days on which something is asked over time."""

from __future__ import annotations

import datetime as dt
from typing import Final

from scoring.errors import InputError
from scoring.facts.facts import parse_as_of
from scoring.reference.releases.release import Release

FREQUENCIES: Final = ("B", "D", "W", "M", "Q")
"""Business days (Monday to Friday), all days, Fridays, and the last business day of months and quarters."""

_PANDAS_FREQ: Final = {"B": "B", "D": "D", "W": "W-FRI", "M": "BME", "Q": "BQE"}


def business_days(
    release: Release,
    start: str | dt.date,
    end: str | dt.date | None = None,
    freq: str = "B",
    calendar: str | None = None,
) -> list[dt.date]:
    """Days of a panel.

    Parameters
    ----------
    release : Release
    start, end : str or datetime.date
        Both included. Default end: the last day the release supports.
    freq : {"B", "D", "W", "M", "Q"}
    calendar : str, optional
        Market whose trading days are taken, by its MIC such as ``XTKS``, for `freq` ``B``; needs the package
        exchange_calendars.

    Raises
    ------
    AsOfError
        A date is malformed or later than the release supports.
    InputError
        The start is after the end, the frequency or calendar is unknown, or no day is left.
    """
    first = parse_as_of(start, release)
    last = release.last_as_of if end is None else parse_as_of(end, release)
    if first > last:
        raise InputError("start", f"{first} is after the end, {last}", "give the earlier day first")
    if freq not in FREQUENCIES:
        raise InputError("freq", f"{freq!r} is not known", f"use one of {', '.join(FREQUENCIES)}")
    if calendar is not None:
        days = _sessions(calendar, first, last, freq)
    else:
        import pandas as pd

        days = [stamp.date() for stamp in pd.date_range(first, last, freq=_PANDAS_FREQ[freq])]
    if not days:
        raise InputError(
            "start", f"no day of frequency {freq} lies from {first} to {last}", "widen the range, or use freq D"
        )
    return days


def _sessions(calendar: str, first: dt.date, last: dt.date, freq: str) -> list[dt.date]:
    if freq != "B":
        raise InputError("calendar", f"trading days are daily, not {freq}", "use freq B")
    try:
        import exchange_calendars
        from exchange_calendars.errors import InvalidCalendarName
    except ImportError:
        raise InputError(
            "calendar", "exchange_calendars is not installed", 'install "exposure-risk[calendars]"'
        ) from None
    try:
        known = exchange_calendars.get_calendar(calendar, start=first - dt.timedelta(days=7))
    except InvalidCalendarName:
        raise InputError("calendar", f"{calendar[:50]!r} is no market", "use a MIC such as XNYS or XTKS") from None
    return [stamp.date() for stamp in known.sessions_in_range(str(first), str(last))]
