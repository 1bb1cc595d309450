"""docs/validation.md: the figures of a study in its text, by ``python -m scoring.studies.statements_report``."""

from __future__ import annotations

import math

from scoring.data import data_directory
from scoring.reference.releases.release import open_release
from scoring.studies.statements import Compared, compare, summary


def report(compared: list[Compared], release: str, methodology: str) -> str:
    """The document, as Markdown."""
    median, within = summary(compared)
    known = sum(not math.isnan(row.log_error) for row in compared)
    rows = "".join(_row(row) for row in compared)
    template = (data_directory() / "validation" / "statements.md").read_text(encoding="utf-8")
    return template.format(
        release=release,
        methodology=methodology,
        rows=rows,
        known=known,
        median=median,
        factor=math.exp(median),
        within=within,
    )


def _row(row: Compared) -> str:
    statement = row.statement
    names = ", ".join(statement.rules or statement.measures)
    if math.isnan(row.computed):
        numbers = "unknown | | "
    else:
        error = math.log(row.computed / row.stated)
        numbers = f"{row.computed / 1e6:,.0f} | {row.low / 1e6:,.0f} to {row.high / 1e6:,.0f} | {error:+.2f}"
    return (
        f"| {statement.company_id} | {row.before} | {names} | {row.stated / 1e6:,.0f} | {numbers} | {statement.why} |\n"
    )


if __name__ == "__main__":
    bundled = open_release()
    print(report(compare(bundled), bundled.version, "2026.1"), end="")
