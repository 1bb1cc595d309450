"""Columns of our tables as the Workspace describes them: name, kind, format and what they mean."""

from __future__ import annotations

from typing import Any, Final

from scoring.columns import KINDS, Table
from scoring.vocabulary import PILLAR_WORDS

_CELLS: Final = {"number": "number", "integer": "number", "text": "text", "date": "dateString", "truth": "boolean"}
_SHARES: Final = (*PILLAR_WORDS, "china_share", "share_at_risk")


def definitions(table: Table, *shown: str) -> list[dict[str, Any]]:
    """Definitions of some columns of a table, in this order; the others are there and hidden."""
    rest = [name for name in table if name not in shown]
    return [_definition(table, name, hidden=name in rest) for name in (*shown, *rest)]


def _definition(table: Table, name: str, *, hidden: bool) -> dict[str, Any]:
    kind = KINDS[name]
    found: dict[str, Any] = {
        "field": name,
        "headerName": name.replace("_", " "),
        "headerTooltip": table[name].text,
        "cellDataType": _CELLS[kind],
        "hide": hidden,
    }
    if kind == "number":
        is_share = name in _SHARES or name.startswith(("china_share", "share_at_risk"))
        found["formatterFn"] = "normalizedPercent" if is_share else "none"
    if kind == "text":
        found["chartDataType"] = "category" if name == "name" else "excluded"
    if name in ("query", "name"):
        found["pinned"] = "left"
    return found
