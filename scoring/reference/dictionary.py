"""The data dictionary as a document, made from the schemas: ``python -m scoring.reference.dictionary``."""

from __future__ import annotations

from typing import Final

from scoring.reference.tables import MADE, TABLES, Table

_INTRO: Final = """\
# Data dictionary

The tables in `data/reference/` are the researched facts, as CSV in UTF-8 with ISO dates. A release freezes them as
Parquet under `data/releases/<version>/`, with a descriptor (`datapackage.json`) that holds the schema and hash of each.
The table `estimates` is in releases alone: a build makes it from the others ([estimates.md](estimates.md)).

- Shares and fractions run from 0 to 1.
- An empty cell is unknown, never zero.
- Countries are ISO 3166-1 alpha-2 codes read as text: `NA` is Namibia. `EU` stands for its members, `WW` for everyone.

## Two clocks

Every fact has the time *when it holds* (fiscal period, effective dates, year) and the time *when it became known*
(`published` or `announced`; the end of a measure has its own `end_announced`). As of a date only what was known by then
exists.

`published` is the date of the document that was read; where the day was not visible, the last plausible day. `known_by`
is what point-in-time selection uses: the earlier of `published` and the statutory deadline of the filing that holds the
figure (120 days after a fiscal year, 60 after a quarter; statements on calls keep their own date). So an error can only
delay a fact, never leak it early.

`announced` may be later than `effective_from`: licensing letters often become public after they bind. A measure that
was suspended before it took effect has `effective_to` equal to `effective_from`.

## Evidence

| word | meaning |
|---|---|
| reported | printed in a filing, result or official text |
| derived | arithmetic on reported numbers |
| company-statement | said by the company |
| secondary | a third party citing a filing |
| analyst-estimate | estimate of a named analyst or institute |
| expert-judgement | judgement, often with a wide range that matters as much as the number |
| modelled | computed by a model |

Evidence drives confidence and uncertainty, and is shown with every score.

## Between rows and tables

`exposure release build` refuses, with file and line: references to rows that do not exist, repeated keys, dates out of
order, China revenue above the total, a stated China share off `china_revenue / total_revenue` by more than 0.01,
segments of a company-year or families of a business-mix block that do not sum to 1 ± 0.02, a fraction outside its own
range, and a fact without a source.

This page is made from the schemas by `python -m scoring.reference.dictionary`.
"""


def render() -> str:
    """Data dictionary in Markdown, one section per table."""
    return "\n".join([_INTRO, *(_section(table) for table in (*TABLES.values(), *MADE.values()))])


def _section(table: Table) -> str:
    lines = [
        f"## {table.name}",
        "",
        f"{table.title}. Key: {', '.join(f'`{column}`' for column in table.key)}."
        + (" The file may be left out." if table.optional else ""),
        "",
        "| column | type | allowed | description |",
        "|---|---|---|---|",
    ]
    for name, column in table.columns.items():
        allowed = "; ".join(filter(None, (_allowed(table, name), _referred(table, name))))
        # A bar inside a table cell ends the cell unless it is escaped.
        cells = (f"`{name}`", table.kind(name), allowed, column.description)
        lines.append("| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |")
    return "\n".join([*lines, ""])


def _allowed(table: Table, column: str) -> str:
    constraints = table.constraints(column)
    empty = "may be left out, or empty" if column in table.may_lack else "may be empty"
    parts = [] if constraints.get("required") else [empty]
    if "enum" in constraints:
        parts.append(", ".join(constraints["enum"]))
    if "pattern" in constraints:
        parts.append(f"`{constraints['pattern']}`")
    if "maximum" in constraints:
        parts.append(f"{constraints['minimum']} to {constraints['maximum']}")
    elif "minimum" in constraints:
        parts.append(f"at least {constraints['minimum']:g}")
    return "; ".join(parts)


def _referred(table: Table, column: str) -> str:
    found = []
    for reference in table.references:
        if column in reference.columns:
            target = reference.targets[reference.columns.index(column)]
            when = f" where {reference.where[0]} is {reference.where[1]}" if reference.where else ""
            found.append(f"in `{reference.table}.{target}`{when}")
    return "; ".join(found)


if __name__ == "__main__":
    print(render(), end="")
