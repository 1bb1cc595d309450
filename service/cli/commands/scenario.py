"""`exposure scenario`: the library of what-ifs, and what one does to a book; `exposure hits`: whom a thing hits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from scoring.vocabulary import DEFAULT_METHODOLOGY
from service.cli.options import AsJson, AsOf, MethodologyName, ReleaseName, make_scorer
from service.cli.output import FormatOption, OutputOption, emit
from service.cli.queries import ColumnOption, TickersArgument, exit_unresolved, read_queries

if TYPE_CHECKING:
    from scoring.score.snapshot import Columns
    from scoring.scorer import Scorer

app = typer.Typer(help="What-ifs: list, show, run on a book.", no_args_is_help=True)

What = Literal["rule", "measure", "mineral", "scenario"]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the scenarios of the library."""
    from scoring.scenario import list_scenarios, load_scenario

    scenarios = [load_scenario(name) for name in list_scenarios()]
    if as_json:
        typer.echo(json.dumps([{"scenario_id": one.scenario_id, "title": one.title} for one in scenarios]))
        return
    width = max(len(one.scenario_id) for one in scenarios)
    for one in scenarios:
        typer.echo(f"{one.scenario_id:{width}}  {one.title}")


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name in the library, or path of a document.")],
    as_json: AsJson = False,
) -> None:
    """Show a scenario as the document that makes it: YAML, or JSON with --json."""
    from scoring.scenario import load_scenario
    from scoring.scenario.library import to_yaml

    scenario = load_scenario(name)
    typer.echo(json.dumps(scenario.document(), indent=2) if as_json else to_yaml(scenario).rstrip())


@app.command()
def run(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Scenarios, comma-separated; names or paths.")],
    tickers: TickersArgument,
    as_of: AsOf = None,
    release: ReleaseName = None,
    methodology: MethodologyName = DEFAULT_METHODOLOGY,
    column: ColumnOption = None,
    output: OutputOption = None,
    format_: FormatOption = None,
) -> None:
    """Score a book without and with a scenario, one row per query, in order.

    Exit status: 0 done, 2 bad input, 3 some queries did not resolve (all rows are still given).
    """
    from scoring.changes.impact import impact
    from scoring.scorer import Scorer

    queries = read_queries(tickers, column)
    before = make_scorer(as_of, release, methodology)
    after = Scorer(before.release, before.as_of, before.methodology, [part.strip() for part in name.split(",")])
    columns = impact(before, after, queries)
    emit(columns, output, format_, lambda: _print(after, columns))
    for note in after.scenario_notes:
        typer.echo(f"note: {note}", err=True)
    exit_unresolved(columns)


def hits(
    what: Annotated[What, typer.Argument(help="What hits: rule, measure, mineral or scenario.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="rule_id, measure_id, mineral, or a scenario.")],
    as_of: AsOf = None,
    release: ReleaseName = None,
    methodology: MethodologyName = DEFAULT_METHODOLOGY,
    output: OutputOption = None,
    format_: FormatOption = None,
) -> None:
    """List every company that a rule, measure, mineral or scenario moves, hardest hit first.

    The delta compares with a world without it.
    """
    from scoring.changes.impact import who_is_hit

    scorer = make_scorer(as_of, release, methodology)
    columns = who_is_hit(scorer, what, name)
    emit(columns, output, format_, lambda: _print(scorer, columns))


def _print(scorer: Scorer, columns: Columns) -> None:
    from rich.table import Table
    from rich.text import Text

    from service.cli.render.scores import console, number

    what_if = f" · scenario {columns['scenario'][0]}" if columns["scenario"].size and columns["scenario"][0] else ""
    out = console()
    out.print(
        f"Impact as of {scorer.as_of} · release {scorer.release.version} · "
        f"methodology {scorer.methodology.version}{what_if}",
        style="italic",
    )
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading, justify in _HEADINGS:
        table.add_column(heading, justify=justify)
    rows: list[dict[str, Any]] = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    for row in rows:
        scored = number(row["score"], ".1f") != ""
        before, after = ("score_before", "score") if scored else ("score_floor_before", "score_floor")
        mark = "" if scored or not number(row[after], ".1f") else ">="
        moved = row[after] - row[before]
        table.add_row(
            Text(row["query"] or "(empty)"),
            Text(row["name"] or ""),
            row["country"] or "",
            mark + number(row[before], ".1f"),
            mark + number(row[after], ".1f"),
            number(moved, "+.1f"),
            number(row["delta_market"], "+.1f"),
            number(row["delta_control"], "+.1f"),
            number(row["delta_retaliation"], "+.1f"),
            Text(row["status"] if not scored else ""),
        )
    out.print(table)
    out.print(
        "Points. The delta is the sum of market, control and retal.: a pillar that rises takes weight from the others. "
        ">= marks the floor of a company without a score.",
        style="dim",
    )


_HEADINGS: tuple[tuple[str, Literal["left", "right"]], ...] = (
    ("query", "left"),
    ("company", "left"),
    ("home", "left"),
    ("before", "right"),
    ("after", "right"),
    ("delta", "right"),
    ("market", "right"),
    ("control", "right"),
    ("retal.", "right"),
    ("note", "left"),
)
