"""The system clock: the only place where today's date and the time of day are read."""

from __future__ import annotations

import datetime as dt
import time

from scoring.reference.releases.release import Release


def today() -> dt.date:
    """Today's date on this machine."""
    return dt.datetime.now().astimezone().date()


def now() -> float:
    """Seconds since 1970, for what ends after some time."""
    return time.time()


def default_as_of(release: Release) -> dt.date:
    """Today, or the last date the release supports when that is earlier."""
    return min(today(), release.last_as_of)
