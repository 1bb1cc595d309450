"""Where the package keeps its data: releases, methodologies, scenarios, examples, words of other people's files."""

from __future__ import annotations

import csv
from pathlib import Path


def data_directory() -> Path:
    """Folder of the data that comes with the package: `_data` when installed, `data/` in a checkout."""
    installed = Path(__file__).parent / "_data"
    return installed if installed.is_dir() else Path(__file__).parents[1] / "data"


def read_words(name: str) -> list[tuple[str, list[str]]]:
    """Words of other people's files: first column and words of each row of a table in `data/files`."""
    with (data_directory() / "files" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return [(row[0], row[1].split(";")) for row in rows]
