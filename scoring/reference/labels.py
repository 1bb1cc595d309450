"""Names for readers of what tables name by identifiers: minerals, product families, companies and acts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

Columns = Mapping[str, np.ndarray]

_TABLES: Final[Mapping[str, tuple[str, str, str]]] = {
    "mineral": ("minerals", "mineral", "label"),
    "product_family": ("product_families", "product_family", "label"),
    "company": ("companies", "company_id", "name"),
    "company_id": ("companies", "company_id", "name"),
    "entity": ("entities", "entity", "name"),
    "customer": ("entities", "entity", "name"),
    "rule_id": ("rules", "rule_id", "title"),
}
"""Where the name of each kind of thing stands: table, column of the identifier, column of the name."""


class Labels:
    """Names for readers of the identifiers of a release.

    Parameters
    ----------
    columns : callable
        Gives the columns of a table by its name.
    """

    def __init__(self, columns: Any) -> None:
        self._columns = columns
        self._names: dict[str, dict[str, str]] = {}

    def of(self, kind: str, identifier: str) -> str:
        """Name of a mineral, product_family, company, entity or rule_id; the identifier itself where it has none.

        It is as within a sentence: a mineral is written small, and what stands in brackets after a name is left out.
        """
        return self._of(kind).get(identifier, identifier)

    def subject(self, measure: Mapping[str, Any]) -> str:
        """Name of what a measure of China is on."""
        return self.of(measure["subject_kind"], measure["subject"])

    def measure(self, measure: Mapping[str, Any]) -> str:
        """A measure of China in words: ``China toward US: prohibition on gallium``."""
        return f"China toward {measure['target']}: {measure['measure']} on {self.subject(measure)}"

    @staticmethod
    def rule(rule: Mapping[str, Any]) -> str:
        """A rule in words: who imposes it, and its title."""
        return f"{rule['imposed_by']}: {rule['title']}"

    def named(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row of a table with names in place of the identifiers in it."""
        names = {kind: self.of(kind, row[kind]) for kind in _TABLES if kind != "company" and row.get(kind)}
        if row.get("subject_kind"):
            names["subject"] = self.subject(row)
        return {**row, **names}

    def _of(self, kind: str) -> dict[str, str]:
        if kind not in self._names:
            table, identifier, name = _TABLES.get(kind, ("", "", ""))
            columns = self._columns(table) if table else {}
            pairs = zip(columns[identifier].tolist(), columns[name].tolist(), strict=True) if table else ()
            self._names[kind] = {key: _within(kind, label) for key, label in pairs}
        return self._names[kind]


def _within(kind: str, label: str) -> str:
    """A name as it stands within a sentence."""
    name = label.partition(" (")[0]
    return name[:1].lower() + name[1:] if kind == "mineral" else name
