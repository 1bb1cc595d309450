"""Bounds on columns as texts: ``score_control:10``."""

from __future__ import annotations

from collections.abc import Iterable

from scoring.errors import FilterError


def read_bounds(texts: Iterable[str], field: str) -> dict[str, float]:
    """Bounds by column.

    Parameters
    ----------
    texts : iterable of str
        Each one or more ``COLUMN:VALUE``, with commas between.
    field : str
        Option that they were given by, for errors.

    Raises
    ------
    FilterError
        Not of this form, or a column twice.
    """
    bounds: dict[str, float] = {}
    for part in (part.strip() for text in texts for part in text.split(",")):
        name, colon, value = part.partition(":")
        name = name.strip()
        try:
            number = float(value) if value.isascii() and "_" not in value else None
        except ValueError:
            number = None
        if not colon or not name or number is None:
            raise FilterError(field, f"{part[:100]!r} is no bound", "write COLUMN:VALUE, such as score_control:10")
        if name in bounds:
            raise FilterError(field, f"bounds {name[:50]!r} twice", "give one bound per column and side")
        bounds[name] = number
    return bounds
