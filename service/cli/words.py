"""Counts in sentences."""

from __future__ import annotations

from typing import Final

_MANY: Final = {"company": "companies", "country": "countries"}


def many(count: int, word: str) -> str:
    """So many of a thing: ``1 row``, ``1,200 rows``."""
    return f"{count:,} {word if count == 1 else _MANY.get(word, f'{word}s')}"
