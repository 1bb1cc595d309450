"""Proposals for people."""

from __future__ import annotations

from service.cli.render.console import console
from service.cli.render.table import figure, note, print_table, text
from service.ingest.proposal import Proposal, Row


def print_proposals(proposals: list[Proposal]) -> None:
    """Print the proposals of a folder, one row each."""
    out = console()
    if not proposals:
        out.print("no proposals; make one with `exposure data take`")
        return
    columns = [text("proposal", most=60), figure("rows"), figure("open"), note("files")]
    print_table(out, columns, map(_counts, proposals))


def _counts(proposal: Proposal) -> list[str]:
    files = ", ".join(file["name"] for file in proposal.about["files"])
    return [proposal.name, str(len(proposal.rows)), str(len(proposal.open_rows())), files]


def print_proposal(proposal: Proposal, rows: list[Row]) -> None:
    """Print the rows of a proposal with what is known instead."""
    out = console()
    counts = ", ".join(f"{count} {kind}" for kind, count in proposal.about["rows"].items()) or "nothing"
    out.print(f"{proposal.name} · {proposal.about['reader']} · {counts}", markup=False)
    cells = []
    for row in rows:
        decision = proposal.decisions.get(row.number, {}).get("decision", "open")
        what = row.cells.get("company_id") or next(iter(row.cells.values()))
        cells.append([str(row.number), row.kind, row.table, what, decision, values_of(row)])
    columns = [figure("row"), text("kind"), text("table"), text("what"), text("decision"), note("values", most=100)]
    print_table(out, columns, cells)


def values_of(row: Row) -> str:
    """What matters of a row in one line: its values (those that it fills in), what was to decide, its document."""
    before = (row.known or {}) if row.kind == "completed" else {}
    shown = [
        f"{column} {value}"
        for column, value in row.cells.items()
        if value and value != before.get(column) and column not in ("company_id", "source_id", "locator", "note")
    ]
    source = f"from {row.source['title']}" if row.source else ""
    return "; ".join(part for part in (row.why, ", ".join(shown), source) if part)
