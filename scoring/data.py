"""Where the package keeps its data: releases, methodologies, scenarios, examples."""

from __future__ import annotations

from pathlib import Path


def data_directory() -> Path:
    """Folder of the data that comes with the package: `_data` when installed, `data/` in a checkout."""
    installed = Path(__file__).parent / "_data"
    return installed if installed.is_dir() else Path(__file__).parents[1] / "data"
