"""What is measured once it is there: a panel over time, and the draws of the uncertainty analysis.

A hook is None as long as its module does not exist; then the benchmark says so instead of a number.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any


def panel() -> Callable[..., Any] | None:
    """Hook for ``scoring.panel.panel(release, tickers, start, end, freq) -> DataFrame``."""
    return _function("scoring.panel", "panel")


def draws() -> Callable[..., Any] | None:
    """Hook for ``scoring.uncertainty.uncertainty(facts, methodology, draws=...)``."""
    return _function("scoring.uncertainty", "uncertainty")


def _function(module: str, name: str) -> Callable[..., Any] | None:
    try:
        found: Callable[..., Any] | None = getattr(importlib.import_module(module), name, None)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        return None
    return found
