"""Version of this package."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import version


@lru_cache(maxsize=1)
def package_version() -> str:
    """Version of this package: part of every entity tag, since other code may give other numbers."""
    return version("exposure-risk")
