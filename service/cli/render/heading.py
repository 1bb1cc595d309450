"""The line that says what a result was made from, in the same words over every result."""

from __future__ import annotations

import datetime as dt

from scoring.vocabulary import basis


def dated_basis(as_of: dt.date | str, release: str, methodology: str, scenario: str | None) -> str:
    """Date, release, methodology and scenario, such as ``2026-07-31 · release 2026.11.1 · methodology 2026.1``."""
    return f"{as_of} · {basis(release, methodology, scenario)}"
