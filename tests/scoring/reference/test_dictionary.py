"""The document is what the schemas say."""

from scoring.reference.dictionary import render
from scoring.reference.tables import TABLES


def test_document_is_up_to_date(reference):
    path = reference.parents[1] / "docs" / "data-dictionary.md"
    assert path.read_text("utf-8") == render(), "run: python -m scoring.reference.dictionary > docs/data-dictionary.md"


def test_every_column_is_described():
    sections = dict(section.split("\n", 1) for section in render().split("\n## ")[1:])
    for table in TABLES.values():
        for column in table.columns:
            assert f"| `{column}` |" in sections[table.name]
