"""Freshness for people."""

from __future__ import annotations

from typing import Any

from service.cli.render.console import console, plain_table


def print_freshness(document: dict[str, Any]) -> None:
    """Print how old the facts of a release are."""
    out = console()
    title = f"Release {document['release']} on {document['day']} · facts up to {document['facts_up_to']}"
    table = plain_table("table", "rows", "newest fact", "days ago", "published every", "", title=title)
    for one in document["tables"]:
        age = "" if one["age"] is None else f"{one['age']:,}"
        late = "late" if one["late"] else ""
        table.add_row(one["table"], f"{one['rows']:,}", one["newest"] or "none", age, _every(one["interval"]), late)
    out.print(table)
    companies = document["companies"]
    late = f"{companies['late']} of {companies['with_a_figure']} companies"
    out.print(f"\nChina shares whose next annual report was due: {late}")
    if document["stalest"]:
        oldest = plain_table("company", "period ended", "days ago", "points of the market pillar")
        for fact in document["stalest"]:
            oldest.add_row(fact["name"], fact["period_end"], f"{fact['age']:,}", f"{fact['points']:.2f}")
        out.print(oldest)


def _every(days: int) -> str:
    return {31: "month", 92: "quarter", 366: "year"}[days]
