"""The notebooks of the documentation run, each in a kernel of its own, and say that their prices are generated."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[1] / "docs" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    shown = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert shown
    assert all(output["output_type"] != "error" for output in shown)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_prices_are_called_generated(path: Path) -> None:
    text = path.read_text()
    assert ("walk(" in text) == ("The prices are generated" in text or "With generated prices" in text)
    assert "walk(" not in text or 'pd.read_csv(\\"prices.csv\\"' in text
