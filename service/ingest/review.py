"""Decide about the rows of a proposal; what is accepted goes into the working tables, with its source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from scoring.errors import InputError
from service.ingest.proposal import Decision, Kind, Proposal, Row, open_proposal, write_decisions
from service.ingest.working import Cells, WorkingTables, key_of, locked, write_rows

ALWAYS: Final[tuple[Kind, ...]] = ("added", "completed")
"""Kinds that are accepted together with others; any other is a decision of its own."""


JUDGED: Final = (
    "product_family", "is_service", "for_mix", "fraction", "fraction_low", "fraction_high", "calibration",
)  # fmt: skip
"""Columns that no source states: where they are suggested, a person can set them otherwise."""


@dataclass(frozen=True)
class Choice:
    """Rows of a proposal: all that fit every condition.

    Attributes
    ----------
    rows : tuple of int
        Numbers; empty means any.
    companies, tables, kinds : tuple of str
        Values of which one must fit; empty means any.
    """

    rows: tuple[int, ...] = ()
    companies: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    def of(self, proposal: Proposal) -> list[Row]:
        """Rows that nothing was decided about, and that fit.

        Raises
        ------
        InputError
            A row is not in the proposal, or nothing fits.
        """
        missing = sorted({*self.rows} - {row.number for row in proposal.rows})
        if missing:
            raise InputError("--row", f"{missing[0]} is not in the proposal", f"it has rows 1 to {len(proposal.rows)}")
        chosen = [row for row in proposal.open_rows() if self._fits(row)]
        if not chosen:
            raise InputError("PROPOSAL", f"{proposal.name} has no open row that fits", "look at it without a decision")
        return chosen

    def _fits(self, row: Row) -> bool:
        company = row.cells.get("company_id", "")
        return (
            (not self.rows or row.number in self.rows)
            and (not self.companies or company in self.companies)
            and (not self.tables or row.table in self.tables)
            and (not self.kinds or row.kind in self.kinds)
        )


@dataclass(frozen=True)
class Fill:
    """A value that a person puts into a cell that is empty or suggested, such as the product family of a segment."""

    row: int
    column: str
    value: str

    @classmethod
    def of(cls, text: str) -> Fill:
        """Read ``7:product_family=mcu``.

        Raises
        ------
        InputError
            Other text.
        """
        match = re.fullmatch(r"(\d+):(\w+)=(.+)", text)
        if match is None:
            raise InputError("--fill", f"{text[:60]!r} is no cell", "write ROW:COLUMN=VALUE, as 7:product_family=mcu")
        return cls(int(match[1]), match[2], match[3])


def decide(
    store: Path,
    name: str,
    reference: Path,
    choice: Choice,
    decision: Decision,
    because: str | None = None,
    fills: Sequence[Fill] = (),
) -> tuple[Proposal, dict[str, int]]:
    """Accept or reject rows of a proposal.

    Rows that are new, or fill in what is empty, are accepted together. A row that conflicts with what is known, is a
    question or a judgement is accepted only by its number and with a reason, which is kept in its note. What a source
    leaves empty can be filled in, and a judgement that is suggested can be set; what it says cannot be changed.

    Returns
    -------
    Proposal
        With the decisions.
    dict of str to int
        Rows written into the working tables, by table.

    Raises
    ------
    InputError
        Nothing fits, a reason is missing, or somebody else is at it.
    ReferenceInvalidError
        With the rows the tables would break the data dictionary; nothing was decided or written.
    """
    with locked(store):
        proposal = open_proposal(store, name)
        chosen = choice.of(proposal)
        if decision == "accepted":
            chosen = _acceptable(_filled(chosen, fills), choice, because)
            counts = _apply(chosen, reference, because)
        else:
            counts = {}
        decisions = {row.number: _record(row, decision, because, fills) for row in chosen}
        return write_decisions(proposal, decisions), counts


def _record(row: Row, decision: Decision, because: str | None, fills: Sequence[Fill]) -> dict[str, str]:
    """What is kept of a decision."""
    filled = ", ".join(f"{one.column}={one.value}" for one in fills if one.row == row.number)
    said = {"decision": decision, "reason": because or "", "filled": filled}
    return {key: text for key, text in said.items() if text}


def _filled(chosen: list[Row], fills: Sequence[Fill]) -> list[Row]:
    rows = {row.number: row for row in chosen}
    for one in fills:
        row = rows.get(one.row)
        if row is None:
            raise InputError("--fill", f"row {one.row} is not among those that are accepted", "choose it with --row")
        if one.column not in row.cells:
            raise InputError("--fill", f"{row.table} has no column {one.column}", f"use one of {', '.join(row.cells)}")
        if row.cells[one.column] and not (row.kind == "suggested" and one.column in JUDGED):
            said = row.cells[one.column]
            raise InputError("--fill", f"row {one.row} has {one.column} {said}", "what a source says is not changed")
        rows[one.row] = replace(row, cells={**row.cells, one.column: one.value})
    return list(rows.values())


def _acceptable(chosen: list[Row], choice: Choice, because: str | None) -> list[Row]:
    if not choice.rows:
        together = [row for row in chosen if row.kind in ALWAYS]
        if not together:
            raise InputError(
                "PROPOSAL", "what is left are questions", "decide each with --row NUMBER and --because REASON"
            )
        return together
    for row in chosen:
        if row.kind not in ALWAYS and not because:
            raise InputError(
                "--because", f"is missing for row {row.number} ({row.kind}: {row.why})", "say why it is accepted"
            )
        if not all(row.cells[column] for column in _needed(row)):
            empty = next(column for column in _needed(row) if not row.cells[column])
            raise InputError(
                "--row",
                f"{row.number} has no {empty}, so that it cannot be a row",
                f"add --fill {row.number}:{empty}=VALUE, or reject it",
            )
    return chosen


def _needed(row: Row) -> list[str]:
    from scoring.reference.tables import TABLES

    return [name for name in TABLES[row.table].columns if TABLES[row.table].constraints(name).get("required")]


def _apply(rows: list[Row], reference: Path, because: str | None) -> dict[str, int]:
    tables = WorkingTables(reference)
    changes: dict[str, dict[tuple[str, ...], Cells]] = {}
    for row in rows:
        if row.source is not None:
            source = tables.find("sources", (row.source["source_id"],)) or row.source
            changes.setdefault("sources", {})[source["source_id"],] = source
        changes.setdefault(row.table, {})[key_of(row.table, row.cells)] = _decided(row, tables, because)
    return write_rows(reference, changes)


def _decided(row: Row, tables: WorkingTables, because: str | None) -> Cells:
    """The row as it is accepted; the tables may have changed since it was proposed."""
    now = tables.find(row.table, key_of(row.table, row.cells))
    if now is not None and now != row.known and now != row.cells and row.kind != "question":
        raise InputError(
            "--row",
            f"{row.number}: the table has another row for {', '.join(key_of(row.table, row.cells))} than when it was "
            "proposed",
            "take the source again",
        )
    if row.kind in ALWAYS or "note" not in row.cells:
        return row.cells
    was = ""
    if row.known is not None:
        was = f"before: {row.why} (source {row.known.get('source_id', 'none')})"
    note = "; ".join(part for part in (row.cells["note"], was, f"decided: {because}") if part)
    return {**row.cells, "note": note}
