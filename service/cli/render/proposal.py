"""Proposals for people."""

from __future__ import annotations

from service.cli.render.console import console, plain_table
from service.ingest.proposal import Proposal, Row


def print_proposals(proposals: list[Proposal]) -> None:
    """Print the proposals of a folder, one row each."""
    table = plain_table("proposal", "rows", "open", "files")
    for proposal in proposals:
        files = ", ".join(file["name"] for file in proposal.about["files"])
        table.add_row(proposal.name, str(len(proposal.rows)), str(len(proposal.open_rows())), files)
    console().print(table if proposals else "no proposals; make one with `exposure data take`")


def print_proposal(proposal: Proposal, rows: list[Row]) -> None:
    """Print the rows of a proposal with what is known instead."""
    out = console()
    counts = ", ".join(f"{count} {kind}" for kind, count in proposal.about["rows"].items()) or "nothing"
    out.print(f"{proposal.name} · {proposal.about['reader']} · {counts}", markup=False)
    table = plain_table("row", "kind", "table", "what", "values", "decision")
    for row in rows:
        decision = proposal.decisions.get(row.number, {}).get("decision", "open")
        what = row.cells.get("company_id") or next(iter(row.cells.values()))
        table.add_row(str(row.number), row.kind, row.table, what, values_of(row), decision)
    out.print(table)


def values_of(row: Row) -> str:
    """What matters of a row in one line: its values, what was to decide, its document."""
    shown = [
        f"{column} {value}"
        for column, value in row.cells.items()
        if value and column not in ("company_id", "source_id", "locator", "note")
    ]
    source = f"from {row.source['title']}" if row.source else ""
    return "; ".join(part for part in (row.why, ", ".join(shown), source) if part)
