"""Freshness for people."""

from __future__ import annotations

from typing import Any

from service.cli.render.console import console
from service.cli.render.table import code, day, figure, print_table, text


def print_freshness(document: dict[str, Any]) -> None:
    """Print how old the facts of a release are."""
    out = console()
    title = f"Release {document['release']} on {document['day']} · facts up to {document['facts_up_to']}"
    _print_tables(document, title)
    if any((one["newest"] or "") > document["facts_up_to"] for one in document["tables"]):
        out.print(
            f"Facts of days after {document['facts_up_to']} are in the tables and count in no score: later dates are "
            "refused.",
            style="dim",
        )
    columns = [text("read in"), figure("facts", 3), day("newest fact"), figure("days ago")]
    kinds = document["sources"]
    print_table(
        out, columns, [[one["kind"], f"{one['facts']:,}", one["newest"] or "none", _days(one["age"])] for one in kinds]
    )
    companies = document["companies"]
    late = f"{companies['late']} of {companies['with_a_figure']} companies"
    out.print(f"\nChina shares whose next annual report was due: {late}")
    if document["stalest"]:
        out.print(f"The {len(document['stalest'])} of them that carry most points of the market pillar:")
        columns = [text("company"), day("period ended"), figure("days ago", 1), figure("market pts")]
        facts = document["stalest"]
        rows = [[one["name"], one["period_end"], f"{one['age']:,}", f"{one['points']:.2f}"] for one in facts]
        print_table(out, columns, rows)


def print_company(document: dict[str, Any]) -> None:
    """Print how old the facts about one company are."""
    _print_tables(document, f"{document['name']} · release {document['release']} on {document['day']}")


def _print_tables(document: dict[str, Any], title: str) -> None:
    out = console()
    out.print(title, style="italic")
    columns = [
        code("table"),
        figure("rows", 3),
        figure("newest fact"),
        figure("days ago", 1),
        text("published every", 2),
        text(""),
    ]
    print_table(out, columns, map(_cells, document["tables"]))


def _cells(one: dict[str, Any]) -> list[str]:
    late = "late" if one["late"] and one["rows"] else ""
    return [one["table"], f"{one['rows']:,}", one["newest"] or "none", _days(one["age"]), _every(one["interval"]), late]


def _days(age: int | None) -> str:
    return "" if age is None else f"{age:,}"


def _every(days: int) -> str:
    return {31: "month", 92: "quarter", 366: "year"}[days]
