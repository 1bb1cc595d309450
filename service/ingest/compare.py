"""Compare what a source gives with what is known: new, the same, other, or a question."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from scoring.reference.tables import TABLES
from service.ingest.proposal import Candidate, Row
from service.ingest.working import Cells, WorkingTables, key_of

_ABOUT_READING: Final = {"published", "known_by", "source_id", "locator", "note", "basis", "evidence", "unit"}
"""Columns that say how a value was read; two documents may give the same value."""

_SAME: Final = 0.0011
"""Relative difference up to which two numbers are one: documents round."""

_MOST_GROWTH: Final = 5.0
_MOST_JUMP: Final = 0.25
_SCALE: Final = {"": 1.0, "1": 1.0, "thousand": 1e3, "million": 1e6, "billion": 1e9}


def compare(candidates: Iterable[Candidate], tables: WorkingTables) -> tuple[list[Row], int]:
    """Rows of a proposal from what a source gives, and how many it gives that are known as they are.

    A candidate is compared with the working tables and with those before it: of a filing and its amendment the first
    is new, and the second, where it differs, conflicts with it.
    """
    rows: list[Row] = []
    seen: set[tuple[object, ...]] = set()
    already = 0
    for candidate in candidates:
        row = _row(candidate, tables, len(rows) + 1)
        if row is None:
            already += 1
            continue
        identity = (row.table, key_of(row.table, row.cells), row.why, tuple(sorted(row.cells.items())))
        if identity in seen:
            already += 1
            continue
        seen.add(identity)
        rows.append(row)
        if row.kind == "added":
            tables.add(row.table, row.cells)
            if row.table == "revenue":
                tables.revenue_of.setdefault(row.cells["company_id"], []).append(row.cells)
    return rows, already


def _row(candidate: Candidate, tables: WorkingTables, number: int) -> Row | None:
    table, cells = candidate.table, candidate.cells
    known = tables.find(table, key_of(table, cells))
    if candidate.question is not None:
        return Row(number, "question", table, cells, known, candidate.question, candidate.source)
    if candidate.judgement:
        return None if known else Row(number, "suggested", table, cells, None, cells.get("note", ""), candidate.source)
    if known is None:
        why = _jump(cells, tables) if table == "revenue" else None
        return Row(number, "question" if why else "added", table, cells, None, why or "", candidate.source)
    differing = [column for column in TABLES[table].columns if not _same(column, cells, known)]
    if any(known[column] for column in differing):
        return Row(number, "conflicting", table, cells, known, _said(differing, cells, known), candidate.source)
    if not differing:
        return None
    # What is empty is filled in; everything that is known stays.
    filled = {**known, **{column: cells[column] for column in differing}}
    read = f": {candidate.evidence}" if candidate.evidence else ""
    return Row(number, "completed", table, filled, known, f"fills in {', '.join(differing)}{read}", candidate.source)


def _same(column: str, cells: Cells, known: Cells) -> bool:
    new, old = cells[column], known[column]
    if new == old or new == "" or column in _ABOUT_READING:
        return True
    if column == "china_scope" and "unspecified" in (new, old):
        return True
    if column in ("period_end",):
        return _days_apart(new, old) <= 16
    try:
        a, b = float(new), float(old)
    except ValueError:
        return False
    if column in ("total_revenue", "china_revenue"):
        a, b = a * _SCALE[cells["unit"]], b * _SCALE[known["unit"]]
    elif column in ("china_share", "revenue_share"):
        return abs(a - b) <= 0.0006
    return abs(a - b) <= _SAME * max(abs(a), abs(b))


def _said(differing: list[str], cells: Cells, known: Cells) -> str:
    parts = [
        f"{column} is known as {known[column]}, the source says {cells[column]}"
        for column in differing
        if known[column]
    ]
    return "; ".join(parts)


def _jump(cells: Cells, tables: WorkingTables) -> str | None:
    """Why a figure is too far from the last one of the company to be taken without a look."""
    length = cells["fiscal_year"][4:5]
    others = [
        row
        for row in tables.revenue_of.get(cells["company_id"], ())
        if row["currency"] == cells["currency"] and row["total_revenue"] and row["fiscal_year"][4:5] == length
    ]
    if not others:
        currencies = {row["currency"] for row in tables.revenue_of.get(cells["company_id"], ())} - {cells["currency"]}
        return (
            f"is in {cells['currency']}, the company's other figures are in {', '.join(sorted(currencies))}"
            if (currencies)
            else None
        )
    nearest = min(others, key=lambda row: _days_apart(row["period_end"], cells["period_end"]))
    total, last = (float(row["total_revenue"]) * _SCALE[row["unit"]] for row in (cells, nearest))
    said = f"{nearest['fiscal_year']} ({nearest['source_id']})"
    if last > 0 and not 1 / _MOST_GROWTH <= total / last <= _MOST_GROWTH:
        return f"total revenue is {total / last:,.4g} times that of {said}; check the unit"
    apart = abs(float(cells["china_share"]) - float(nearest["china_share"]))
    if apart > _MOST_JUMP:
        return f"the China share is {apart:.2f} from that of {said}; check what it is a share of"
    scopes = [cells["china_scope"], nearest["china_scope"]]
    if "unspecified" not in scopes and scopes[0] != scopes[1]:
        return f"counts {scopes[0]}, and {said} counts {scopes[1]}; the company may have changed what it calls China"
    return None


def _days_apart(one: str, other: str) -> int:
    import datetime as dt

    return abs((dt.date.fromisoformat(one) - dt.date.fromisoformat(other)).days)
