"""What the tables hold only in parts, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def measure_words(row: Mapping[str, Any]) -> str:
    """A countermeasure of China, by its row."""
    return f"{row['measure']} on {row['subject']} toward {row['target']}"
