"""`exposure risk`: revenue at risk of a book, or of one company taken apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from scoring.errors import InputError
from scoring.vocabulary import DEFAULT_METHODOLOGY
from service.cli.options import AsJson, AsOf, MethodologyName, OverlayFolder, ReleaseName, ScenarioNames, make_scorer
from service.cli.output import FormatOption, OutputOption, check_format, emit
from service.cli.queries import ColumnOption, TickersArgument, exit_unresolved, read_queries

if TYPE_CHECKING:
    from scoring.risk.detail import RiskDetail
    from scoring.score.snapshot import Columns
    from scoring.scorer import Scorer


def risk(
    tickers: TickersArgument,
    as_of: AsOf = None,
    release: ReleaseName = None,
    methodology: MethodologyName = DEFAULT_METHODOLOGY,
    scenario: ScenarioNames = None,
    overlay: OverlayFolder = None,
    uncertainty: Annotated[
        bool, typer.Option("--uncertainty", help="Add percentiles 5, 50 and 95 over all assumptions.")
    ] = False,
    detail: Annotated[bool, typer.Option("--detail", help="Take one company apart, with sources.")] = False,
    as_json: AsJson = False,
    column: ColumnOption = None,
    output: OutputOption = None,
    format_: FormatOption = None,
) -> None:
    """Revenue at risk from what came since each fiscal period, and from a scenario; in money and with its range.

    Exit status: 0 done, 2 bad input, 3 some queries did not resolve (all rows are still given).
    """
    check_format(output, format_)
    queries = read_queries(tickers, column)
    scorer = make_scorer(as_of, release, methodology, scenario, overlay)
    if detail:
        if uncertainty:
            raise InputError("--detail", "has no interval", "leave out --detail or --uncertainty")
        if len(queries) != 1:
            raise InputError("--detail", f"there are {len(queries)} queries", "name one company")
        document = scorer.revenue_at_risk_detail(queries[0])
        if as_json:
            typer.echo(document.model_dump_json(indent=2))
        else:
            _print_detail(document)
        return
    columns = scorer.risk_columns(queries, uncertainty=uncertainty)
    emit(columns, output, "json" if as_json and format_ is None else format_, lambda: _print(scorer, columns))
    exit_unresolved(columns)


def _print(scorer: Scorer, columns: Columns) -> None:
    from rich.table import Table
    from rich.text import Text

    from service.cli.render.scores import console, number

    out = console()
    what_if = f" · scenario {scorer.scenario.scenario_id}" if scorer.scenario else ""
    out.print(
        f"Revenue at risk as of {scorer.as_of} · release {scorer.release.version} · "
        f"methodology {scorer.methodology.version}{what_if}",
        style="italic",
    )
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("query", "company", "period", "absorbed by"):
        table.add_column(heading)
    for heading in ("at risk", "range", "revenue at risk", "USD"):
        table.add_column(heading, justify="right")
    table.add_column("note", max_width=46)
    rows: list[dict[str, Any]] = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    drawn = "share_at_risk_p05" in columns
    ends = ("p05", "p95") if drawn else ("low", "high")
    for row in rows:
        low, high = number(row[f"share_at_risk_{ends[0]}"], ".1%"), number(row[f"share_at_risk_{ends[1]}"], ".1%")
        table.add_row(
            Text(row["query"] or "(empty)"),
            Text(row["name"] or ""),
            row["fiscal_period"] or "",
            str(row["base_date"] or ""),
            number(row["share_at_risk"], ".1%"),
            f"{low} to {high}" if low else "",
            f"{row['currency']} {money(row['revenue_at_risk'])}" if money(row["revenue_at_risk"]) else "",
            money(row["revenue_at_risk_usd"]),
            Text(row["risk_note"] or (row["status"] if row["status"] not in ("ok", "partial") else "")),
        )
    out.print(table)
    out.print(
        "Of the revenue of the period. Controls and measures of the day in the middle of the period are absorbed in "
        "it; what came since, or comes with the scenario, is at risk. Range: "
        + (
            "percentiles 5 and 95 over all assumptions."
            if drawn
            else "every judged fraction and stringency at its low and high end."
        ),
        style="dim",
    )


def _print_detail(document: RiskDetail) -> None:
    from service.cli.render.scores import console, number

    out = console()
    out.print(f"{document.name}: revenue at risk as of {document.as_of}", style="bold")
    what_if = f" · scenario {document.scenario}" if document.scenario else ""
    out.print(f"release {document.release} · methodology {document.methodology}{what_if}", style="dim")
    if document.share_at_risk is None:
        out.print(f"Unknown: {document.note}")
        return
    out.print(
        f"{document.share_at_risk:.1%} of the revenue of {document.fiscal_period} "
        f"(range {number(document.share_at_risk_low, '.1%')} to {number(document.share_at_risk_high, '.1%')}), "
        f"against the state of {document.base_date}."
    )
    if document.revenue_at_risk is not None:
        dollars = f", USD {money(document.revenue_at_risk_usd)}" if document.revenue_at_risk_usd is not None else ""
        out.print(f"{document.currency} {money(document.revenue_at_risk)}{dollars}.")
    if document.note:
        out.print(f"Note: {document.note}.", style="dim")
    number_of: dict[str, int] = {}
    for part in document.parts:
        cited = ", ".join(str(number_of.setdefault(fact, len(number_of) + 1)) for fact in part.facts)
        what = " · ".join(filter(None, (part.segment, part.cause)))
        out.print(f"  {part.share:7.2%}  {part.kind:8} {what} [{cited}]", markup=False)
    for fact_id, position in number_of.items():
        fact = document.facts[fact_id]
        source = f" {fact.source.title}. {fact.source.url or ''}" if fact.source else " no document of its own"
        private = f", {fact.origin}" if fact.origin != "release" else ""
        out.print(f"  [{position}] {fact.statement} ({fact.evidence}{private}).{source}", markup=False, style="dim")


def money(value: float | None) -> str:
    """Amount in the largest unit that leaves a digit before the point; empty when missing."""
    if value is None or value != value:
        return ""
    for unit, name in ((1e12, "tn"), (1e9, "bn"), (1e6, "m")):
        if abs(value) >= unit:
            return f"{value / unit:,.2f} {name}"
    return f"{value:,.0f}"
